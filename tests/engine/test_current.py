"""Current tables in a run: made after the raw commits, told in the result, never in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.counting import Server
from cdalake.engine.progress import RunState, TableState
from cdalake.engine.spec import Action
from cdalake.engine.state import read_state
from cdalake.engine.sync import run
from cdalake.errors import NotFound
from conftest import Lake, codes, result_of
from faults import Call, Faults, FaultStore

FINGERPRINT = "f" * 32


def changes(*rows: tuple[int | None, int, str, str]) -> dict[str, Any]:
    """Columns of a data file: id, operation, sequence value, name."""
    return {
        "id": pa.array([row[0] for row in rows], pa.int64()),
        "gwcbi___operation": pa.array([row[1] for row in rows], pa.int32()),
        "gwcbi___seqval_hex": [row[2] for row in rows],
        "name": [row[3] for row in rows],
    }


def deliver(lake: Lake, time: int, *rows: tuple[int | None, int, str, str]) -> None:
    lake.deliver(f"claim/{FINGERPRINT}/{time}", changes(*rows))
    lake.announce("claim", time, FINGERPRINT)


def names(lake: Lake) -> dict[int, str]:
    return {row["id"]: row["name"] for row in lake.rows("_current/claim")}


@pytest.fixture
def claims(lake: Lake) -> Lake:
    deliver(lake, 1_680_000_000_000, (1, 2, "1", "one"), (2, 2, "2", "two"))
    return lake


def test_a_run_makes_the_current_table_only_where_it_is_asked_for(claims: Lake) -> None:
    assert result_of(claims.sync(), "claim").current is None
    with pytest.raises(NotFound):
        claims.target.get("_current/claim/_delta_log/00000000000000000000.json")

    result = result_of(claims.sync(current=True), "claim")

    assert result.status is TableState.OK
    assert result.current is not None
    assert (result.current.rows, result.current.full, result.commits) == (2, True, 0)
    assert names(claims) == {1: "one", 2: "two"}


def test_later_runs_bring_in_what_is_new(claims: Lake) -> None:
    claims.sync(current=True)
    deliver(claims, 1_680_000_060_000, (1, 4, "3", "uno"), (2, 1, "4", "two"))

    claims.sync()
    behind = read_state(claims.target, "claim")
    assert behind is not None
    assert behind.current_watermark == 1_680_000_000_000, "health sees that it is behind (R70)"
    result = result_of(claims.sync(current=True), "claim")

    document = result.to_json()["current"]
    assert (document["changed"], document["deleted"], document["full"]) == (1, 1, False)
    assert (document["raw_version"], document["rows"]) == (result.version, 1)
    assert names(claims) == {1: "uno"}


def test_a_look_at_a_current_table_that_is_there_costs_one_listing(
    counted_lake: Lake, counting: Server
) -> None:
    """Cost grows with what is new: the memory knows how far it is, its log that it is there."""
    deliver(counted_lake, 1_680_000_000_000, (1, 2, "1", "one"))
    counted_lake.sync(current=True)
    counting.reset()
    counted_lake.sync()
    without = counting.counts()
    counting.reset()

    result = result_of(counted_lake.sync(current=True), "claim")

    assert (result.status, result.current) == (TableState.NO_CHANGE, None)
    assert counting.counts() == {**without, "LIST": without["LIST"] + 1}


def test_a_current_table_of_a_table_at_rest_costs_nothing(
    counted_lake: Lake, counting: Server
) -> None:
    """R8"""
    deliver(counted_lake, 1_680_000_000_000, (1, 2, "1", "one"))
    counted_lake.sync(current=True, rest_seconds=3600)
    counting.reset()

    counted_lake.sync(current=True, rest_seconds=3600)

    assert counting.counts() == {"GET:other": 2, "LIST": 1}


def delete(lake: Lake) -> None:
    """As a colleague does who takes it for something old."""
    for info in lake.target.list("_current"):
        lake.target.delete(info.path)


def delete_but_its_tombstones(lake: Lake) -> None:
    for info in lake.target.list("_current/claim"):
        lake.target.delete(info.path)


def restore(lake: Lake) -> None:
    lake.delta("_current/claim").restore(0)


def put_back_a_backup(lake: Lake) -> None:
    """Of the time before the newest commit."""
    lake.target.delete("_current/claim/_delta_log/00000000000000000001.json")


def delete_rows(lake: Lake) -> None:
    lake.delta("_current/claim").delete("id = 1")


@pytest.mark.parametrize(
    "event", [delete, delete_but_its_tombstones, restore, put_back_a_backup, delete_rows]
)
def test_what_others_did_to_it_is_mended_by_the_next_look(
    claims: Lake, event: Callable[[Lake], None]
) -> None:
    """No new folder is needed for that, only a run that looks at the table."""
    claims.sync(current=True)
    deliver(claims, 1_680_000_060_000, (1, 4, "3", "uno"), (2, 1, "4", "two"))
    claims.sync(current=True)
    event(claims)

    result = result_of(claims.sync(current=True), "claim")

    assert (result.status, result.commits) == (TableState.OK, 0)
    assert result.current is not None
    assert names(claims) == {1: "uno"}
    assert result_of(claims.sync(current=True), "claim").status is TableState.NO_CHANGE


def test_a_commit_of_others_that_changes_no_row_is_looked_into_once(claims: Lake) -> None:
    claims.sync(current=True)
    claims.delta("_current/claim").alter.set_table_properties({"delta.appendOnly": "false"})

    after = [result_of(claims.sync(current=True), "claim").current for _ in range(2)]

    assert after[0] is not None
    assert (after[0].version, after[0].full, after[1]) == (1, False, None)


def test_a_bad_sequence_value_is_the_current_tables_trouble_alone(claims: Lake) -> None:
    """R70: partial with count and example, the raw table is complete."""
    claims.sync(current=True)
    deliver(claims, 1_680_000_060_000, (1, 4, "no hex", "x"), (3, 2, "5", "three"))

    run = claims.sync(current=True)

    result = result_of(run, "claim")
    assert run.status is RunState.COMPLETED_WITH_ERRORS
    assert (result.status, result.rows) == (TableState.PARTIAL, 2)
    assert result.error is not None
    assert result.error.code == "BAD_SEQVAL"
    assert "1 changes" in result.error.message
    assert "'no hex'" in result.error.message
    assert (len(claims.rows("claim")), names(claims)) == (4, {1: "one", 2: "two"})


def test_a_table_without_cdc_columns_is_fine_without_a_current_table(claims: Lake) -> None:
    """R20: a warning, and the raw table proceeds."""
    claims.deliver(f"heartbeat/{FINGERPRINT}/1680000000000", {"id": [1], "createtime": [1]})
    claims.announce("heartbeat", 1_680_000_000_000, FINGERPRINT)

    result = result_of(claims.sync(current=True), "heartbeat")

    assert (result.status, codes(result)) == (TableState.OK, ["NO_CDC_COLUMNS"])


def test_changes_that_say_nothing_are_counted(claims: Lake) -> None:
    """R36"""
    deliver(claims, 1_680_000_060_000, (1, 3, "9", "x"), (None, 2, "9", "x"), (2, 7, "9", "x"))

    result = result_of(claims.sync(current=True), "claim")

    notes = {note.code: note.message for note in result.warnings}
    assert notes.keys() == {"UNKNOWN_OPERATION", "NULL_ID"}
    assert notes["UNKNOWN_OPERATION"].startswith("2 changes")
    assert names(claims) == {1: "one", 2: "two"}


def test_the_run_is_in_the_commit(claims: Lake) -> None:
    run = claims.sync(current=True, requested_by="somebody")

    info = claims.commit("_current/claim", 0)[0]["commitInfo"]
    assert (info["run_id"], info["userName"]) == (run.run_id, "somebody")


def test_a_cancelled_run_leaves_the_current_table_alone(claims: Lake) -> None:
    claims.sync(lambda: True, current=True)

    assert not claims.target.list("_current")


def test_a_cancel_while_it_is_merged_leaves_it_to_the_next_run(claims: Lake) -> None:
    """The raw table is complete, the table is not done; health sees that current is behind."""
    claims.sync(current=True)
    deliver(claims, 1_680_000_060_000, (1, 4, "3", "uno"))

    cancel = OnceItReads("_current/claim/_delta_log")
    opened = Faults(cancel).open
    stopped = run(claims.spec(current=True), claims.listener, lambda: cancel.is_on, opened)

    result = result_of(stopped, "claim")
    assert (stopped.status, result.status) == (RunState.CANCELLED, TableState.CANCELLED)
    assert (result.commits, result.current, result.error) == (1, None, None)
    assert names(claims) == {1: "one", 2: "two"}
    assert result_of(claims.sync(current=True), "claim").status is TableState.OK
    assert names(claims) == {1: "uno", 2: "two"}


def test_a_cancel_while_it_is_verified_ends_that_too(claims: Lake) -> None:
    claims.sync(current=True)

    cancel = OnceItReads("_current/claim/_delta_log")
    spec = claims.spec(action=Action.VERIFY)
    stopped = run(spec, claims.listener, lambda: cancel.is_on, Faults(cancel).open)

    result = result_of(stopped, "claim")
    assert (result.status, result.error, codes(result)) == (TableState.CANCELLED, None, [])


class OnceItReads:
    """Cancels when a path below `prefix` is asked for."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.is_on = False

    def __call__(self, _: FaultStore, call: Call, action: Callable[[], Any]) -> Any:
        self.is_on = self.is_on or call.path.startswith(self.prefix)
        return action()


def test_every_table_of_an_export_gets_one(lake: Lake) -> None:
    """A whole sample export, twice; each current table is what a fold in Python makes of it."""
    lake.export(tables=5, folders=4, rows=60)
    lake.sync(current=True)
    lake.extend(3)
    run = lake.sync(current=True)

    made = [result.table for result in run.tables if result.current]
    assert len(made) >= 3
    for table in made:
        latest: dict[int, Any] = {}
        for row in lake.rows(table):
            known = latest.get(row["id"])
            if known is None or row["gwcbi___seqval_hex"] >= known["gwcbi___seqval_hex"]:
                latest[row["id"]] = row
        live = {i: row for i, row in latest.items() if row["gwcbi___operation"] != 1}
        rows = lake.rows(f"_current/{table}")
        assert {row["id"]: row["gwcbi___seqval_hex"] for row in rows} == {
            row["id"]: row["gwcbi___seqval_hex"] for row in live.values()
        }


def test_the_result_is_json(claims: Lake) -> None:
    document = result_of(claims.sync(current=True), "claim").to_json()

    assert json.loads(json.dumps(document))["current"]["ignored"] == {
        "unknown_operations": 0,
        "without_id": 0,
    }
