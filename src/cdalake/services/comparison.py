"""Compares the schemas of two tables, or of two versions of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdalake.catalog.table_history import Key, TableHistory, VersionFilter
from cdalake.catalog.tables import Row
from cdalake.delta.schema import Field, Schema, type_text
from cdalake.errors import NotFound
from cdalake.models.comparison import (
    ColumnPair,
    ComparedColumn,
    ComparedSchema,
    Comparison,
    Difference,
)
from cdalake.services.delta_table_service import DeltaTableService

SCHEMA_VERSIONS = 200
ORDER = {difference: place for place, difference in enumerate(Difference)}


@dataclass(frozen=True)
class TableVersion:
    """A table, and which of its versions; None means the newest."""

    name: str
    connection: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class _Side:
    """A version of a table with its schema."""

    schema: Schema
    about: ComparedSchema


class ComparisonService:
    """Puts schemas side by side."""

    def __init__(self, tables: DeltaTableService, history: TableHistory) -> None:
        self._tables = tables
        self._history = history

    def compare(self, first: TableVersion, second: TableVersion) -> Comparison:
        """Two schemas by the names of their columns; their order is no difference.

        Raises:
            TableNotFoundException: no connection knows a name.
            AmbiguousTable: several do, and none of them is the default.
            NotFound: ``VERSION_NOT_FOUND``.
        """
        a, b = self._side(first), self._side(second)
        pairs = compare_schemas(a.schema, b.schema)
        counts = {kind: sum(pair.difference is kind for pair in pairs) for kind in Difference}
        return Comparison(
            a=a.about,
            b=b.about,
            added=counts[Difference.ADDED],
            removed=counts[Difference.REMOVED],
            changed=counts[Difference.TYPE] + counts[Difference.NULLABLE],
            same=counts[Difference.SAME],
            columns=pairs,
        )

    def _side(self, wanted: TableVersion) -> _Side:
        row = self._tables.find(wanted.name, wanted.connection)
        version = row["version"] if wanted.version is None else wanted.version
        text = None if version is None else self._schema(row, version)
        if version is None or text is None:
            raise _unknown(row, version)
        schema = Schema.parse(text)
        return _Side(schema, self._about(row, version, schema))

    def _schema(self, row: Row, version: int) -> str | None:
        if version > row["version"]:
            return None
        if version == row["version"]:
            newest: str | None = row["schema_string"]
            return newest
        found = self._history.schema_at(Key.of_row(row), version)
        return found["schema_string"] if found else None

    def _about(self, row: Row, version: int, schema: Schema) -> ComparedSchema:
        key = Key.of_row(row)
        newest, _ = self._history.versions(key, VersionFilter(before=version + 1), 1)
        commit = next((each for each in newest if each["version"] == version), None)
        return ComparedSchema(
            name=row["name"],
            connection=row["connection"],
            version=version,
            latest_version=row["version"],
            timestamp=commit["timestamp"] if commit else None,
            columns=len(schema.fields),
            schema_versions=[v["version"] for v in self._history.schemas(key, SCHEMA_VERSIONS)],
        )


def _unknown(row: Row, version: int | None) -> NotFound:
    if row["version"] is None:
        return NotFound(
            "VERSION_NOT_FOUND",
            f"The table {row['name']!r} is not loaded yet: it has no schema.",
            "Start a run that brings it.",
        )
    return NotFound(
        "VERSION_NOT_FOUND",
        f"The schema of {row['name']!r} at version {version} is not known.",
        f"The newest version is {row['version']}; choose one from the table's history.",
    )


def compare_schemas(a: Schema, b: Schema) -> list[ColumnPair]:
    """Every column of both: added, removed, changed, then the same, each by name."""
    ours = {field.name.lower(): field for field in a}
    theirs = {field.name.lower(): field for field in b}
    pairs = [_pair(name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})]
    return sorted(pairs, key=lambda pair: ORDER[pair.difference])


def _pair(name: str, ours: Field | None, theirs: Field | None) -> ColumnPair:
    return ColumnPair(
        name=name,
        difference=_difference(ours, theirs),
        a=_column(ours),
        b=_column(theirs),
    )


def _difference(ours: Field | None, theirs: Field | None) -> Difference:
    if ours is None:
        return Difference.ADDED
    if theirs is None:
        return Difference.REMOVED
    if _unordered(ours.type) != _unordered(theirs.type):
        return Difference.TYPE
    return Difference.SAME if ours.nullable == theirs.nullable else Difference.NULLABLE


def _column(field: Field | None) -> ComparedColumn | None:
    if field is None:
        return None
    return ComparedColumn(name=field.name, type=type_text(field.type), nullable=field.nullable)


def _unordered(kind: Any) -> Any:
    """A type in which neither the order of inner fields nor what they say of themselves counts."""
    if isinstance(kind, Mapping) and "fields" in kind:
        return {field["name"].lower(): _unordered(field["type"]) for field in kind["fields"]}
    if isinstance(kind, Mapping):
        return {key: _unordered(value) for key, value in kind.items() if key != "metadata"}
    return kind
