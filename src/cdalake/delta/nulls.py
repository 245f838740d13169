"""How much of each column is null, as the statistics of a table's files tell it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cdalake.delta.actions import DataFile, Snapshot
from cdalake.delta.schema import Field, Schema

PHYSICAL = "delta.columnMapping.physicalName"


@dataclass(frozen=True)
class Nulls:
    """Nulls of one column.

    Attributes:
        count: None when they are unknown.
        reason: why they are unknown.
    """

    column: str
    count: int | None
    reason: str | None = None


@dataclass
class _Told:
    """What the files say, by the columns' names in them.

    Attributes:
        files: how many files say something of a column.
    """

    nulls: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    def add(self, file: DataFile) -> None:
        for name, count in _null_counts(file.stats).items():
            # Of a struct there are counts within; other writers may put anything there.
            if type(count) is int and 0 <= count <= (file.rows or 0):
                self.nulls[name] += count
                self.files[name] += 1


def count_nulls(snapshot: Snapshot) -> list[Nulls]:
    """Nulls of every column, in their order.

    Args:
        snapshot: read with the statistics of its files.
    """
    told = _told(snapshot.files.values())
    general = _nothing_is_known(snapshot)
    return [
        _column(each, told, general or _unknown(each, told, snapshot))
        for each in Schema.parse(snapshot.metadata.schema_string)
    ]


def _told(files: Iterable[DataFile]) -> _Told:
    told = _Told()
    for file in files:
        told.add(file)
    return told


def _null_counts(stats: str | None) -> Mapping[str, Any]:
    try:
        counts = json.loads(stats or "{}").get("nullCount")
    except (ValueError, AttributeError):
        return {}
    return counts if isinstance(counts, dict) else {}


def _column(column: Field, told: _Told, reason: str | None) -> Nulls:
    count = None if reason else told.nulls[_in_files(column)]
    return Nulls(column.name, count, reason)


def _in_files(column: Field) -> str:
    """The column's name in files and statistics, where column mapping gave it another."""
    return str((column.metadata or {}).get(PHYSICAL, column.name))


def _nothing_is_known(snapshot: Snapshot) -> str | None:
    if any(file.deleted_rows for file in snapshot.files.values()):
        return "Deletion vectors hide rows that the statistics still count."
    if snapshot.rows is None:
        return "Some files do not say how many rows they have."
    return None if snapshot.rows else "The table has no rows."


def _unknown(column: Field, told: _Told, snapshot: Snapshot) -> str | None:
    if column.name in snapshot.metadata.partition_columns:
        return "The table is partitioned by it, and the log has no statistics of that."
    missing = len(snapshot.files) - told.files[_in_files(column)]
    if missing == len(snapshot.files):
        return "The log has no statistics of this column."
    return (
        f"{missing:,} of {len(snapshot.files):,} files have no statistics of it."
        if missing
        else None
    )
