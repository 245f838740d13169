"""One table over time."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from deltalake import DeltaTable

from cdalake.catalog.table_history import VersionFilter
from cdalake.engine.progress import utc_now
from cdalake.errors import NotFound
from cdalake.models.table import HistoryPage
from cdalake.services.snippets import DATASET, snippets
from cdalake.services.table_history_service import SHOWN, fingerprint_at, thinned
from cdalake.settings import Connection

if TYPE_CHECKING:
    from .conftest import Home


def grown(home: Home) -> DeltaTable:
    """A table of others: written twice, wider the second time, then compacted."""
    home.lake.export(tables=1)
    path = f"{home.lake.target_url}/mine"
    pl.DataFrame({"id": [1, 2], "name": ["a", "b"]}).write_delta(path)
    wider = pl.DataFrame({"more": [1.5], "id": [3], "name": ["c"]})
    wider.write_delta(path, mode="append", delta_write_options={"schema_mode": "merge"})
    table = DeltaTable(path)
    table.optimize.compact()
    home.refresh()
    return table


def versions(home: Home, limit: int = 100, **wanted: Any) -> HistoryPage:
    return home.services.table_history.versions("mine", None, VersionFilter(**wanted), limit)


def test_history_is_filtered_by_operation_and_says_which_there_are(home: Home) -> None:
    grown(home)
    page = versions(home, operation="OPTIMIZE")
    assert [version.version for version in page.history] == [2]
    assert page.total == 1
    assert {facet.value: facet.count for facet in page.operations} == {"OPTIMIZE": 1, "WRITE": 2}


def test_what_other_engines_measured_is_told_beside_what_they_removed(home: Home) -> None:
    table = grown(home)
    size = sum(table.get_add_actions().column("size_bytes").to_pylist())
    table.delete("id = 1")
    new = pl.DataFrame({"id": [2, 4], "name": ["B", "d"], "more": [0.5, 4.5]})
    merge = table.merge(new, "s.id = t.id", source_alias="s", target_alias="t")
    merge.when_matched_update_all().when_not_matched_insert_all().execute()
    table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    home.refresh()

    told = {version.operation: version for version in versions(home).history}

    assert told["OPTIMIZE"].files_removed == 2
    assert (told["OPTIMIZE"].metrics or {})["numFilesRemoved"] == 2
    assert told["DELETE"].bytes_removed == size
    assert (told["DELETE"].metrics or {})["num_deleted_rows"] == 1
    merged = told["MERGE"].metrics or {}
    assert (merged["num_target_rows_updated"], merged["num_target_rows_inserted"]) == (1, 1)
    assert (told["VACUUM START"].metrics or {})["numFilesToDelete"] > 0
    assert told["WRITE"].bytes_removed == 0
    net = {operation: version.net_rows for operation, version in told.items()}
    assert (net["WRITE"], net["OPTIMIZE"], net["DELETE"], net["MERGE"]) == (2, 0, -1, 1)


def test_a_version_that_does_not_say_what_it_removed_says_so(home: Home) -> None:
    table = grown(home)
    info = {"operation": "REORG", "operationMetrics": {"files": "12", "why": "x" * 999}}
    lines = ({"remove": {"path": "a.parquet", "dataChange": False}}, {"commitInfo": info})
    log = "\n".join(json.dumps(line) for line in lines)
    path = f"mine/_delta_log/{table.version() + 1:020d}.json"
    home.lake.target.put(path, log.encode())
    home.refresh()

    newest = versions(home).history[0]

    assert (newest.files_removed, newest.bytes_removed, newest.net_rows) == (1, None, 0)
    assert newest.metrics == {"files": 12, "why": "x" * 256}


def test_history_jumps_to_a_moment(home: Home) -> None:
    grown(home)
    middle = versions(home).history[1].timestamp
    assert [v.version for v in versions(home, until=middle).history] == [1, 0]
    assert versions(home, until=middle - timedelta(days=9)).total == 0


def test_history_goes_on_below_a_version(home: Home) -> None:
    grown(home)
    first = versions(home, limit=2)
    assert (first.next_before, first.total) == (1, 3)
    rest = versions(home, limit=2, before=first.next_before)
    assert ([v.version for v in rest.history], rest.next_before) == ([0], None)


def test_an_old_schema_is_that_versions_own(home: Home) -> None:
    grown(home)
    ask = home.services.table_history.schema
    old, new = ask("mine", None, 0), ask("mine", None, None)
    assert [column.name for column in old.columns] == ["id", "name"]
    assert {column.name for column in new.columns} == {"id", "name", "more"}
    assert (new.version, new.since_version) == (2, 1)
    assert new.as_of is not None


@pytest.mark.parametrize("version", [3, 99])
def test_a_version_that_is_not_there_is_told_with_those_that_are(home: Home, version: int) -> None:
    grown(home)
    with pytest.raises(NotFound, match="versions 0 to 2") as caught:
        home.services.table_history.schema("mine", None, version)
    assert caught.value.code == "VERSION_NOT_FOUND"


def test_a_table_that_is_not_loaded_has_no_schema_yet(home: Home) -> None:
    home.lake.export(tables=1)
    (name,) = home.refresh()
    with pytest.raises(NotFound, match="no version yet"):
        home.services.table_history.schema(name, None, None)
    assert home.services.table_history.schemas(name, None).versions == []


def test_schema_versions_say_what_they_changed(home: Home) -> None:
    grown(home)
    newer, first = home.services.table_history.schemas("mine", None).versions
    assert (newer.version, newer.added, newer.removed) == (1, ["more"], [])
    assert (newer.column_count, first.column_count) == (3, 2)
    assert first.added == []


def test_schema_versions_name_the_fingerprint_that_was_read_last(home: Home) -> None:
    home.lake.export(tables=1, folders=12)
    home.ended(home.start(commit_per_folder=True))
    (name,) = home.refresh()
    detail = home.services.tables.detail(name, None, with_sample=False)
    told = home.services.table_history.schemas(name, None).versions
    order = [interval.fingerprint for interval in detail.fingerprints]
    assert told[-1].fingerprint == order[0]
    assert told[0].fingerprint in order


def test_the_timeline_has_days_lag_and_events(home: Home) -> None:
    grown(home)
    told = home.services.table_history.timeline("mine", None, 7)
    assert len(told.by_day) == 7
    today = told.by_day[-1]
    assert (today.rows, today.commits, today.other_commits) == (3, 2, 1)
    assert [event.kind for event in told.events] == ["schema", "optimize"]
    assert told.events[0].text == "added more"


def test_a_run_that_failed_the_table_is_an_event(home: Home) -> None:
    home.lake.export(tables=1)
    manifest = home.lake.manifest()
    (name,) = manifest
    home.lake.write_manifest({name: {**manifest[name], "dataFilesPath": "/not/there"}})
    run_id = home.start()
    home.ended(run_id)
    home.lake.write_manifest(manifest)
    home.ended(home.start())
    home.refresh()
    told = home.services.table_history.timeline(name, None, 1)
    failed = [event for event in told.events if event.kind == "failed"]
    assert [event.run_id for event in failed] == [run_id]
    assert failed[0].text.startswith("failed: ")
    assert [point.lag_seconds for point in told.lag] == [0]
    assert told.now - told.since == timedelta(days=1)


def test_thinning_keeps_every_peak_and_the_newest_point() -> None:
    points = [{"at": utc_now(), "lag_s": 0, "n": n} for n in range(4 * SHOWN)]
    points[777]["lag_s"] = 5000
    kept = thinned(points)
    assert len(kept) <= SHOWN + 1
    assert points[777] in kept
    assert kept[-1] is points[-1]
    assert thinned(points[:10]) == points[:10]


def test_the_fingerprint_of_a_watermark_is_the_last_that_began() -> None:
    since = {"new": 200, "old": 100}
    assert fingerprint_at(since, 150) == "old"
    assert fingerprint_at(since, 200) == "new"
    assert fingerprint_at(since, 50) is None
    assert fingerprint_at(since, None) is None


def test_a_long_history_is_answered_from_one_page(home: Home) -> None:
    """Five thousand versions: a page reads a page, the chart reads days."""
    home.lake.export(tables=1)
    home.ended(home.start())
    (name,) = home.refresh()
    known = home.services.table_history.versions(name, None, VersionFilter(), 1).history[0]
    row: dict[str, Any] = {
        **known.model_dump(exclude={"watermark", "net_rows", "schema_changed"}),
        "watermark_ms": None,
        "schema_string": None,
        "schema_change": None,
    }
    later = [
        {**row, "version": n, "timestamp": utc_now() - timedelta(minutes=5001 - n)}
        for n in range(known.version + 1, 5000)
    ]
    assert home.index.add_commits("default", name, known.version, later)
    page = home.services.table_history.versions(name, None, VersionFilter(), 100)
    assert (len(page.history), page.total, page.next_before) == (100, 5000, 4900)
    told = home.services.table_history.timeline(name, None, 7)
    assert sum(day.commits for day in told.by_day) == 5000
    assert len(json.dumps(told.model_dump(mode="json"))) < 5000


def test_snippets_name_the_table_where_it_is(home: Home) -> None:
    home.lake.export(tables=1)
    (name,) = home.refresh()
    detail = home.services.tables.detail(name, None, with_sample=False)
    told = {snippet.engine: snippet.text for snippet in detail.snippets}
    assert list(told) == ["Polars", "DuckDB", "Spark", "SQL"]
    assert all(f"{home.lake.target_url}/{name}" in text for text in told.values())


def test_snippets_quote_for_their_engine() -> None:
    told = {
        snippet.engine: snippet.text
        for snippet in snippets(Connection("c", "/cda", "s3://bob's/lake/"), "cc_claim", "copy")
    }
    assert "delta_scan('s3://bob''s/lake/cc_claim')" in told["DuckDB"]
    assert "s3a://bob's/lake/cc_claim" in told["Spark"]
    assert "delta.`s3a://bob's/lake/cc_claim`" in told["SQL"]


@pytest.mark.parametrize("engine", ["Polars", "DuckDB"])
def test_the_snippets_of_a_zero_copy_table_read_it(home: Home, engine: str) -> None:
    home.lake.export(tables=1)
    home.lake.sync(layout="zero_copy")
    (name,) = home.refresh()
    detail = home.services.tables.detail(name, None, with_sample=False)
    (text,) = [snippet.text for snippet in detail.snippets if snippet.engine == engine]
    done: dict[str, Any] = {}
    exec(text, done)  # noqa: S102 - it is shown to be copied and run
    assert 0 < len(done["df"]) == min(detail.row_count or 0, MOST[engine])


MOST = {"Polars": 2**31, "DuckDB": 100}
"""Rows that the snippets of an engine ask for."""


def test_the_dataset_of_the_snippets_is_the_one_of_the_page() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "readers.md"
    assert DATASET in page.read_text()
