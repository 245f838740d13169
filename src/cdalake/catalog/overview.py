"""What the overview asks of all tables: each answer is read from one narrow index.

Rows of the index of tables are wide. A look at all of them would read every page of theirs, so that
everything here is answered from `lake_tables_overview` alone; whole rows are read for a few keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import lake_tables

Row = dict[str, Any]
_T = lake_tables.c


class Overview:
    """Counts over all tables of some connections, and the few that matter most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def health(self, connections: Sequence[str]) -> dict[str, int]:
        """How many tables have each health."""
        statement = select(_T.health, func.count()).where(_T.connection.in_(connections))
        with self._database.reading() as reader:
            found = reader.execute(statement.group_by(_T.health)).all()
        return {health: int(number) for health, number in found}

    def worst(self, connections: Sequence[str], ranks: Sequence[int], limit: int) -> list[Row]:
        """Tables whose health has one of these ranks, the worst first."""
        keys = select(_T.connection, _T.name)
        keys = keys.where(_T.connection.in_(connections), _T.health_rank.in_(ranks))
        keys = keys.order_by(_T.health_rank, _T.lag_s.desc().nulls_last(), _T.name)
        with self._database.reading() as reader:
            return _rows(reader, keys.limit(limit))

    def most_behind(self, connections: Sequence[str], limit: int) -> list[Row]:
        """Tables with a lag, the greatest first."""
        keys = select(_T.connection, _T.name).where(_is_behind(connections))
        with self._database.reading() as reader:
            return _rows(reader, keys.order_by(_T.lag_s.desc(), _T.name).limit(limit))

    def lag_counts(self, connections: Sequence[str], bounds: Sequence[int]) -> list[int]:
        """How many tables have a lag from each bound up to the next one, the last without end."""
        ends = [*bounds[1:], None]
        parts = [
            and_(_T.lag_s >= low, *([] if high is None else [_T.lag_s < high]))
            for low, high in zip(bounds, ends, strict=True)
        ]
        sums = select(*(func.sum(case((part, 1), else_=0)) for part in parts))
        sums = sums.where(_T.lag_s.is_not(None), _T.connection.in_(connections))
        with self._database.reading() as reader:
            return [int(number or 0) for number in reader.execute(sums).one()]

    def failed_in_runs(
        self, connections: Sequence[str], rank: int, limit: int
    ) -> list[tuple[str, str, str]]:
        """(connection, table, run) of tables of the rank of Failed that a run could not end."""
        statement = (
            select(_T.connection, _T.name, _T.run_id)
            .where(
                _T.connection.in_(connections),
                _T.health_rank == rank,
                _T.failing_since.is_not(None),
                _T.run_id.is_not(None),
            )
            .limit(limit)
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        # Sorted here: asked for in this order, SQLite walks the rows by their key instead.
        return sorted((row.connection, row.name, row.run_id) for row in found)

    def last_data_at(self, connections: Sequence[str]) -> datetime | None:
        """Time of the newest data commit of all tables."""
        newest = select(func.max(_T.last_data_at)).where(_T.connection.in_(connections))
        with self._database.reading() as reader:
            return reader.execute(newest).scalar()


def _is_behind(connections: Sequence[str]) -> ColumnElement[bool]:
    return and_(_T.connection.in_(connections), _T.lag_s > 0)


def _rows(reader: Connection, keys: Select[Any]) -> list[Row]:
    """Whole rows of keys, in their order."""
    found = []
    for connection, name in reader.execute(keys).all():
        one = select(lake_tables).where(_T.connection == connection, _T.name == name)
        row = reader.execute(one).mappings().first()
        if row is not None:
            found.append(dict(row))
    return found
