"""Tables times runs."""

from __future__ import annotations

from pydantic import Field

from cdalake.models.base import Answer, UtcTime
from cdalake.models.table import Health


class MatrixRun(Answer):
    """A column of the matrix."""

    run_id: str
    connection: str
    status: str
    created_at: UtcTime
    duration_seconds: float | None


class MatrixCell(Answer):
    """How the table stands or ended in the run."""

    status: str
    rows: int
    duration_seconds: float | None
    error_code: str | None


class MatrixRow(Answer):
    """A table; `cells` has one place a run, null where the run did not have the table."""

    name: str
    connection: str
    health: Health
    cells: list[MatrixCell | None]


class Matrix(Answer):
    """GET /api/tables/_matrix: a page of tables, and runs from old to new."""

    runs: list[MatrixRun]
    tables: list[MatrixRow]
    total: int
    older: str | None = Field(description="`before_run` of the runs before these; null at the end")
