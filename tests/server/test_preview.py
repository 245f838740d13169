from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def serving(tmp_path: Path, lake: Lake, rows: dict[str, Any]) -> Iterator[LiveServer]:
    """A server over the table claim of these rows, and its current one."""
    lake.deliver(f"claim/{'f' * 32}/1680000000000", rows)
    lake.announce("claim", 1_680_000_000_000, "f" * 32)
    lake.sync(current=True)
    server = LiveServer(tmp_path / "home", lake, CDALAKE_SAMPLE_SECONDS="60")
    server.until("/api/tables", lambda page: any(t["last_updated"] for t in page["tables"]))
    try:
        yield server
    finally:
        server.end()


@pytest.fixture
def retiring(tmp_path: Path, lake: Lake) -> Iterator[LiveServer]:
    """Of four ids 2 and 3 are retired; of 4 nobody says."""
    rows = {
        "id": [3, 2, 1, 4],
        "gwcbi___operation": [2, 2, 2, 2],
        "gwcbi___seqval_hex": ["1", "2", "3", "4"],
        "gwcbi___payload_ts_ms": [10, 20, 30, 40],
        "retired": [3, 2, 0, None],
    }
    yield from serving(tmp_path, lake, rows)


@pytest.fixture
def views(tmp_path: Path, lake: Lake) -> Iterator[LiveServer]:
    """A server over a table with a current one: id 1 has two states, id 2 was deleted."""
    rows = {
        "id": [1, 2, 1, 2],
        "gwcbi___operation": [2, 2, 4, 1],
        "gwcbi___seqval_hex": ["1", "2", "3", "4"],
        "gwcbi___payload_ts_ms": [10, 20, 30, 40],
        "firstname": ["Ann", "Bob", "Anna", "Bob"],
    }
    yield from serving(tmp_path, lake, rows)


def looked(server: LiveServer, **params: str) -> dict[str, Any]:
    return server.get("/api/tables/claim/sample", params=params)


def test_raw_current_and_history_are_three_views_of_a_table(views: LiveServer) -> None:
    raw, current, history = (looked(views, view=view) for view in ("raw", "current", "history"))

    assert [len(sample["rows"]) for sample in (raw, current, history)] == [4, 1, 3]
    assert [sample["view"] for sample in (raw, current, history)] == ["raw", "current", "history"]
    (row,) = current["rows"]
    assert (row["id"], row["gwcbi___seqval_hex"], row["firstname"]) == (1, "3", "•••")
    states = [(state["id"], state["is_current"]) for state in history["rows"]]
    assert states == [(1, False), (1, True), (2, False)]
    assert history["rows"][0]["valid_to"] == history["rows"][1]["valid_from"]


def test_one_id_is_looked_up_and_the_look_is_in_the_audit_log(views: LiveServer) -> None:
    assert [row["id"] for row in looked(views, view="history", id="2")["rows"]] == [2]
    assert looked(views, view="current", id="2")["rows"] == []
    assert looked(views, id="two")["error"]["code"] == "ID_NOT_POSSIBLE"

    (look,) = views.get("/api/audit", params={"action": "table.sample"})["entries"]
    assert (look["detail"]["view"], look["detail"]["id"]) == ("history", "2")


def test_retired_rows_are_left_out_of_the_current_view_when_asked_for(retiring: LiveServer) -> None:
    """R42: `retired <> 0` is no delete; `active_only` is an option of the view."""
    current, active = (
        looked(retiring, view="current", **option) for option in ({}, {"active_only": "true"})
    )

    assert sorted(row["id"] for row in current["rows"]) == [1, 2, 3, 4]
    assert sorted(row["id"] for row in active["rows"]) == [1, 4]
    assert active["columns"] == current["columns"]
    first = looked(retiring, view="current", active_only="true", limit="1")
    assert [row["id"] for row in first["rows"]] in ([1], [4])
    (look, *_) = retiring.get("/api/audit", params={"action": "table.sample"})["entries"]
    assert look["detail"]["active_only"] is True


def test_a_retired_row_is_found_by_its_id_unless_only_active_ones_are_meant(
    retiring: LiveServer,
) -> None:
    """R42."""
    assert len(looked(retiring, view="current", id="2")["rows"]) == 1
    assert looked(retiring, view="current", id="2", active_only="true")["rows"] == []
    assert len(looked(retiring, view="current", id="1", active_only="true")["rows"]) == 1


def test_only_a_current_view_with_a_column_retired_can_leave_rows_out(
    views: LiveServer,
) -> None:
    """R42."""
    for view, why in (("current", "no column retired"), ("raw", "not raw"), ("history", "not hi")):
        sample = looked(views, view=view, active_only="true")
        assert (sample["rows"], sample["error"]["code"]) == ([], "ACTIVE_ONLY_NOT_POSSIBLE")
        assert why in sample["error"]["message"]


def test_an_underscore_table_is_none_of_the_lists(views: LiveServer) -> None:
    """product.md §6: names that begin with _ are never tables."""
    names = [table["name"] for table in views.get("/api/tables")["tables"]]

    assert names == ["claim"]


def test_a_masked_column_answers_no_question(tmp_path: Path, lake: Lake) -> None:
    lake.export(tables=1)
    lake.sync()
    server = LiveServer(
        tmp_path / "home", lake, CDALAKE_MASK_COLUMNS="id, retired", CDALAKE_SAMPLE_SECONDS="60"
    )
    try:
        page = server.until("/api/tables", lambda p: any(t["last_updated"] for t in p["tables"]))
        name = next(t["name"] for t in page["tables"] if t["last_updated"])
        sample = server.get(f"/api/tables/{name}/sample", params={"id": "1"})
        assert (sample["rows"], sample["error"]["code"]) == ([], "ID_NOT_POSSIBLE")
        active = {"view": "current", "active_only": "true"}
        sample = server.get(f"/api/tables/{name}/sample", params=active)
        assert (sample["rows"], sample["error"]["code"]) == ([], "ACTIVE_ONLY_NOT_POSSIBLE")
        assert "masked" in sample["error"]["message"]
        none = server.get(f"/api/tables/{name}/sample", params={"view": "current"})
        assert none["error"]["code"] == "NO_CURRENT_TABLE"
    finally:
        server.end()
