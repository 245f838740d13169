"""Statistics of a data file, exact, from its parquet footer (cda-format.md R14, R66).

No statistic rather than a doubtful one: none for floats (a file may hold NaN, which footers leave
out), for INT96, for binary, and for columns of which one row group says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import simplejson

from cdalake.delta.schema import Schema, Type

COLUMNS = 32
STRING_LENGTH = 32
HIGHEST = "\U0010ffff"


@dataclass
class _Column:
    """What the row groups say of one column so far."""

    kind: str
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
        self._widen(stats if _is_bounded(chunk, stats) else None)

    def _is_all_null(self, chunk: Any, stats: Any) -> bool:
        known = stats is not None and stats.has_null_count
        return chunk.num_values == 0 or (known and stats.null_count == chunk.num_values)

    def _widen(self, stats: Any) -> None:
        if stats is None or not self.has_bounds:
            self.has_bounds = False
            return
        self.low = stats.min if self.low is None else min(self.low, stats.min)
        self.high = stats.max if self.high is None else max(self.high, stats.max)


def _is_bounded(chunk: Any, stats: Any) -> bool:
    return (
        stats is not None
        and stats.has_min_max
        and chunk.physical_type != "INT96"
        and stats.min is not None
        and stats.max is not None
    )


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
        # Decimals as exact literals: a float in between makes decimal(38,0) filters find nothing.
        return simplejson.dumps(document, use_decimal=True, separators=(",", ":"))


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
    """The first 32 simple columns of the file, folded over its row groups."""
    positions = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}
    simple = [(f.name, f.type) for f in schema if isinstance(f.type, str) and f.name in positions]
    for name, kind in simple[:COLUMNS]:
        column = _Column(str(kind))
        for group in range(metadata.num_row_groups):
            column.add(metadata.row_group(group).column(positions[name]))
        yield name, column


def _bounds(column: _Column) -> tuple[Any, Any] | None:
    writer = _writer(column.kind)
    if writer is None or not column.has_bounds or not column.values:
        return None
    low, high = writer(column.low, column.high)
    return None if low is None or high is None else (low, high)


Bounds = tuple[Any, Any]


def _writer(kind: Type) -> Callable[[Any, Any], Bounds] | None:
    if str(kind).startswith("decimal("):
        return _decimals
    return {
        "byte": _as_is,
        "short": _as_is,
        "integer": _as_is,
        "long": _as_is,
        "string": _strings,
        "date": _dates,
        "timestamp": _timestamps,
    }.get(str(kind))


def _as_is(low: Any, high: Any) -> Bounds:
    return (low, high) if isinstance(low, int) and isinstance(high, int) else (None, None)


def _decimals(low: Any, high: Any) -> Bounds:
    if not (isinstance(low, Decimal | int) and isinstance(high, Decimal | int)):
        return None, None
    return _plain(Decimal(low)), _plain(Decimal(high))


def _plain(value: Decimal) -> Decimal | int | None:
    """A literal without exponent, or None: readers differ in whether ``1E-7`` is a decimal."""
    if value == value.to_integral_value():
        return int(value)
    return None if "E" in str(value) else value


def _strings(low: Any, high: Any) -> Bounds:
    if not (isinstance(low, str) and isinstance(high, str)):
        return None, None
    return low[:STRING_LENGTH], _rounded_up(high)


def _rounded_up(text: str) -> str | None:
    """A string of at most 32 characters that is not less than `text` in any common order."""
    if len(text) <= STRING_LENGTH:
        return text
    # Behind the highest character nothing sorts in UTF-8 order, which Delta's readers use.
    return text[: STRING_LENGTH - 1] + HIGHEST


def _dates(low: Any, high: Any) -> Bounds:
    if not (isinstance(low, date) and isinstance(high, date)):
        return None, None
    return low.isoformat(), high.isoformat()


MILLISECOND = timedelta(milliseconds=1)


def _timestamps(low: Any, high: Any) -> Bounds:
    """Rounded outward to milliseconds, which is what every reader understands."""
    if not (isinstance(low, datetime) and isinstance(high, datetime)):
        return None, None
    try:
        return _timestamp(low), _timestamp(high, up=True)
    except OverflowError:
        return None, None


def _timestamp(at: datetime, *, up: bool = False) -> str:
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    # pandas-like values carry nanoseconds beside the microseconds.
    rest = moment.microsecond % 1000 or getattr(at, "nanosecond", 0)
    floor = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    edge = floor + MILLISECOND if up and rest else floor
    return edge.isoformat(timespec="milliseconds").replace("+00:00", "Z")
