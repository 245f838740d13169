from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake


@pytest.mark.parametrize(
    ("settings", "rows", "code"),
    [
        ({"CDALAKE_SAMPLE_ROWS": "3"}, 3, None),
        ({"CDALAKE_SAMPLE_ROWS": "0"}, 0, "SAMPLE_OFF"),
        ({"CDALAKE_SAMPLE_BYTES": "10"}, 0, "SAMPLE_TOO_LARGE"),
    ],
)
def test_what_a_sample_shows_is_bounded_and_masked_by_settings(
    tmp_path: Path, lake: Lake, settings: dict[str, str], rows: int, code: str | None
) -> None:
    lake.export()
    server = LiveServer(tmp_path / "home", lake, CDALAKE_MASK_COLUMNS="i?", **settings)
    try:
        server.ended(server.run())
        table = server.until("/api/tables", lambda p: all(t["last_updated"] for t in p["tables"]))
        name = table["tables"][0]["name"]
        sample = server.get(f"/api/tables/{name}/sample")
        assert (len(sample["rows"]), (sample["error"] or {}).get("code")) == (rows, code)
        assert {row["id"] for row in sample["rows"]} <= {"•••"}
        detail = server.get(f"/api/tables/{name}")
        assert "id" in detail["masked_columns"]
        looks = server.get("/api/audit", params={"action": "table.sample"})["entries"]
        assert [look["detail"]["connection"] for look in looks] == ["default"] * (2 if rows else 0)
    finally:
        server.end()


def test_a_table_that_points_at_the_export_is_shown_like_any_other(
    tmp_path: Path, lake: Lake
) -> None:
    """Rows, nulls, counts and history of the layout zero_copy (R29)."""
    export = lake.export(tables=1)
    lake.sync(layout="zero_copy")
    rows = len(export.rows("cc_claim"))
    server = LiveServer(tmp_path / "home", lake)
    try:
        server.until("/api/tables", lambda p: p["tables"] and p["tables"][0]["last_updated"])
        detail = server.get("/api/tables/cc_claim")
        assert (detail["layout"], detail["row_count"]) == ("zero_copy", rows)
        sample = server.get("/api/tables/cc_claim/sample")
        assert (len(sample["rows"]), sample["error"]) == (rows, None)
        nulls = server.get("/api/tables/cc_claim/nulls")
        assert (nulls["rows"], nulls["error"]) == (rows, None)
        history = server.get("/api/tables/cc_claim/history")
        assert [entry["rows"] for entry in history["history"]] == [rows]
    finally:
        server.end()
