"""What changed: each writer notes it in its own transaction, each server reads the notes.

So one cheap look a second tells a server what any other process, server or command line, has done,
and the number of a note means the same in every process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, text

from cdalake.catalog.database import Database
from cdalake.catalog.schema import changes
from cdalake.engine.progress import utc_now

MANY = 100
"""Of more names at once none is noted: all of the connection may have changed."""
_LOCK = 0xCDA


class Kind(StrEnum):
    """What a note is about."""

    RUN = "run"
    PROGRESS = "progress"  # of a run whose state stayed as it was
    TABLE = "table"
    CONNECTION = "connection"


@dataclass(frozen=True)
class Change:
    """A note; `name` is a run or a table, None stands for all of the connection."""

    id: int
    at: datetime
    kind: Kind
    connection: str | None
    name: str | None


def note(
    writer: Connection, kind: Kind, connection: str | None, names: Collection[str] = ()
) -> None:
    """Note a change as the last act of a transaction that made it."""
    if writer.dialect.name == "postgresql":
        # Numbers are given before the commit: without this a reader could pass one by.
        writer.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    named: Iterable[str | None] = names if 0 < len(names) <= MANY else [None]
    common = {"at": utc_now(), "kind": kind.value, "connection": connection}
    writer.execute(insert(changes), [{**common, "name": name} for name in named])


def newest_of(reader: Connection, kind: Kind, connection: str) -> int:
    """The number of the newest note of that kind about a connection, 0 where there is none."""
    theirs = (changes.c.kind == kind.value, changes.c.connection == connection)
    return reader.execute(select(func.max(changes.c.id)).where(*theirs)).scalar() or 0


class ChangeLog:
    """The notes of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """The number of the newest note, 0 where there is none."""
        with self._database.reading() as reader:
            return reader.execute(select(func.max(changes.c.id))).scalar() or 0

    def after(self, number: int, limit: int) -> list[Change]:
        """Notes behind a number, the oldest first."""
        statement = select(changes).where(changes.c.id > number).order_by(changes.c.id)
        with self._database.reading() as reader:
            found = reader.execute(statement.limit(limit)).mappings()
            return [Change(**{**row, "kind": Kind(row["kind"])}) for row in found]

    def forget(self, number: int) -> None:
        """Drop the notes up to a number, but of each kind and connection the newest.

        Numbers never begin anew, and whoever remembers `newest_of` never takes old for new.
        """
        with self._database.writing() as writer:
            newest = select(func.max(changes.c.id)).group_by(changes.c.kind, changes.c.connection)
            old = changes.c.id <= number
            writer.execute(delete(changes).where(old, changes.c.id.not_in(newest)))
