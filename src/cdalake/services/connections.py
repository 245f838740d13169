"""The connections there are now: of the configuration and of the database."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cdalake.catalog.connections import ConnectionStore, StoredConnection
from cdalake.catalog.database import Database
from cdalake.errors import NotFound, UsageError
from cdalake.settings import Connection, Settings, choose, connection_of

log = logging.getLogger("cdalake.connections")

FRESH_FOR_S = 1.0
"""So old the answers may be: another server on this database may have changed a connection."""
PAGE = "page"
"""Origin of a connection that was entered on the page."""


class Connections:
    """Every connection by name; one of the configuration is never shadowed by the database's."""

    def __init__(self, settings: Settings, store: ConnectionStore) -> None:
        self._settings = settings
        self._store = store
        self._lock = threading.Lock()
        self._known: Mapping[str, Connection] = {}
        self._read_at = float("-inf")

    def all(self) -> Mapping[str, Connection]:
        """Every connection, those of the configuration first."""
        with self._lock:
            if time.monotonic() - self._read_at >= FRESH_FOR_S:
                self._known = self._read()
                self._read_at = time.monotonic()
            return self._known

    def fresh(self) -> Mapping[str, Connection]:
        """Every connection, read anew."""
        self.reread()
        return self.all()

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.all())

    def get(self, name: str | None) -> Connection:
        """The connection called `name`, or the only or default one.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        return choose(self.all(), name)

    def require(self, name: str) -> Connection:
        """The connection that an address names.

        Raises:
            NotFound: ``CONNECTION_NOT_FOUND``.
        """
        connection = self.all().get(name)
        if connection is None:
            raise not_found(name)
        return connection

    def meant(self, name: str | None) -> tuple[str, ...]:
        """The name of that connection, or all names.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        return self.names if name is None else (self.get(name).name,)

    def default(self) -> Connection | None:
        """The connection that is meant where none is named; the first one where none is meant."""
        known = self.all()
        try:
            return choose(known, None)
        except UsageError:
            return next(iter(known.values()), None)

    def reread(self) -> None:
        """Let the next answer be read anew: this process changed a connection."""
        with self._lock:
            self._read_at = float("-inf")

    def _read(self) -> dict[str, Connection]:
        configured = self._settings.connections
        found = dict(configured)
        for stored in self._store.all():
            connection = self._connection(stored)
            if connection is not None and stored.name not in configured:
                found[stored.name] = connection
        return found

    def _connection(self, stored: StoredConnection) -> Connection | None:
        try:
            return connection_of(stored.name, stored.given, PAGE, self._settings.limits)
        except UsageError as error:
            # Of a newer version, perhaps; the other connections work on.
            log.warning("Connection %s cannot be used: %s", stored.name, error)
            return None


def not_found(name: str) -> NotFound:
    """The error for an unknown connection."""
    return NotFound(
        "CONNECTION_NOT_FOUND",
        f"There is no connection {name!r}.",
        "Look it up under Sources; somebody may have removed it.",
    )


@contextmanager
def open_connections(settings: Settings) -> Iterator[Connections]:
    """The connections for somebody without a server: the command line.

    Raises:
        UsageError: the database cannot be used.
    """
    database = Database.open(settings.database_url)
    try:
        yield Connections(settings, ConnectionStore(database))
    finally:
        database.close()
