"""How many tables ended in many runs, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from cdalake.catalog.database import Database
from cdalake.catalog.runs import Run, run_of
from cdalake.catalog.schema import run_tables, runs

Cell = dict[str, Any]


class MatrixStore:
    """Reads runs and their tables as a grid."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(
        self, targets: Sequence[str], limit: int, before: tuple[datetime, str] | None
    ) -> list[Run]:
        """Runs of some targets, newest first; only those older than `before`."""
        statement = select(runs).where(runs.c.target.in_(targets))
        if before is not None:
            at, run_id = before
            is_tie = and_(runs.c.created_at == at, runs.c.run_id < run_id)
            statement = statement.where(or_(runs.c.created_at < at, is_tie))
        order = (runs.c.created_at.desc(), runs.c.run_id.desc())
        with self._database.reading() as reader:
            rows = reader.execute(statement.order_by(*order).limit(limit)).mappings().all()
        return [run_of(row) for row in rows]

    def cells(self, run_ids: Sequence[str], names: Sequence[str]) -> list[Cell]:
        """The newest attempt of each of these tables in each of these runs."""
        place = func.row_number().over(
            partition_by=(run_tables.c.run_id, run_tables.c.table_name),
            order_by=run_tables.c.attempt.desc(),
        )
        wanted = and_(run_tables.c.run_id.in_(run_ids), run_tables.c.table_name.in_(names))
        attempts = select(run_tables, place.label("place")).where(wanted).subquery()
        newest = select(attempts).where(attempts.c.place == 1)
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(newest).mappings()]
