"""One table over time: versions, schemas, days and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select

from cdalake.catalog.database import Database
from cdalake.catalog.new_rows import new_rows_of_commits
from cdalake.catalog.schema import commits, lag_points, run_tables, runs

Row = dict[str, Any]

MAINTENANCE = ("OPTIMIZE", "VACUUM START", "VACUUM END", "RESTORE")
"""Operations that are events of a table's life; writes are its everyday."""
_LISTED = [c for c in commits.c if c.name != "schema_string"]
"""A schema is long, and lists do not show it."""
_DAY = func.substr(cast(commits.c.timestamp, String), 1, 10)
"""The UTC day of a commit: both databases write a moment as ``YYYY-MM-DD …``."""


@dataclass(frozen=True)
class Key:
    """A table: where it belongs and what it is called."""

    connection: str
    name: str

    @classmethod
    def of_row(cls, row: Row) -> Key:
        """The table that a row of the index is about."""
        return cls(row["connection"], row["name"])

    def of(self, table: Any) -> ColumnElement[bool]:
        """Rows of this table in one of the index's tables."""
        return and_(table.c.connection == self.connection, table.c.table_name == self.name)


@dataclass(frozen=True)
class VersionFilter:
    """Which versions: by operation, below a version, up to a moment."""

    operation: str | None = None
    before: int | None = None
    until: datetime | None = None

    def condition(self, key: Key) -> ColumnElement[bool]:
        """All that match, whatever the page."""
        parts = [key.of(commits)]
        if self.operation is not None:
            parts.append(commits.c.operation == self.operation)
        if self.until is not None:
            parts.append(commits.c.timestamp <= self.until)
        return and_(*parts)


class TableHistory:
    """Reads of one table's past; each is one statement over an index of its versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self, key: Key, wanted: VersionFilter, limit: int) -> tuple[list[Row], int]:
        """Versions, newest first, and how many match in all."""
        condition = wanted.condition(key)
        page = select(*_LISTED).where(condition).order_by(commits.c.version.desc()).limit(limit)
        if wanted.before is not None:
            page = page.where(commits.c.version < wanted.before)
        with self._database.reading() as reader:
            total = reader.execute(select(func.count()).where(condition)).scalar_one()
            return [dict(row) for row in reader.execute(page).mappings()], total

    def operations(self, key: Key) -> dict[str, int]:
        """How many versions each operation wrote."""
        statement = select(commits.c.operation, func.count()).where(key.of(commits))
        statement = statement.group_by(commits.c.operation).order_by(commits.c.operation)
        with self._database.reading() as reader:
            return {operation: int(number) for operation, number in reader.execute(statement)}

    def schemas(self, key: Key, limit: int) -> list[Row]:
        """Versions that brought a schema of their own, newest first."""
        statement = select(commits).where(key.of(commits), commits.c.schema_string.is_not(None))
        statement = statement.order_by(commits.c.version.desc()).limit(limit)
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(statement).mappings()]

    def schema_at(self, key: Key, version: int) -> Row | None:
        """The version whose schema was in force at a version."""
        statement = select(commits).where(
            key.of(commits), commits.c.version <= version, commits.c.schema_string.is_not(None)
        )
        statement = statement.order_by(commits.c.version.desc()).limit(1)
        with self._database.reading() as reader:
            row = reader.execute(statement).mappings().first()
        return None if row is None else dict(row)

    def days(self, key: Key, since: datetime) -> dict[str, tuple[int, int, int]]:
        """New rows, commits of data and other commits by UTC day."""
        data = commits.c.data_change
        statement = (
            select(
                _DAY,
                func.sum(case((data, new_rows_of_commits()), else_=0)),
                func.sum(case((data, 1), else_=0)),
                func.sum(case((data, 0), else_=1)),
            )
            .where(key.of(commits), commits.c.timestamp >= since)
            .group_by(_DAY)
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return {day: (int(rows), int(written), int(other)) for day, rows, written, other in found}

    def events(self, key: Key, since: datetime, limit: int) -> list[Row]:
        """Versions that are events, newest first."""
        statement = (
            select(*_LISTED)
            .where(
                key.of(commits),
                commits.c.timestamp >= since,
                or_(
                    commits.c.schema_change.is_not(None),
                    commits.c.operation.in_(MAINTENANCE),
                ),
            )
            .order_by(commits.c.version.desc())
            .limit(limit)
        )
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(statement).mappings()]

    def lag(self, key: Key, since: datetime, limit: int) -> list[Row]:
        """Lag after the newest runs since a moment, oldest first."""
        newest = select(lag_points).where(key.of(lag_points), lag_points.c.at >= since)
        newest = newest.order_by(lag_points.c.at.desc()).limit(limit)
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(newest).mappings()][::-1]

    def bad_ends(
        self, target: str, table: str, states: Sequence[str], since: datetime, limit: int
    ) -> list[Row]:
        """Runs that did not end the table well, newest first."""
        statement = (
            select(run_tables)
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(
                run_tables.c.table_name == table,
                run_tables.c.finished_at >= since,
                run_tables.c.status.in_(states),
                runs.c.target == target,
            )
            .order_by(run_tables.c.finished_at.desc())
            .limit(limit)
        )
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(statement).mappings()]
