"""How a table's columns change by dice, and cells that fit them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

Columns = dict[str, pa.DataType]
"""The columns of one fingerprint, in order."""

CDC: Columns = {
    "id": pa.int64(),
    "gwcbi___operation": pa.int32(),
    "gwcbi___seqval_hex": pa.string(),
}
EXTRAS: Columns = {
    "note": pa.string(),
    "amount": pa.decimal128(8, 2),
    "points": pa.int32(),
    "is_open": pa.bool_(),
    "closed": pa.timestamp("us", "UTC"),
    "weight": pa.float64(),
}
WIDER: dict[pa.DataType, pa.DataType] = {
    pa.int32(): pa.int64(),
    pa.decimal128(8, 2): pa.decimal128(12, 2),
}
EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

CELLS: dict[pa.DataType, Callable[[Random], Any]] = {
    pa.string(): lambda dice: dice.choice(["", "a", "ü%+ /", "x" * 40]),
    pa.decimal128(8, 2): lambda dice: Decimal(dice.randrange(-(10**7), 10**7)) / 100,
    pa.decimal128(12, 2): lambda dice: Decimal(dice.randrange(10**11)) / 100,
    pa.int32(): lambda dice: dice.randrange(-(2**31), 2**31),
    pa.int64(): lambda dice: dice.randrange(2**31, 2**60),
    pa.bool_(): lambda dice: dice.random() < 0.5,
    pa.timestamp("us", "UTC"): lambda dice: EPOCH + dt.timedelta(0, dice.randrange(10**8)),
    pa.float64(): lambda dice: dice.uniform(-1, 1),
}


def first_columns(dice: Random) -> Columns:
    """What a table begins with."""
    names = dice.sample(sorted(EXTRAS), dice.randint(1, 3))
    return CDC | {name: EXTRAS[name] for name in names}


def changed(columns: Columns, dice: Random) -> Columns:
    """The columns after a change: one more, one less, a wider one, or one in other letters."""
    change = dice.choice([_added, _dropped, _widened, _recased])
    return change(columns, dice)


def _extras(columns: Columns) -> list[str]:
    return [name for name in columns if name not in CDC]


def _added(columns: Columns, dice: Random) -> Columns:
    there = {name.lower() for name in columns}
    missing = [name for name in sorted(EXTRAS) if name not in there]
    if not missing:
        return _dropped(columns, dice)
    name = dice.choice(missing)
    return columns | {name: EXTRAS[name]}


def _dropped(columns: Columns, dice: Random) -> Columns:
    gone = dice.choice(_extras(columns) or ["none"])
    return {name: kind for name, kind in columns.items() if name != gone}


def _widened(columns: Columns, dice: Random) -> Columns:
    narrow = [name for name, kind in columns.items() if name not in CDC and kind in WIDER]
    if not narrow:
        return _added(columns, dice)
    name = dice.choice(narrow)
    return {**columns, name: WIDER[columns[name]]}


def _recased(columns: Columns, dice: Random) -> Columns:
    name = dice.choice(_extras(columns) or ["none"])
    return {(n.swapcase() if n == name else n): kind for n, kind in columns.items()}


def cell(kind: pa.DataType, dice: Random) -> Any:
    """A value of that type, or null."""
    return None if dice.random() < 0.2 else CELLS[kind](dice)
