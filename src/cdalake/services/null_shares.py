"""How much of each column is null: counted when somebody asks, once for each version."""

from __future__ import annotations

from collections.abc import Callable

from cdalake.catalog.database import mended
from cdalake.catalog.finding import key_of
from cdalake.catalog.remembered import Answers
from cdalake.catalog.tables import Row
from cdalake.delta.log import read_snapshot
from cdalake.delta.nulls import Nulls, count_nulls
from cdalake.errors import CdalakeError, SparkExecutionException, TableNotFoundException
from cdalake.models.base import ErrorInfo
from cdalake.models.table import ColumnNulls, TableNulls
from cdalake.services import run_views
from cdalake.services.connections import Connections
from cdalake.services.deadline import Deadlines
from cdalake.settings import Connection
from cdalake.storage import Store

KEPT = 256
"""Tables whose last answer is kept."""
MOST_FILES = 20_000
"""The statistics of so many take about a hundred megabytes while they are counted."""

Find = Callable[[str, str | None], Row]
Stamp = tuple[str | None, int, str | None]


def _target(connection: Connection) -> Store:
    return Store.open(connection.target, connection.target_access)


class NullShares:
    """Answers from the log of a table, which is read in time or in the background.

    Args:
        find: the index's row of a table, by name and connection.
        seconds: so long an asker waits. What was not ready by then is for those who ask again.
        open_store: of a connection's target.
    """

    def __init__(
        self,
        connections: Connections,
        find: Find,
        seconds: float,
        most_files: int = MOST_FILES,
        open_store: Callable[[Connection], Store] = _target,
    ) -> None:
        self._connections = connections
        self._find = find
        self._most = most_files
        self._open = open_store
        # One at a time of a connection: the statistics of a large table take memory. No rest behind
        # one that is late: it was long, and says nothing of the others.
        self._deadlines = Deadlines(seconds, rest_seconds=0, at_once=1)
        self._answers: Answers[TableNulls] = Answers(KEPT)

    def of(self, name: str, connection: str | None) -> TableNulls:
        """Nulls of every column at the version that the index knows."""
        row = self._find(name, connection)
        if row["version"] is None:
            return _without_columns(row, run_views.error(row["read_error"]))
        try:
            return self._answers.known(key_of(row), _stamp(row)) or self._in_time(row)
        except CdalakeError as error:
            return _without_columns(row, run_views.error(error.as_problem().to_json()))

    def _in_time(self, row: Row) -> TableNulls:
        if row["files"] > self._most:
            raise _too_many(row, self._most)
        where = self._connections.get(row["connection"])
        what = f"{where.target}/{row['name']}"
        return self._deadlines.of(where).call(lambda: self._counted(where, row), what)

    def _counted(self, where: Connection, row: Row) -> TableNulls:
        # Somebody else may have waited for the same while we waited for our turn.
        return self._answers.ask(key_of(row), _stamp(row), lambda: _count(self._open(where), row))


def _stamp(row: Row) -> Stamp:
    """A table that was made anew may have the same version again."""
    return row["table_id"], row["version"], row["commit_tag"]


def _count(store: Store, row: Row) -> TableNulls:
    snapshot = read_snapshot(store, row["name"], row["version"], with_stats=True)
    if snapshot is None:
        raise TableNotFoundException.named(row["name"])
    rows = snapshot.rows
    columns = [_column(nulls, rows) for nulls in count_nulls(snapshot)]
    return TableNulls(version=snapshot.version, rows=rows, columns=columns, error=None)


def _column(nulls: Nulls, rows: int | None) -> ColumnNulls:
    share = None if nulls.count is None or not rows else nulls.count / rows
    return ColumnNulls(
        name=mended(nulls.column), nulls=nulls.count, share=share, unknown_reason=nulls.reason
    )


def _too_many(row: Row, most: int) -> SparkExecutionException:
    return SparkExecutionException(
        "TOO_MANY_FILES",
        f"{row['name']} has {row['files']:,} files; nulls are counted for up to {most:,}.",
        "Compact the table (OPTIMIZE), or count with an engine.",
    )


def _without_columns(row: Row, error: ErrorInfo | None) -> TableNulls:
    return TableNulls(version=row["version"], rows=None, columns=[], error=error)
