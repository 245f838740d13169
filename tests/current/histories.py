"""Random histories of changes, and a naive oracle that says what the current table must be.

The oracle shares no code with `cdalake.current`: it sorts Python tuples.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

SCHEMA = pa.schema(
    {
        "id": pa.int64(),
        "name": pa.string(),
        "amount": pa.int64(),
        "gwcbi___operation": pa.int32(),
        "gwcbi___seqval_hex": pa.string(),
        "gwcbi___lsn": pa.int64(),
        "gwcbi___payload_ts_ms": pa.int64(),
    }
)
RANKS = {0: 0, 2: 1, 4: 2, 1: 3}


@dataclass(frozen=True)
class Change:
    """One row of an export, and the file it is in."""

    id: int | None
    name: str | None
    amount: int | None
    operation: int | None
    seqval: str | None
    lsn: int | None
    payload: int | None
    folder: int = 0
    file: str = ""

    @property
    def row(self) -> dict[str, Any]:
        values = (self.id, self.name, self.amount, self.operation, self.seqval, self.lsn)
        return dict(zip(SCHEMA.names, (*values, self.payload), strict=True))

    @property
    def key(self) -> tuple[Any, ...]:
        """The total order of R35 and R70, written as it is worded there."""
        lowest = -(2**63)
        seqval = "" if self.seqval is None else self.seqval.lower().rjust(64, "0")
        said = (f"{k}={v}\x1f" for k, v in self.row.items() if v is not None)
        return (
            seqval,
            lowest if self.lsn is None else self.lsn,
            lowest if self.payload is None else self.payload,
            RANKS[self.operation or 0],
            self.folder,
            self.file,
            hashlib.md5("".join(said).encode()).hexdigest(),  # noqa: S324
        )

    @property
    def counts(self) -> bool:
        return self.id is not None and self.operation in RANKS


@dataclass(frozen=True)
class State:
    """What a current table and its tombstones hold."""

    live: dict[int, dict[str, Any]]
    dead: dict[int, tuple[Any, ...]]


def oracle(changes: Iterable[Change]) -> State:
    """The state after all changes, in whatever order they came."""
    latest: dict[int, Change] = {}
    deletes: dict[int, Change] = {}
    for change in changes:
        if not change.counts:
            continue
        registers = [latest, deletes] if change.operation == 1 else [latest]
        for register in registers:
            known = register.get(change.id)
            if known is None or change.key > known.key:
                register[change.id] = change
    live = {
        i: {**c.row, "_cda_timestamp": c.folder, "_cda_file": c.file}
        for i, c in latest.items()
        if c.operation != 1
    }
    return State(live, {i: (*c.key[:3], c.folder, c.file) for i, c in deletes.items()})


@dataclass(frozen=True)
class History:
    """Files in the order in which they are read."""

    files: tuple[tuple[Change, ...], ...]

    @property
    def changes(self) -> list[Change]:
        return [change for file in self.files for change in file]


def random_history(seed: int, first_id: int = 0) -> History:
    """Disorder, replay, late deletes, re-used ids, ties, nulls, ragged and upper-case hex."""
    chance = random.Random(seed)
    ids = [first_id + i for i in range(chance.randint(1, 5))]
    changes = [_change(chance, ids) for _ in range(chance.randint(1, 25))]
    if chance.random() < 0.4:
        changes += chance.choices(changes, k=chance.randint(1, 5))  # a replay, in other files
    if chance.random() < 0.5:
        changes += [_tied(chance, chance.choice(changes)) for _ in range(chance.randint(1, 4))]
    chance.shuffle(changes)
    return History(tuple(_files(chance, changes)))


def _change(chance: random.Random, ids: Sequence[int]) -> Change:
    small = chance.random() < 0.3
    number = chance.randint(0, 6) if small else chance.getrandbits(chance.choice([16, 64, 127]))
    return Change(
        None if chance.random() < 0.02 else chance.choice(ids),
        chance.choice([None, "a", "B", "ü"]),
        chance.choice([None, -1, 0, 7]),
        chance.choices([0, 2, 4, 1, 3, 9, None], [2, 4, 10, 4, 1, 1, 1])[0],
        _hex(chance, number),
        chance.choice([None, 1, 2, 3]),
        chance.choice([None, 10, 20]),
    )


def _hex(chance: random.Random, number: int) -> str | None:
    if chance.random() < 0.05:
        return None
    text = f"{number:x}"
    text = text.rjust(chance.choice([0, 0, 20, 32, 32, 40, 64]), "0")
    return text.upper() if chance.random() < 0.3 else text


def _tied(chance: random.Random, change: Change) -> Change:
    """The same place in the order, as far as it was chosen, and another value or operation."""
    other = replace(change, name=chance.choice(["x", "y", None]))
    if chance.random() < 0.5:
        other = replace(other, operation=chance.choice([0, 1, 2, 4]))
    if chance.random() < 0.3:
        other = replace(other, lsn=chance.choice([None, 1, 3]))
    return other


def _files(chance: random.Random, changes: list[Change]) -> Iterable[tuple[Change, ...]]:
    start = 0
    while start < len(changes):
        end = start + chance.randint(1, 6)
        folder, name = 1_680_000_000_000 + chance.randint(0, 9), f"part-{chance.randint(0, 3)}"
        place = {"folder": folder, "file": f"{name}.parquet"}
        yield tuple(replace(change, **place) for change in changes[start:end])
        start = end


def contents(histories: Iterable[History]) -> Counter[str]:
    """What the histories contained, to show that they put the rule to the test."""
    found: Counter[str] = Counter()
    for history in histories:
        changes = history.changes
        keys = Counter((c.id, c.key[:4]) for c in changes if c.counts)
        state = oracle(changes)
        found["histories"] += 1
        found["with ties"] += any(count > 1 for count in keys.values())
        found["with null sequence values"] += any(c.seqval is None for c in changes)
        found["with upper-case hex"] += any(c.seqval != (c.seqval or "").lower() for c in changes)
        found["with ragged hex"] += len({len(c.seqval) for c in changes if c.seqval}) > 1
        found["with deletes"] += bool(state.dead)
        found["with an id used again after its delete"] += bool(state.dead.keys() & state.live)
        found["with unknown operations"] += any(c.operation not in RANKS for c in changes)
        found["out of order"] += _is_out_of_order(changes)
    return found


def _is_out_of_order(changes: Sequence[Change]) -> bool:
    seen: dict[int | None, tuple[Any, ...]] = {}
    for change in (c for c in changes if c.counts):
        if change.id in seen and change.key < seen[change.id]:
            return True
        seen[change.id] = change.key
    return False


def table_of(changes: Iterable[Change]) -> pa.Table:
    """The changes as a data file has them."""
    return pa.Table.from_pylist([change.row for change in changes], SCHEMA)
