"""One table over time, from the index alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from cdalake.catalog.registration import place
from cdalake.catalog.table_history import Key, TableHistory, VersionFilter
from cdalake.catalog.tables import Row, day_of
from cdalake.engine.progress import utc_now
from cdalake.errors import NotFound
from cdalake.models.table import (
    HistoryPage,
    SchemaVersion,
    SchemaVersions,
    TableEvent,
    TableFacet,
    TableSchema,
    TableTimeline,
    TimelineDay,
)
from cdalake.services import table_views
from cdalake.services.connections import Connections
from cdalake.services.health import BAD_RUNS
from cdalake.services.indexing import schema_names
from cdalake.services.masking import Masking
from cdalake.services.table_summary import moment

EVENTS = 200
SCHEMAS = 200
POINTS = 5000
"""Lag points that are read; what is shown are `SHOWN` of them at most."""
SHOWN = 500

Find = Callable[[str, str | None], Row]


class TableHistoryService:
    """Answers about one table's past.

    Args:
        find: the index's row of a table, by name and connection.
    """

    def __init__(
        self, connections: Connections, find: Find, history: TableHistory, masking: Masking
    ) -> None:
        self._connections = connections
        self._find = find
        self._history = history
        self._masking = masking

    def versions(
        self, name: str, connection: str | None, wanted: VersionFilter, limit: int
    ) -> HistoryPage:
        """Versions, newest first."""
        key = Key.of_row(self._find(name, connection))
        found, total = self._history.versions(key, wanted, limit + 1)
        operations = self._history.operations(key)
        return HistoryPage(
            history=[table_views.transaction(commit) for commit in found[:limit]],
            total=total,
            next_before=found[limit - 1]["version"] if len(found) > limit else None,
            operations=[TableFacet(value=v, count=c) for v, c in operations.items()],
        )

    def timeline(self, name: str, connection: str | None, days: int) -> TableTimeline:
        """Lag, rows, commits and events of the last days, today included."""
        row = self._find(name, connection)
        key, now = Key.of_row(row), utc_now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight - timedelta(days=days - 1)
        since = now - timedelta(days=1) if days == 1 else first
        volume = self._history.days(key, first)
        return TableTimeline(
            days=days,
            since=since,
            now=now,
            lag=[table_views.lag_point(p) for p in thinned(self._history.lag(key, since, POINTS))],
            by_day=[_day(day_of(first + timedelta(days=n)), volume) for n in range(days)],
            events=sorted(self._events(row, key, since), key=lambda event: event.at),
        )

    def _events(self, row: Row, key: Key, since: datetime) -> Iterable[TableEvent]:
        for commit in self._history.events(key, since, EVENTS):
            yield _event(commit)
        where = self._connections.get(row["connection"])
        target = place(where.target, where.target_access)
        states = [state.value for state in BAD_RUNS]
        for end in self._history.bad_ends(target, key.name, states, since, EVENTS):
            yield _failure(end)

    def schemas(self, name: str, connection: str | None) -> SchemaVersions:
        """Versions that brought a schema, newest first."""
        row = self._find(name, connection)
        found = self._history.schemas(Key.of_row(row), SCHEMAS)
        return SchemaVersions(
            versions=[_schema_version(commit, row) for commit in found], as_of=row["read_at"]
        )

    def schema(self, name: str, connection: str | None, version: int | None) -> TableSchema:
        """The schema in force at a version, from that version's own metadata.

        Raises:
            NotFound: ``VERSION_NOT_FOUND``: the index knows of no schema there.
        """
        row = self._find(name, connection)
        newest = -1 if row["version"] is None else int(row["version"])
        wanted = newest if version is None else version
        commit = self._history.schema_at(Key.of_row(row), wanted) if 0 <= wanted <= newest else None
        if commit is None:
            raise _no_version(name, wanted, newest)
        return TableSchema(
            version=wanted,
            since_version=commit["version"],
            since=commit["timestamp"],
            columns=table_views.columns(
                row | {"schema_string": commit["schema_string"]}, self._masking
            ),
            as_of=row["read_at"],
        )


def _no_version(name: str, wanted: int, newest: int) -> NotFound:
    there = f"versions 0 to {newest}" if newest >= 0 else "no version yet"
    return NotFound(
        "VERSION_NOT_FOUND",
        f"The index has no schema of {name} at version {wanted}; the table has {there}.",
        "Choose a version of the table's history; old ones are gone once their log files are.",
    )


def thinned(points: Sequence[Row]) -> list[Row]:
    """At most `SHOWN` points: of neighbours the one with the greatest lag, so that no peak hides.

    The newest point always stays.
    """
    size = -(-len(points) // SHOWN)
    if size <= 1:
        return list(points)
    pieces = [points[start : start + size] for start in range(0, len(points) - 1, size)]
    return [*(max(piece, key=lambda point: point["lag_s"]) for piece in pieces), points[-1]]


def _day(day: str, volume: Mapping[str, tuple[int, int, int]]) -> TimelineDay:
    rows, written, other = volume.get(day, (0, 0, 0))
    return TimelineDay(day=day, rows=rows, commits=written, other_commits=other)


def _event(commit: Row) -> TableEvent:
    is_change = commit["schema_change"] is not None
    return TableEvent(
        at=commit["timestamp"],
        kind="schema" if is_change else _kind(commit["operation"]),
        text=table_views.change_in_words(commit["schema_change"])
        if is_change
        else commit["operation"],
        version=commit["version"],
        run_id=commit["run_id"],
    )


def _kind(operation: str) -> str:
    return operation.partition(" ")[0].lower()


def _failure(end: Row) -> TableEvent:
    why = f": {end['error']['message']}" if end["error"] else ""
    return TableEvent(
        at=end["finished_at"],
        kind="failed",
        text=f"{end['status']}{why}",
        version=None,
        run_id=end["run_id"],
    )


def _schema_version(commit: Row, row: Row) -> SchemaVersion:
    change = commit["schema_change"] or {"added": [], "removed": [], "changed": []}
    return SchemaVersion(
        version=commit["version"],
        timestamp=commit["timestamp"],
        run_id=commit["run_id"],
        watermark=moment(commit["watermark_ms"]),
        fingerprint=fingerprint_at(row["fingerprints"], commit["watermark_ms"]),
        column_count=len(schema_names(commit["schema_string"])),
        **change,
    )


def fingerprint_at(since: Mapping[str, int], watermark_ms: int | None) -> str | None:
    """The fingerprint whose folders were read last when a watermark was reached."""
    begun = {name: at for name, at in since.items() if watermark_ms and at <= watermark_ms}
    return max(begun, key=lambda name: begun[name]) if begun else None
