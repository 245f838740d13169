"""Rules R29, R34, R58, R65: tables whose log points at the files of the export."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from benchmarks.counting import Server
from cdalake.engine.progress import RunResult
from cdalake.engine.survey import EVER_MS
from cdalake.engine.view import look
from cdalake.engine.zero_copy import changed_sources, gone_sources
from conftest import Lake, codes, in_order
from elsewhere import added, rows
from faults import DIED, Graveyard, quiet_sync, told

T0 = 1_768_000_000_000
MINUTE = 60_000
STATE = "_cdalake/t.json"


@pytest.fixture(params=["folder", "one bucket", "two buckets"])
def any_lake(request: pytest.FixtureRequest) -> Lake:
    if request.param == "folder":
        lake: Lake = request.getfixturevalue("lake")
        return lake
    make = request.getfixturevalue("s3")
    source = make()
    target = source if request.param == "one bucket" else make()
    return Lake(f"{source}/cda", f"{target}/lake")


def zero_copy(lake: Lake, **options: Any) -> RunResult:
    return lake.sync(layout="zero_copy", **options)


def series(lake: Lake, *names: str, first: int = 0) -> None:
    """Folders of one row each, a minute apart; `names` are names of data files."""
    for number, name in enumerate(names, first):
        lake.deliver(f"t/fp/{T0 + number * MINUTE}", {"id": [number]}, name)
    newest = T0 + (first + len(names) - 1) * MINUTE
    lake.announce("t", newest, "fp", totalProcessedRecordsCount=first + len(names))


def ids(lake: Lake) -> list[int]:
    return [row["id"] for row in rows(lake, "t")]


def parquet_in(lake: Lake) -> list[str]:
    """Data files below the target."""
    found = (info.path for info in lake.target.list())
    return [path for path in found if path.endswith(".parquet") and "/_delta_log/" not in path]


def test_r29_a_log_points_at_the_files_of_the_export_and_copies_none(any_lake: Lake) -> None:
    export = any_lake.export(tables=4, folders=5, rows=20)

    assert zero_copy(any_lake).status == "completed"

    assert parquet_in(any_lake) == []
    for table in export.tables:
        wanted = [f"{any_lake.source_url}/{file.path}" for file in export.files(table)]
        assert sorted(added(any_lake, table)) == sorted(wanted)
        assert rows(any_lake, table) == in_order(export.rows(table))
        snapshot = any_lake.table(table)
        assert snapshot.rows == len(export.rows(table))
        assert snapshot.metadata.configuration == {
            "cda.zero_copy": "true",
            "delta.deletedFileRetentionDuration": "interval 36500 days",
        }


def test_r29_it_goes_on_where_it_stopped_and_writes_nothing_when_there_is_nothing(
    any_lake: Lake,
) -> None:
    any_lake.export(tables=3, folders=4)
    zero_copy(any_lake)
    before = any_lake.objects()
    assert {table.status for table in zero_copy(any_lake).tables} == {"no_change"}
    assert any_lake.objects() == before

    export = any_lake.extend(3)
    assert zero_copy(any_lake).status == "completed"
    for table in export.tables:
        assert rows(any_lake, table) == in_order(export.rows(table))


ODD_NAMES = ["sp ace.parquet", "100%.parquet", "a%20b+c.parquet", "Ünï=cödé,;'&.parquet"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_r29_odd_names_are_pointed_at_rightly(any_lake: Lake, name: str) -> None:
    series(any_lake, name)
    assert zero_copy(any_lake).status == "completed"
    assert ids(any_lake) == [0]
    assert zero_copy(any_lake).tables[0].status == "no_change"


def test_r29_paths_begin_with_s3a_where_that_is_asked_for(s3_lake: Lake) -> None:
    """The table remembers it: a later run need not say it again."""
    series(s3_lake, "a.parquet")
    zero_copy(s3_lake, s3a=True)
    series(s3_lake, "b.parquet", first=1)
    zero_copy(s3_lake)

    bucket = s3_lake.source_url.removeprefix("s3://")
    assert added(s3_lake, "t", 0) == [f"s3a://{bucket}/t/fp/{T0}/a.parquet"]
    assert added(s3_lake, "t", 1) == [f"s3a://{bucket}/t/fp/{T0 + MINUTE}/b.parquet"]
    s3_lake.target.delete(STATE)
    assert zero_copy(s3_lake).tables[0].status == "no_change"


# -- the layout is a fact of the table (R34) --------------------------------------------------


@pytest.mark.parametrize(("first", "then"), [("copy", "zero_copy"), ("zero_copy", "copy")])
@pytest.mark.parametrize("state", ["kept", "lost"])
def test_r34_a_table_is_not_gone_on_with_in_the_other_layout(
    lake: Lake, first: str, then: str, state: str
) -> None:
    series(lake, "a.parquet")
    lake.sync(layout=first)
    if state == "lost":
        lake.target.delete(STATE)
    series(lake, "b.parquet", first=1)
    before = lake.objects()

    (result,) = lake.sync(layout=then).tables

    assert result.error is not None
    assert result.error.code == "LAYOUT_MISMATCH"
    assert f"--layout {first}" in result.error.hint
    assert lake.objects() == before
    assert lake.sync(layout=first).tables[0].rows == 1


def test_r34_the_layout_stays_when_somebody_takes_the_property_away(lake: Lake) -> None:
    series(lake, "a.parquet")
    zero_copy(lake)
    drop_properties(lake)

    assert lake.sync().tables[0].error.code == "LAYOUT_MISMATCH"  # type: ignore[union-attr]
    series(lake, "b.parquet", first=1)
    assert zero_copy(lake).tables[0].rows == 1
    assert lake.sync().tables[0].error.code == "LAYOUT_MISMATCH"  # type: ignore[union-attr]
    assert ids(lake) == [0, 1]


def drop_properties(lake: Lake) -> None:
    """A commit of somebody else that leaves the table without any property."""
    snapshot = lake.table("t")
    body = {**snapshot.metadata.body, "configuration": {}}
    lines = [{"commitInfo": {"operation": "UNSET TBLPROPERTIES"}}, {"metaData": body}]
    text = "\n".join(map(json.dumps, lines))
    lake.target.put(f"t/_delta_log/{snapshot.version + 1:020d}.json", text.encode())


# -- identity: one key for a file in every layout (R24, R63) ----------------------------------


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
def test_r24_both_layouts_know_a_file_by_the_same_key(any_lake: Lake, layout: str) -> None:
    series(any_lake, "a.parquet", "b.parquet")
    any_lake.sync(layout=layout)
    keys = {f"fp/{T0}/a.parquet", f"fp/{T0 + MINUTE}/b.parquet"}
    assert look(any_lake.target, "t", 0).keys == keys
    any_lake.target.delete(STATE)
    assert look(any_lake.target, "t", 0).keys == keys


def test_r24_a_late_file_is_found_with_and_without_the_memory(any_lake: Lake) -> None:
    series(any_lake, "a.parquet", "b.parquet")
    zero_copy(any_lake)
    any_lake.target.delete(STATE)
    any_lake.deliver(f"t/fp/{T0}", {"id": [7]}, "late.parquet")
    any_lake.announce("t", T0 + 2 * MINUTE, "fp")

    (result,) = zero_copy(any_lake).tables

    assert (result.rows, codes(result)) == (1, ["LATE_FILE"])
    assert ids(any_lake) == [0, 1, 7]
    assert zero_copy(any_lake).tables[0].status == "no_change"


def test_an_export_that_moved_is_gone_on_with_and_told_of_once(lake: Lake, tmp_path: Path) -> None:
    """Nothing is read twice; the log goes on pointing at the older place."""
    series(lake, "a.parquet")
    zero_copy(lake)
    shutil.copytree(tmp_path / "export", tmp_path / "mirror")
    moved = Lake(str(tmp_path / "mirror"), lake.target_url)
    series(moved, "b.parquet", first=1)

    (result,) = zero_copy(moved).tables
    assert (result.rows, codes(result)) == (1, ["SOURCE_MOVED"])
    assert ids(moved) == [0, 1]
    series(moved, "c.parquet", first=2)
    (again,) = zero_copy(moved).tables
    assert (again.rows, codes(again)) == (1, [])
    assert ids(moved) == [0, 1, 2]


# -- files that readers could not read as they are (R67, R68) ---------------------------------


def test_r67_a_file_whose_names_differ_in_case_comes_under_the_table(any_lake: Lake) -> None:
    any_lake.deliver(f"t/fp/{T0}", {"id": [1], "Name": ["a"]})
    any_lake.deliver(f"t/fp/{T0 + MINUTE}", {"id": [2], "NAME": ["b"]})
    any_lake.announce("t", T0 + MINUTE, "fp")

    assert zero_copy(any_lake).status == "completed"

    assert rows(any_lake, "t") == [{"id": 1, "Name": "a"}, {"id": 2, "Name": "b"}]
    (rewritten,) = parquet_in(any_lake)
    assert rewritten.startswith(f"t/fp/{T0 + MINUTE}/part-00000.as-")
    any_lake.target.delete(STATE)
    assert zero_copy(any_lake).tables[0].status == "no_change"
    vacuum(any_lake)
    assert parquet_in(any_lake) == [rewritten], "delta-rs took it for an orphan"


# -- the source changes (R58) -----------------------------------------------------------------


@pytest.mark.parametrize("state", ["kept", "lost", "checkpoint"])
def test_r58_a_file_that_changed_in_its_place_stops_the_table_before_anything_is_written(
    any_lake: Lake, state: str
) -> None:
    series(any_lake, "a.parquet", "b.parquet")
    zero_copy(any_lake)
    if state != "kept":
        any_lake.target.delete(STATE)
    if state == "checkpoint":
        any_lake.delta("t").create_checkpoint()
        any_lake.target.delete(f"t/_delta_log/{0:020d}.json")
    any_lake.deliver(f"t/fp/{T0}", {"id": [9]}, "a.parquet")
    series(any_lake, "c.parquet", first=2)
    before = any_lake.objects()

    (result,) = zero_copy(any_lake).tables

    assert result.error is not None
    assert result.error.code == "SOURCE_CHANGED"
    assert f"{any_lake.source_url}/t/fp/{T0}/a.parquet" in result.error.message
    assert any_lake.objects() == before


def test_r58_a_folder_put_back_from_a_backup_is_no_change(lake: Lake, tmp_path: Path) -> None:
    """Its files have another place on the disk, and the same size and time."""
    series(lake, "a.parquet")
    zero_copy(lake)
    shutil.copytree(tmp_path / "export", tmp_path / "backup")
    shutil.rmtree(tmp_path / "export")
    shutil.move(tmp_path / "backup", tmp_path / "export")
    series(lake, "b.parquet", first=1)
    assert zero_copy(lake).tables[0].rows == 1


def test_r58_a_file_uploaded_again_with_the_same_content_is_no_change(s3_lake: Lake) -> None:
    series(s3_lake, "a.parquet")
    zero_copy(s3_lake)
    path = f"t/fp/{T0}/a.parquet"
    s3_lake.source.put(path, s3_lake.source.get(path))
    series(s3_lake, "b.parquet", first=1)
    assert zero_copy(s3_lake).tables[0].rows == 1


def test_r58_a_full_listing_finds_every_file_that_changed_or_went(any_lake: Lake) -> None:
    series(any_lake, "a.parquet", "b.parquet", "c.parquet")
    zero_copy(any_lake)
    path = f"t/fp/{T0}/a.parquet"
    any_lake.deliver(f"t/fp/{T0}", {"id": [10**6, 3]}, "a.parquet")
    any_lake.source.delete(f"t/fp/{T0 + MINUTE}/b.parquet")
    any_lake.target.delete(STATE)
    view, listed = look(any_lake.target, "t", EVER_MS), any_lake.source.list("t")

    url = any_lake.source_url
    assert changed_sources(any_lake.source, view.marks, listed) == [f"{url}/{path}"]
    gone = gone_sources(any_lake.source, view.marks, listed)
    assert gone == [f"{url}/t/fp/{T0 + MINUTE}/b.parquet"]


def test_a_file_rewritten_between_listing_and_reading_is_not_read_half(any_lake: Lake) -> None:
    series(any_lake, "a.parquet")
    (before,) = any_lake.source.list("t")
    any_lake.deliver(f"t/fp/{T0}", {"id": [5]}, "a.parquet")
    (now,) = any_lake.source.list("t")
    assert before.size == now.size, "only its tag tells it from the one before"

    with pytest.raises(Exception, match="changed after it was listed"):
        any_lake.source.get_tail(now.path, now.size, 64, e_tag=before.e_tag)
    assert any_lake.source.get_tail(now.path, now.size, 64, e_tag=now.e_tag).info == now


# -- what others do to the table (R27, R29) ---------------------------------------------------


def vacuum(lake: Lake) -> None:
    lake.delta("t").vacuum(
        retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True
    )


REFUSED: list[Callable[[Lake], Any]] = [
    lambda lake: lake.delta("t").optimize.compact(),
    lambda lake: lake.delta("t").optimize.z_order(["id"]),
    lambda lake: lake.delta("t").delete("id = 0"),
    lambda lake: lake.delta("t").update({"id": "5"}, predicate="id = 0"),
]


@pytest.mark.parametrize("attempt", REFUSED, ids=["compact", "z_order", "delete", "update"])
def test_r29_delta_rs_does_not_rewrite_such_a_table_and_harms_nothing(
    any_lake: Lake, attempt: Callable[[Lake], Any]
) -> None:
    """It cannot read the files. Were that mended one day, our own test of OPTIMIZE takes over."""
    series(any_lake, "a.parquet", "b.parquet")
    zero_copy(any_lake)
    export, target = any_lake.source.list(), any_lake.objects()

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it says today
        attempt(any_lake)

    assert any_lake.source.list() == export
    assert any_lake.objects() == target
    series(any_lake, "c.parquet", first=2)
    assert zero_copy(any_lake).tables[0].rows == 1
    assert ids(any_lake) == [0, 1, 2]


def test_r29_vacuum_of_delta_rs_deletes_no_file_of_the_export(any_lake: Lake) -> None:
    """Also not of rows that somebody took out of the table, however short the retention."""
    series(any_lake, "a.parquet", "b.parquet")
    zero_copy(any_lake)
    forget_first_file(any_lake)
    any_lake.target.put("t/orphan.parquet", b"left by a crash")
    export = any_lake.source.list()

    vacuum(any_lake)

    assert any_lake.source.list() == export
    assert parquet_in(any_lake) == []
    assert ids(any_lake) == [1]


def forget_first_file(lake: Lake) -> None:
    """A commit of somebody else that takes one file out of the table, long ago."""
    snapshot = lake.table("t")
    first, *_ = (line["add"] for line in lake.commit("t", 0) if "add" in line)
    gone = {"path": first["path"], "deletionTimestamp": 1000, "dataChange": True}
    lines = [{"commitInfo": {"operation": "DELETE"}}, {"remove": gone}]
    text = "\n".join(map(json.dumps, lines))
    lake.target.put(f"t/_delta_log/{snapshot.version + 1:020d}.json", text.encode())


@pytest.mark.parametrize("state", ["kept", "lost"])
@pytest.mark.parametrize("spelling", ["file://", "file:", ""], ids=["URI", "short URI", "path"])
def test_r27_a_compaction_of_others_is_gone_on_with_however_it_spells_paths(
    lake: Lake, spelling: str, state: str
) -> None:
    """As OPTIMIZE of Spark leaves a table, where Spark itself cannot be had (see tests/spark)."""
    series(lake, "a.parquet", "b.parquet")
    zero_copy(lake)
    compact(lake, spelling)
    if state == "lost":
        lake.target.delete(STATE)
    assert len(lake.table("t").files) == 1

    assert zero_copy(lake).tables[0].status == "no_change"
    for number in (2, 3):
        series(lake, f"{number}.parquet", first=number)
        assert zero_copy(lake).tables[0].rows == 1
    assert lake.table("t").rows == 4


def compact(lake: Lake, spelling: str) -> None:
    """A commit of somebody else that puts all rows of the table into one file under it."""
    there = lake.table("t")
    gone = [{"path": spelling + quote(path), "dataChange": False} for path in there.files]
    whole = {"path": "part-0.parquet", "size": 9, "modificationTime": 1, "dataChange": False}
    add = {**whole, "partitionValues": {}, "stats": json.dumps({"numRecords": there.rows})}
    lines: list[dict[str, Any]] = [{"commitInfo": {"operation": "OPTIMIZE"}}, {"add": add}]
    lines += [{"remove": {**each, "deletionTimestamp": 2 * 10**12}} for each in gone]
    text = "\n".join(map(json.dumps, lines))
    lake.target.put(f"t/_delta_log/{there.version + 1:020d}.json", text.encode())


def test_r27_a_checkpoint_and_a_cleaned_log_change_nothing(any_lake: Lake) -> None:
    series(any_lake, "a.parquet", "b.parquet")
    zero_copy(any_lake, commit_per_folder=True)
    any_lake.delta("t").create_checkpoint()
    any_lake.target.delete(f"t/_delta_log/{0:020d}.json")
    any_lake.target.delete(STATE)

    assert zero_copy(any_lake).tables[0].status == "no_change"
    series(any_lake, "c.parquet", first=2)
    assert zero_copy(any_lake).tables[0].rows == 1
    assert ids(any_lake) == [0, 1, 2]


def test_r55_our_own_checkpoints_keep_what_a_change_is_noticed_by(lake: Lake) -> None:
    series(lake, *(f"{number}.parquet" for number in range(51)))
    assert zero_copy(lake, commit_per_folder=True).tables[0].commits == 51
    assert lake.target.get("t/_delta_log/_last_checkpoint")
    for version in range(49):
        lake.target.delete(f"t/_delta_log/{version:020d}.json")

    files = lake.table("t").files.values()
    assert len(files) == 51
    assert all(file.e_tag for file in files)
    assert ids(lake) == list(range(51))


# -- crashes (R24) ----------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("begun", [False, True], ids=["first load", "increment"])
def test_r24_a_run_that_ends_at_any_storage_call_costs_no_row(
    lake: Lake, moment: str, begun: bool
) -> None:
    lake.deliver(f"t/fp/{T0}", {"id": [0], "Name": ["a"]})
    lake.announce("t", T0, "fp")
    begin(lake, "whole", begun)
    lake.deliver(f"t/fp/{T0 + MINUTE}", {"id": [1], "name": ["b"]})
    lake.deliver(f"t/fp/{T0 + 2 * MINUTE}", {"id": [2], "Name": ["c"]})
    lake.announce("t", T0 + 2 * MINUTE, "fp")
    options = {"layout": "zero_copy", "commit_per_folder": True}
    _, calls = quiet_sync(lake.source_url, f"{lake.target_url}/whole", **options)
    whole = told(Lake(lake.source_url, f"{lake.target_url}/whole").target, "t")

    with Graveyard.opened() as graveyard:
        for call in calls:
            there = begin(lake, str(call.number), begun)
            corpse = graveyard.bury(
                lake.source_url, there.target_url, call.number, moment, **options
            )
            assert corpse == (DIED, [call.operation, call.path])
            assert zero_copy(there, commit_per_folder=True).status == "completed"
            now = told(there.target, "t")
            assert (now.adds, now.stats, now.cursors) == (whole.adds, whole.stats, whole.cursors)
            assert ids(there) == [0, 1, 2]


def begin(lake: Lake, name: str, begun: bool) -> Lake:
    """A target of its own, with the first folder in it where the load has begun."""
    there = Lake(lake.source_url, f"{lake.target_url}/{name}")
    if begun:
        manifest = lake.manifest()
        lake.announce("t", T0, "fp")
        assert zero_copy(there).tables[0].rows == 1
        lake.write_manifest(manifest)
    return there


# -- requests (product.md §10) ----------------------------------------------------------------


def requests(server: Server, run: Callable[[], RunResult]) -> int:
    server.reset()
    assert run().status == "completed"
    return sum(server.counts().values())


@pytest.mark.parametrize(("per_folder", "most"), [(False, 2.15), (True, 3.15)])
def test_an_initial_load_costs_one_read_a_file_and_little_else(
    counting: Server, counted_lake: Lake, per_folder: bool, most: float
) -> None:
    lake = counted_lake
    lake.export(tables=5, folders=40, rows=5, files_per_folder=2)
    count = requests(counting, lambda: zero_copy(lake, commit_per_folder=per_folder))
    folders = 5 * 40
    assert count / folders <= most, counting.counts()


def test_one_new_folder_costs_six_requests_and_one_for_each_fingerprint(
    counting: Server, counted_lake: Lake
) -> None:
    lake = counted_lake
    fingerprints = ("fa", "fb", "fc")
    for number, fingerprint in enumerate(fingerprints):
        lake.deliver(f"t/{fingerprint}/{T0 + number * MINUTE}", {"id": [number]})
    lake.announce("t", T0 + 3 * MINUTE, *fingerprints)
    zero_copy(lake)
    for name in ("a.parquet", "b.parquet"):
        lake.deliver(f"t/fc/{T0 + 4 * MINUTE}", {"id": [4]}, name)
    lake.announce("t", T0 + 4 * MINUTE, *fingerprints)

    count = requests(counting, lambda: zero_copy(lake))

    manifest = 1
    assert count - manifest <= 6 + len(fingerprints), counting.counts()
