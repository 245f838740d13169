"""A DuckDB of our own: bounded memory, a temporary folder to spill to, our stores to read from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdalake.current.files import Stores, scheme
from cdalake.current.halt import Cancelled, Halt
from cdalake.errors import NotFound, SourceError
from cdalake.storage.budget import Budget
from cdalake.storage.trouble import first_line

if TYPE_CHECKING:
    from cdalake.current.filesystem import StoreFileSystem

MEBIBYTE = 1024 * 1024
MOST_MEMORY = 448 * MEBIBYTE
LEAST_MEMORY = 96 * MEBIBYTE
_MEMORY = Budget(2 * MOST_MEMORY)
"""Bytes that all the databases of this process may use at once."""
_THREADS = 2
UTC = "SET TimeZone = 'UTC'"


@dataclass
class Duck:
    """A database in memory.

    Attributes:
        folder: a temporary folder; what is too much for the memory goes there.
        halt: ends what it does; each statement raises `Cancelled` then.
    """

    connection: Any
    folder: Path
    halt: Halt = field(default_factory=Halt)

    @contextmanager
    def beside(self) -> Iterator[Duck]:
        """The same database, for another thread."""
        connection = self.connection.cursor()
        try:
            with self.halt.over(connection):
                other = Duck(connection, self.folder, self.halt)
                other.run(UTC)
                yield other
        finally:
            connection.close()

    def run(self, sql: str) -> None:
        """Execute a statement."""
        with self._stoppable():
            self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        with self._stoppable():
            found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        import duckdb

        self.halt.check()
        try:
            yield
        except duckdb.Error as error:
            if self.halt.is_on:
                raise Cancelled from error
            raise

    def number(self, sql: str) -> int:
        """The one number of a result."""
        return int(self.rows(sql)[0][0] or 0)

    def keep(self, name: str, columns: dict[str, Any]) -> None:
        """Make a table of a few columns that are at hand; their types are Arrow's."""
        import pyarrow as pa

        with self._stoppable():
            self.connection.register("handed_over", pa.table(columns))
        self.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM handed_over")
        with self._stoppable():
            self.connection.unregister("handed_over")

    def columns(self, relation: str) -> dict[str, str]:
        """A relation's columns: lower-cased name → type."""
        return {row[0].lower(): row[1] for row in self.rows(f"DESCRIBE SELECT * FROM {relation}")}


@contextmanager
def duck(
    stores: Stores | None = None, need: int = MOST_MEMORY, halt: Halt | None = None
) -> Iterator[Duck]:
    """A database for as long as the block lasts.

    Args:
        stores: what it may read from.
        need: bytes of data it will work at; decides about its share of the memory.
        halt: what ends its statements early.

    Raises:
        Cancelled: by `halt`.
        CdalakeError: of a store, where reading from it failed.
        SourceError: ``CURRENT_FAILED`` when DuckDB fails, e.g. because the disk is full;
            ``DATA_FILE_GONE`` for a file that is not where the table's log says.
    """
    import duckdb

    halt = halt or Halt()
    memory = max(LEAST_MEMORY, min(MOST_MEMORY, need))
    with _MEMORY.hold(memory), _folder() as folder:
        connection = duckdb.connect(config=_config(memory, folder))
        systems = _registered(connection, stores)
        try:
            connection.execute(UTC)
            with halt.over(connection), halt.watching():
                yield Duck(connection, folder, halt)
        except duckdb.Error as error:
            raise (Cancelled() if halt.is_on else _named(error, systems)) from error
        finally:
            connection.close()


def _config(memory: int, folder: Path) -> dict[str, Any]:
    return {
        "memory_limit": f"{memory // MEBIBYTE}MiB",
        "temp_directory": str(folder / "spilled"),
        "threads": str(_THREADS),
        # Nothing of what it reads or is told makes it fetch or load anything.
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cdalake-current-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _registered(connection: Any, stores: Stores | None) -> list[StoreFileSystem]:
    from cdalake.current.filesystem import StoreFileSystem

    every = enumerate(stores.all if stores else ())
    systems = [StoreFileSystem(store, scheme(number)) for number, store in every]
    for system in systems:
        connection.register_filesystem(system)
    return systems


def _named(error: Exception, systems: Sequence[StoreFileSystem]) -> Exception:
    """What went wrong: the store's own error where DuckDB only tells that it could not read."""
    trouble = next((system.trouble for system in systems if system.trouble), None)
    if isinstance(trouble, NotFound) and trouble.code == "OBJECT_NOT_FOUND":
        return SourceError(
            "DATA_FILE_GONE",
            f"The log of the table, or of its current table, names a file that is gone: "
            f"{trouble.message}",
            "Repair the table with `cdalake verify --repair`. Where the file is the current "
            "table's, delete that table's folder: the next sync makes it anew.",
        )
    return trouble or SourceError(
        "CURRENT_FAILED",
        f"The current table could not be worked out: {first_line(error)}.",
        "Look at the free space of the temporary folder (TMPDIR) and at the raw table's files, "
        "then run again; the raw table is complete.",
    )
