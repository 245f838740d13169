"""Reads the logs of tables for the index: where each stands, and what its commits did."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from cdalake.catalog.tables import NO_TABLE, Row, TableIndex
from cdalake.delta.actions import believable
from cdalake.delta.log import list_log, read_commits, read_snapshot
from cdalake.engine.progress import utc_now
from cdalake.engine.state import read_state
from cdalake.errors import CdalakeError, Problem
from cdalake.services.indexing import columns_of, commit_rows
from cdalake.services.table_rows import is_place, version_of
from cdalake.storage import Store, first_line

log = logging.getLogger("cdalake.refresh")

READERS = 8
COMMITS_AT_ONCE = 1000
READ_AGAIN = timedelta(minutes=5)


class TableLogs:
    """The logs of one connection's tables.

    Args:
        is_stopping: asked between tables; whoever is to end soon reads no further one.
    """

    def __init__(self, connection: str, index: TableIndex, is_stopping: Callable[[], bool]) -> None:
        self._connection = connection
        self._index = index
        self._is_stopping = is_stopping

    def read(self, target: Store, rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
        """Names of tables and what their logs say, as columns of their rows."""
        with ThreadPoolExecutor(READERS, thread_name_prefix="index") as pool:
            yield from pool.map(lambda row: self._read(target, row), rows)

    def _read(self, target: Store, row: Row) -> tuple[str, Row]:
        name = row["name"]
        if self._is_stopping():
            return name, {}
        if not is_place(row):
            return name, dict(NO_TABLE)
        try:
            return name, self._log_columns(target, row)
        except CdalakeError as error:
            return name, {"read_error": error.as_problem().to_json()}
        except Exception as error:
            # A log written by others may break any assumption; that is a fact about this table.
            log.exception("Could not read %s", name)
            return name, {"read_error": _unreadable(name, error).to_json()}

    def _log_columns(self, target: Store, row: Row) -> Row:
        name = row["name"]
        version, tag = _newest(target, name, row["version"])
        if version is None:
            return dict(NO_TABLE)
        memory = read_state(target, name)
        listed_ms = memory.listed_manifest_time if memory else None
        current = {"current_ms": memory.current_watermark if memory else None}
        is_known = (version, tag) == (row["version"], row["commit_tag"])
        aside = {"quarantine": dict(memory.quarantine) if memory else {}}
        if is_known and row["read_error"] is None:
            told = {"listed_ms": _newer(listed_ms, row["listed_ms"]), **_read_at(row)}
            return told | current | aside
        snapshot = read_snapshot(target, name)
        if snapshot is None:
            return dict(NO_TABLE)
        change_ms = believable(memory.newest_change) if memory else None
        told = {"listed_ms": listed_ms, "change_ms": change_ms, "read_at": utc_now()}
        return columns_of(snapshot) | told | current | aside

    def read_histories(self, target: Store, rows: Iterable[Row]) -> None:
        """Write down the commits that the index does not have; a table's trouble is its own."""
        behind = [row for row in rows if version_of(row) != row["history_to"]]
        for row in behind:
            if self._is_stopping():
                return
            try:
                self._read_history(target, row)
            except CdalakeError as error:
                log.warning("No history of %s: %s", row["name"], error)
            except Exception:
                # As in `_read`: whatever others wrote into one log is that table's trouble alone.
                log.exception("No history of %s", row["name"])

    def _read_history(self, target: Store, row: Row) -> None:
        name, connection = row["name"], self._connection
        version = version_of(row)
        seen = row["history_to"]
        if seen > version:
            self._index.forget_history(connection, name)
            seen = -1
        while seen < version and not self._is_stopping():
            found = read_commits(target, name, after=seen, limit=COMMITS_AT_ONCE)
            schema = self._index.last_schema(connection, name)
            added = commit_rows([commit for commit in found if commit.version <= version], schema)
            if not added or not self._index.add_commits(connection, name, seen, added):
                return
            seen = added[-1]["version"]


def _newest(target: Store, name: str, known: int | None) -> tuple[int | None, str | None]:
    """The newest version and the tag of its commit, in one listing while the known one is there.

    The tag tells a table that was made anew, up to the version it had before.
    """
    listing = list_log(target, name, known or 0)
    if known and listing.latest is None:
        listing = list_log(target, name)
    if listing.latest is None:
        return None, None
    commit = listing.commits.get(listing.latest)
    return listing.latest, commit.e_tag if commit else None


def _newer(told: int | None, counted: int | None) -> int | None:
    """A run's listing or our own count, whichever knows more of an unchanged table."""
    return max((at for at in (told, counted) if at is not None), default=None)


def _read_at(row: Row) -> Row:
    """A new time now and then: a row that says nothing else new is not written each time."""
    known = row["read_at"]
    is_old = known is None or utc_now() - known > READ_AGAIN
    return {"read_at": utc_now()} if is_old else {}


def _unreadable(name: str, error: Exception) -> Problem:
    return Problem(
        "TABLE_UNREADABLE",
        f"The log of {name} cannot be understood: {type(error).__name__}: {first_line(error)}.",
        "See whether another tool reads the table; if so, please report it.",
    )
