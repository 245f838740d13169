"""Bring a database to the schema of this version; imported only where that is needed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text

from cdalake.errors import UsageError

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x0CDA_1A4E


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(config()).get_current_head()


def migrate(engine: Engine) -> None:
    """Upgrade under a lock: of several processes one does it, the others wait and find it done.

    Raises:
        UsageError: ``DATABASE_TOO_NEW``.
    """
    with _alone(engine) as connection:
        _upgrade(connection)
        connection.commit()


def _upgrade(connection: Connection) -> None:
    made = config()
    made.attributes["connection"] = connection
    try:
        upgrade(made, "head")
    except CommandError as error:
        raise UsageError(
            "DATABASE_TOO_NEW",
            f"The database was made by a newer cdalake ({error}).",
            "Upgrade cdalake, or set CDALAKE_HOME to another folder.",
        ) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction while nobody else migrates."""
    if engine.dialect.name == "sqlite":
        with _file_locked(Path(f"{engine.url.database}.lock")), engine.connect() as connection:
            # Persistent, and only safe to switch while nobody else is at the database.
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
        return
    with engine.connect() as connection:
        # Ends with the transaction, also behind a pooler that hands sessions around.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        yield connection


@contextmanager
def _file_locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
