"""Connections whose runs are paused: those that wait go on waiting, those that run go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from cdalake.catalog.changes import Kind, note
from cdalake.catalog.database import Database
from cdalake.catalog.schema import pauses
from cdalake.catalog.upsert import insert_new
from cdalake.engine.progress import utc_now


@dataclass(frozen=True)
class Pause:
    """Who paused the runs of a connection, and when."""

    connection: str
    by: str
    at: datetime

    @property
    def reason(self) -> str:
        """Why a run of the connection waits."""
        return f"Waits because {self.by} paused the runs of {self.connection}."


class Pauses:
    """The pauses of a database; every server of it keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Pause]:
        """Every pause, by connection."""
        with self._database.reading() as reader:
            return {row["connection"]: Pause(**row) for row in reader.execute(_ALL).mappings()}

    def of(self, connection: str) -> Pause | None:
        """The pause of a connection."""
        with self._database.reading() as reader:
            found = reader.execute(_ALL.where(pauses.c.connection == connection)).mappings().first()
        return Pause(**found) if found else None

    def begin(self, connection: str, by: str) -> bool:
        """Pause the runs of a connection; False when they are paused already."""
        row = {"connection": connection, "by": by, "at": utc_now()}
        with self._database.writing() as writer:
            return _noted(writer, connection, changed=insert_new(writer, pauses, row))

    def end(self, connection: str) -> bool:
        """Let them go on; False when they were not paused."""
        with self._database.writing() as writer:
            gone = writer.execute(delete(pauses).where(pauses.c.connection == connection)).rowcount
            return _noted(writer, connection, changed=bool(gone))


def _noted(writer: Connection, connection: str, *, changed: bool) -> bool:
    if changed:
        note(writer, Kind.CONNECTION, connection, [connection])
    return changed


_ALL = select(pauses)
