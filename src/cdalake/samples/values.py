"""What stands in the cells: one short rule per kind of column.

A value follows from the row's id and version alone, so an update is a full after-image whose
lasting columns stay as they were, and nothing has to be remembered.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cdalake.samples.tables import Column

if TYPE_CHECKING:
    import pyarrow as pa

SNAPSHOT, DELETE, INSERT, UPDATE = 0, 1, 2, 4
FIRST_ID = 3_000_000_000
"""Ids begin past 32 bits: a reader that takes them for int32 is found out."""

_BITS = (1 << 64) - 1
_DAY = 86_400_000_000
_YEAR_2015 = 1_420_070_400_000_000
_YEAR_1930 = -1_262_304_000_000_000
_YEAR_9999 = 253_402_300_799_000_000


class Change(NamedTuple):
    """One row of a data file, before its business columns are spelt out."""

    operation: int
    id: int
    version: int
    created: int
    updated: int
    seqval: int
    lsn: int
    tx_id: int
    payload_ms: int
    connector_ms: int


@dataclass(frozen=True)
class Kind:
    """A kind of column: its parquet type and the rule for a cell.

    Attributes:
        value: the cell, from the change and 36 random bits.
        lasting: the value stays for the life of the row.
    """

    type: str
    value: Callable[[Change, int], Any]
    lasting: bool = False


def pick(words: Sequence[str]) -> Callable[[Change, int], str]:
    """A rule that takes one of `words`."""
    return lambda _, x: words[x % len(words)]


FIRST_NAMES = ("Zoë", "Łukasz", "Ana", "José", "Wei", "Søren", "Amélie", "O'Neal", "Иван", "Mary")
LAST_NAMES = ("Müller", "Nguyễn", "O'Brien", "García", "Smith", "Ångström", "李", "de la Cruz")
CITIES = ("San Mateo", "Zürich", "São Paulo", "Kraków", "Malmö", "東京", "Córdoba", "Dublin")
STREETS = ("Main St", "Bahnhofstraße", "Rua Augusta", "Calle Ñandú", "Elm Ave; Suite 4")
SENTENCES = (
    "Hail",
    "Rear-end collision at a junction, no injuries reported by either of the parties",
    "Water damage — kitchen & cellar",
    "Überschwemmung nach Starkregen im Erdgeschoss des Hauptgebäudes, Zufahrt gesperrt",
    'Theft from "locked" vehicle\nsecond line, tab\there',
    "🔥 fire in the storage room; the sprinklers worked",
    "",
)
KINDS = {
    "id": Kind("int64", lambda row, _: row.id),
    "publicid": Kind("string", lambda row, _: f"default:{row.id - FIRST_ID + 1}", lasting=True),
    "version": Kind("int32", lambda row, _: row.version),
    "created": Kind("timestamp", lambda row, _: row.created),
    "updated": Kind("timestamp", lambda row, _: row.updated),
    "retired": Kind("int64", lambda row, x: 0 if x % 25 else row.id),
    "ref": Kind("int64", lambda _, x: FIRST_ID + x % 200, lasting=True),
    "code": Kind("int32", lambda _, x: 10_001 + x % 60),
    "count": Kind("int32", lambda _, x: 1 + x % 12),
    "flag": Kind("bool", lambda _, x: x % 2 == 1),
    "money": Kind("decimal(18,2)", lambda _, x: cents(x % 9_000_000 - 500_000)),
    "wide_money": Kind("decimal(20,2)", lambda _, x: cents(x % 9_000_000 + 10**19 * (x % 16 == 0))),
    "time": Kind("timestamp", lambda _, x: _YEAR_2015 + x % (4000 * _DAY)),
    "birth": Kind("timestamp", lambda _, x: _YEAR_1930 + x % 27_000 * _DAY, lasting=True),
    "until": Kind("timestamp", lambda _, x: _YEAR_9999 if x % 3 else _YEAR_2015 + x % _DAY),
    "number": Kind("string", lambda _, x: f"{x % 1000:03}-{x % 97:02}-{x % 999_983:06}", True),
    "typecode": Kind("string", lambda row, x: f"code_{row.id - FIRST_ID:03}_{x % 7}", lasting=True),
    "sentence": Kind("string", pick(SENTENCES)),
    "first_name": Kind("string", pick(FIRST_NAMES), lasting=True),
    "last_name": Kind("string", pick(LAST_NAMES)),
    "full_name": Kind("string", lambda _, x: f"{FIRST_NAMES[x % 10]} {LAST_NAMES[x % 8]}"),
    "email": Kind("string", lambda row, x: f"user{row.id - FIRST_ID}@example{x % 9}.org"),
    "tax_id": Kind("string", lambda _, x: f"9{x % 100:02}-{x % 89:02}-{x % 9973:04}", lasting=True),
    "street": Kind("string", lambda _, x: f"{1 + x % 399} {STREETS[x % 5]}"),
    "city": Kind("string", pick(CITIES)),
    "postal_code": Kind("string", lambda _, x: f"{x % 99_991:05}"),
    "point": Kind("binary", lambda _, x: well_known_point(x % 3600 / 10 - 180, x % 1800 / 10 - 90)),
    "operation": Kind("int32", lambda row, _: row.operation),
    "seqval": Kind("decimal(38,0)", lambda row, _: Decimal(row.seqval)),
    "seqval_hex": Kind("string", lambda row, _: f"{row.seqval:032x}"),
    "lsn": Kind("int64", lambda row, _: row.lsn),
    "tx_id": Kind("int64", lambda row, _: row.tx_id),
    "payload_ms": Kind("int64", lambda row, _: row.payload_ms),
    "connector_ms": Kind("int64", lambda row, _: row.connector_ms),
}


def cents(amount: int) -> Decimal:
    """`amount` hundredths."""
    return Decimal(amount).scaleb(-2)


def well_known_point(x: float, y: float) -> bytes:
    """A point as well-known binary, the way spatial columns arrive."""
    return struct.pack("<BIdd", 1, 1, x, y)


def arrow_table(columns: Iterable[Column], changes: Sequence[Change], salt: int) -> pa.Table:
    """The changes with all their columns."""
    import pyarrow as pa

    lasting = [scramble(salt ^ row.id) for row in changes]
    moving = [scramble(h + row.version) for h, row in zip(lasting, changes, strict=True)]
    arrays = {
        column.name: pa.array(
            _cells(column, changes, lasting if KINDS[column.kind].lasting else moving),
            arrow_type(KINDS[column.kind].type),
        )
        for column in columns
    }
    return pa.table(arrays)


def _cells(column: Column, changes: Sequence[Change], hashes: Sequence[int]) -> list[Any]:
    value, nullable, kept = KINDS[column.kind].value, column.nullable, column.survives_delete
    factor = scramble(zlib.crc32(column.name.encode())) | 1
    return [
        None
        if (row.operation == DELETE and not kept) or (nullable and (h * factor & _BITS) >> 60 == 0)
        else value(row, (h * factor & _BITS) >> 24 & 0xFFFFFFFFF)
        for row, h in zip(changes, hashes, strict=True)
    ]


def scramble(number: int) -> int:
    """64 bits in which no trace of the order of `number` is left (the finish of SplitMix64)."""
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & _BITS
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & _BITS
    return number ^ number >> 31


@cache
def arrow_type(name: str) -> pa.DataType:
    """The Arrow type that a kind names."""
    import pyarrow as pa

    if name.startswith("decimal"):
        precision, scale = name.removeprefix("decimal(").rstrip(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return pa.timestamp("us", "UTC") if name == "timestamp" else pa.type_for_alias(name)
