"""R8: tables that nothing can be new for cost nothing, and hide nothing that is new."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.counting import Server
from cdalake.engine.at_rest import PATH, AtRest
from cdalake.engine.progress import RunResult
from conftest import Lake, result_of
from faults import LostAnswer, quiet_sync
from histories.foreign import ByHand

T0 = 1_680_000_000_000
HOUR_MS = 3_600_000


def sync(lake: Lake, **options: Any) -> RunResult:
    """As the command line does: tables at rest are believed for an hour."""
    return lake.sync(**{"rest_seconds": 3600, **options})


@pytest.fixture
def resting(lake: Lake) -> Lake:
    """A lake of one table at rest."""
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    lake.announce("t", T0, "aa")
    sync(lake)
    assert set(AtRest.read(lake.target).tables) == {"t"}
    return lake


def requests_of(counting: Server, action: Callable[[], object]) -> int:
    counting.reset()
    action()
    return sum(counting.counts().values())


def test_a_run_over_tables_at_rest_takes_three_requests(
    counted_lake: Lake, counting: Server
) -> None:
    export = counted_lake.export(tables=6, folders=4)
    first = sync(counted_lake)

    counting.reset()
    second = sync(counted_lake)

    assert counting.counts() == {"GET:other": 2, "LIST": 1}
    assert [table.table for table in second.tables] == export.tables
    assert {table.status for table in second.tables} == {"no_change"}
    for table in second.tables:
        before = result_of(first, table.table)
        assert (table.version, table.watermark) == (before.version, before.watermark)


def test_only_the_tables_that_changed_are_looked_at(counted_lake: Lake, counting: Server) -> None:
    counted_lake.export(tables=6, folders=4)
    sync(counted_lake)
    nothing = requests_of(counting, lambda: sync(counted_lake))
    manifest = counted_lake.manifest()
    manifest["cc_claim"]["totalProcessedRecordsCount"] += 1
    counted_lake.write_manifest(manifest)

    fingerprints = len(manifest["cc_claim"]["schemaHistory"])
    one_more = requests_of(counting, lambda: sync(counted_lake))

    # Memory, log and each fingerprint; then what is remembered of the table, and who is at rest.
    assert one_more - nothing == 2 + fingerprints + 2
    assert requests_of(counting, lambda: sync(counted_lake)) == nothing


def test_new_folders_of_a_table_at_rest_are_read(resting: Lake) -> None:
    resting.deliver(f"t/aa/{T0 + 1}", {"id": [2]})
    resting.announce("t", T0 + 1, "aa")

    assert result_of(sync(resting), "t").rows == 1
    assert result_of(sync(resting), "t").status == "no_change"
    assert [row["id"] for row in resting.rows("t")] == [1, 2]


def test_a_young_entry_is_never_at_rest(lake: Lake) -> None:
    """R56: a file may still come late, and the manifest need not change for it."""
    now = int(time.time() * 1000)
    lake.deliver(f"t/aa/{now}", {"id": [1]})
    lake.announce("t", now, "aa")
    sync(lake)
    lake.deliver(f"t/aa/{now}", {"id": [2]}, "part-00001.parquet")

    assert result_of(sync(lake), "t").rows == 1
    assert not lake.target.list("_cdalake/_at_rest.json")


def lose_the_memory(lake: Lake) -> None:
    lake.target.delete("_cdalake/t.json")


def hold_a_folder(lake: Lake) -> None:
    """As another run does that waits for a folder (R57)."""
    memory = json.loads(lake.target.get("_cdalake/t.json"))
    lake.target.put("_cdalake/t.json", json.dumps({**memory, "holds": {"aa/1": 1}}).encode())


def break_the_record(lake: Lake) -> None:
    lake.target.put(PATH, b'{"format": 1, "tables": {"t": {}}}')


def wait_for_an_hour(lake: Lake) -> None:
    record = json.loads(lake.target.get(PATH))
    record["tables"]["t"]["looked_at"] -= HOUR_MS
    lake.target.put(PATH, json.dumps(record).encode())


def set_a_clock_back(lake: Lake) -> None:
    record = json.loads(lake.target.get(PATH))
    record["tables"]["t"]["looked_at"] += HOUR_MS
    lake.target.put(PATH, json.dumps(record).encode())


@pytest.mark.parametrize(
    "event",
    [lose_the_memory, hold_a_folder, break_the_record, wait_for_an_hour, set_a_clock_back],
)
def test_the_table_is_looked_at_again_after(resting: Lake, event: Callable[[Lake], None]) -> None:
    event(resting)

    assert "table_started" in kinds_of(resting, lambda: sync(resting))


def kinds_of(lake: Lake, action: Callable[[], object]) -> set[str]:
    lake.listener.events.clear()
    action()
    return {event.kind for event in lake.listener.events if event.table == "t"}


def test_a_table_that_a_run_names_is_looked_at(resting: Lake) -> None:
    assert "table_started" not in kinds_of(resting, lambda: sync(resting))
    assert "table_started" in kinds_of(resting, lambda: sync(resting, include=("t",)))
    assert "table_started" not in kinds_of(resting, lambda: sync(resting))


@pytest.mark.parametrize("option", [{"commit_per_folder": True}, {"lookback_seconds": 14_400}])
def test_another_option_looks_again(resting: Lake, option: dict[str, Any]) -> None:
    assert "table_started" in kinds_of(resting, lambda: sync(resting, **option))


def test_what_others_committed_is_seen_before_anything_is_written(resting: Lake) -> None:
    """R62: nobody looks at a table at rest; whoever would write to it does."""
    ByHand().alter(resting.target, "t")
    assert result_of(sync(resting), "t").version == 0
    resting.deliver(f"t/aa/{T0 + 1}", {"id": [2]})
    resting.announce("t", T0 + 1, "aa")

    assert result_of(sync(resting), "t").version == 2
    assert resting.table("t").metadata.configuration["team"] == "analytics"


def test_a_record_that_cannot_be_written_costs_no_table_anything(lake: Lake) -> None:
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    lake.announce("t", T0, "aa")

    result, _ = quiet_sync(lake.source_url, lake.target_url, LostAnswer("put_new", PATH))

    assert (result.status, result.tables[0].error) == ("completed", None)


def test_a_table_that_failed_is_tried_again(lake: Lake) -> None:
    lake.source.put(f"t/aa/{T0}/part-0.parquet", b"no parquet")
    lake.announce("t", T0, "aa")
    assert result_of(sync(lake), "t").error.code == "BAD_FILE"

    assert result_of(sync(lake), "t").error.code == "BAD_FILE"


def test_tables_that_left_the_manifest_leave_the_record(resting: Lake) -> None:
    resting.write_manifest({"u": resting.manifest()["t"] | {"dataFilesPath": "t"}})

    sync(resting)

    assert set(AtRest.read(resting.target).tables) == {"u"}
