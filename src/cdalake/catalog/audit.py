"""Who did what, and when: rows that are added and read, never changed, and forgotten after long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import audit


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; what is not given matches all.

    Attributes:
        subject: a part of it.
        since, until: the first moment that belongs, and the first that does not any more.
    """

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The filter in SQL."""
        if self.who:
            yield audit.c.who == self.who
        if self.action:
            yield audit.c.action == self.action
        if self.subject:
            yield audit.c.subject.icontains(self.subject, autoescape=True)
        if self.since:
            yield audit.c.at >= self.since
        if self.until:
            yield audit.c.at < self.until


class AuditStore:
    """The table of the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, row: dict[str, Any]) -> None:
        """Write one entry."""
        with self._database.writing() as connection:
            connection.execute(insert(audit).values(row))

    def forget(self, before: datetime) -> int:
        """Remove entries that are older; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(audit).where(audit.c.at < before)).rowcount

    def page(self, wanted: AuditFilter, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Entries older than `before`, newest first."""
        statement = select(audit).where(*wanted.conditions()).order_by(audit.c.id.desc())
        if before is not None:
            statement = statement.where(audit.c.id < before)
        with self._database.reading() as connection:
            return [dict(row) for row in connection.execute(statement.limit(limit)).mappings()]
