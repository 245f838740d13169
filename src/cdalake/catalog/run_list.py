"""The list of runs: which there are, how long they took, which came before which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from cdalake.catalog.database import Database
from cdalake.catalog.runs import FINAL, Run, run_of
from cdalake.catalog.schema import run_tables, runs
from cdalake.engine.progress import RunState
from cdalake.engine.spec import Action

LOOKED_AT = 500
"""So many runs back the one before of the same selection is looked for."""


@dataclass(frozen=True)
class RunFilter:
    """Which runs are meant; an empty tuple means all.

    Attributes:
        since, until: when they were asked for, both ends included.
        table: only runs that had that table.
    """

    states: tuple[RunState, ...] = ()
    triggers: tuple[str, ...] = ()
    requested_by: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    table: str | None = None
    actions: tuple[Action, ...] = ()

    def condition(self) -> ColumnElement[bool]:
        """As SQL."""
        chosen: list[ColumnElement[bool]] = [runs.c.run_id.is_not(None)]
        for column, values in (
            (runs.c.state, [state.value for state in self.states]),
            (runs.c.trigger, self.triggers),
            (runs.c.action, [action.value for action in self.actions]),
            (runs.c.requested_by, self.requested_by),
            (runs.c.connection, self.connections),
        ):
            if values:
                chosen.append(column.in_(values))
        if self.since is not None:
            chosen.append(runs.c.created_at >= self.since)
        if self.until is not None:
            chosen.append(runs.c.created_at <= self.until)
        if self.table:
            had = select(run_tables.c.run_id).where(run_tables.c.table_name == self.table)
            chosen.append(runs.c.run_id.in_(had))
        return and_(*chosen)


@dataclass(frozen=True)
class RunPage:
    """A page of the list. `next_before` is the id to go on behind; None at the end."""

    runs: list[Run]
    total: int
    next_before: str | None


@dataclass(frozen=True)
class RunFacets:
    """What runs can be filtered by, and how many have each."""

    states: dict[str, int]
    triggers: dict[str, int]
    requested_by: dict[str, int]
    connections: dict[str, int]
    actions: dict[str, int]


class RunList:
    """Reads the list of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, wanted: RunFilter, limit: int, offset: int = 0, before: str | None = None
    ) -> RunPage:
        """Runs, newest first, and how many there are in all.

        Args:
            before: id of a run; only older ones follow. One that is not there is behind all.
        """
        statement = select(runs).where(wanted.condition())
        if before is not None:
            statement = statement.where(_is_older_than(before))
        statement = statement.order_by(runs.c.created_at.desc(), runs.c.run_id.desc())
        total = select(func.count()).select_from(runs).where(wanted.condition())
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(limit + 1).offset(offset)).mappings().all()
            count = connection.execute(total).scalar_one()
        found = [run_of(row) for row in rows[:limit]]
        return RunPage(found, count, found[-1].run_id if len(rows) > limit else None)

    def facets(self) -> RunFacets:
        """Over every run."""
        columns = (
            runs.c.state,
            runs.c.trigger,
            runs.c.requested_by,
            runs.c.connection,
            runs.c.action,
        )
        with self._database.reading() as connection:
            counted = [
                {
                    str(value): int(count)
                    for value, count in connection.execute(
                        select(column, func.count()).group_by(column).order_by(column)
                    )
                }
                for column in columns
            ]
        return RunFacets(*counted)

    def ended(self, target: str, limit: int) -> list[Run]:
        """The newest runs of a target that did some work and have ended."""
        condition = and_(
            runs.c.target == target,
            runs.c.state.in_(FINAL),
            runs.c.started_at.is_not(None),
            runs.c.finished_at.is_not(None),
        )
        statement = select(runs).where(condition).order_by(runs.c.created_at.desc()).limit(limit)
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(statement).mappings()]

    def predecessor(self, run: Run) -> Run | None:
        """The newest ended run before this one that was asked for the same of the same tables."""
        condition = and_(
            runs.c.target == run.target,
            runs.c.created_at < run.created_at,
            runs.c.state.in_(FINAL),
        )
        statement = select(runs).where(condition).order_by(runs.c.created_at.desc())
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(LOOKED_AT)).mappings().all()
        others = (run_of(row) for row in rows)
        return next((other for other in others if _same_selection(other, run)), None)


def _is_older_than(run_id: str) -> ColumnElement[bool]:
    other = runs.alias()
    at = select(other.c.created_at).where(other.c.run_id == run_id).scalar_subquery()
    return or_(runs.c.created_at < at, and_(runs.c.created_at == at, runs.c.run_id < run_id))


def _same_selection(one: Run, other: Run) -> bool:
    asked = [(run.action, set(run.spec.include), set(run.spec.exclude)) for run in (one, other)]
    return asked[0] == asked[1]
