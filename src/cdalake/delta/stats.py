"""Statistics of a data file, exact, from its parquet footer (cda-format.md R14, R66).

No statistic rather than a doubtful one: none for floats (a file may hold NaN, which footers leave
out), for INT96, for binary, for columns of which one row group says nothing, and for times outside
of the years 1 to 9999.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import simplejson

from cdalake.delta.schema import WHOLE, Schema

COLUMNS = 32
STRING_LENGTH = 32
HIGHEST = "\U0010ffff"
Bounds = tuple[Any, Any]


@dataclass
class _Column:
    """What the row groups say of one column so far.

    Attributes:
        per_ms: steps of a timestamp in a millisecond; its bounds are raw numbers.
    """

    kind: str
    per_ms: int | None = None
    low: Any = None
    high: Any = None
    nulls: int = 0
    has_bounds: bool = True
    has_nulls: bool = True
    values: int = 0

    def add(self, chunk: Any) -> None:
        stats: Any = chunk.statistics if chunk.is_stats_set else None
        self.has_nulls &= stats is not None and stats.has_null_count
        if self.has_nulls and stats is not None:
            self.nulls += stats.null_count
        if self._is_all_null(chunk, stats):
            return
        self.values += chunk.num_values
        self._widen(self._range(stats) if _is_bounded(chunk, stats) else None)

    def _is_all_null(self, chunk: Any, stats: Any) -> bool:
        known = stats is not None and stats.has_null_count
        return chunk.num_values == 0 or (known and stats.null_count == chunk.num_values)

    def _range(self, stats: Any) -> Bounds | None:
        if self.per_ms is not None:
            return stats.min_raw, stats.max_raw
        try:
            return stats.min, stats.max
        except (ValueError, OverflowError):
            return None  # a date that Python does not have, or bytes that are no text

    def _widen(self, found: Bounds | None) -> None:
        if found is None or not self.has_bounds:
            self.has_bounds = False
            return
        self.low = found[0] if self.low is None else min(self.low, found[0])
        self.high = found[1] if self.high is None else max(self.high, found[1])


def _is_bounded(chunk: Any, stats: Any) -> bool:
    return stats is not None and stats.has_min_max and chunk.physical_type != "INT96"


@dataclass
class _Stats:
    rows: int
    low: dict[str, Any] = field(default_factory=dict)
    high: dict[str, Any] = field(default_factory=dict)
    nulls: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> str:
        document = {
            "numRecords": self.rows,
            "minValues": self.low,
            "maxValues": self.high,
            "nullCount": self.nulls,
        }
        # Characters as they are: delta-rs misreads escaped pairs from U+20000 on.
        return simplejson.dumps(document, separators=(",", ":"), ensure_ascii=False)


def file_stats(metadata: Any, schema: Schema) -> str:
    """The ``stats`` text of an ``add`` action.

    Args:
        metadata: the file's ``pyarrow.parquet.FileMetaData``.
        schema: the table's schema: statistics carry its names.
    """
    stats = _Stats(metadata.num_rows)
    for name, column in _columns(metadata, schema):
        if column.has_nulls:
            stats.nulls[name] = column.nulls
        bounds = _bounds(column)
        if bounds is not None:
            stats.low[name], stats.high[name] = bounds
    return stats.to_json()


def _columns(metadata: Any, schema: Schema) -> Iterator[tuple[str, _Column]]:
    """The table's first 32 simple columns, folded over the file's row groups."""
    leaves = (metadata.schema.column(i) for i in range(metadata.num_columns))
    # A field b of a struct a has the path a.b too, but another name.
    positions = {leaf.name: i for i, leaf in enumerate(leaves) if leaf.name == leaf.path}
    simple = [(f.name, str(f.type)) for f in schema if isinstance(f.type, str)]
    for name, kind in simple[:COLUMNS]:
        if name in positions:
            yield name, _folded(metadata, positions[name], kind)
        else:
            yield name, _Column(kind, nulls=metadata.num_rows)


def _folded(metadata: Any, position: int, kind: str) -> _Column:
    column = _Column(kind, _steps(metadata.schema.column(position)))
    for group in range(metadata.num_row_groups):
        column.add(metadata.row_group(group).column(position))
    return column


_PER_MS = {
    "milliseconds": 1,
    "microseconds": 1000,
    "nanoseconds": 1_000_000,
}


def _steps(leaf: Any) -> int | None:
    logical = json.loads(leaf.logical_type.to_json())
    return _PER_MS[logical["timeUnit"]] if logical["Type"] == "Timestamp" else None


def _bounds(column: _Column) -> Bounds | None:
    if not column.has_bounds or not column.values:
        return None
    if column.per_ms is not None:
        return _timestamps(column.low, column.high, column.per_ms)
    types, writer = _writer(column.kind)
    if not (isinstance(column.low, types) and isinstance(column.high, types)):
        return None
    return writer(column.low, column.high)


Writer = Callable[[Any, Any], Bounds | None]
Types = tuple[type, ...]


def _writer(kind: str) -> tuple[Types, Writer]:
    """What bounds of a type must be in Python, and how they are written."""
    if kind.startswith("decimal("):
        return (Decimal, int), _decimals
    if kind in WHOLE:
        return (int,), _as_is
    others: dict[str, tuple[Types, Writer]] = {
        "boolean": ((bool,), _as_is),
        "string": ((str,), _strings),
        "date": ((date,), _dates),
    }
    return others.get(kind, ((), _as_is))


def _as_is(low: Any, high: Any) -> Bounds:
    return low, high


def _decimals(low: Any, high: Any) -> Bounds:
    return _literal(low), _literal(high)


def _literal(value: Decimal | int) -> simplejson.RawJSON:
    """Exact and without exponent: through a float, decimal(38,0) filters find nothing."""
    return simplejson.RawJSON(f"{value:f}" if isinstance(value, Decimal) else str(value))


def _strings(low: str, high: str) -> Bounds | None:
    above = _rounded_up(high)
    return None if above is None else (low[:STRING_LENGTH], above)


def _rounded_up(text: str) -> str | None:
    """A string of at most 32 characters that is not less than `text` in any common order."""
    if len(text) <= STRING_LENGTH:
        return text
    head = text[: STRING_LENGTH - 1]
    if text[STRING_LENGTH - 1] != HIGHEST:
        # Behind the highest character nothing sorts in UTF-8 order, which Delta's readers use.
        return head + HIGHEST
    head = head.rstrip(HIGHEST)
    return head[:-1] + _next(head[-1]) if head else None


def _next(character: str) -> str:
    code = ord(character) + 1
    return chr(code if code not in range(0xD800, 0xE000) else 0xE000)


def _dates(low: date, high: date) -> Bounds:
    return low.isoformat(), high.isoformat()


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MS = -62_135_596_800_000
END_MS = 253_402_300_800_000
"""Years 1 to 9999, which is what ISO texts can say."""
LAST = "9999-12-31T23:59:59.999999Z"


def _timestamps(low: int, high: int, per_ms: int) -> Bounds | None:
    """Rounded outward to milliseconds, which is what every reader understands."""
    if low < FIRST_MS * per_ms or high >= END_MS * per_ms:
        return None
    above = -(-high // per_ms)
    return _iso(low // per_ms), LAST if above == END_MS else _iso(above)


def _iso(ms: int) -> str:
    moment = EPOCH + timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
