"""A run: read the manifest, plan every table, carry the plans out, say how it ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cdalake.cda.manifest import Manifest
from cdalake.cda.source import Rebase
from cdalake.engine.at_rest import note_resting, resting
from cdalake.engine.change import check_confirmed, check_schema_change
from cdalake.engine.execute import TableRun, defect
from cdalake.engine.job import Job
from cdalake.engine.patterns import Patterns, is_glob
from cdalake.engine.pressure import told_of_trouble
from cdalake.engine.progress import (
    Event,
    Level,
    Note,
    RunResult,
    RunState,
    Sink,
    Sinks,
    TableResult,
    iso,
    outcome,
    refused,
    utc_now,
    warning,
)
from cdalake.engine.spec import RunSpec
from cdalake.engine.union import write_views
from cdalake.engine.workplace import Threads, Workplace
from cdalake.engine.zero_copy import LAYOUTS
from cdalake.errors import CdalakeError, Problem, UsageError
from cdalake.settings import AccessRef
from cdalake.storage import Store, overlap
from cdalake.telemetry.tracing import span
from cdalake.words import counted

REQUESTS_IN_FLIGHT = 48
"""Bound of concurrent file requests of a run (R52); latency hides behind so many."""

THREADS = Threads()

_ENCODED = re.compile("%[0-9A-Fa-f]{2}")

OpenStore = Callable[[str, AccessRef], Store]


def check(spec: RunSpec, open_store: OpenStore = Store.open) -> tuple[Store, Store, Rebase | None]:
    """Open source and target, touching neither.

    Raises:
        UsageError: ``BAD_LOCATION``, ``PATHS_OVERLAP`` (R60), ``BAD_REBASE``, ``BAD_LAYOUT``,
            ``BAD_SCHEMA_CHANGE``.
    """
    if spec.layout not in LAYOUTS:
        raise UsageError(
            "BAD_LAYOUT",
            f"There is no layout {spec.layout!r}.",
            f"Use one of {' and '.join(LAYOUTS)}.",
        )
    check_schema_change(spec)
    source = open_store(spec.source, spec.source_access)
    target = open_store(spec.target, spec.target_access)
    if overlap(source.location, target.location):
        raise UsageError(
            "PATHS_OVERLAP",
            f"The source {source.url} and the target {target.url} overlap.",
            "Write the tables to a place outside of the export.",
        )
    return source, target, Rebase.parse(spec.rebase) if spec.rebase else None


@dataclass(frozen=True)
class Selection:
    """The tables of a run.

    Attributes:
        failed: tables that cannot be tried, with the reason.
        notes: patterns that matched nothing.
    """

    tables: tuple[str, ...]
    failed: dict[str, Problem]
    notes: tuple[Note, ...]

    def without(self, tables: Collection[str]) -> Selection:
        """The selection less some tables."""
        return replace(self, tables=tuple(name for name in self.tables if name not in tables))


def select(manifest: Manifest, include: Sequence[str], exclude: Sequence[str]) -> Selection:
    """Apply the globs of a run to the manifest, ignoring case (R6)."""
    wanted, unwanted = Patterns.of(include), Patterns.of(exclude)
    meant = {name: _meant_by(manifest, name) for name in manifest.names}
    names = [name for name in manifest.names if not any(map(unwanted.match, meant[name]))]
    chosen = [name for name in names if not include or any(map(wanted.match, meant[name]))]
    missing = wanted.without({each for some in meant.values() for each in some})
    absent = {pattern: _absent(pattern) for pattern in missing if not is_glob(pattern)}
    notes = tuple(
        Note("NO_TABLE_MATCHES", f"No table of the manifest matches {pattern!r}.")
        for pattern in missing
        if is_glob(pattern)
    )
    bad = {name: manifest.problems[name] for name in chosen if name in manifest.problems}
    return Selection(tuple(n for n in chosen if n in manifest.entries), bad | absent, notes)


def _meant_by(manifest: Manifest, name: str) -> tuple[str, ...]:
    """What people may call a table: by its name, or by that of the table it is a part of."""
    entry = manifest.entries.get(name)
    return (name, entry.part_of) if entry is not None and entry.part_of else (name,)


def _absent(table: str) -> Problem:
    return Problem(
        "NOT_IN_MANIFEST",
        f"The manifest does not name a table {table!r}.",
        "Check the name with `cdalake plan`, which lists every table of the manifest.",
    )


def run(
    spec: RunSpec,
    sink: Sink,
    is_cancelled: Callable[[], bool],
    open_store: OpenStore = Store.open,
    requests_in_flight: int = REQUESTS_IN_FLIGHT,
    workplace: Workplace = THREADS,
) -> RunResult:
    """Sync the tables of `spec`; every requested table ends in exactly one state (R49).

    Never raises for anything that a source, a target or a table does.

    Args:
        requests_in_flight: files read and copied at once, over all tables.
        workplace: where the tables are worked at.
    """
    started = utc_now()
    try:
        check_confirmed(spec)
        with (
            span("run", run_id=spec.run_id, connection=spec.connection),
            opened(spec, sink, is_cancelled, open_store, requests_in_flight) as job,
        ):
            manifest = job.read_manifest()
            selection = _begin(job, manifest)
            known = resting(job, manifest, selection.tables)
            ran = _run_tables(job, manifest, selection.without(known.results), workplace)
            note_resting(job, manifest, known, ran)
            selection = _with_views(job, manifest, selection, ran)
            results = _in_order_of(manifest, [*known.results.values(), *ran])
    except CdalakeError as error:
        result = _failed(spec, started, error.as_problem())
    except Exception as error:  # noqa: BLE001 - a defect of ours ends in a result too (R49)
        result = _failed(spec, started, defect(error))
    else:
        state = outcome(results)
        if _nothing(selection):
            state = RunState.FAILED
        result = RunResult(
            spec.run_id, state, started, utc_now(), results, selection.notes, _nothing(selection)
        )
    _end(sink, result)
    return result


def _with_views(
    job: Job, manifest: Manifest, selection: Selection, ran: Sequence[TableResult]
) -> Selection:
    """Write the views over tables of one fingerprint each; the selection with what went wrong."""
    notes = write_views(job, manifest, ran)
    for note in notes:
        job.sink.emit(warning(note))
    return replace(selection, notes=(*selection.notes, *notes))


def _failed(spec: RunSpec, started: datetime, problem: Problem) -> RunResult:
    return RunResult(spec.run_id, RunState.FAILED, started, utc_now(), error=problem)


def _nothing(selection: Selection) -> Problem | None:
    idle = [note.message for note in selection.notes if note.code == "NO_TABLE_MATCHES"]
    if selection.tables or selection.failed or not idle:
        return None
    return Problem(
        "NO_TABLE_MATCHES",
        " ".join(idle),
        "Check the patterns with `cdalake plan`.",
    )


@contextmanager
def opened(
    spec: RunSpec,
    sink: Sink,
    is_cancelled: Callable[[], bool],
    open_store: OpenStore,
    requests_in_flight: int = REQUESTS_IN_FLIGHT,
) -> Iterator[Job]:
    """The run under way, with its stores and threads.

    Raises:
        UsageError: as of `check`.
    """
    source, target, rebase = check(spec, open_store)
    with (
        told_of_trouble((source, target), sink),
        ThreadPoolExecutor(requests_in_flight, thread_name_prefix="file") as files,
    ):
        yield Job(spec, source, target, rebase, files, sink, is_cancelled)


def _begin(job: Job, manifest: Manifest) -> Selection:
    selection = select(manifest, job.spec.include, job.spec.exclude)
    selection = replace(selection, notes=(*selection.notes, *_unreadable(job.target)))
    names = [*selection.tables, *selection.failed]
    job.sink.emit(
        Event(
            "run_started",
            f"{counted(len(names), 'table')}, from {job.source.url} to {job.target.url}",
            data={"tables": names, "manifest_sha256": manifest.sha256},
            document=manifest.document,
        )
    )
    for note in selection.notes:
        job.sink.emit(warning(note))
    return selection


def _unreadable(target: Store) -> Iterator[Note]:
    """Readers decode a target's path once more, or once less, than they should."""
    if _ENCODED.search(target.location.path):
        yield Note(
            "TARGET_LOOKS_ENCODED",
            f"{target.url} contains a '%' and two digits; delta-rs, Polars and DuckDB cannot read "
            "tables there. Choose a target without.",
        )


def _run_tables(
    job: Job, manifest: Manifest, selection: Selection, workplace: Workplace
) -> list[TableResult]:
    results = [refused(job.sink, table, problem) for table, problem in selection.failed.items()]
    results += workplace.work(job, [manifest.entries[name] for name in selection.tables])
    return results


def _in_order_of(manifest: Manifest, results: Sequence[TableResult]) -> list[TableResult]:
    order = {name: place for place, name in enumerate(manifest.names)}
    return sorted(results, key=lambda result: order.get(result.table, len(order)))


def _end(sink: Sink, result: RunResult) -> None:
    totals = result.totals
    message = (
        f"{result.status.value}: {counted(totals['tables'], 'table')}, "
        f"{counted(totals['folders'], 'folder')}, "
        f"{counted(totals['rows'], 'row')}"
    )
    level = Level.INFO if result.status is RunState.COMPLETED else Level.ERROR
    if result.error is not None:
        message = f"{result.status.value}: {result.error.code}: {result.error.message}"
    data: dict[str, Any] = {"status": result.status.value, "totals": totals}
    data |= {"finished_at": iso(result.finished_at)}
    data["error"] = result.error.to_json() if result.error else None
    sink.emit(Event("run_finished", message, level=level, data=data))


@dataclass(frozen=True)
class Planned:
    """What a run would do: planned tables, those that cannot be tried, idle patterns."""

    tables: tuple[TableRun, ...]
    failed: dict[str, Problem]
    notes: tuple[Note, ...]


def plan(spec: RunSpec, open_store: OpenStore = Store.open) -> Planned:
    """Plan the tables of `spec` and write nothing (R54); problems are in the table runs.

    Raises:
        CdalakeError: no table could be planned.
    """
    with opened(spec, Sinks(()), lambda: False, open_store) as job:
        manifest = job.read_manifest()
        selection = select(manifest, spec.include, spec.exclude)
        tables = [TableRun(job, manifest.entries[name]) for name in selection.tables]
        with ThreadPoolExecutor(max(1, spec.workers), thread_name_prefix="plan") as pool:
            list(pool.map(TableRun.prepare, tables))
    return Planned(tuple(tables), selection.failed, selection.notes)
