"""The index of tables: what a refresh found, for answers that must not wait for a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    select,
    update,
)

from cdalake.catalog.changes import Kind, newest_of, note
from cdalake.catalog.columns import replace_columns
from cdalake.catalog.database import Database
from cdalake.catalog.new_rows import new_rows
from cdalake.catalog.pending import PendingStore
from cdalake.catalog.schema import (
    app_days,
    commits,
    connection_checks,
    lag_points,
    lake_tables,
    recoveries,
    table_columns,
    table_days,
    table_pending,
)
from cdalake.catalog.upsert import CHUNK, add_up, upsert

Row = dict[str, Any]

BLANK: Row = {
    "in_manifest": False,
    "manifest_ms": None,
    "records": None,
    "data_files_path": None,
    "fingerprints": {},
    "manifest_problem": None,
    "read_error": None,
    "table_id": None,
    "version": None,
    "commit_tag": None,
    "read_at": None,
    "rows": None,
    "size_bytes": None,
    "files": None,
    "schema_string": None,
    "layout": None,
    "cursors": {},
    "watermark_ms": None,
    "listed_ms": None,
    "change_ms": None,
    "current_ms": None,
    "gap_s": None,
    "last_data_at": None,
    "history_to": -1,
    "run_id": None,
    "run_status": None,
    "run_error": None,
    "run_at": None,
    "failing_since": None,
    "health": "Unknown",
    "health_rank": 2,
    "health_reason": "",
    "lag_s": None,
    "quarantine": {},
    "check_error": None,
    "check_run_id": None,
    "check_at": None,
}
NO_TABLE: Row = {
    name: BLANK[name]
    for name in (
        "read_error",
        "table_id",
        "version",
        "commit_tag",
        "read_at",
        "rows",
        "size_bytes",
        "files",
        "schema_string",
        "layout",
        "cursors",
        "watermark_ms",
        "listed_ms",
        "change_ms",
        "current_ms",
        "gap_s",
        "last_data_at",
        "quarantine",
    )
}
"""Columns of the Delta log for a table that is not there."""


class TableIndex:
    """Tables, their commits and days, and the checks of connections.

    Attributes:
        pending: what tables still have to bring.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.pending = PendingStore(database)

    # -- writing ----------------------------------------------------------------------------

    def rows_of(self, connection: str) -> dict[str, Row]:
        """Every row of a connection, by name."""
        statement = select(lake_tables).where(lake_tables.c.connection == connection)
        with self._database.reading() as reader:
            return {row["name"]: dict(row) for row in reader.execute(statement).mappings()}

    def newest_note(self, connection: str) -> int:
        """A number that is another one when a table of the connection has changed."""
        with self._database.reading() as reader:
            return newest_of(reader, Kind.TABLE, connection)

    def touch(self, connection: str, names: Sequence[str], at: datetime) -> None:
        """Remember that these tables were found as they are known: that is no change of theirs."""
        theirs = lake_tables.c.connection == connection
        for start in range(0, len(names), CHUNK):
            some = lake_tables.c.name.in_(names[start : start + CHUNK])
            with self._database.writing() as writer:
                writer.execute(update(lake_tables).where(theirs, some).values(read_at=at))

    def save(self, rows: Sequence[Row], columns: Mapping[str, Sequence[str]]) -> None:
        """Put rows in place; what the history says has its own way.

        Args:
            columns: names of the columns of those tables whose schema is another one now.
        """
        if rows:
            with self._database.writing() as writer:
                upsert(writer, lake_tables, rows, keep=("history_to", "last_data_at"))
                _note(writer, [(row["connection"], row["name"]) for row in rows])
                replace_columns(writer, rows[0]["connection"], columns)

    def remove(self, connection: str, names: Iterable[str]) -> None:
        """Forget tables."""
        gone = list(names)
        if not gone:
            return
        with self._database.writing() as writer:
            for name in gone:
                _forget_history(writer, connection, name)
                writer.execute(delete(table_columns).where(_of(table_columns, connection, name)))
                writer.execute(
                    delete(lake_tables).where(_key({"connection": connection, "name": name}))
                )
            note(writer, Kind.TABLE, connection, gone)

    def remove_connection(self, connection: str) -> None:
        """Forget everything about a connection."""
        with self._database.writing() as writer:
            for table in (*_OF_TABLE, table_columns, app_days, lake_tables, connection_checks):
                writer.execute(delete(table).where(table.c.connection == connection))
            note(writer, Kind.TABLE, connection)
            note(writer, Kind.CONNECTION, connection, [connection])

    def forget_history(self, connection: str, name: str) -> None:
        """The table is another one now: its history begins anew."""
        with self._database.writing() as writer:
            _forget_history(writer, connection, name)
            note(writer, Kind.TABLE, connection, [name])

    def add_commits(self, connection: str, name: str, seen: int, rows: Sequence[Row]) -> bool:
        """Append to a table's history; False when somebody else did so meanwhile.

        Args:
            seen: the newest version known before.
        """
        table = {"connection": connection, "name": name}
        key = {"connection": connection, "table_name": name}
        with self._database.writing() as writer:
            expected = and_(_key(table), lake_tables.c.history_to == seen)
            moved = update(lake_tables).where(expected).values(history_to=rows[-1]["version"])
            if not writer.execute(moved).rowcount:
                return False
            upsert(writer, commits, [{**key, **row} for row in rows])
            _add_days(writer, key, rows)
            writer.execute(
                update(lake_tables).where(_key(table)).values(last_data_at=_last_data(key))
            )
            note(writer, Kind.TABLE, connection, [name])
        return True

    def add_lag_points(self, rows: Sequence[Row]) -> None:
        """Remember the lag after runs."""
        if rows:
            with self._database.writing() as writer:
                upsert(writer, lag_points, rows)
                _note(writer, [(row["connection"], row["table_name"]) for row in rows])

    def add_recoveries(self, rows: Sequence[Row]) -> None:
        """Remember tables that failed and are well again."""
        if rows:
            with self._database.writing() as writer:
                upsert(writer, recoveries, rows)

    def save_check(self, row: Row) -> None:
        """Remember what the check of a connection said."""
        with self._database.writing() as writer:
            upsert(writer, connection_checks, [row])
            note(writer, Kind.CONNECTION, row["connection"], [row["connection"]])

    # -- reading ----------------------------------------------------------------------------

    def checks(self) -> dict[str, Row]:
        """The last check of every connection."""
        with self._database.reading() as reader:
            found = reader.execute(select(connection_checks)).mappings()
            return {row["connection"]: dict(row) for row in found}

    def named(self, name: str) -> list[Row]:
        """The tables of that name, in every connection."""
        statement = select(lake_tables).where(lake_tables.c.name == name)
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(statement).mappings()]

    def names(self, connection: str) -> list[str]:
        """The tables of a connection, by name."""
        of_connection = lake_tables.c.connection == connection
        statement = select(lake_tables.c.name).where(of_connection).order_by(lake_tables.c.name)
        with self._database.reading() as reader:
            return list(reader.execute(statement).scalars())

    def days(
        self, tables: Sequence[tuple[str, str]], since: str
    ) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
        """Rows and commits by day since a day, of (connection, name) pairs."""
        found: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
        names = [name for _, name in tables]
        wanted = set(tables)
        with self._database.reading() as reader:
            for start in range(0, len(names), 500):
                statement = select(table_days).where(
                    table_days.c.connection.in_({connection for connection, _ in tables}),
                    table_days.c.table_name.in_(names[start : start + 500]),
                    table_days.c.day >= since,
                )
                for row in reader.execute(statement):
                    key = (row.connection, row.table_name)
                    if key in wanted:
                        found[key][row.day] = (row.rows, row.commits)
        return found

    def last_schema(self, connection: str, name: str) -> str | None:
        """The schema of the newest version in the history."""
        statement = (
            select(commits.c.schema_string)
            .where(_of(commits, connection, name), commits.c.schema_string.is_not(None))
            .order_by(commits.c.version.desc())
            .limit(1)
        )
        with self._database.reading() as reader:
            return reader.execute(statement).scalar()

    def schema_changes(self, connection: str, name: str, limit: int) -> list[Row]:
        """Versions that changed a table's schema, newest first."""
        return self._changed(_of(commits, connection, name), limit)

    def recent_changes(self, connections: Sequence[str], since: datetime, limit: int) -> list[Row]:
        """Versions since a moment that changed a schema of these connections, newest first."""
        is_recent = commits.c.timestamp >= since
        return self._changed(and_(commits.c.connection.in_(connections), is_recent), limit)

    def _changed(self, condition: ColumnElement[bool], limit: int) -> list[Row]:
        statement = select(commits).where(commits.c.schema_change.is_not(None), condition)
        statement = statement.order_by(commits.c.timestamp.desc()).limit(limit)
        with self._database.reading() as reader:
            return [dict(row) for row in reader.execute(statement).mappings()]

    def lag(self, connection: str, name: str, limit: int) -> list[Row]:
        """Lag after the newest runs, oldest first."""
        newest = select(lag_points).where(_of(lag_points, connection, name))
        newest = newest.order_by(lag_points.c.at.desc()).limit(limit)
        with self._database.reading() as reader:
            rows = [dict(row) for row in reader.execute(newest).mappings()]
        return rows[::-1]

    def volume(self, connections: Sequence[str], since: str) -> list[tuple[str, str, int, int]]:
        """(day, app, rows, commits) since a day, over all tables."""
        statement = (
            select(
                app_days.c.day,
                app_days.c.app,
                func.sum(app_days.c.rows),
                func.sum(app_days.c.commits),
            )
            .where(app_days.c.day >= since, app_days.c.connection.in_(connections))
            .group_by(app_days.c.day, app_days.c.app)
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return [(day, app, int(rows), int(count)) for day, app, rows, count in found]


def _note(writer: Connection, tables: Iterable[tuple[str, str]]) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for connection, name in tables:
        names[connection].add(name)
    for connection, changed in sorted(names.items()):
        note(writer, Kind.TABLE, connection, changed)


def _key(row: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(lake_tables.c.connection == row["connection"], lake_tables.c.name == row["name"])


def _of(table: Any, connection: str, name: str) -> ColumnElement[bool]:
    return and_(table.c.connection == connection, table.c.table_name == name)


def _last_data(key: Row) -> Any:
    newest = select(func.max(commits.c.timestamp)).where(commits.c.data_change)
    return newest.where(_of(commits, key["connection"], key["table_name"])).scalar_subquery()


_OF_TABLE = (commits, table_days, lag_points, recoveries, table_pending)
"""What is kept of a single table beside its row."""


def _forget_history(writer: Connection, connection: str, name: str) -> None:
    _take_off_app_days(writer, connection, name)
    for table in _OF_TABLE:
        writer.execute(delete(table).where(_of(table, connection, name)))
    key = {"connection": connection, "name": name}
    writer.execute(update(lake_tables).where(_key(key)).values(history_to=-1, last_data_at=None))


def _take_off_app_days(writer: Connection, connection: str, name: str) -> None:
    days = writer.execute(select(table_days).where(_of(table_days, connection, name)))
    taken = [{"day": day.day, "rows": -day.rows, "commits": -day.commits} for day in days]
    _add_app_days(writer, connection, name, taken)


def _add_days(writer: Connection, key: Row, rows: Sequence[Row]) -> None:
    sums: dict[str, list[int]] = {}
    for row in rows:
        if row["data_change"]:
            counted = sums.setdefault(day_of(row["timestamp"]), [0, 0])
            counted[0] += new_rows(row)
            counted[1] += 1
    days = [{"day": d, "rows": r, "commits": c} for d, (r, c) in sums.items()]
    add_up(writer, table_days, [{**key, **day} for day in days], _SUMS)
    _add_app_days(writer, key["connection"], key["table_name"], days)


def _add_app_days(writer: Connection, connection: str, name: str, days: Sequence[Row]) -> None:
    table = _key({"connection": connection, "name": name})
    app = writer.execute(select(lake_tables.c.app).where(table)).scalar()
    if app is not None:
        key = {"connection": connection, "app": app}
        add_up(writer, app_days, [{**key, **day} for day in days], _SUMS)


_SUMS = ("rows", "commits")


def day_of(at: datetime) -> str:
    """The UTC day of a moment."""
    return at.astimezone(UTC).strftime("%Y-%m-%d")
