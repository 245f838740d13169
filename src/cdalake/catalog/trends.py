"""How runs and tables did over weeks: reads for the trends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cdalake.catalog.database import Database
from cdalake.catalog.schema import app_days, recoveries, run_tables, runs
from cdalake.engine.progress import FINAL_RUN_STATES, RunState, TableState

ENDS = 20_000
"""Ends of tables that are looked at for the slowest ones: the newest, whatever the period."""
_WORKED = [TableState.OK.value, TableState.PARTIAL.value, TableState.FAILED.value]


@dataclass(frozen=True)
class RunEnd:
    """How a run ended."""

    at: datetime
    state: RunState
    seconds: float


@dataclass(frozen=True)
class TableEnd:
    """A table that a run did something for."""

    target: str
    table: str
    run_id: str
    at: datetime
    seconds: float


class TrendStore:
    """Reads over a period, newest data included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(self, connections: Sequence[str], since: str) -> dict[str, tuple[int, int]]:
        """Rows and commits by day."""
        statement = (
            select(app_days.c.day, func.sum(app_days.c.rows), func.sum(app_days.c.commits))
            .where(app_days.c.connection.in_(connections), app_days.c.day >= since)
            .group_by(app_days.c.day)
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return {day: (int(rows), int(commits)) for day, rows, commits in found}

    def runs(self, targets: Sequence[str], since: datetime) -> list[RunEnd]:
        """Runs that began and ended since a moment."""
        statement = select(runs.c.finished_at, runs.c.state, runs.c.started_at).where(
            runs.c.target.in_(targets),
            runs.c.created_at >= since,
            runs.c.state.in_([state.value for state in FINAL_RUN_STATES]),
            runs.c.started_at.is_not(None),
            runs.c.finished_at.is_not(None),
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return [
            RunEnd(end, RunState(state), (end - start).total_seconds())
            for end, state, start in found
        ]

    def recoveries(
        self, connections: Sequence[str], since: datetime
    ) -> list[tuple[datetime, float]]:
        """(end, seconds) of the times tables were failed, as far as they ended since a moment."""
        statement = select(recoveries.c.ended_at, recoveries.c.began_at).where(
            recoveries.c.connection.in_(connections), recoveries.c.ended_at >= since
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return [(end, (end - start).total_seconds()) for end, start in found]

    def table_ends(self, targets: Sequence[str], since: datetime) -> list[TableEnd]:
        """The newest ends of tables that had something to do."""
        statement = (
            select(
                runs.c.target,
                run_tables.c.table_name,
                run_tables.c.run_id,
                run_tables.c.finished_at,
                run_tables.c.started_at,
            )
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(
                run_tables.c.finished_at >= since,
                run_tables.c.status.in_(_WORKED),
                run_tables.c.started_at.is_not(None),
                runs.c.target.in_(targets),
            )
            .order_by(run_tables.c.finished_at.desc())
            .limit(ENDS)
        )
        with self._database.reading() as reader:
            found = reader.execute(statement).all()
        return [
            TableEnd(target, table, run_id, end, (end - start).total_seconds())
            for target, table, run_id, end, start in found
        ]
