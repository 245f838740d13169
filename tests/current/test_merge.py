"""The rule of current tables against a naive oracle, on small frames in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pytest

from cdalake.current.columns import Columns
from cdalake.current.duck import Duck, duck
from cdalake.current.files import Origin
from cdalake.current.merge import find_latest, winning_rows
from cdalake.current.outcome import Ignored
from cdalake.delta.schema import schema_of_file
from cdalake.errors import SourceError
from current.histories import SCHEMA, Change, State, contents, oracle, random_history, table_of

COLUMNS = Columns.of("t", schema_of_file(SCHEMA))
TOGETHER = 50
"""Histories in one frame, each with ids of its own."""


@pytest.fixture
def db() -> Iterator[Duck]:
    with duck() as opened:
        yield opened


def put(db: Duck, changes: Sequence[Change]) -> list[Origin]:
    """Make the view `changes`: each file's rows with their place."""
    files = sorted({(c.folder, c.file) for c in changes})
    places = {file: number for number, file in enumerate(files)}
    frame = table_of(changes)
    frame = frame.append_column("file_index", pa.array(places[c.folder, c.file] for c in changes))
    frame = frame.append_column("file_row_number", pa.array(range(len(changes)), pa.int64()))
    db.connection.register("frame", frame)
    db.run("CREATE OR REPLACE VIEW changes AS SELECT * FROM frame")
    return [Origin(folder, name) for folder, name in files]


def latest(db: Duck, changes: Sequence[Change], *, in_numbers: bool) -> tuple[State, Ignored]:
    origins = put(db, changes)
    ignored = find_latest(db, COLUMNS, origins, in_numbers=in_numbers)
    rows = db.connection.sql(f"{winning_rows(COLUMNS)} WHERE w.o <> 3").to_arrow_table().to_pylist()
    dead = db.rows("SELECT id, s, l, t, folder, name FROM deletes JOIN origins USING (f)")
    db.run("DROP TABLE winners; DROP TABLE deletes; DROP TABLE origins")
    live = {row["id"]: row for row in rows}
    assert len(live) == len(rows), "an id is visible twice"
    return State(live, {row[0]: row[1:] for row in dead}), ignored


@pytest.mark.parametrize("in_numbers", [False, True], ids=["as text", "as numbers"])
def test_three_thousand_random_histories_end_as_the_oracle_says(db: Duck, in_numbers: bool) -> None:
    """R35, R36, R38, R40, R70"""
    histories = [random_history(seed, 1000 * seed) for seed in range(3000)]

    for start in range(0, len(histories), TOGETHER):
        changes = [c for h in histories[start : start + TOGETHER] for c in h.changes]
        state, _ = latest(db, changes, in_numbers=in_numbers)
        assert state == oracle(changes), f"histories from {start}"

    found = contents(histories)
    few = {what: count for what, count in found.items() if count < 0.2 * len(histories)}
    assert not few, f"the histories do not put the rule to the test: {few}"


def change(seqval: str | None, operation: int | None = 4, **fields: object) -> Change:
    values = {"id": 1, "name": "a", "amount": 1, "lsn": 1, "payload": 1, **fields}
    return Change(operation=operation, seqval=seqval, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (change("9"), change("10")),
        (change("ff"), change("FFF")),
        (change(None), change("0")),
        (change("f" * 32), change("1" + "0" * 32)),
        (change("1", lsn=None), change("1", lsn=-5)),
        (change("1", payload=None), change("1", payload=0)),
        (change("1", 0), change("1", 2)),
        (change("1", 2), change("1", 4)),
        (change("1", folder=1), change("1", folder=2)),
        (change("1", folder=1, file="a"), change("1", folder=1, file="b")),
    ],
    ids=[
        "ragged hex",
        "upper-case hex",
        "null is lowest",
        "more than 128 bits",
        "null lsn",
        "null payload time",
        "insert after snapshot",
        "update after insert",
        "later folder",
        "later file name",
    ],
)
@pytest.mark.parametrize("in_numbers", [False, True], ids=["as text", "as numbers"])
def test_the_order_of_two_changes(
    db: Duck, earlier: Change, later: Change, in_numbers: bool
) -> None:
    """R35: each step of the order decides when all before it are equal, whichever comes first."""
    for changes in ([earlier, later], [later, earlier]):
        state, _ = latest(db, changes, in_numbers=in_numbers)
        assert {k: state.live[1][k] for k in later.row} == later.row


def test_a_delete_wins_over_an_update_of_the_same_sequence_value(db: Duck) -> None:
    """R35"""
    state, _ = latest(db, [change("1", 1), change("1", 4)], in_numbers=True)

    assert (state.live, list(state.dead)) == ({}, [1])


def test_a_delete_of_an_id_never_seen_is_a_tombstone(db: Duck) -> None:
    """R37"""
    state, _ = latest(db, [change("A", 1)], in_numbers=False)

    assert state.dead[1][0] == "a".rjust(64, "0")


def test_unknown_operations_and_null_ids_are_ignored_and_counted(db: Duck) -> None:
    """R36"""
    changes = [change("1", 3), change("2", 9), change("3", None), change("4", id=None), change("0")]

    state, ignored = latest(db, changes, in_numbers=True)

    assert ignored == Ignored(unknown_operations=3, without_id=1)
    assert state.live[1]["gwcbi___seqval_hex"] == "0"


@pytest.mark.parametrize("bad", ["xyz", "", "0x1", "1_0", " 1", "1 ", "-1", "1.0", "f" * 65])
@pytest.mark.parametrize("in_numbers", [False, True], ids=["as text", "as numbers"])
def test_a_sequence_value_that_is_no_hex_is_refused_with_count_and_example(
    db: Duck, bad: str, in_numbers: bool
) -> None:
    """R70"""
    with pytest.raises(SourceError) as caught:
        latest(db, [change("1"), change(bad), change(bad)], in_numbers=in_numbers)

    assert caught.value.code == "BAD_SEQVAL"
    assert "2 changes have a gwcbi___seqval_hex" in caught.value.message
    assert repr(bad[:80]) in caught.value.message


def test_a_bad_sequence_value_of_an_ignored_row_does_no_harm(db: Duck) -> None:
    """R36, R70"""
    state, ignored = latest(db, [change("xyz", 3), change("1")], in_numbers=True)

    assert (len(state.live), ignored.unknown_operations) == (1, 1)
