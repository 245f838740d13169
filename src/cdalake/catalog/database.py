"""The database: open it, bring it to the schema we need, read and write in transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from cdalake.catalog.schema import HEAD
from cdalake.errors import StoreUnavailable, UsageError

BUSY_MS = 15_000


class Database:
    """Transactions on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # One writer at a time in this process: waiting here is fair, SQLite's busy wait is not.
        self._write_lock = threading.RLock()

    @classmethod
    def open(cls, url: str) -> Database:
        """The database at `url`, at the schema this version needs.

        Raises:
            UsageError: ``BAD_SETTING``, ``DATABASE_UNUSABLE`` or ``DATABASE_TOO_NEW``.
        """
        engine = _engine(url)
        try:
            revision = _revision(engine)
            if revision != HEAD:
                from cdalake.catalog.migrate import migrate

                migrate(engine)
        except DatabaseError as error:
            engine.dispose()
            raise _unusable(engine.url, error.orig) from error
        return cls(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent state."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes."""
        with self._write_lock, self.engine.connect() as connection:
            writer = connection.execution_options(cdalake_writes=True)
            with writer.begin():
                yield writer

    def ping(self) -> None:
        """Ask it something.

        Raises:
            StoreUnavailable: ``DATABASE_UNAVAILABLE``.
        """
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseError as error:
            raise StoreUnavailable(
                "DATABASE_UNAVAILABLE",
                f"The database does not answer: {error.orig}.",
                "Check that it runs and that its disk has room.",
            ) from error

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return _foreign(parsed)
    if parsed.database in (None, "", ":memory:"):
        raise _bad("It names no file: a database in memory would be lost with its process.")
    try:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(parsed, error) from error
    arguments = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
    engine = create_engine(parsed, connect_args=arguments, pool_size=20, max_overflow=30)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        # Not the URL itself: there may be a password in it.
        raise _bad("It is no URL of a database.") from error


def _foreign(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except (NoSuchModuleError, ImportError) as error:
        raise _bad(f"There is no driver for {url.drivername} here: {error}.") from error


def _bad(what: str) -> UsageError:
    return UsageError(
        "BAD_SETTING",
        f"CDALAKE_DATABASE_URL cannot be used. {what}",
        "Leave it out, or set it to sqlite:////folder/cdalake.db; other databases come later.",
    )


def _unusable(url: URL, error: object) -> UsageError:
    return UsageError(
        "DATABASE_UNUSABLE",
        f"The database {url.render_as_string()} cannot be used: {error}.",
        "Check CDALAKE_DATABASE_URL and CDALAKE_HOME, and that the disk has room.",
    )


def _prepare_sqlite(connection: Any, _: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver would begin transactions by itself, and too late; `_begin_sqlite` does.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way fails at once instead of waiting: writers say so early.
    writes = connection.get_execution_options().get("cdalake_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(engine: Engine) -> str | None:
    """The schema's revision; None for an empty database."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)
