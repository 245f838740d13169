"""What a person chooses about a table is done in one commit, and a dry run says it before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdalake.engine.execute import TableRun
from cdalake.engine.progress import TableResult
from cdalake.engine.spec import Action
from cdalake.engine.sync import plan
from conftest import Lake, codes, result_of
from elsewhere import rows

T0 = 1_790_000_000_000
MINUTE = 60_000
STATE = "_cdalake/t.json"


def at(place: int) -> int:
    return T0 + place * MINUTE


def deliver(lake: Lake, place: int, **columns: Any) -> None:
    lake.deliver(f"t/fp/{at(place)}", {"id": [place], **columns})


def announce(lake: Lake, places: int, **fields: Any) -> None:
    facts = {"totalProcessedRecordsCount": places, "schemaHistory": {"fp": str(T0)}, **fields}
    lake.announce("t", at(places - 1), "fp", **facts)


def loaded(lake: Lake, places: int = 4, **options: Any) -> None:
    """One row a folder, one version a folder."""
    for place in range(places):
        deliver(lake, place)
    announce(lake, places)
    assert result_of(lake.sync(commit_per_folder=True, **options), "t").status == "ok"


def do(lake: Lake, action: Action, **options: Any) -> TableResult:
    return result_of(lake.sync(action=action, **options), "t")


def planned(lake: Lake, action: Action, **options: Any) -> TableRun:
    """The dry run."""
    before = lake.objects()
    (table,) = plan(lake.spec(action=action, **options)).tables
    assert lake.objects() == before
    return table


def ids(lake: Lake) -> list[int]:
    return [row["id"] for row in rows(lake, "t")]


def paths(lake: Lake) -> set[str]:
    return set(lake.table("t").files)


def restore(lake: Lake) -> None:
    lake.delta("t").restore(1)


def test_an_accepted_change_is_gone_on_from(lake: Lake) -> None:
    """R62: the log keeps who accepted what, also for a later run that has lost its memory."""
    loaded(lake)
    restore(lake)
    assert result_of(lake.sync(), "t").status == "paused"

    accepted = do(lake, Action.ACCEPT, requested_by="nadia")

    assert (accepted.status, accepted.rows, accepted.commits) == ("ok", 0, 1)
    info = lake.commit("t", accepted.version or 0)[0]["commitInfo"]
    assert (info["operation"], info["userName"], info["total_rows"]) == ("ACCEPT", "nadia", 2)
    lake.target.delete(STATE)
    deliver(lake, 4)
    announce(lake, 5)
    assert result_of(lake.sync(), "t").rows == 1
    assert ids(lake) == [0, 1, 4]


def delete_rows(lake: Lake) -> None:
    lake.delta("t").delete("id < 2")


@pytest.mark.parametrize("change", [restore, delete_rows])
@pytest.mark.parametrize("meanwhile", ["remembered", "forgotten"])
def test_r62_verify_knows_what_was_accepted(
    lake: Lake, change: Callable[[Lake], None], meanwhile: str
) -> None:
    """Rows that were deleted on purpose are not asked for again and again, and not repaired."""
    loaded(lake)
    change(lake)
    do(lake, Action.ACCEPT)
    kept = ids(lake)
    deliver(lake, 4)
    announce(lake, 5)
    assert result_of(lake.sync(), "t").status == "ok"
    if meanwhile == "forgotten":
        lake.target.delete(STATE)

    found = do(lake, Action.VERIFY)

    assert (found.status, codes(found)) == ("no_change", ["RECORDS_DIFFER", "ROWS_ACCEPTED"])
    do(lake, Action.REPAIR)
    assert ids(lake) == [*kept, 4]
    lake.delta("t").delete("id = 4")
    do(lake, Action.ACCEPT)
    assert do(lake, Action.VERIFY).status == "no_change"
    assert do(lake, Action.REBUILD).status == "ok"
    assert codes(do(lake, Action.VERIFY)) == []


def test_r62_what_was_accepted_hides_nothing_else(lake: Lake) -> None:
    loaded(lake)
    delete_rows(lake)
    do(lake, Action.ACCEPT)
    lose_a_file_of_the_log(lake)

    found = do(lake, Action.VERIFY)

    assert (found.status, found.error and found.error.code) == ("failed", "FILES_MISSING")


def test_a_change_that_is_re_read_from_a_time_on_brings_back_its_rows(lake: Lake) -> None:
    loaded(lake)
    restore(lake)

    result = do(lake, Action.RESYNC, since=at(1))

    assert (result.status, result.rows, result.commits) == ("ok", 3, 1)
    assert ids(lake) == [0, 1, 2, 3]
    assert result_of(lake.sync(), "t").status == "no_change"


def test_a_re_sync_lists_what_it_would_read_and_what_would_leave(lake: Lake) -> None:
    loaded(lake)

    found = planned(lake, Action.RESYNC, since=at(2)).survey

    assert found is not None
    assert [folder.timestamp for folder in found.plan.batches[0].folders] == [at(2), at(3)]
    assert len(found.plan.removes) == 2
    result = do(lake, Action.RESYNC, since=at(2))
    assert (result.folders, result.rows) == (2, 2)
    assert ids(lake) == [0, 1, 2, 3]


def test_a_re_sync_reads_a_file_that_was_replaced_in_the_export(lake: Lake) -> None:
    loaded(lake)
    lake.deliver(f"t/fp/{at(3)}", {"id": [33]})

    do(lake, Action.RESYNC, since=at(3))

    assert ids(lake) == [0, 1, 2, 33]


def test_r65_a_re_sync_never_writes_a_path_again(lake: Lake) -> None:
    loaded(lake)
    before = paths(lake)

    do(lake, Action.RESYNC, since=at(2))
    again = paths(lake)
    do(lake, Action.RESYNC, since=at(2))

    assert len(before & again) == 2
    assert len(again & paths(lake)) == 2
    actions = lake.commit("t", lake.table("t").version)
    added = {a["add"]["path"] for a in actions if "add" in a}
    removed = {a["remove"]["path"] for a in actions if "remove" in a}
    assert (len(added), len(removed)) == (2, 2)
    assert not added & removed


def test_a_re_sync_of_a_table_that_others_compacted_is_refused_with_a_rebuild_as_choice(
    lake: Lake,
) -> None:
    loaded(lake)
    lake.delta("t").optimize.compact()

    result = do(lake, Action.RESYNC, since=at(2))

    assert (result.status, result.error and result.error.code) == ("paused", "CANNOT_RESYNC")
    assert result.error is not None
    assert result.error.choices == ("rebuild",)
    assert ids(lake) == [0, 1, 2, 3]


def test_a_re_sync_without_a_beginning_is_refused(lake: Lake) -> None:
    loaded(lake)

    result = do(lake, Action.RESYNC)

    assert result.error is not None
    assert result.error.code == "SINCE_MISSING"


def test_r28_a_rebuild_replaces_all_rows_in_one_commit(lake: Lake) -> None:
    loaded(lake)
    lake.delta("t").delete("id = 2")
    lake.delta("t").optimize.compact()
    version = lake.table("t").version

    result = do(lake, Action.REBUILD)

    assert (result.status, result.commits, result.version) == ("ok", 1, version + 1)
    assert ids(lake) == [0, 1, 2, 3]
    assert result_of(lake.sync(), "t").status == "no_change"
    deliver(lake, 4)
    announce(lake, 5)
    assert result_of(lake.sync(), "t").rows == 1
    assert ids(lake) == [0, 1, 2, 3, 4]


def test_r28_the_old_table_stays_readable_beside_a_rebuild(lake: Lake) -> None:
    loaded(lake)
    old = lake.delta("t")

    do(lake, Action.REBUILD)

    assert sorted(old.to_pyarrow_table()["id"].to_pylist()) == [0, 1, 2, 3]


def test_r28_a_rebuild_that_meets_a_bad_file_changes_nothing(lake: Lake) -> None:
    loaded(lake)
    before = ids(lake)
    lake.source.put(f"t/fp/{at(3)}/part-00000.parquet", b"no parquet at all, but long enough")

    result = do(lake, Action.REBUILD)

    assert (result.status, result.error and result.error.code) == ("failed", "BAD_FILE")
    assert ids(lake) == before
    assert lake.table("t").version == 3


def test_r28_a_rebuild_from_an_empty_export_is_refused(lake: Lake) -> None:
    loaded(lake)
    shutil.rmtree(Path(lake.source_url, "t"))

    result = do(lake, Action.REBUILD)

    assert (result.status, result.error and result.error.code) == ("failed", "SOURCE_EMPTY")
    assert ids(lake) == [0, 1, 2, 3]


def test_r47_a_rebuild_after_a_reset_begins_with_the_new_export(lake: Lake) -> None:
    """New fingerprint, other types, times before the old ones; the old cursor means nothing."""
    loaded(lake)
    shutil.rmtree(Path(lake.source_url, "t"))
    lake.deliver(f"t/new/{at(1)}", {"id": ["a"]})
    lake.announce("t", at(1), "new")
    assert result_of(lake.sync(), "t").error is not None

    result = do(lake, Action.REBUILD)

    assert result.status == "ok"
    assert ids(lake) == ["a"]
    lake.deliver(f"t/new/{at(2)}", {"id": ["b"]})
    lake.announce("t", at(2), "new", totalProcessedRecordsCount=2)
    assert result_of(lake.sync(), "t").rows == 1


def test_r47_a_reset_under_the_same_fingerprint_is_rebuilt_and_gone_on_from(lake: Lake) -> None:
    loaded(lake)
    shutil.rmtree(Path(lake.source_url, "t"))
    deliver(lake, 0)
    announce(lake, 1)
    assert result_of(lake.sync(), "t").status == "paused"

    do(lake, Action.REBUILD)

    deliver(lake, 1)
    announce(lake, 2)
    assert result_of(lake.sync(), "t").rows == 1
    assert ids(lake) == [0, 1]


def forget(lake: Lake) -> None:
    lake.target.delete(STATE)


def compact(lake: Lake) -> None:
    lake.delta("t").optimize.compact()


def let_be(_: Lake) -> None:
    """Nothing happens between the rebuild and the next sync."""


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
@pytest.mark.parametrize("meanwhile", [let_be, forget, compact])
def test_r28_an_export_that_catches_up_after_a_rebuild_is_read_again(
    lake: Lake, layout: str, meanwhile: Callable[[Lake], None]
) -> None:
    """R65: what was in the table before its rebuild does not count as read, by whatever name."""
    loaded(lake, layout=layout)
    newer = [f"t/fp/{at(place)}" for place in (1, 2, 3)]
    for folder in newer:
        Path(lake.source_url, folder).rename(Path(lake.source_url, folder.replace("/", "-")))
    announce(lake, 1)
    assert result_of(lake.sync(layout=layout), "t").status == "paused"
    assert do(lake, Action.REBUILD, layout=layout).status == "ok"
    assert ids(lake) == [0]
    meanwhile(lake)

    for folder in newer:
        Path(lake.source_url, folder.replace("/", "-")).rename(Path(lake.source_url, folder))
    announce(lake, 4)

    assert result_of(lake.sync(layout=layout), "t").rows == 3
    assert ids(lake) == [0, 1, 2, 3]
    assert do(lake, Action.VERIFY, layout=layout).status == "no_change"


def test_r65_what_a_colleague_compacts_after_a_rebuild_is_known_whatever_their_clock_says(
    lake: Lake,
) -> None:
    """Else the look-back would bring rows a second time that OPTIMIZE has moved."""
    loaded(lake)
    do(lake, Action.REBUILD)
    compact(lake)
    newest = f"t/_delta_log/{lake.table('t').version:020d}.json"
    log = lake.target.get(newest)
    lake.target.put(newest, re.sub(rb'"deletionTimestamp":\d+', b'"deletionTimestamp":1', log))
    forget(lake)
    deliver(lake, 4)
    announce(lake, 5)

    assert result_of(lake.sync(), "t").rows == 1
    assert ids(lake) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
def test_r63_a_rebuild_sets_the_cursors_that_the_log_lost(lake: Lake, layout: str) -> None:
    loaded(lake, layout=layout)
    for info in lake.target.list("t/_delta_log"):
        lines = lake.target.get(info.path).splitlines()
        lake.target.put(info.path, b"\n".join(line for line in lines if b'"txn"' not in line))
    forget(lake)
    lost = result_of(lake.sync(layout=layout), "t").error
    assert lost is not None
    assert lost.code == "CURSOR_LOST"

    assert do(lake, Action.REBUILD, layout=layout).status == "ok"

    forget(lake)
    assert result_of(lake.sync(layout=layout), "t").status == "no_change"
    assert ids(lake) == [0, 1, 2, 3]


def test_r47_an_accepted_reset_goes_on_with_newer_folders(lake: Lake) -> None:
    loaded(lake)
    announce(lake, 4, totalProcessedRecordsCount=1)
    assert result_of(lake.sync(), "t").status == "paused"

    do(lake, Action.ACCEPT)

    assert result_of(lake.sync(), "t").status == "no_change"
    deliver(lake, 4)
    announce(lake, 5, totalProcessedRecordsCount=2)
    assert result_of(lake.sync(), "t").rows == 1


def test_r63_a_lost_cursor_is_mended_by_a_rebuild(lake: Lake) -> None:
    loaded(lake)
    for info in lake.target.list("t/_delta_log"):
        lake.target.delete(info.path)
    assert result_of(lake.sync(), "t").error is not None

    result = do(lake, Action.REBUILD)

    assert (result.status, result.version) == ("ok", 0)
    assert ids(lake) == [0, 1, 2, 3]


def test_r34_a_rebuild_moves_a_table_to_the_other_layout(lake: Lake) -> None:
    loaded(lake)

    assert do(lake, Action.REBUILD, layout="zero_copy").status == "ok"
    assert all(path.startswith("/") for path in paths(lake))
    assert result_of(lake.sync(layout="zero_copy"), "t").status == "no_change"

    assert do(lake, Action.REBUILD).status == "ok"
    assert not any(path.startswith("/") for path in paths(lake))
    assert set(lake.table("t").metadata.configuration) == {"cda.rebuilt"}
    assert ids(lake) == [0, 1, 2, 3]


def test_r65_a_zero_copy_table_is_rebuilt_by_difference(lake: Lake) -> None:
    loaded(lake, layout="zero_copy")
    shutil.rmtree(Path(lake.source_url, f"t/fp/{at(0)}"))
    lake.deliver(f"t/fp/{at(1)}", {"id": [11, 12]})
    lake.deliver(f"t/fp/{at(2)}", {"id": [22]}, "part-00001.parquet")

    result = do(lake, Action.REBUILD, layout="zero_copy")

    assert result.status == "ok"
    actions = lake.commit("t", result.version or 0)
    added = {a["add"]["path"] for a in actions if "add" in a}
    removed = {a["remove"]["path"] for a in actions if "remove" in a}
    assert (len(added), len(removed)) == (2, 2)
    assert not added & removed
    assert lake.table("t").rows == 5


def lose_a_file_of_the_log(lake: Lake) -> None:
    """The table never had it: delivered long after its folder, and below the look-back."""
    lake.deliver(f"t/fp/{at(0)}", {"id": [7]}, "part-late.parquet")


def lose_a_copy(lake: Lake) -> None:
    lake.target.delete(f"t/fp/{at(1)}/part-00000.parquet")


def cut_a_copy(lake: Lake) -> None:
    path = f"t/fp/{at(1)}/part-00000.parquet"
    lake.target.put(path, lake.target.get(path)[:-9])


@pytest.mark.parametrize(
    ("damage", "code", "healed"),
    [
        (lose_a_file_of_the_log, "FILES_MISSING", [0, 1, 2, 3, 7]),
        (lose_a_copy, "DATA_FILE_GONE", [0, 1, 2, 3]),
        (cut_a_copy, "DATA_FILE_GONE", [0, 1, 2, 3]),
    ],
    ids=["late file", "copy gone", "copy cut"],
)
def test_r58_verify_finds_what_is_missing_and_repair_brings_it(
    lake: Lake, damage: Callable[[Lake], None], code: str, healed: list[int]
) -> None:
    loaded(lake)
    damage(lake)
    assert result_of(lake.sync(lookback_seconds=0), "t").status == "no_change"

    found = do(lake, Action.VERIFY)

    assert (found.status, found.error and found.error.code) == ("failed", code)
    assert found.error is not None
    assert found.error.choices == ("repair", "rebuild")
    assert planned(lake, Action.REPAIR).pending_bytes > 0
    assert do(lake, Action.REPAIR).status == "ok"
    assert ids(lake) == healed
    assert do(lake, Action.VERIFY).status == "no_change"


def test_r58_verify_of_a_whole_table_says_what_it_counted(lake: Lake) -> None:
    loaded(lake)
    lake.source.put(f"t/fp/{at(0)}/.cda/batch-metrics.json", b'{"numRecordsWritten": 1}')
    lake.source.put(f"t/fp/{at(1)}/.cda/batch-metrics.json", b'{"numRecordsWritten": 5}')
    lake.source.put(f"t/fp/{at(2)}/.cda/batch-metrics.json", b"{")

    result = do(lake, Action.VERIFY)

    assert result.status == "no_change"
    assert result.checks is not None
    assert {k: result.checks[k] for k in ("files", "rows", "records", "difference")} == {
        "files": 4,
        "rows": 4,
        "records": 4,
        "difference": 0,
    }
    assert result.checks["folders"] == {"ok": 1, "mismatch": 1, "corrupt": 1, "missing": 1}
    assert codes(result) == ["METRICS_MISMATCH"]


def test_r58_what_the_next_sync_will_bring_is_pending_and_not_missing(lake: Lake) -> None:
    loaded(lake)
    deliver(lake, 4)
    announce(lake, 5)

    result = do(lake, Action.VERIFY)

    assert (result.status, codes(result)) == ("no_change", ["PENDING_FILES"])
    assert result_of(lake.sync(), "t").rows == 1
    lake.target.delete(STATE)
    assert codes(do(lake, Action.VERIFY)) == []


def test_r58_a_table_that_was_never_loaded_lacks_everything(lake: Lake) -> None:
    deliver(lake, 0)
    announce(lake, 1)

    result = do(lake, Action.VERIFY)

    assert (result.status, result.error and result.error.code) == ("failed", "FILES_MISSING")


def test_r44_rows_that_differ_from_cdas_count_are_told(lake: Lake) -> None:
    loaded(lake)
    announce(lake, 4, totalProcessedRecordsCount=9)

    result = do(lake, Action.VERIFY)

    assert codes(result) == ["RECORDS_DIFFER"]
    assert result.checks is not None
    assert result.checks["difference"] == -5


@pytest.mark.parametrize("tombstones", ["kept", "lost"])
def test_r58_verify_accounts_for_rows_that_optimize_moved(lake: Lake, tombstones: str) -> None:
    loaded(lake)
    lake.delta("t").optimize.compact()
    if tombstones == "lost":
        forget_tombstones(lake)
    assert do(lake, Action.VERIFY).status == "no_change"

    lose_a_file_of_the_log(lake)

    result = do(lake, Action.VERIFY)
    expected = "FILES_MISSING" if tombstones == "kept" else "ROWS_DIFFER"
    assert (result.status, result.error and result.error.code) == ("failed", expected)


def forget_tombstones(lake: Lake) -> None:
    table = lake.delta("t")
    table.alter.set_table_properties(
        {
            "delta.deletedFileRetentionDuration": "interval 0 seconds",
            "delta.logRetentionDuration": "interval 0 seconds",
        }
    )
    table = lake.delta("t")
    table.create_checkpoint()
    for info in lake.target.list("t/_delta_log"):
        if info.path.endswith(".json"):
            lake.target.delete(info.path)


def test_r15_a_bad_file_can_be_set_aside_and_come_back(lake: Lake) -> None:
    bad = f"fp/{at(1)}/part-00000.parquet"
    for place in (0, 2):
        deliver(lake, place)
    lake.source.put(f"t/{bad}", b"no parquet at all, but long enough to be one")
    announce(lake, 3)
    stopped = result_of(lake.sync(), "t")
    assert (stopped.status, stopped.error and stopped.error.code) == ("partial", "BAD_FILE")
    assert stopped.error is not None
    assert (stopped.error.choices, stopped.error.subject) == (("quarantine",), bad)

    aside = do(lake, Action.QUARANTINE, files=(bad,))
    assert (aside.status, aside.commits) == ("ok", 0)
    assert aside.did == (f"{bad} is set aside; the table has none of its rows.",)

    went_on = result_of(lake.sync(), "t")
    assert (went_on.status, codes(went_on)) == ("ok", ["QUARANTINED"])
    assert ids(lake) == [0, 2]
    deliver(lake, 1)
    assert do(lake, Action.RELEASE, files=(bad,)).status == "ok"
    assert ids(lake) == [0, 1, 2]
    assert codes(result_of(lake.sync(), "t")) == []


def test_r15_a_file_is_released_beside_others_of_its_folder(lake: Lake) -> None:
    """R57: what the folder has already is not missing."""
    for part in range(3):
        lake.deliver(f"t/fp/{at(0)}", {"id": [part]}, f"part-{part}.parquet")
    lake.source.put(f"t/fp/{at(0)}/.cda/batch-metrics.json", b'{"numRecordsWritten": 3}')
    announce(lake, 1, totalProcessedRecordsCount=3)
    lake.sync()
    do(lake, Action.QUARANTINE, files=(f"fp/{at(0)}/part-1.parquet",))
    assert ids(lake) == [0, 2]

    assert do(lake, Action.RELEASE).status == "ok"

    assert ids(lake) == [0, 1, 2]


def test_r15_bad_files_are_set_aside_by_themselves_where_that_is_asked_for(lake: Lake) -> None:
    bad = f"fp/{at(1)}/part-00000.parquet"
    for place in (0, 2):
        deliver(lake, place)
    lake.source.put(f"t/{bad}", b"no parquet at all, but long enough to be one")
    announce(lake, 3)

    result = result_of(lake.sync(on_bad_file="quarantine"), "t")

    assert (result.status, codes(result)) == ("ok", ["QUARANTINED"])
    assert ids(lake) == [0, 2]
    assert codes(result_of(lake.sync(), "t")) == ["QUARANTINED"]


def test_a_file_of_the_table_that_is_set_aside_leaves_it(lake: Lake) -> None:
    loaded(lake)

    result = do(lake, Action.QUARANTINE, files=(f"fp/{at(2)}/part-00000.parquet",))

    assert result.status == "ok"
    assert ids(lake) == [0, 1, 3]
    assert result_of(lake.sync(), "t").status == "no_change"
    assert do(lake, Action.VERIFY).status == "no_change"


def test_r15_a_file_is_set_aside_and_released_by_where_it_lies(s3_lake: Lake) -> None:
    loaded(s3_lake)
    url = s3_lake.source.location.join(f"t/fp/{at(2)}/part-00000.parquet").url

    assert do(s3_lake, Action.QUARANTINE, files=(url,)).status == "ok"
    assert ids(s3_lake) == [0, 1, 3]
    assert do(s3_lake, Action.RELEASE, files=(url,)).status == "ok"
    assert ids(s3_lake) == [0, 1, 2, 3]


@pytest.mark.parametrize("action", [Action.QUARANTINE, Action.RELEASE])
@pytest.mark.parametrize("file", ["fp/1/no.parquet", "/elsewhere/t/fp/1/no.parquet"])
def test_a_file_that_the_export_does_not_have_is_neither_set_aside_nor_released(
    lake: Lake, action: Action, file: str
) -> None:
    loaded(lake)

    result = do(lake, action, files=(file,))

    assert result.error is not None
    assert result.error.code == "NO_SUCH_FILE"


def changes(lake: Lake) -> None:
    """Two ids, one of which is deleted."""
    rows = {
        "id": [1, 2, 2],
        "gwcbi___operation": [2, 2, 1],
        "gwcbi___seqval_hex": ["01", "02", "03"],
    }
    lake.deliver(f"t/fp/{at(0)}", rows)
    announce(lake, 1, totalProcessedRecordsCount=3)
    assert result_of(lake.sync(current=True), "t").status == "ok"


def test_r45_verify_of_a_current_table_writes_nothing_and_says_that_it_is_right(lake: Lake) -> None:
    changes(lake)
    before = lake.objects()

    result = do(lake, Action.VERIFY, current=True)

    assert result.status == "no_change"
    assert result.checks is not None
    assert result.checks["current"]["is_right"] is True
    assert result.checks["current"]["rows"] == 1
    assert lake.objects() == before


def test_r45_a_current_table_that_others_changed_is_found_and_merged_anew(lake: Lake) -> None:
    changes(lake)
    lake.delta("_current/t").delete("id = 1")

    found = do(lake, Action.VERIFY)

    assert (found.status, found.error and found.error.code) == ("failed", "CURRENT_WRONG")
    assert found.error is not None
    assert found.error.choices == ("repair",)
    repaired = do(lake, Action.REPAIR)
    assert (repaired.status, repaired.did) == ("ok", ("The current table is merged anew.",))
    assert [row["id"] for row in lake.delta("_current/t").to_pyarrow_table().to_pylist()] == [1]
    assert do(lake, Action.VERIFY).status == "no_change"


@pytest.mark.parametrize("layout", ["copy", "zero_copy"])
def test_r58_what_a_sync_stopped_before_is_neither_missing_nor_changed(
    lake: Lake, layout: str
) -> None:
    """The manifest has moved on, and so has the table, as far as the bad file."""
    loaded(lake, layout=layout)
    for place in (4, 5, 6):
        deliver(lake, place)
    lake.source.put(f"t/fp/{at(6)}/part-00000.parquet", b"no parquet")
    announce(lake, 7)
    assert result_of(lake.sync(layout=layout), "t").status == "partial"

    found = do(lake, Action.VERIFY, layout=layout)

    assert (found.status, codes(found)) == ("no_change", ["PENDING_FILES"])
    assert found.checks is not None
    assert (found.checks["files"], found.checks["rows"]) == (6, 6)


def test_r58_what_nobody_has_read_yet_is_not_missing_after_an_accept(lake: Lake) -> None:
    loaded(lake)
    restore(lake)
    deliver(lake, 4)
    announce(lake, 5)

    do(lake, Action.ACCEPT)

    found = do(lake, Action.VERIFY)
    assert (found.status, codes(found)) == (
        "no_change",
        ["RECORDS_DIFFER", "ROWS_ACCEPTED", "PENDING_FILES"],
    )


def test_r57_a_rebuild_from_an_export_that_has_lost_rows_says_so_and_takes_them_back_later(
    lake: Lake,
) -> None:
    loaded(lake)
    lake.source.put(f"t/fp/{at(2)}/.cda/batch-metrics.json", b'{"numRecordsWritten": 1}')
    lost = Path(lake.source_url, f"t/fp/{at(2)}/part-00000.parquet")
    lost.rename(lost.parent / "hidden")

    rebuilt = do(lake, Action.REBUILD)

    assert (rebuilt.status, codes(rebuilt)) == ("ok", ["FEWER_ROWS", "FOLDER_INCOMPLETE"])
    (lost.parent / "hidden").rename(lost)
    assert result_of(lake.sync(lookback_seconds=60), "t").rows == 1
    assert ids(lake) == [0, 1, 2, 3]


def test_r62_a_re_sync_is_offered_only_where_names_tell_which_folders_are_held(lake: Lake) -> None:
    loaded(lake)
    lake.delta("t").optimize.compact()
    lake.delta("t").delete("id = 1")

    error = do(lake, Action.VERIFY).error

    assert error is not None
    assert error.choices == ("accept", "rebuild")
    assert "resync" not in error.hint


def test_r15_a_verify_tells_what_is_set_aside(lake: Lake) -> None:
    loaded(lake)
    do(lake, Action.QUARANTINE, files=(f"fp/{at(1)}/part-00000.parquet",))

    assert codes(do(lake, Action.VERIFY)) == ["QUARANTINED", "RECORDS_DIFFER"]


def test_r15_a_file_is_set_aside_by_itself_though_its_folder_then_lacks_rows(lake: Lake) -> None:
    loaded(lake)
    deliver(lake, 4)
    lake.source.put(f"t/fp/{at(4)}/part-00001.parquet", b"no parquet")
    lake.source.put(f"t/fp/{at(4)}/.cda/batch-metrics.json", b'{"numRecordsWritten": 2}')
    announce(lake, 5, totalProcessedRecordsCount=6)

    result = result_of(lake.sync(on_bad_file="quarantine"), "t")

    assert (result.status, codes(result)) == ("ok", ["QUARANTINED"])
    assert ids(lake) == [0, 1, 2, 3, 4]


def compact_and_vacuum(lake: Lake) -> None:
    table = lake.delta("t")
    table.optimize.compact()
    table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)


def followed(lake: Lake) -> None:
    """A table of two commits, and its current table."""
    changes(lake)
    columns = {"id": [3], "gwcbi___operation": [2], "gwcbi___seqval_hex": ["0" * 15 + "9"]}
    lake.deliver(f"t/fp/{at(1)}", columns)
    lake.announce("t", at(1), "fp", totalProcessedRecordsCount=4)


def test_r45_a_compacted_and_vacuumed_table_is_compared_all_the_same(lake: Lake) -> None:
    followed(lake)
    assert result_of(lake.sync(current=True), "t").status == "ok"
    compact_and_vacuum(lake)

    found = do(lake, Action.VERIFY)

    assert (found.status, found.error) == ("no_change", None)
    assert found.checks is not None
    assert found.checks["current"]["is_right"]


def test_r45_a_current_table_that_is_behind_is_compared_or_said_not_to_be(lake: Lake) -> None:
    followed(lake)
    assert result_of(lake.sync(), "t").status == "ok"
    assert "CURRENT_BEHIND" in codes(do(lake, Action.VERIFY))

    compact_and_vacuum(lake)

    found = do(lake, Action.VERIFY)
    assert (found.status, "CURRENT_NOT_CHECKED" in codes(found)) == ("no_change", True)


def test_r58_a_file_that_is_gone_is_found_beside_a_current_table(lake: Lake) -> None:
    followed(lake)
    assert result_of(lake.sync(current=True), "t").status == "ok"
    lake.target.delete(f"t/{min(paths(lake))}")

    found = do(lake, Action.VERIFY)

    assert (found.status, found.error and found.error.code) == ("failed", "DATA_FILE_GONE")
