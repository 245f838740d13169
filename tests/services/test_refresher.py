from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from sqlalchemy import event, text

from cdalake.catalog.table_history import VersionFilter
from cdalake.engine.progress import utc_now
from cdalake.models.table import Health, HistoryPage
from cdalake.services.connection_refresher import ConnectionRefresher, Wish
from cdalake.services.delta_table_service import DeltaTableService
from cdalake.services.queries import SortKey, TableQuery, TableSelection
from cdalake.services.spark_service import Wanted
from cdalake.settings import AccessRef
from cdalake.storage import Store

if TYPE_CHECKING:
    from .conftest import Home


def tables_of(home: Home) -> DeltaTableService:
    return home.services.tables


def versions(home: Home, name: str, limit: int, **wanted: Any) -> HistoryPage:
    return home.services.table_history.versions(name, None, VersionFilter(**wanted), limit)


def healths(home: Home) -> dict[str, str]:
    return {name: row["health"] for name, row in home.index.rows_of("default").items()}


def folder(home: Home) -> Path:
    return Path(home.lake.target_url)


def test_tables_of_the_manifest_are_known_before_they_are_loaded(home: Home) -> None:
    home.lake.export()
    home.refresh()
    found = home.services.table_list.page(TableQuery())
    assert found.total == found.total_tables == 3
    assert {table.health for table in found.tables} == {Health.NOT_LOADED}
    assert all(table.row_count is None and table.unknown_reason for table in found.tables)
    assert found.as_of is not None


def test_after_a_run_the_index_has_versions_rows_days_and_history(home: Home) -> None:
    home.lake.export()
    home.ended(home.start())
    name = min(home.refresh())
    detail = tables_of(home).detail(name, None, with_sample=True)
    truth = home.lake.table(name)
    assert (detail.version, detail.row_count) == (truth.version, truth.rows)
    assert (detail.transaction_count, detail.file_count) == (truth.version + 1, len(truth.files))
    assert detail.size_bytes == truth.size_bytes
    assert detail.rows_today == detail.rows_by_day[-1] == truth.rows
    assert detail.history_total == truth.version + 1
    assert detail.history[0].run_id == detail.last_run_id
    assert detail.history[0].user == "ana"
    assert detail.processing_lag_seconds == 0
    assert detail.manifest.pending == "caught up"
    newest = max(row["gwcbi___payload_ts_ms"] for row in home.lake.rows(name))
    assert detail.manifest.newest_change == datetime.fromtimestamp(newest / 1000, UTC)
    assert len(detail.lag) == len(detail.runs) == 1
    assert 0 < len(detail.sample_data) <= 10
    assert detail.layout == "copy"


def test_a_new_folder_makes_a_table_late_until_it_is_loaded(home: Home) -> None:
    home.lake.export()
    home.ended(home.start())
    home.refresh()
    home.lake.extend(1)
    manifest = home.lake.manifest()
    name = min(manifest)
    entry = manifest[name]
    later = int(entry["lastSuccessfulWriteTimestamp"]) + 2 * 3600 * 1000
    home.lake.write_manifest({**manifest, name: {**entry, "lastSuccessfulWriteTimestamp": later}})
    row = home.refresh()[name]
    assert row["health"] == Health.LATE
    assert row["lag_s"] >= 2 * 3600
    assert "limit 60 min" in row["health_reason"]
    home.ended(home.start())
    assert home.refresh(name)[name]["lag_s"] == 0


def test_a_table_that_failed_is_failed_until_a_run_ends_it_well(home: Home) -> None:
    home.lake.export()
    manifest = home.lake.manifest()
    name = min(manifest)
    away = {**manifest[name], "dataFilesPath": "/not/there"}
    home.lake.write_manifest({**manifest, name: away})
    home.ended(home.start())
    row = home.refresh()[name]
    assert row["health"] == Health.FAILED
    assert row["failing_since"] is not None
    board = home.services.dashboard.overview()
    assert board.headline == "1 table failed, of 3"
    assert (board.attention[0].table, board.attention[0].action) == (name, "retry")
    home.lake.write_manifest(manifest)
    home.services.guidewire.retry(row["run_id"])
    home.ended(row["run_id"])
    assert home.refresh(name)[name]["failing_since"] is None
    assert healths(home)[name] != Health.FAILED


def test_foreign_tables_are_listed_as_orphans_and_our_own_folders_never(home: Home) -> None:
    home.lake.export(tables=1)
    home.ended(home.start())
    pl.DataFrame({"id": [1, 2], "lastname": ["A", "B"]}).write_delta(folder(home) / "mine")
    pl.DataFrame({"id": [3]}).write_delta(folder(home) / "_hidden")
    (folder(home) / "no_table").mkdir()
    (folder(home) / "no_table" / "notes.txt").write_text("nothing")
    home.refresh()
    home.refresh()
    known = healths(home)
    assert known["mine"] == Health.ORPHAN
    assert not {"_hidden", "_cdalake", "no_table"} & set(known)
    sample = tables_of(home).sample("mine", None, Wanted(10))
    assert [row["lastname"] for row in sample.rows] == ["•••", "•••"]
    assert sample.masked_columns == ["lastname"]


def test_foreign_commits_appear_in_the_history_with_their_schema_change(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    pl.DataFrame({"id": [1]}).write_delta(where)
    home.refresh()
    pl.DataFrame({"id": [2], "more": ["x"]}).write_delta(
        where, mode="append", delta_write_options={"schema_mode": "merge"}
    )
    home.refresh()
    detail = tables_of(home).detail("mine", None, with_sample=False)
    assert [version.version for version in detail.history] == [1, 0]
    assert detail.schema_changes[0].added == ["more"]
    assert detail.history[0].schema_changed
    assert not detail.history[1].schema_changed


def test_history_is_paged_by_version(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    for number in range(5):
        pl.DataFrame({"id": [number]}).write_delta(where, mode="append")
    home.refresh()
    first = versions(home, "mine", 2)
    assert ([v.version for v in first.history], first.total) == ([4, 3], 5)
    last = versions(home, "mine", 2, before=2)
    assert ([v.version for v in last.history], last.next_before) == ([1, 0], None)


def test_a_table_made_anew_has_a_new_history(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    for number in range(3):
        pl.DataFrame({"id": [number]}).write_delta(where, mode="append")
    home.refresh()
    shutil.rmtree(where)
    pl.DataFrame({"id": [7]}).write_delta(where)
    row = home.refresh()["mine"]
    assert (row["version"], row["rows"]) == (0, 1)
    assert versions(home, "mine", 10).total == 1


def test_a_table_made_anew_up_to_the_same_version_is_noticed(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    for attempt in ("one", "other"):
        shutil.rmtree(where, ignore_errors=True)
        for number in range(2):
            pl.DataFrame({"id": [number, 7], attempt: [1, 2]}).write_delta(where, mode="append")
        home.refresh()
    detail = tables_of(home).detail("mine", None, with_sample=False)
    assert [column.name for column in detail.table_schema] == ["id", "other"]
    assert (detail.version, detail.history_total) == (1, 2)


def test_a_table_that_is_gone_from_target_and_manifest_is_forgotten(home: Home) -> None:
    home.lake.export(tables=1)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "mine")
    assert "mine" in home.refresh()
    shutil.rmtree(folder(home) / "mine")
    assert "mine" not in home.refresh()


def test_a_listing_error_is_shown_and_the_old_answers_stay(home: Home) -> None:
    home.lake.export()
    home.refresh()
    good = home.services.table_list.page(TableQuery())
    home.lake.source.put("manifest.json", b"[]")
    home.refresh()
    found = home.services.table_list.page(TableQuery())
    assert found.total == 3
    assert found.as_of == good.as_of
    assert found.error is not None
    assert found.error.code == "MANIFEST_INVALID"
    assert home.services.dashboard.overview().status == "disconnected"
    assert home.services.config.health().status == "degraded"


def test_a_broken_log_makes_its_table_unknown_and_harms_no_other(home: Home) -> None:
    home.lake.export()
    home.ended(home.start())
    name = min(home.refresh())
    home.lake.target.put(f"{name}/_delta_log/{1:020d}.json", b"{ this is no json")
    row = home.refresh()[name]
    assert row["health"] == Health.UNKNOWN
    assert row["read_error"]["code"] == "LOG_BROKEN"
    assert list(healths(home).values()).count("Unknown") == 1


def test_a_history_that_cannot_be_understood_harms_no_other(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    pl.DataFrame({"id": [1]}).write_delta(where)
    home.refresh()
    commit = {"commitInfo": {"timestamp": "yesterday", "operation": "WRITE"}}
    home.lake.target.put(f"mine/_delta_log/{1:020d}.json", json.dumps(commit).encode())
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "other")
    rows = home.refresh()
    assert (rows["mine"]["version"], rows["mine"]["history_to"]) == (1, 0)
    assert rows["other"]["history_to"] == 0
    assert home.index.checks()["default"]["as_of"] is not None


def test_the_thread_outlives_a_database_that_fails(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.lake.export(tables=1)
    rename = "ALTER TABLE {} RENAME TO {}"
    with home.services.database.writing() as connection:
        connection.execute(text(rename.format("connection_checks", "away")))
    home.refresher._pace_s = 1
    home.refresher.start()
    until(lambda: "Could not refresh default" in caplog.text)
    with home.services.database.writing() as connection:
        connection.execute(text(rename.format("away", "connection_checks")))
    until(home.index.checks)
    home.refresher.ask_to_stop()
    home.refresher.join(10)
    assert home.index.checks()["default"]["target_ok"]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_bucket_that_is_not_there_is_an_error_and_an_empty_one_is_not(
    home: Home, s3: Callable[[], str]
) -> None:
    home.lake.export(tables=1)
    connection = home.settings.connections["default"]
    for target, well in ((f"{s3()}/lake", True), ("s3://no-such-bucket/lake", False)):
        there = replace(connection, target=target)
        ConnectionRefresher(there, home.index, home.runs, 60).refresh(Wish())
        check = home.index.checks()["default"]
        assert check["target_ok"] is well, check["error"]
        assert check["source_ok"]
    assert check["error"]["code"] == "BUCKET_NOT_FOUND"


def test_a_bad_manifest_entry_is_a_failed_table(home: Home) -> None:
    home.lake.export()
    manifest = home.lake.manifest()
    name = min(manifest)
    home.lake.write_manifest({**manifest, name: {"no": "path"}})
    home.refresh()
    assert healths(home)[name] == Health.FAILED
    (shown,) = home.services.table_list.page(TableQuery(TableSelection(search=name))).tables
    assert shown.error is not None
    assert shown.error.code == "MANIFEST_ENTRY_INVALID"


def test_a_name_that_is_no_folder_is_a_failed_table_that_nobody_looks_for(home: Home) -> None:
    home.lake.export(tables=1)
    elsewhere = Path(home.lake.target_url).parent / "elsewhere"
    pl.DataFrame({"secret": [1]}).write_delta(elsewhere)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "deep" / "er")
    names = ["../elsewhere", "deep/er"]
    home.lake.write_manifest(home.lake.manifest() | {name: {} for name in names})
    rows = home.refresh()
    rows = home.refresh(*names)
    for name in names:
        assert (rows[name]["health"], rows[name]["version"]) == (Health.FAILED, None)
        sample = tables_of(home).sample(name, None, Wanted(10))
        assert (sample.rows, sample.error and sample.error.code) == ([], "BAD_TABLE_NAME")
    home.lake.write_manifest({})
    assert not {*names} & home.refresh().keys()
    assert not {*names} & home.refresh(*names).keys()


def test_the_list_is_filtered_sorted_and_counted_over_the_other_filters(home: Home) -> None:
    home.lake.export(tables=6)
    home.ended(home.start(exceptions=["pc*"]))
    home.refresh()
    service = home.services.table_list
    everything = service.page(TableQuery())
    assert [table.name for table in everything.tables] == sorted(home.lake.manifest())
    health = everything.tables[0].health
    chosen = service.page(TableQuery(TableSelection(health=(health,)), limit=1))
    assert chosen.total == sum(table.health is health for table in everything.tables)
    assert len(chosen.tables) == 1
    assert {facet.value: facet.count for facet in chosen.health} == {
        facet.value: facet.count for facet in everything.health
    }
    for key in SortKey:
        assert service.page(TableQuery(sort=key)).total == 6
    by_rows = [t.row_count for t in service.page(TableQuery(sort=SortKey.ROWS_DOWN)).tables]
    known = [rows for rows in by_rows if rows is not None]
    assert known == sorted(known, reverse=True)
    assert by_rows[: len(known)] == known
    assert service.page(TableQuery(TableSelection(search="%"))).total == 0


def test_a_look_that_finds_nothing_new_reads_no_row_and_notes_no_change(home: Home) -> None:
    home.lake.export()
    home.ended(home.start())
    home.refresh()
    home.refresh()
    before = home.index.newest_note("default")
    asked: list[str] = []

    @event.listens_for(home.services.database.engine, "before_cursor_execute")
    def _(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    home.refresher.refresh(Wish())
    tables = [statement for statement in asked if "lake_tables" in statement]
    assert tables == []
    assert home.index.newest_note("default") == before
    home.index.touch("default", [min(home.index.names("default"))], utc_now())
    assert home.index.newest_note("default") == before


def test_a_silent_table_turns_quiet_by_itself_and_then_stays_as_it_is(home: Home) -> None:
    home.lake.export(tables=1, folders=8)
    home.ended(home.start())
    name = min(home.refresh())
    row = home.index.rows_of("default")[name]
    newest = datetime.fromtimestamp(row["manifest_ms"] / 1000, UTC)
    quiet_at = newest + 3 * timedelta(seconds=row["gap_s"])
    now = newest
    connection = home.settings.connections["default"]
    refresher = ConnectionRefresher(connection, home.index, home.runs, 60, clock=lambda: now)

    def look(at: datetime) -> tuple[str, int]:
        nonlocal now
        now = at
        refresher.refresh(Wish())
        health = home.index.rows_of("default")[name]["health"]
        return health, home.index.newest_note("default")

    assert look(newest)[0] == look(quiet_at)[0] == Health.HEALTHY
    health, note = look(quiet_at + timedelta(milliseconds=1))
    assert health == Health.QUIET
    evening = now.replace(hour=23, minute=59)
    assert look(now + (evening - now) / 2) == look(evening) == (Health.QUIET, note)
    health, next_day = look(evening + timedelta(minutes=1))
    assert (health, next_day > note) == (Health.QUIET, True)
    assert look(evening + timedelta(days=9)) == (Health.QUIET, next_day)


def test_a_pace_of_nothing_does_not_make_a_busy_loop(home: Home) -> None:
    home.lake.export(tables=1)
    opened: list[float] = []

    def open_store(url: str, access: AccessRef) -> Store:
        opened.append(time.monotonic())
        return Store.open(url, access)

    connection = home.settings.connections["default"]
    refresher = ConnectionRefresher(connection, home.index, home.runs, 0, open_store)
    refresher.start()
    while len(opened) < 8:  # a pass opens target and source, the first one again to count
        time.sleep(0.05)
    refresher.ask_to_stop()
    refresher.join(10)
    assert opened[6] - opened[0] > 1.5


def test_a_connection_that_points_elsewhere_forgets_the_tables_it_had(home: Home) -> None:
    home.lake.export()
    home.refresh()
    connection = replace(home.settings.connections["default"], target=f"{home.lake.target_url}-2")
    assert home.index.rows_of("default")
    elsewhere = ConnectionRefresher(connection, home.index, home.runs, 60)
    home.lake.write_manifest({})
    elsewhere.refresh(Wish())
    assert home.index.rows_of("default") == {}


def test_an_old_version_can_be_sampled_and_a_missing_one_says_so(home: Home) -> None:
    home.lake.export(tables=1)
    where = folder(home) / "mine"
    pl.DataFrame({"id": [1]}).write_delta(where)
    pl.DataFrame({"id": [2**60]}).write_delta(where, mode="append")
    home.refresh()
    assert tables_of(home).sample("mine", None, Wanted(10, 0)).rows == [{"id": 1}]
    assert {"id": str(2**60)} in tables_of(home).sample("mine", None, Wanted(10)).rows
    missing = tables_of(home).sample("mine", None, Wanted(10, 9))
    assert missing.error is not None
    assert json.loads(missing.error.model_dump_json())["code"] == "NO_SUCH_VERSION"


def test_names_of_a_broken_export_keep_no_other_table_from_the_index_nor_a_run_from_its_end(
    home: Home,
) -> None:
    home.lake.export(tables=2)
    manifest = home.lake.manifest()
    good = min(manifest)
    bad = ("half\ud800", "nul\0", "n" * 10_000, "<script>", "\r\nx: y")
    manifest |= dict.fromkeys(bad, manifest[good])
    home.lake.source.put("manifest.json", json.dumps(manifest).encode())
    assert len(home.refresh()) == 2 + len(bad)
    ended = home.ended(home.start())
    assert (ended.totals["ok"], ended.totals["failed"]) == (2, len(bad))
    assert sorted(healths(home).values()).count("Failed") == len(bad)


def test_a_log_with_names_and_times_that_cannot_be_keeps_no_other_table_from_the_index(
    home: Home,
) -> None:
    home.lake.export(tables=2)
    home.ended(home.start())
    name = min(home.refresh())
    version = home.lake.table(name).version
    field = {"name": "a\ud800\0" + "b" * 10_000, "type": "string", "nullable": True, "metadata": {}}
    schema = json.dumps({"type": "struct", "fields": [field]})
    meta = {"id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": schema}
    meta |= {"partitionColumns": [], "configuration": {}, "createdTime": 1}
    info = {"timestamp": 10**30, "operation": "x\ud800\0", "operationMetrics": {"n": "9" * 400}}
    add = {"path": "x.parquet", "size": 10**30, "partitionValues": {}, "modificationTime": 1}
    actions = ({"metaData": meta}, {"commitInfo": info}, {"add": {**add, "dataChange": True}})
    for number, action in enumerate(actions, version + 1):
        path = f"{name}/_delta_log/{number:020d}.json"
        home.lake.target.put(path, json.dumps(action).encode())
    home.refresh()
    detail = tables_of(home).detail(name, None, with_sample=False)
    assert detail.version == version + 3
    assert detail.model_dump_json()
    assert [v.version - version for v in versions(home, name, 3).history] == [3, 2, 1]
    others = [row for other, row in home.index.rows_of("default").items() if other != name]
    assert [row["read_error"] for row in others] == [None]


@pytest.mark.parametrize("cursor", [10**30, 10**17, -1])
def test_a_cursor_that_is_no_time_makes_its_table_unreadable_and_harms_no_other(
    home: Home, cursor: int
) -> None:
    home.lake.export(tables=2)
    home.ended(home.start())
    name = min(home.refresh())
    txn = {"txn": {"appId": "cda:zz", "version": cursor}}
    path = f"{name}/_delta_log/{home.lake.table(name).version + 1:020d}.json"
    home.lake.target.put(path, json.dumps(txn).encode())

    rows = home.refresh()

    assert rows[name]["read_error"]["code"] == "TABLE_UNREADABLE"
    assert list(healths(home).values()).count("Unknown") == 1
    assert home.index.checks()["default"]["error"] is None


def test_a_look_that_breaks_off_is_told_by_the_connection(home: Home) -> None:
    home.lake.export(tables=1)
    home.ended(home.start())
    home.refresh()
    with home.services.database.writing() as connection:
        connection.execute(text("ALTER TABLE table_pending RENAME TO away"))
    home.lake.export(tables=2)

    home.refresher.start()
    until(lambda: home.index.checks()["default"]["error"])

    home.refresher.ask_to_stop()
    home.refresher.join(10)
    check = home.index.checks()["default"]
    assert check["error"]["code"] == "REFRESH_FAILED"
    assert check["as_of"] is not None
    assert home.services.dashboard.overview().status == "disconnected"


@pytest.mark.parametrize("sign", [1, -1])
def test_counts_that_no_table_reaches_are_unknown_and_keep_no_sum_from_anybody(
    home: Home, sign: int
) -> None:
    home.lake.export(tables=1)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "mine")
    home.refresh()
    known = rows_today(home)
    assert known
    add = {"path": "x", "size": sign * 10**30, "partitionValues": {}, "modificationTime": 1}
    add |= {"dataChange": True, "stats": json.dumps({"numRecords": sign * 10**23})}
    info = {"operation": "WRITE", "watermark": sign * 10**30}
    lines = [json.dumps(each) for each in ({"commitInfo": info}, {"add": add})]
    home.lake.target.put(f"mine/_delta_log/{1:020d}.json", "\n".join(lines).encode())
    row = home.refresh()["mine"]
    assert (row["read_error"], row["version"]) == (None, 1)
    assert (row["rows"], row["size_bytes"]) == (None, None)
    newest = versions(home, "mine", 1).history[0]
    assert (newest.version, newest.rows, newest.bytes_added) == (1, None, None)
    assert newest.watermark is None
    assert rows_today(home) == known


SCHEMAS = [
    {"type": "struct", "fields": 5},
    {"type": "struct", "fields": [{"name": "id", "type": {"type": "zzz"}}]},
    {"type": "struct", "fields": [{"name": 5, "type": "long"}]},
    {"type": "struct", "fields": [{"name": "id", "type": "long", "metadata": "no"}]},
    {"type": "struct", "fields": [{"name": "id", "type": "decimal(a,b)"}]},
    {"type": "struct", "fields": {}},
    [],
]


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_a_schema_that_is_none_makes_its_table_unknown_and_its_page_says_so(
    home: Home, schema: Any, is_new: bool
) -> None:
    home.lake.export(tables=1)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "mine")
    if not is_new:
        home.refresh()
    write_schema(home, 1, json.dumps(schema))
    row = home.refresh()["mine"]
    assert row["health"] == Health.UNKNOWN
    assert row["read_error"]["code"] == "LOG_BROKEN"
    detail = tables_of(home).detail("mine", None, with_sample=True)
    assert [column.name for column in detail.table_schema] == ([] if is_new else ["id"])
    sample = tables_of(home).sample("mine", None, Wanted(10))
    assert sample.error is not None
    assert sample.error.code == "LOG_BROKEN"
    nulls = home.services.nulls.of("mine", None)
    assert is_new == (nulls.error is not None and nulls.error.code == "LOG_BROKEN")


def test_a_version_whose_schema_is_none_is_a_part_of_the_history(home: Home) -> None:
    home.lake.export(tables=1)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "mine")
    home.refresh()
    good = home.index.rows_of("default")["mine"]["schema_string"]
    write_schema(home, 1, json.dumps(SCHEMAS[0]))
    write_schema(home, 2, good)
    assert home.refresh()["mine"]["read_error"] is None
    assert [each.version for each in versions(home, "mine", 3).history] == [2, 1, 0]
    found = home.services.table_history.schemas("mine", None).versions
    assert [each.column_count for each in found] == [1, 0, 1]


def test_half_a_character_in_a_column_keeps_neither_rows_nor_nulls_from_being_told(
    home: Home,
) -> None:
    home.lake.export(tables=1)
    pl.DataFrame({"id": [1]}).write_delta(folder(home) / "mine")
    fields = [{"name": name, "type": "long"} for name in ("id", "half\ud800")]
    write_schema(home, 1, json.dumps({"type": "struct", "fields": fields}))
    home.refresh()
    sample = tables_of(home).sample("mine", None, Wanted(10))
    assert sample.rows == [{"id": 1, "half?": None}]
    told = (sample, home.services.nulls.of("mine", None))
    assert all("half?" in each.model_dump_json() for each in told)


def write_schema(home: Home, version: int, schema: str) -> None:
    meta = {"id": "x", "format": {"provider": "parquet", "options": {}}, "schemaString": schema}
    meta |= {"partitionColumns": [], "configuration": {}, "createdTime": 1}
    path = f"mine/_delta_log/{version:020d}.json"
    home.lake.target.put(path, json.dumps({"metaData": meta}).encode())


def rows_today(home: Home) -> int:
    return sum(day.rows for day in tables_of(home).detail("mine", None, with_sample=False).volume)


@pytest.mark.parametrize("suffix", ["json", "checkpoint.parquet"])
def test_a_version_that_no_table_reaches_keeps_no_other_table_from_the_index_nor_from_a_run(
    home: Home, suffix: str
) -> None:
    home.lake.export(tables=2)
    home.ended(home.start())
    name = min(home.refresh())
    home.lake.delta(name).create_checkpoint()
    log = folder(home) / name / "_delta_log"
    whole = next(log.glob("*.checkpoint.parquet")).read_bytes()
    (log / f"{2**64:020d}.{suffix}").write_bytes(whole)
    rows = home.refresh()
    assert {other: row["read_error"] is None for other, row in rows.items()} == {
        other: other != name for other in rows
    }
    assert rows[name]["read_error"]["code"] == "LOG_BROKEN"
    home.lake.extend(1)
    ended = home.ended(home.start())
    good = ended.totals.get("ok", 0) + ended.totals.get("no_change", 0)
    assert (good, ended.totals["failed"]) == (1, 1)
