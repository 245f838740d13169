"""The database: open it, bring it to the schema we need, read and write in transactions.

SQLite and PostgreSQL behave alike here: readers see one consistent state, a database that does not
answer is `StoreUnavailable`, and text that one of them cannot hold is mended on its way in.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cdalake.catalog.schema import HEAD
from cdalake.errors import StoreUnavailable, UsageError
from cdalake.telemetry.metrics import QUERY_SECONDS

BUSY_MS = 15_000
POOL = {"pool_size": 20, "max_overflow": 30}
POOL_WAIT_S = 10
CONNECT_S = 5
"""An address that swallows packets must not hold a request for minutes."""
LIVENESS = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How long libpq believes in a server that vanished without a word."""
STATEMENTS = frozenset({"select", "insert", "update", "delete"})
UNANSWERED = (OperationalError, InterfaceError, PoolTimeout)


class Database:
    """Transactions on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._readers = engine
        self._turn: AbstractContextManager[Any] = nullcontext()
        if engine.dialect.name == "sqlite":
            # One writer at a time in this process: waiting here is fair, SQLite's busy wait is not.
            self._turn = threading.RLock()
        else:
            # Otherwise every statement of a transaction would see a state of its own.
            self._readers = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

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
        except UsageError:
            engine.dispose()
            raise
        except DatabaseError as error:
            engine.dispose()
            raise _unusable(engine.url, _told(error)) from error
        return cls(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent state.

        Raises:
            StoreUnavailable: ``DATABASE_UNAVAILABLE``.
        """
        with _answering(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes.

        Raises:
            StoreUnavailable: ``DATABASE_UNAVAILABLE``.
        """
        with self._turn, _answering(), self.engine.connect() as connection:
            writer = connection.execution_options(cdalake_writes=True)
            with writer.begin():
                yield writer

    def ping(self) -> None:
        """Ask it something.

        Raises:
            StoreUnavailable: ``DATABASE_UNAVAILABLE``.
        """
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


@contextmanager
def _answering() -> Iterator[None]:
    """A database that does not answer, in our words."""
    try:
        yield
    except UNANSWERED as error:
        if _is_defect(error):
            raise
        raise StoreUnavailable(
            "DATABASE_UNAVAILABLE",
            f"The database does not answer: {_told(error)}.",
            "Check that it runs, can be reached and has room on its disk; nothing is lost.",
        ) from error


def _is_defect(error: Exception) -> bool:
    """SQLite calls a wrong statement operational too."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_ERROR


def _told(error: Exception) -> str:
    """What the driver says, in one line; the statement and its values stay out of it."""
    words = " ".join(str(getattr(error, "orig", None) or error).split())
    return words.rstrip(".")[:300]


def without_password(url: URL) -> str:
    """A URL as people may see it: no password, wherever it stands."""
    return url.set(query={}).render_as_string(hide_password=True)


def is_still_to_be_made(url: str) -> bool:
    """It is SQLite's, and its file is not there yet: opening would make it.

    Raises:
        UsageError: ``BAD_SETTING``.
    """
    parsed = _parsed(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database is not None
    return is_file and not Path(str(parsed.database)).exists()


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return _postgresql(parsed)
    if kind != "sqlite":
        raise _bad(f"{kind} is no database cdalake knows.")
    if parsed.database in (None, "", ":memory:"):
        raise _bad("It names no file: a database in memory would be lost with its process.")
    try:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(parsed, error) from error
    arguments = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
    engine = create_engine(parsed, connect_args=arguments, json_serializer=json_text, **POOL)
    event.listen(engine, "do_execute", _execute_mended)
    event.listen(engine, "do_executemany", _execute_many_mended)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return _timed(engine)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        # Not the URL itself: there may be a password in it.
        raise _bad("It is no URL of a database.") from error


def _postgresql(url: URL) -> Engine:
    given = {name: value for name, value in LIVENESS.items() if name not in url.query}
    arguments = {"connect_timeout": CONNECT_S, "application_name": "cdalake", **given}
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={k: v for k, v in arguments.items() if k not in url.query},
            json_serializer=json_text,
            # A connection that died in the pool is replaced before anybody gets it.
            pool_pre_ping=True,
            pool_timeout=POOL_WAIT_S,
            **POOL,
        )
    except (NoSuchModuleError, ImportError) as error:
        raise _bad(
            "The driver of PostgreSQL is missing: pip install 'cdalake[postgres]'."
        ) from error
    event.listen(engine, "connect", _prepare_postgresql)
    return _timed(engine)


def _timed(engine: Engine) -> Engine:
    """Note how long each statement takes until its first rows are there."""
    event.listen(engine, "before_cursor_execute", _begin_clock)
    event.listen(engine, "after_cursor_execute", _end_clock)
    return engine


def _begin_clock(*happening: Any) -> None:
    happening[4].began_at = time.perf_counter()


def _end_clock(*happening: Any) -> None:
    _, _, statement, _, context, _ = happening
    verb = statement.lstrip().partition(" ")[0].lower()
    kind = verb if verb in STATEMENTS else "other"
    QUERY_SECONDS.observe(time.perf_counter() - context.began_at, kind)


def _bad(what: str) -> UsageError:
    return UsageError(
        "BAD_SETTING",
        f"CDALAKE_DATABASE_URL cannot be used. {what}",
        "Leave it out, or set it to sqlite:////folder/cdalake.db or "
        "postgresql+psycopg://user:password@host/database.",
    )


def _unusable(url: URL, error: object) -> UsageError:
    return UsageError(
        "DATABASE_UNUSABLE",
        f"The database {without_password(url)} cannot be used: {error}.",
        "Check CDALAKE_DATABASE_URL and CDALAKE_HOME, and that the disk has room.",
    )


def _prepare_sqlite(connection: Any, _: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver would begin transactions by itself, and too late; `_begin_sqlite` does.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_postgresql(connection: Any, _: Any) -> None:
    from psycopg.types.string import StrDumper

    class Mended(StrDumper):
        """Text as PostgreSQL can hold it."""

        def dump(self, obj: str) -> Any:
            """The text's bytes."""
            return super().dump(mended(obj))

    connection.adapters.register_dumper(str, Mended)


def mended(words: str) -> str:
    """Text without what databases refuse: NUL, and halves of characters.

    Names and sentences of a broken export may hold either; losing the row would be worse.
    """
    if words.isascii() and "\0" not in words:
        return words
    return words.replace("\0", "\ufffd").encode(errors="replace").decode()


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def json_text(value: Any) -> str:
    """JSON whose texts a database, or an answer, can take out again."""
    written = mended(json.dumps(value, ensure_ascii=False))
    return _NUL.sub(r"\1\\ufffd", written) if "\\u0000" in written else written


def _execute_mended(cursor: Any, statement: str, values: Any, _: Any) -> bool:
    """As the dialect does, with text that SQLite's driver can write."""
    cursor.execute(statement, _mended_all(values))
    return True


def _execute_many_mended(cursor: Any, statement: str, rows: Any, _: Any) -> bool:
    cursor.executemany(statement, [_mended_all(values) for values in rows])
    return True


def _mended_all(values: Any) -> Any:
    return tuple(mended(value) if isinstance(value, str) else value for value in values)


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
