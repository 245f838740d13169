"""Two schemas beside each other."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from cdalake.models.base import Answer, UtcTime


class Difference(StrEnum):
    """How a column of the first schema stands in the second."""

    ADDED = "added"
    REMOVED = "removed"
    TYPE = "type"
    NULLABLE = "nullable"
    SAME = "same"


class ComparedColumn(Answer):
    """A column on one side."""

    name: str
    type: str
    nullable: bool


class ColumnPair(Answer):
    """A column by its name, whatever the case, on both sides; null where it is not."""

    name: str
    difference: Difference
    a: ComparedColumn | None
    b: ComparedColumn | None


class ComparedSchema(Answer):
    """One side of a comparison."""

    name: str
    connection: str
    version: int
    latest_version: int
    timestamp: UtcTime | None = Field(description="When the version was written, where known")
    columns: int
    schema_versions: list[int] = Field(description="Versions that wrote a schema, newest first")


class Comparison(Answer):
    """GET /api/compare: `columns` holds what differs first, then what is the same."""

    a: ComparedSchema
    b: ComparedSchema
    added: int
    removed: int
    changed: int
    same: int
    columns: list[ColumnPair]
