"""Sums over runs and tables, for metrics and the System page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from cdalake.catalog.database import Database
from cdalake.catalog.schema import connection_checks, lake_tables, run_tables, runs
from cdalake.engine.progress import FINAL_RUN_STATES, RunState

RECENT_RUNS = 100
RECENT_TABLES = 1000
_ENDED = sorted(state.value for state in FINAL_RUN_STATES)


@dataclass(frozen=True)
class Figures:
    """What the database says at one moment.

    Attributes:
        runs: how many are in which state.
        succeeded, ended: of the newest ended runs, cancelled ones apart.
        run_seconds, table_seconds: how long the newest took.
        health: how many tables of which health.
        lag: the greatest processing lag in seconds, by connection.
        as_of: when each connection was last looked at as a whole.
    """

    runs: Mapping[str, int]
    succeeded: int
    ended: int
    run_seconds: Sequence[float]
    table_seconds: Sequence[float]
    health: Mapping[str, int]
    lag: Mapping[str, int]
    as_of: Mapping[str, datetime | None]

    @property
    def success_rate(self) -> float | None:
        """Share of the newest runs in which every table ended well; None without any."""
        return self.succeeded / self.ended if self.ended else None


class FigureStore:
    """Reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, connections: Sequence[str]) -> Figures:
        """The figures, of these connections' tables and of all runs."""
        with self._database.reading() as reader:
            ended = _newest_runs(reader)
            judged = [state for state, _ in ended if state != RunState.CANCELLED.value]
            return Figures(
                runs=_counts(reader),
                succeeded=judged.count(RunState.COMPLETED.value),
                ended=len(judged),
                run_seconds=[seconds for _, seconds in ended if seconds is not None],
                table_seconds=_newest_tables(reader),
                health=_health(reader, connections),
                lag=_lag(reader, connections),
                as_of=_as_of(reader, connections),
            )

    def size_bytes(self) -> int | None:
        """Size of the database; None where it does not say."""
        kind = self._database.engine.dialect.name
        question = {
            "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            "postgresql": "SELECT pg_database_size(current_database())",
        }[kind]
        with self._database.reading() as reader:
            found = reader.execute(text(question)).scalar()
        return None if found is None else int(found)

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return str(self._database.engine.dialect.name)


def _counts(reader: Connection) -> dict[str, int]:
    statement = select(runs.c.state, func.count()).group_by(runs.c.state)
    return {str(state): int(count) for state, count in reader.execute(statement)}


def _newest_runs(reader: Connection) -> list[tuple[str, float | None]]:
    statement = (
        select(runs.c.state, runs.c.started_at, runs.c.finished_at)
        .where(runs.c.state.in_(_ENDED))
        .order_by(runs.c.created_at.desc())
        .limit(RECENT_RUNS)
    )
    return [(str(s), _seconds(began, ended)) for s, began, ended in reader.execute(statement)]


def _newest_tables(reader: Connection) -> list[float]:
    statement = (
        select(run_tables.c.started_at, run_tables.c.finished_at)
        .where(run_tables.c.finished_at.is_not(None))
        .order_by(run_tables.c.finished_at.desc())
        .limit(RECENT_TABLES)
    )
    found = (_seconds(began, ended) for began, ended in reader.execute(statement))
    return [seconds for seconds in found if seconds is not None]


def _seconds(began: datetime | None, ended: datetime | None) -> float | None:
    return None if began is None or ended is None else (ended - began).total_seconds()


def _health(reader: Connection, connections: Sequence[str]) -> dict[str, int]:
    statement = (
        select(lake_tables.c.health, func.count())
        .where(lake_tables.c.connection.in_(connections))
        .group_by(lake_tables.c.health)
    )
    return {str(health): int(count) for health, count in reader.execute(statement)}


def _lag(reader: Connection, connections: Sequence[str]) -> dict[str, int]:
    statement = (
        select(lake_tables.c.connection, func.max(lake_tables.c.lag_s))
        .where(lake_tables.c.connection.in_(connections), lake_tables.c.lag_s.is_not(None))
        .group_by(lake_tables.c.connection)
    )
    return {str(name): int(lag) for name, lag in reader.execute(statement)}


def _as_of(reader: Connection, connections: Sequence[str]) -> dict[str, datetime | None]:
    statement = select(connection_checks.c.connection, connection_checks.c.as_of)
    known = {str(name): at for name, at in reader.execute(statement)}
    return {name: known.get(name) for name in connections}
