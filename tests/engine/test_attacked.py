"""Ways in which somebody who tried has lost or doubled rows: each must stay closed."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from deltalake import write_deltalake

from cdalake.engine.progress import TableResult
from cdalake.engine.spec import Action
from conftest import Lake, codes, result_of

T0 = 1_790_000_000_000
HOUR = 3_600_000
BAD = b"PAR1 nonsense, and long enough PAR1"


def put(lake: Lake, at: int, *ids: int, name: str = "part-00000.parquet", **columns: Any) -> None:
    lake.deliver(f"t/fp/{at}", {"id": list(ids), **columns}, name)


def promise(lake: Lake, at: int, rows: int) -> None:
    body = json.dumps({"numRecordsWritten": rows}).encode()
    lake.source.put(f"t/fp/{at}/.cda/batch-metrics.json", body)


def announce(lake: Lake, until: int, records: int, *fingerprints: str) -> None:
    names = fingerprints or ("fp",)
    history = {name: str(T0) for name in names}
    fields = {"totalProcessedRecordsCount": records, "schemaHistory": history}
    lake.announce("t", until, *names, **fields)


def sync(lake: Lake, **options: Any) -> TableResult:
    return result_of(lake.sync(**options), "t")


def do(lake: Lake, action: Action, **options: Any) -> TableResult:
    return sync(lake, action=action, **options)


def ids(lake: Lake) -> list[int]:
    return sorted(row["id"] for row in lake.delta("t").to_pyarrow_table().to_pylist())


def outcome(result: TableResult) -> tuple[str, str | None]:
    return result.status.value, result.error.code if result.error else None


@pytest.mark.parametrize("action", [Action.REBUILD, Action.RESYNC])
@pytest.mark.parametrize("run_id", ["r1", "RUN"])
def test_r65_a_choice_that_is_made_again_by_the_same_run_keeps_its_rows(
    lake: Lake, action: Action, run_id: str
) -> None:
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake)

    for _ in range(2):
        assert do(lake, action, run_id=run_id, since=T0).status == "ok"

    assert ids(lake) == [0]


def restored(lake: Lake) -> None:
    for place in range(4):
        put(lake, T0 + place, place)
    announce(lake, T0 + 3, 4)
    sync(lake, commit_per_folder=True)
    lake.delta("t").restore(1)


@pytest.mark.parametrize("action", [Action.VERIFY, Action.REPAIR, Action.QUARANTINE])
def test_r62_only_a_choice_about_it_ends_what_others_changed(lake: Lake, action: Action) -> None:
    restored(lake)

    looked = do(lake, action, files=(f"fp/{T0}/part-00000.parquet",))

    assert outcome(looked) == ("paused", "CHANGED_OUTSIDE")
    assert outcome(sync(lake)) == ("paused", "CHANGED_OUTSIDE")


def test_r62_rows_that_others_doubled_are_seen_by_verify_too(lake: Lake) -> None:
    put(lake, T0, 0, 1)
    announce(lake, T0, 2)
    sync(lake)
    rows = lake.delta("t").to_pyarrow_table()
    write_deltalake(f"{lake.target_url}/t", rows, mode="append")

    assert outcome(do(lake, Action.VERIFY)) == ("paused", "CHANGED_OUTSIDE")


def test_r15_a_file_that_others_rewrote_is_neither_set_aside_nor_read_again(lake: Lake) -> None:
    for place in range(2):
        put(lake, T0 + place, place)
    announce(lake, T0 + 1, 2)
    sync(lake)
    lake.delta("t").optimize.compact()
    key = f"fp/{T0}/part-00000.parquet"

    assert outcome(do(lake, Action.QUARANTINE, files=(key,))) == ("failed", "CANNOT_SET_ASIDE")

    assert do(lake, Action.RELEASE, files=(key,)).status == "no_change"
    assert ids(lake) == [0, 1]


def test_r58_rows_that_somebody_deleted_on_purpose_are_not_missing(lake: Lake) -> None:
    put(lake, T0, 0, 1, 2)
    put(lake, T0 + 1, 3)
    announce(lake, T0 + 1, 4)
    sync(lake)
    lake.delta("t").delete("id = 1")
    do(lake, Action.ACCEPT)

    found = do(lake, Action.VERIFY)

    assert (outcome(found), codes(found)) == (
        ("no_change", None),
        ["RECORDS_DIFFER", "ROWS_ACCEPTED"],
    )
    do(lake, Action.REPAIR)
    assert ids(lake) == [0, 2, 3]


def resync_the_newest(lake: Lake) -> None:
    do(lake, Action.RESYNC, since=T0 + 10 * HOUR)


def release_the_newest(lake: Lake) -> None:
    key = f"fp/{T0 + 10 * HOUR}/part-00000.parquet"
    do(lake, Action.QUARANTINE, files=(key,))
    do(lake, Action.RELEASE, files=(key,))


def repair(lake: Lake) -> None:
    do(lake, Action.REPAIR)


@pytest.mark.parametrize("choose", [resync_the_newest, release_the_newest, repair])
def test_r22_a_choice_never_passes_a_folder_that_was_not_read(lake: Lake, choose: Any) -> None:
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake)
    put(lake, T0 + 5 * HOUR, 1)
    put(lake, T0 + 10 * HOUR, 2)
    announce(lake, T0 + 10 * HOUR, 3)

    choose(lake)

    assert sync(lake).error is None
    assert ids(lake) == [0, 1, 2]
    put(lake, T0 + 11 * HOUR, 3)
    announce(lake, T0 + 11 * HOUR, 4)
    assert outcome(sync(lake)) == ("ok", None)
    assert ids(lake) == [0, 1, 2, 3]


def test_r57_a_repair_does_not_pass_a_folder_that_is_waited_for(lake: Lake) -> None:
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake)
    promise(lake, T0 + 5 * HOUR, 1)
    put(lake, T0 + 10 * HOUR, 2)
    announce(lake, T0 + 10 * HOUR, 3)
    sync(lake)
    do(lake, Action.REPAIR)
    put(lake, T0 + 5 * HOUR, 1)

    sync(lake)

    assert ids(lake) == [0, 1, 2]


SHORT = [{"commit_per_folder": True}, {"schema_change": "replace", "confirm_replace": True}]


@pytest.mark.parametrize("options", SHORT, ids=["per folder", "replace"])
def test_r57_a_short_folder_is_looked_at_again_however_it_was_committed(
    lake: Lake, options: dict[str, Any]
) -> None:
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake, **options)
    put(lake, T0 + 5 * HOUR, 1)
    promise(lake, T0 + 5 * HOUR, 2)
    put(lake, T0 + 10 * HOUR, 3)
    promise(lake, T0 + 10 * HOUR, 1)
    announce(lake, T0 + 10 * HOUR, 4)
    sync(lake, settle_seconds=0, **options)
    put(lake, T0 + 5 * HOUR, 2, name="part-00001.parquet")

    assert "LATE_FILE" in codes(sync(lake, **options))

    assert ids(lake) == [0, 1, 2, 3]


def test_r15_a_rebuild_says_what_it_set_aside(lake: Lake) -> None:
    put(lake, T0, 0)
    lake.source.put(f"t/fp/{T0 + 1}/part-00000.parquet", BAD)
    announce(lake, T0 + 1, 2)

    result = do(lake, Action.REBUILD, on_bad_file="quarantine")

    assert codes(result) == ["QUARANTINED"]
    assert codes(sync(lake)) == ["QUARANTINED"]


REPLACE = {"schema_change": "replace", "confirm_replace": True}


def test_r15_a_fingerprint_without_a_good_file_replaces_nothing(lake: Lake) -> None:
    options = {**REPLACE, "on_bad_file": "quarantine", "settle_seconds": 0}
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake, **options)
    lake.source.put(f"t/f2/{T0 + 1}/part-00000.parquet", BAD)
    announce(lake, T0 + 1, 2, "fp", "f2")

    assert "QUARANTINED" in codes(sync(lake, **options))

    assert ids(lake) == [0]


def test_r15_no_table_begins_with_bad_files_alone(lake: Lake) -> None:
    lake.source.put(f"t/fp/{T0}/part-00000.parquet", BAD)
    announce(lake, T0, 1)

    assert sync(lake, on_bad_file="quarantine").version is None

    put(lake, T0 + 1, 1)
    announce(lake, T0 + 1, 2)
    assert sync(lake, on_bad_file="quarantine").status == "ok"
    assert ids(lake) == [1]


def test_r59_what_was_decided_goes_with_a_copied_lake(lake: Lake) -> None:
    """Tags of files are others there; quarantine and folders to look at again are not."""
    put(lake, T0, 0)
    promise(lake, T0, 2)
    put(lake, T0 + 5 * HOUR, 2)
    lake.source.put(f"t/fp/{T0 + 5 * HOUR}/bad.parquet", BAD)
    announce(lake, T0 + 5 * HOUR, 3)
    sync(lake, settle_seconds=0, on_bad_file="quarantine")
    shutil.copytree(lake.target_url, f"{lake.target_url}2")
    lake.target_url += "2"
    put(lake, T0, 1, name="part-00001.parquet")

    result = sync(lake)

    assert outcome(result) == ("ok", None)
    assert ids(lake) == [0, 1, 2]
    assert "QUARANTINED" in codes(result)


def test_r39_a_current_table_follows_a_raw_table_that_was_rebuilt_from_nothing(lake: Lake) -> None:
    change = {"gwcbi___operation": [2], "gwcbi___seqval_hex": ["01"]}
    put(lake, T0, 0, **change)
    announce(lake, T0, 1)
    sync(lake, current=True)
    shutil.rmtree(f"{lake.target_url}/t")
    put(lake, T0, 7, **change)

    do(lake, Action.REBUILD, current=True)

    current = lake.delta("_current/t").to_pyarrow_table()
    assert (ids(lake), current["id"].to_pylist()) == ([7], [7])


def test_r65_a_zero_copy_file_that_changes_twice_is_rebuilt_twice(lake: Lake) -> None:
    put(lake, T0, 0)
    announce(lake, T0, 1)
    sync(lake, layout="zero_copy")
    for rows in ((1, 2), (3, 4, 5)):
        put(lake, T0, *rows)
        assert do(lake, Action.REBUILD, layout="zero_copy").status == "ok"
        assert lake.table("t").rows == len(rows)


def test_r15_what_is_set_aside_is_not_waited_for(lake: Lake) -> None:
    put(lake, T0, 0)
    lake.source.put(f"t/fp/{T0}/part-00001.parquet", BAD)
    promise(lake, T0, 9)
    announce(lake, T0, 9)
    do(lake, Action.QUARANTINE, files=(f"fp/{T0}/part-00001.parquet",))

    assert outcome(sync(lake)) == ("ok", None)


def test_r65_files_whose_names_look_like_our_variants_are_set_aside_alone(lake: Lake) -> None:
    put(lake, T0, 0, name="x.parquet")
    put(lake, T0, 1, name="x.as-1.parquet")
    announce(lake, T0, 2)
    sync(lake)

    do(lake, Action.QUARANTINE, files=(f"fp/{T0}/x.parquet",))

    assert ids(lake) == [1]
    do(lake, Action.RELEASE)
    assert ids(lake) == [0, 1]
