"""What a run says while it goes on and when it ends: events, table results, the run's result.

Everything is a value. Sinks (the progress bar, ``--json``, the run directory) read them; nothing in
here prints or stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from cdalake.current.outcome import Refreshed
from cdalake.errors import Problem


class TableState(StrEnum):
    """State of one table in a run (product.md §2)."""

    PENDING = "pending"
    RUNNING = "running"
    OK = "ok"
    NO_CHANGE = "no_change"
    PARTIAL = "partial"
    FAILED = "failed"
    PAUSED = "paused"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """No further work happens on the table in this attempt."""
        return self not in (TableState.PENDING, TableState.RUNNING)

    @property
    def is_good(self) -> bool:
        """The state leaves nothing for a person to do."""
        return self in (TableState.OK, TableState.NO_CHANGE, TableState.SKIPPED)


class RunState(StrEnum):
    """State of a run (product.md §2)."""

    PENDING = "pending"
    RUNNING = "running"
    CANCELLING = "cancelling"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """The run will not change any more, unless somebody retries it."""
        return self in FINAL_RUN_STATES


FINAL_RUN_STATES = frozenset(
    {RunState.COMPLETED, RunState.COMPLETED_WITH_ERRORS, RunState.FAILED, RunState.CANCELLED}
)


class Level(StrEnum):
    """How much an event matters to a reader of the log."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Note:
    """A warning: a code and a sentence."""

    code: str
    message: str

    def to_json(self) -> dict[str, str]:
        """``{"code", "message"}``."""
        return {"code": self.code, "message": self.message}


def utc_now() -> datetime:
    """Now, with its zone."""
    return datetime.now(UTC)


def iso(at: datetime | None) -> str | None:
    """UTC ISO 8601 with milliseconds and ``Z``; None stays None."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Event:
    """One line of a run's log.

    Attributes:
        kind: ``run_started``, ``table_planned``, ``table_started``, ``progress``, ``committed``,
            ``warning``, ``error``, ``table_finished``, ``run_finished``, ``cluster`` or ``log``;
            ``damaged`` where a line of the log cannot be read.
        message: the sentence a person reads.
        table: the table it concerns; None for the run itself.
        data: the facts, JSON-ready. ``table_planned``: folders, files, bytes. ``progress``: bytes,
            files (done so far for the table). ``committed``: version, folders, files, rows, bytes.
            ``error``: the problem. ``table_finished``: the table's result. ``run_finished``: the
            run's status, totals and problem. ``cluster``: how the cluster stands that it works on.
        document: of ``run_started``: the manifest; kept beside the log and no part of a line.
    """

    kind: str
    message: str
    table: str | None = None
    level: Level = Level.INFO
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=utc_now)
    document: bytes | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The event as one JSON line of ``--json`` and of ``events-*.jsonl``."""
        return {
            "at": iso(self.at),
            "level": self.level.value,
            "kind": self.kind,
            "table": self.table,
            "message": self.message,
            "data": self.data,
        }


def warning(note: Note, table: str | None = None) -> Event:
    """The event that tells a warning."""
    text = f"{note.code}: {note.message}"
    return Event("warning", text, table, Level.WARNING, note.to_json())


class Sink(Protocol):
    """Somebody who listens to a run."""

    def emit(self, event: Event) -> None:
        """Take one event; must be quick, must not raise, is called from several threads."""


class Sinks:
    """Several sinks as one. A sink that fails hears nothing more; the run goes on without it."""

    def __init__(self, sinks: Iterable[Sink]) -> None:
        self._sinks = tuple(sinks)

    def emit(self, event: Event) -> None:
        """Hand `event` to every sink in turn."""
        for sink in self._sinks:
            try:
                sink.emit(event)
            except Exception:  # noqa: BLE001 - a closed pipe or a full disk must not stop the rows
                self._sinks = tuple(other for other in self._sinks if other is not sink)


@dataclass(frozen=True)
class TableResult:
    """How one table ended (product.md §5, the contract of ``--json``).

    Attributes:
        version: Delta version after the run; None when the table does not exist.
        watermark: newest folder timestamp (epoch ms) committed; None when there is none.
        start_watermark: the watermark the run found.
        manifest_records: ``totalProcessedRecordsCount`` of the manifest entry.
        checks: what `verify` counted (`engine.verify.Findings.checks`); None for other runs.
        memory_tag: the store's tag of what is remembered of the table, if it is at rest: nothing
            can be new before its manifest entry changes. Not part of the contract.
        current: what became of the current table; None where there was nothing to do for it.
        did: what a person's choice came to, in sentences (`engine.outline`).
    """

    table: str
    status: TableState
    folders: int = 0
    files: int = 0
    rows: int = 0
    bytes: int = 0
    commits: int = 0
    version: int | None = None
    watermark: int | None = None
    start_watermark: int | None = None
    manifest_records: int | None = None
    checks: Mapping[str, Any] | None = None
    warnings: tuple[Note, ...] = ()
    error: Problem | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    memory_tag: str | None = None
    current: Refreshed | None = None
    did: tuple[str, ...] = ()

    @property
    def duration_seconds(self) -> float | None:
        """Seconds between start and end, None for a table that never started."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 3)

    def to_json(self) -> dict[str, Any]:
        """The table's entry in the result."""
        return {
            "table": self.table,
            "status": self.status.value,
            "folders": self.folders,
            "files": self.files,
            "rows": self.rows,
            "bytes": self.bytes,
            "commits": self.commits,
            "version": self.version,
            "watermark": self.watermark,
            "start_watermark": self.start_watermark,
            "manifest_records": self.manifest_records,
            "checks": None if self.checks is None else dict(self.checks),
            "warnings": [note.to_json() for note in self.warnings],
            "error": self.error.to_json() if self.error else None,
            "started_at": iso(self.started_at),
            "finished_at": iso(self.finished_at),
            "duration_seconds": self.duration_seconds,
            "current": self.current.to_json() if self.current else None,
            "did": list(self.did),
        }


def refused(sink: Sink, table: str, problem: Problem) -> TableResult:
    """The result of a table that could not be tried, told like any other."""
    now = utc_now()
    result = TableResult(table, TableState.FAILED, error=problem, started_at=now, finished_at=now)
    sink.emit(Event("error", problem.sentence, table, Level.ERROR, problem.to_json()))
    sink.emit(Event("table_finished", "failed", table, Level.ERROR, result.to_json()))
    return result


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Attributes:
        error: why the run as a whole could not be tried (e.g. no manifest), else None.
    """

    run_id: str
    status: RunState
    started_at: datetime
    finished_at: datetime
    tables: Sequence[TableResult] = ()
    warnings: tuple[Note, ...] = ()
    error: Problem | None = None

    @property
    def totals(self) -> dict[str, int]:
        """Sums over all tables, and how many tables ended in which state."""
        sums = {
            name: sum(getattr(t, name) for t in self.tables)
            for name in ("folders", "files", "rows", "bytes", "commits")
        }
        states = {
            state.value: sum(t.status is state for t in self.tables)
            for state in TableState
            if state.is_final
        }
        return {"tables": len(self.tables)} | sums | states

    @property
    def exit_code(self) -> int:
        """0 all good, 2 at least one table not, 1 no table could be tried, 130 cancelled."""
        if self.status is RunState.CANCELLED:
            return 130
        if self.status is RunState.FAILED:
            return 1
        return 0 if self.status is RunState.COMPLETED else 2

    def to_json(self) -> dict[str, Any]:
        """The last line of ``--json``, and ``result.json``."""
        return {
            "run_id": self.run_id,
            "status": self.status.value,
            "started_at": iso(self.started_at),
            "finished_at": iso(self.finished_at),
            "duration_seconds": round((self.finished_at - self.started_at).total_seconds(), 3),
            "totals": self.totals,
            "tables": [table.to_json() for table in self.tables],
            "warnings": [note.to_json() for note in self.warnings],
            "error": self.error.to_json() if self.error else None,
        }


def outcome(tables: Sequence[TableResult]) -> RunState:
    """The run's state that its tables' states add up to (cda-format.md R49).

    A run in which every table failed is ``completed_with_errors`` all the same: ``failed`` means
    that no table could be tried. A cancel that found every table at its end cancelled nothing.
    """
    if any(table.status is TableState.CANCELLED for table in tables):
        return RunState.CANCELLED
    good = all(table.status.is_good for table in tables)
    return RunState.COMPLETED if good else RunState.COMPLETED_WITH_ERRORS
