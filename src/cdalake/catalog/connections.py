"""Connections that are kept in the database, beside those of the configuration."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, select, update

from cdalake.catalog.changes import Kind, note
from cdalake.catalog.database import Database
from cdalake.catalog.schema import connections, lake_tables, pauses
from cdalake.catalog.upsert import insert_new
from cdalake.engine.progress import utc_now


@dataclass(frozen=True)
class StoredConnection:
    """A connection as it was entered.

    Attributes:
        revision: differs after every change; who changes it names the one that was seen.
        given: the keys of a ``[connections.NAME]`` and their values.
    """

    name: str
    revision: str
    given: Mapping[str, Any]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class Tally:
    """Tables of a connection in numbers.

    Attributes:
        loaded: those in the target.
        manifest_ms: the newest manifest time.
        health: how many of each.
    """

    loaded: int = 0
    manifest_ms: int | None = None
    health: Mapping[str, int] = field(default_factory=dict)


class ConnectionStore:
    """The rows of the connections; every change is all or nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[StoredConnection]:
        """Every connection, by name."""
        with self._database.reading() as reader:
            rows = reader.execute(select(connections).order_by(connections.c.name)).mappings()
            return [_stored(row) for row in rows]

    def tallies(self) -> dict[str, Tally]:
        """The numbers of every connection that has tables."""
        by = (lake_tables.c.connection, lake_tables.c.health)
        numbers = (
            func.count(),
            func.count(lake_tables.c.version),
            func.max(lake_tables.c.manifest_ms),
        )
        found: dict[str, Tally] = {}
        with self._database.reading() as reader:
            for name, health, count, loaded, newest in reader.execute(
                select(*by, *numbers).group_by(*by)
            ):
                so_far = found.get(name, Tally())
                times = [ms for ms in (so_far.manifest_ms, newest) if ms is not None]
                found[name] = Tally(
                    so_far.loaded + loaded,
                    max(times, default=None),
                    {**so_far.health, health: count},
                )
        return found

    def add(self, name: str, given: Mapping[str, Any], by: str) -> StoredConnection | None:
        """Keep a new connection; None when there is one of that name."""
        new = _new(name, given, by)
        with self._database.writing() as writer:
            is_new = insert_new(writer, connections, _row(new))
            if is_new:
                # One that was left by another of the name is not about this one.
                writer.execute(delete(pauses).where(pauses.c.connection == name))
            return new if _noted(writer, new.name, changed=is_new) else None

    def replace(
        self, name: str, given: Mapping[str, Any], by: str, revision: str
    ) -> StoredConnection | None:
        """Keep another connection in place of the one of `revision`; None when that is gone."""
        new = _new(name, given, by)
        statement = update(connections).where(_is(name, revision)).values(_row(new))
        with self._database.writing() as writer:
            changed = bool(writer.execute(statement).rowcount)
            return new if _noted(writer, name, changed=changed) else None

    def remove(self, name: str, revision: str) -> bool:
        """Forget the connection of `revision` and its pause; False when that is gone."""
        with self._database.writing() as writer:
            gone = writer.execute(delete(connections).where(_is(name, revision))).rowcount
            if gone:
                writer.execute(delete(pauses).where(pauses.c.connection == name))
            return _noted(writer, name, changed=bool(gone))


def _noted(writer: Connection, name: str, *, changed: bool) -> bool:
    if changed:
        note(writer, Kind.CONNECTION, name, [name])
    return changed


def _is(name: str, revision: str) -> Any:
    return and_(connections.c.name == name, connections.c.revision == revision)


def _new(name: str, given: Mapping[str, Any], by: str) -> StoredConnection:
    return StoredConnection(name, uuid.uuid4().hex, dict(given), utc_now(), by)


def _row(stored: StoredConnection) -> dict[str, Any]:
    return {
        "name": stored.name,
        "revision": stored.revision,
        "given": dict(stored.given),
        "changed_at": stored.changed_at,
        "changed_by": stored.changed_by,
    }


def _stored(row: RowMapping) -> StoredConnection:
    return StoredConnection(
        row["name"], row["revision"], row["given"], row["changed_at"], row["changed_by"]
    )
