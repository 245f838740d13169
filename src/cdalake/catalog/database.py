"""The database: open it, bring it to the schema we need, read and write in transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError

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
            UsageError: ``DATABASE_UNUSABLE`` or ``DATABASE_TOO_NEW``.
        """
        engine = _engine(url)
        try:
            revision = _revision(engine)
            if revision != HEAD:
                from cdalake.catalog.migrate import migrate

                migrate(engine)
        except DatabaseError as error:
            engine.dispose()
            raise UsageError(
                "DATABASE_UNUSABLE",
                f"The database {engine.url.render_as_string()} cannot be used: {error.orig}.",
                "Check CDALAKE_DATABASE_URL and CDALAKE_HOME, and that the disk has room.",
            ) from error
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
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
    engine = create_engine(parsed, connect_args=arguments, pool_size=20, max_overflow=30)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


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
