"""R13, R24, R25, R27, R56, R64: random histories end equal to their oracle (10,000 in soak)."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.counting import Server
from cdalake.storage import Store
from conftest import Lake, result_of
from faults import Action, Call, FaultStore, quiet_sync
from histories.foreign import ByHand
from histories.story import History, Place, in_memory

CONTAINED = {
    "schema change": 0.3,
    "crash": 0.3,
    "two writers": 0.2,
    "late or refilled file": 0.2,
    "foreign commit": 0.1,
}
"""Shares of histories that must contain it; less would prove less."""


@pytest.mark.parametrize("first", range(0, 200, 40))
def test_tables_end_equal_to_the_oracle_whatever_happens_in_memory(first: int) -> None:
    contained: Counter[str] = Counter()
    for seed in range(first, first + 40):
        contained += in_memory(seed)
    assert {what for what, share in CONTAINED.items() if contained[what] < share * 40} == set()


@pytest.mark.parametrize("first", range(1000, 1080, 20))
def test_tables_end_equal_to_the_oracle_whatever_happens_in_folders(
    first: int, tmp_path: Path
) -> None:
    for seed in range(first, first + 20):
        History(seed, Place(f"{tmp_path}/{seed}/export", f"{tmp_path}/{seed}/lake")).live()


@pytest.mark.parametrize("first", [2000, 2018, 2034])
def test_tables_end_equal_to_the_oracle_whatever_happens_on_s3(
    first: int, counting: Server
) -> None:
    bucket = counting.bucket(f"h-{uuid.uuid4().hex[:12]}")
    for seed in range(first, first + 7):
        History(seed, Place(f"{bucket}/{seed}/export", f"{bucket}/{seed}/lake")).live()


def test_a_history_is_told_again_by_its_seed() -> None:
    assert in_memory(7) == in_memory(7)


def test_a_late_file_is_seen_after_a_lost_memory_and_an_optimize(lake: Lake) -> None:
    """R56: the log still tells every file that OPTIMIZE has put into another one.

    It was taken for one that does not, and the late file was lost without a word.
    """
    old, new = 1_680_000_000_000, 1_680_000_060_000
    lake.deliver(f"t/aa/{old}", {"id": [1]})
    lake.deliver(f"t/aa/{new}", {"id": [2]})
    lake.announce("t", new, "aa")
    lake.sync()
    lake.target.delete("_cdalake/t.json")
    ByHand().optimize(lake.target, "t")
    lake.deliver(f"t/aa/{old}", {"id": [3]}, name="part-00001.parquet")
    lake.announce("t", new + 1, "aa")

    lake.sync()

    assert [row["id"] for row in lake.rows("t")] == [1, 2, 3]


def test_a_late_file_of_a_whole_folder_is_not_waited_for_after_a_lost_memory(lake: Lake) -> None:
    """R57: the folder's metrics tell of the rows that are in the table already, too."""
    metrics = json.dumps({"numRecordsWritten": 3}).encode()
    lake.source.put("t/aa/1680000000000/.cda/batch-metrics.json", metrics)
    lake.deliver("t/aa/1680000000000", {"id": [1, 2, 3]})
    lake.announce("t", 1_680_000_000_000, "aa", totalProcessedRecordsCount=3)
    lake.sync()
    lake.target.delete("_cdalake/t.json")
    lake.deliver("t/aa/1680000000000", {"id": [4]}, name="part-00001.parquet")
    lake.announce("t", 1_680_000_000_001, "aa", totalProcessedRecordsCount=4)

    assert result_of(lake.sync(), "t").error is None
    assert [row["id"] for row in lake.rows("t")] == [1, 2, 3, 4]


def test_a_load_that_lost_its_commit_to_another_run_is_no_second_load(lake: Lake) -> None:
    """R47, R64: what a lost commit would have been says nothing about the table."""
    load, change = 1_680_000_000_000, 1_680_000_001_000
    lake.deliver(f"t/aa/{load}", {"id": [1], "gwcbi___operation": [0]})
    lake.announce("t", load, "aa")
    lake.sync()
    lake.deliver(f"t/aa/{load + 1}", {"id": [2], "gwcbi___operation": [0]})
    lake.deliver(f"t/aa/{change}", {"id": [3], "gwcbi___operation": [4]})
    lake.announce("t", change, "aa")

    def alter_first(_: FaultStore, call: Call, action: Action) -> Any:
        if call.operation == "put_new" and call.path.endswith("00000000000000000001.json"):
            ByHand().alter(lake.target, "t")
        return action()

    result, _ = quiet_sync(lake.source_url, lake.target_url, alter_first)

    assert result_of(result, "t").error is None
    assert [row["id"] for row in lake.rows("t")] == [1, 2, 3]


def test_stores_in_memory_are_kept_by_name_and_obey_conditions() -> None:
    store = Store.in_memory(uuid.uuid4().hex)
    tag = store.put_new("a", b"1")
    with pytest.raises(FileExistsError):
        store.put_new("a", b"2")
    newer = store.put_if("a", b"2", tag)
    with pytest.raises(FileExistsError):
        store.put_if("a", b"3", tag)

    again = Store.in_memory(store.location.bucket)
    assert again.get_with_info("a")[0] == b"2"
    assert again.list()[0].e_tag == newer
    assert again.get_tail("a", 100, 10).data == b"2"
