"""Runs in the database: the truth about every run, for as long as the database lives.

Every change of a run's state names the attempt and the state it expects (compare and set), so that
two servers, or a server and a command line, never both act on one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from glob import escape
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from cdalake.catalog.changes import Kind, note
from cdalake.catalog.database import Database
from cdalake.catalog.reading import EMPTY_TABLE, Reading
from cdalake.catalog.schema import UtcDateTime, run_tables, runs
from cdalake.catalog.upsert import insert_new, upsert
from cdalake.engine.process import Process
from cdalake.engine.progress import FINAL_RUN_STATES, RunState, TableState, utc_now
from cdalake.engine.spec import Action, RunSpec
from cdalake.errors import Problem

Owner = Literal["server", "guest"]

FINAL = sorted(state.value for state in FINAL_RUN_STATES)
LEASE = timedelta(seconds=15)
LOST = "RUN_PROCESS_LOST"
"""Code of the only end that is a guess: the result of a process that lives after all wins."""
_SAYS_NOTHING = (TableState.CANCELLED.value, TableState.SKIPPED.value)
_PROVE = (Action.VERIFY.value, Action.REPAIR.value, Action.REBUILD.value)
"""After these it is known whether the table holds what it should."""
_BRING_ON = (
    Action.ACCEPT.value,
    Action.RESYNC.value,
    Action.REBUILD.value,
    Action.REPAIR.value,
    Action.RELEASE.value,
)
"""These mend what stopped a table, as a sync does; what is set aside has not come on by that."""
_GOOD = (TableState.OK.value, TableState.NO_CHANGE.value)
UNTOUCHED = (TableState.PENDING.value, TableState.RUNNING.value)


@dataclass(frozen=True)
class Run:
    """A run's row.

    Attributes:
        spec: what was asked first; `attempt_spec` is what the newest attempt was asked.
        retry: tables of a retried attempt, else None.
        owner: ``server`` runs are taken up again when their process is lost.
        losses: how often that happened since somebody last asked.
        keys_with: the only server that can start it: keys came with the request.
        totals: of the tables' newest attempts, see `RunStore`.
    """

    run_id: str
    request_id: str | None
    connection: str
    target: str
    trigger: str
    requested_by: str
    owner: Owner
    spec: RunSpec
    retry: tuple[str, ...] | None
    state: RunState
    attempt: int
    losses: int
    waiting_reason: str | None
    keys_with: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None
    cancelled_at: datetime | None
    process: Process | None
    error: dict[str, str] | None
    warnings: list[dict[str, str]]
    totals: dict[str, int]
    action: Action = Action.SYNC

    @property
    def attempt_spec(self) -> RunSpec:
        """What the newest attempt is to do."""
        if self.retry is None:
            return self.spec
        # Names of a broken manifest may look like patterns.
        return replace(self.spec, include=tuple(map(escape, self.retry)), exclude=())


@dataclass(frozen=True)
class NewRun:
    """A run to be."""

    spec: RunSpec
    target: str
    owner: Owner
    request_id: str | None = None
    attempt: int = 1
    created_at: datetime | None = None
    keys_with: str | None = None

    def row(self) -> dict[str, Any]:
        """Its columns."""
        return {
            "run_id": self.spec.run_id,
            "request_id": self.request_id,
            "connection": self.spec.connection,
            "target": self.target,
            "trigger": self.spec.trigger,
            "requested_by": self.spec.requested_by,
            "owner": self.owner,
            "spec": self.spec.to_json(),
            "state": RunState.PENDING.value,
            "attempt": self.attempt,
            "losses": 0,
            "keys_with": self.keys_with,
            "created_at": self.created_at or utc_now(),
            "warnings": [],
            "totals": {},
            "action": self.spec.action.value,
        }


class RunStore:
    """Runs and their tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- reading ----------------------------------------------------------------------------

    def get(self, run_id: str) -> Run | None:
        """The run of that id."""
        return self._first(runs.c.run_id == run_id)

    def by_request(self, request_id: str) -> Run | None:
        """The run a request started."""
        return self._first(runs.c.request_id == request_id)

    def _first(self, condition: ColumnElement[bool]) -> Run | None:
        with self._database.reading() as connection:
            row = connection.execute(select(runs).where(condition)).mappings().first()
        return None if row is None else run_of(row)

    def page(
        self, limit: int, offset: int, states: Sequence[str], connection: str | None = None
    ) -> tuple[list[Run], int]:
        """Runs, newest first, and how many there are in all."""
        condition = and_(
            runs.c.state.in_(states) if states else runs.c.run_id.is_not(None),
            *([] if connection is None else [runs.c.connection == connection]),
        )
        newest = select(runs).where(condition)
        newest = newest.order_by(runs.c.created_at.desc(), runs.c.run_id.desc())
        with self._database.reading() as reader:
            rows = reader.execute(newest.limit(limit).offset(offset)).mappings().all()
            total = reader.execute(select(func.count()).where(condition)).scalar_one()
        return [run_of(row) for row in rows], total

    def unfinished(self) -> list[Run]:
        """Runs in no final state, oldest first."""
        statement = select(runs).where(runs.c.state.not_in(FINAL)).order_by(*_AGE)
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(statement).mappings()]

    def lost(self, since: datetime) -> list[Run]:
        """Runs whose process was given up after a moment."""
        statement = select(runs).where(_is_lost(), runs.c.finished_at > since)
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(statement).mappings()]

    def ids(self) -> set[str]:
        """Every run id."""
        with self._database.reading() as connection:
            return set(connection.execute(select(runs.c.run_id)).scalars())

    def tables(self, run_id: str) -> list[dict[str, Any]]:
        """Each table's newest attempt, by name."""
        with self._database.reading() as connection:
            return _tables(connection, run_id)

    def table_names(self, run_id: str) -> list[str]:
        """The tables a run has begun with, by name."""
        names = select(run_tables.c.table_name).where(run_tables.c.run_id == run_id).distinct()
        with self._database.reading() as connection:
            return sorted(connection.execute(names).scalars())

    def whole(self, run_id: str) -> tuple[Run, list[dict[str, Any]]] | None:
        """A run and its tables, of one moment."""
        with self._database.reading() as connection:
            found = connection.execute(select(runs).where(runs.c.run_id == run_id))
            row = found.mappings().first()
            return None if row is None else (run_of(row), _tables(connection, run_id))

    def of_table(self, target: str, table: str, limit: int) -> list[dict[str, Any]]:
        """The newest runs of one table of a target, newest first."""
        statement = (
            select(run_tables, runs.c.action)
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(run_tables.c.table_name == table, runs.c.target == target)
            .order_by(runs.c.created_at.desc(), run_tables.c.attempt.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def checked(self, target: str, table: str) -> dict[str, Any] | None:
        """How the newest verification of one table ended that counted anything."""
        statement = (
            select(run_tables, runs.c.action)
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(run_tables.c.table_name == table, run_tables.c.checks.is_not(None))
            .where(runs.c.target == target, run_tables.c.finished_at.is_not(None))
            .order_by(run_tables.c.finished_at.desc(), run_tables.c.attempt.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).mappings().first()
        return None if row is None else dict(row)

    def proofs(self, target: str, since: datetime | None) -> list[dict[str, Any]]:
        """What is proven of a target's tables since a moment, the newest of each table.

        A verification that counted proves something however it ended; a repair or a rebuild does
        when it ended well.
        """
        place = func.row_number().over(
            partition_by=run_tables.c.table_name,
            order_by=(run_tables.c.finished_at.desc(), run_tables.c.attempt.desc()),
        )
        counted = and_(runs.c.action == Action.VERIFY.value, run_tables.c.checks.is_not(None))
        proven = (
            select(run_tables, place.label("place"))
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(runs.c.target == target, runs.c.action.in_(_PROVE))
            .where(run_tables.c.finished_at.is_not(None))
            .where(or_(run_tables.c.status.in_(_GOOD), counted))
        )
        if since is not None:
            proven = proven.where(run_tables.c.finished_at > since)
        newest = proven.subquery()
        with self._database.reading() as connection:
            found = connection.execute(select(newest).where(newest.c.place == 1))
            return [dict(row) for row in found.mappings()]

    def ends(self, target: str, since: datetime | None) -> list[dict[str, Any]]:
        """How runs since a moment left tables of a target, oldest first, the newest of each.

        Only a run that brought a table on, or that had to, says how it was left: a sync however it
        ended, a choice that wrote something, and a verification that met a hold before it counted.
        """
        place = func.row_number().over(
            partition_by=run_tables.c.table_name,
            order_by=(run_tables.c.finished_at.desc(), run_tables.c.attempt.desc()),
        )
        ended = (
            select(run_tables, place.label("place"))
            .join(runs, runs.c.run_id == run_tables.c.run_id)
            .where(runs.c.target == target, run_tables.c.finished_at.is_not(None))
            .where(run_tables.c.status.not_in([*UNTOUCHED, *_SAYS_NOTHING]), _leaves_it_so())
        )
        if since is not None:
            ended = ended.where(run_tables.c.finished_at > since)
        newest = ended.subquery()
        statement = select(newest).where(newest.c.place == 1).order_by(newest.c.finished_at)
        with self._database.reading() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    # -- beginning --------------------------------------------------------------------------

    def add(self, run: NewRun) -> bool:
        """Insert a run; False when its id or its request is known already."""
        with self._database.writing() as connection:
            is_new = insert_new(connection, runs, run.row())
            if is_new:
                note(connection, Kind.RUN, run.spec.connection, [run.spec.run_id])
        return is_new

    def wait(self, run: Run, reason: str | None) -> None:
        """Say why a pending run does not start yet."""
        if run.waiting_reason != reason:
            self._change(run, [RunState.PENDING], waiting_reason=reason)

    def claim(self, run: Run, claimant: str) -> bool:
        """Win the right to start the attempt, for as long as the lease lasts."""
        now = utc_now()
        free = or_(runs.c.lease_until.is_(None), runs.c.lease_until < now)
        condition = and_(_is(run, [RunState.PENDING]), runs.c.pid.is_(None), free)
        values = {"lease_owner": claimant, "lease_until": now + LEASE, "waiting_reason": None}
        return self._update(run, condition, values)

    def started(self, run: Run, process: Process) -> bool:
        """The attempt has its process."""
        now = utc_now()
        return self._change(
            run,
            [RunState.PENDING, RunState.RUNNING, RunState.CANCELLING],
            state=case(
                (runs.c.state == RunState.PENDING.value, RunState.RUNNING.value),
                else_=runs.c.state,
            ),
            host=process.host,
            pid=process.pid,
            process_started=process.started,
            heartbeat_at=now,
            started_at=_first_of(runs.c.started_at, now),
            lease_owner=None,
            lease_until=None,
        )

    # -- going on ---------------------------------------------------------------------------

    def apply(self, run: Run, reading: Reading, changed: Iterable[str]) -> bool:
        """Fold in what the directory says; False when the run has moved on meanwhile."""
        rows = [
            {"run_id": run.run_id, "table_name": name, "attempt": run.attempt}
            | reading.tables[name]
            for name in changed
        ]
        with self._database.writing() as connection:
            condition = _awaits(run, reading)
            if not connection.execute(_touch(condition)).rowcount:
                return False
            if rows:
                upsert(connection, run_tables, rows)
            if reading.state.is_final:
                ended = reading.finished_at or utc_now()
                _close_tables(connection, run.run_id, reading.state, reading.error, ended)
            values = _values(reading) | {"totals": _totals(connection, run.run_id)}
            connection.execute(update(runs).where(condition).values(values))
            is_news = reading.state is not run.state
            _note(connection, run, Kind.RUN if is_news else Kind.PROGRESS)
        return True

    def fall_silent(self, run: Run) -> None:
        """Nobody can tell whether its process lives; the next word of it makes it running again."""
        self._change(run, [RunState.RUNNING], state=RunState.UNKNOWN.value)

    # -- ending -----------------------------------------------------------------------------

    def request_cancel(self, run: Run) -> bool:
        """A run that goes on becomes cancelling, one that never began is cancelled at once."""
        now = utc_now()
        idle = or_(runs.c.lease_until.is_(None), runs.c.lease_until < now)
        pending = and_(_is(run, [RunState.PENDING]), runs.c.pid.is_(None), idle)
        ended = {"state": RunState.CANCELLED.value, "finished_at": now, "cancelled_at": now}
        if self._update(run, pending, ended | {"waiting_reason": None}):
            return True
        active = [RunState.PENDING, RunState.RUNNING, RunState.UNKNOWN, RunState.CANCELLING]
        return self._change(
            run,
            active,
            state=RunState.CANCELLING.value,
            cancelled_at=_first_of(runs.c.cancelled_at, now),
        )

    def end(self, run: Run, state: RunState, problem: Problem | None) -> bool:
        """End a run whose process did not say how it ended; open tables share its fate."""
        now = utc_now()
        error = problem.to_json() if problem else None
        with self._database.writing() as connection:
            condition = _is(run, [s for s in RunState if not s.is_final])
            if not connection.execute(_touch(condition)).rowcount:
                return False
            _close_tables(connection, run.run_id, state, error, now)
            values = {"state": state.value, "finished_at": now, "error": error}
            values |= {"waiting_reason": None, "totals": _totals(connection, run.run_id)}
            connection.execute(update(runs).where(condition).values(values))
            _note(connection, run)
        return True

    def take_up(self, run: Run) -> bool:
        """The process is lost: the same again, as the next attempt."""
        open_states = [RunState.PENDING, RunState.RUNNING, RunState.UNKNOWN]
        return self._change(run, open_states, **_NEXT, losses=runs.c.losses + 1)

    def retry(self, run: Run, tables: Sequence[str]) -> bool:
        """Somebody asks again for the tables that did not end well."""
        values = {**_NEXT, "losses": 0, "owner": "server", "retry": list(tables) or None}
        values |= {"error": None, "finished_at": None, "cancelled_at": None, "started_at": None}
        with self._database.writing() as connection:
            condition = _is(run, FINAL_RUN_STATES)
            if not connection.execute(update(runs).where(condition).values(values)).rowcount:
                return False
            rows = [_pending(run.run_id, name, run.attempt + 1) for name in tables]
            if rows:
                upsert(connection, run_tables, rows)
            totals = {"totals": _totals(connection, run.run_id)}
            connection.execute(update(runs).where(runs.c.run_id == run.run_id).values(totals))
            _note(connection, run)
        return True

    def _change(self, run: Run, states: Iterable[RunState], **values: Any) -> bool:
        return self._update(run, _is(run, states), values)

    def _update(self, run: Run, condition: ColumnElement[bool], values: dict[str, Any]) -> bool:
        with self._database.writing() as connection:
            result = connection.execute(update(runs).where(condition).values(values))
            if result.rowcount:
                _note(connection, run)
        return bool(result.rowcount)


def _note(writer: Connection, run: Run, kind: Kind = Kind.RUN) -> None:
    note(writer, kind, run.connection, [run.run_id])


_AGE = (runs.c.created_at, runs.c.run_id)

_NEXT: dict[str, Any] = {
    "state": RunState.PENDING.value,
    "attempt": runs.c.attempt + 1,
    "pid": None,
    "process_started": None,
    "host": None,
    "lease_owner": None,
    "lease_until": None,
}


def _is(run: Run, states: Iterable[RunState]) -> ColumnElement[bool]:
    """The run is still where we saw it."""
    return and_(
        runs.c.run_id == run.run_id,
        runs.c.attempt == run.attempt,
        runs.c.state.in_([state.value for state in states]),
    )


def _is_lost() -> ColumnElement[bool]:
    is_failed = runs.c.state == RunState.FAILED.value
    return and_(is_failed, runs.c.error["code"].as_string() == LOST)


def _leaves_it_so() -> ColumnElement[bool]:
    """The run says how it left the table; after any other the table is as it was before."""
    wrote = run_tables.c.status.in_([*_GOOD, TableState.PARTIAL.value])
    was_held = run_tables.c.status == TableState.PAUSED.value
    return or_(
        runs.c.action == Action.SYNC.value,
        and_(runs.c.action.in_(_BRING_ON), wrote),
        and_(runs.c.action == Action.VERIFY.value, was_held, run_tables.c.checks.is_(None)),
    )


def _awaits(run: Run, reading: Reading) -> ColumnElement[bool]:
    """The run is still where we saw it, and what its directory says is news."""
    goes_on = _is(run, [s for s in RunState if not s.is_final])
    if not reading.state.is_final:
        return goes_on
    return or_(goes_on, and_(_is(run, [RunState.FAILED]), _is_lost()))


def _touch(condition: ColumnElement[bool]) -> Any:
    return update(runs).where(condition).values(run_id=runs.c.run_id)


def _newest(run_id: str) -> ColumnElement[bool]:
    other = run_tables.alias()
    newest = (
        select(func.max(other.c.attempt))
        .where(other.c.run_id == run_tables.c.run_id)
        .where(other.c.table_name == run_tables.c.table_name)
        .scalar_subquery()
    )
    return and_(run_tables.c.run_id == run_id, run_tables.c.attempt == newest)


def _tables(connection: Connection, run_id: str) -> list[dict[str, Any]]:
    statement = select(run_tables).where(_newest(run_id)).order_by(run_tables.c.table_name)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _totals(connection: Connection, run_id: str) -> dict[str, int]:
    """Tables by state, and sums; rows and commits count every attempt."""
    states = select(run_tables.c.status, func.count()).where(_newest(run_id))
    counted = connection.execute(states.group_by(run_tables.c.status)).all()
    work = select(func.sum(run_tables.c.bytes), func.sum(run_tables.c.bytes_done))
    total, done = connection.execute(work.where(_newest(run_id))).one()
    yielded = select(func.sum(run_tables.c.rows), func.sum(run_tables.c.commits))
    rows, commits = connection.execute(yielded.where(run_tables.c.run_id == run_id)).one()
    sums = {"bytes": total, "bytes_done": done, "rows": rows, "commits": commits}
    return {name: int(value or 0) for name, value in sums.items()} | {
        str(status): int(count) for status, count in counted
    }


def _values(reading: Reading) -> dict[str, Any]:
    values: dict[str, Any] = {
        "started_at": _first_of(runs.c.started_at, reading.started_at),
        "heartbeat_at": reading.heartbeat_at,
        "lease_owner": None,
        "lease_until": None,
    }
    if reading.pid is not None:
        values |= {"pid": reading.pid, "process_started": reading.process_started}
        values["host"] = reading.host
    if reading.state.is_final:
        ended = {"finished_at": reading.finished_at, "error": reading.error}
        return values | ended | {"state": reading.state.value, "warnings": reading.warnings}
    keep = case(
        (runs.c.state == RunState.CANCELLING.value, runs.c.state), else_=reading.state.value
    )
    return values | {"state": keep}


def _first_of(column: Column[Any], at: datetime | None) -> Any:
    return func.coalesce(column, literal(at, UtcDateTime))


def _pending(run_id: str, table: str, attempt: int) -> dict[str, Any]:
    return {"run_id": run_id, "table_name": table, "attempt": attempt, **EMPTY_TABLE}


_LEFT = {
    RunState.FAILED: TableState.FAILED,
    RunState.CANCELLED: TableState.CANCELLED,
}
"""How a table ends that its run said nothing more about; where it tried all others, skipped."""


def _close_tables(
    connection: Connection,
    run_id: str,
    state: RunState,
    error: dict[str, str] | None,
    at: datetime,
) -> None:
    """Nothing of an ended run stays open, whichever attempt left it so."""
    is_open = and_(run_tables.c.run_id == run_id, run_tables.c.status.in_(UNTOUCHED))
    left = _LEFT.get(state, TableState.SKIPPED)
    values = {"status": left.value, "error": error, "finished_at": at}
    connection.execute(update(run_tables).where(is_open, _newest(run_id)).values(values))
    # A later attempt has tried the table again: this one was cut short and says nothing.
    overtaken = {"status": TableState.CANCELLED.value, "finished_at": at}
    connection.execute(update(run_tables).where(is_open).values(overtaken))


def run_of(row: Mapping[Any, Any]) -> Run:
    """A run of its columns."""
    columns = dict(row)
    host, pid = columns.pop("host"), columns.pop("pid")
    started = columns.pop("process_started")
    for name in ("lease_owner", "lease_until"):
        del columns[name]
    columns["process"] = Process(host or "", pid, started) if pid is not None else None
    columns["spec"] = RunSpec.from_json(columns["spec"])
    columns["state"] = RunState(columns["state"])
    columns["action"] = Action(columns["action"])
    columns["retry"] = tuple(columns["retry"]) if columns["retry"] else None
    return Run(**columns)
