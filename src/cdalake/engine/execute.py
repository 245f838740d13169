"""One table in one run: survey it, carry the plan out commit by commit, say how it ended."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdalake.cda.footer import promised_rows
from cdalake.cda.layout import Folder
from cdalake.cda.manifest import ManifestEntry
from cdalake.current.halt import Cancelled
from cdalake.current.outcome import Refreshed
from cdalake.delta.log import read_commits
from cdalake.delta.schema import Schema
from cdalake.engine.arrived import Arrived
from cdalake.engine.change import Rule, batches_of
from cdalake.engine.fetch import Deliveries
from cdalake.engine.follow import follow
from cdalake.engine.job import Job
from cdalake.engine.mend import mend
from cdalake.engine.outline import is_current_wrong, outline
from cdalake.engine.plan import Batch, TablePlan, needs_listing
from cdalake.engine.progress import Event, Level, Note, TableResult, TableState, utc_now, warning
from cdalake.engine.promises import Watch
from cdalake.engine.reset import check_no_reset, suspected
from cdalake.engine.spec import Action
from cdalake.engine.state import TableMemory
from cdalake.engine.survey import EVER_MS, Survey, is_moved, survey
from cdalake.engine.view import TableView, look
from cdalake.engine.widen import Stopped, is_due
from cdalake.engine.write import Conflict, TableWriter, Written
from cdalake.errors import CdalakeError, CommitContention, Problem, SourceError
from cdalake.telemetry.tracing import span
from cdalake.words import counted

MAX_ATTEMPTS = 8


@dataclass
class Tally:
    """What was committed so far."""

    folders: int = 0
    files: int = 0
    rows: int = 0
    bytes: int = 0
    commits: int = 0

    def add(self, written: Written) -> None:
        """Count one commit."""
        self.folders += written.folders
        self.files += written.files
        self.rows += written.rows
        self.bytes += written.bytes
        self.commits += 1


class TableRun:
    """One table in one run: `prepare` plans it, `execute` carries the plan out."""

    def __init__(self, job: Job, entry: ManifestEntry) -> None:
        self.job = job
        self.entry = entry
        self.table = entry.table
        self.view: TableView | None = None
        self.survey: Survey | None = None
        self.problem: Problem | None = None
        self.notes: list[Note] = []
        self.outline: tuple[str, ...] = ()
        self._tally = Tally()
        self._started_at: datetime | None = None
        self._start_watermark: int | None = None
        self._is_done = False
        self._deliveries = Deliveries(entry)
        self._watch = Watch(entry, self._promise, job.files)
        self._current: Refreshed | None = None
        self._is_raw_fine = False

    @property
    def pending_bytes(self) -> int:
        """Bytes the plan will bring; 0 without a plan."""
        return self.survey.plan.size if self.survey else 0

    def prepare(self) -> None:
        """Make the plan; an error becomes the table's `problem`."""
        if not self.job.is_cancelled():
            self._guarded(self._prepare)

    def _prepare(self) -> None:
        found = self._survey()
        plan = found.plan
        data = {"folders": plan.folders, "files": plan.files, "bytes": plan.size}
        self._emit("table_planned", " ".join(self.outline) or _pending(plan), data=data)

    def _survey(self) -> Survey:
        self.survey = self._mend() if self.job.spec.action is not Action.SYNC else self._look()
        for note in self.survey.plan.warnings:
            self._warn(note)
        self.outline = outline(self.job.spec.action, self.survey.view, self.survey.plan)
        return self.survey

    def _mend(self) -> Survey:
        found = mend(self.job, self.entry)
        if self.view is None:
            self._start_watermark = found.view.watermark
        self.view = found.view
        return found

    def _look(self) -> Survey:
        view = look(self.job.target, self.table, self.job.lookback_ms)
        if self.view is None:
            self._start_watermark = view.watermark
        self.view = view
        if is_moved(self.job, self.entry, view):
            self.view = view = look(self.job.target, self.table, EVER_MS)
        return survey(self.job, self.entry, view)

    def take_up(self, since: int) -> None:
        """Count what this run committed after version `since` and nobody lived to tell."""
        self._guarded(lambda: self._take_up(since))

    def _take_up(self, since: int) -> None:
        for commit in read_commits(self.job.target, self.table, since):
            info = commit.info
            if info.get("run_id") == self.job.spec.run_id:
                folders, files, rows = (info.get(key, 0) for key in ("folders", "files", "rows"))
                size = commit.added_bytes
                self._tally.add(Written(commit.version, folders, files, rows, size))

    def execute(self) -> TableResult:
        """Carry the plan out and say how the table ended."""
        with span("table", table=self.table) as current:
            result = self._carried_out()
            if current is not None:
                current.set_attribute("cdalake.status", result.status.value)
            return result

    def _carried_out(self) -> TableResult:
        self._started_at = utc_now()
        self._emit("table_started", "started")
        if self.problem is None and self.survey is not None:
            self._guarded(self._execute)
        if self._has_current:
            self._follow()
        return self._finish()

    @property
    def _has_current(self) -> bool:
        """The run looks after the current table; a look at it alone writes nothing."""
        action = self.job.spec.action
        return action is not Action.VERIFY and (self.job.spec.current or self._mends_current)

    @property
    def _mends_current(self) -> bool:
        """It was found wrong, and repairing it was chosen."""
        is_wrong = self.survey is not None and is_current_wrong(self.survey.plan)
        return self.job.spec.action is Action.REPAIR and is_wrong

    def _follow(self) -> None:
        """Let the current table follow; what goes wrong leaves the raw table as it is (R70)."""
        if self.view is None or self.view.version < 0:
            return
        try:
            anew = self._mends_current
            self._current = follow(self.job, self.view, self.table, self._warn, anew=anew)
        except Cancelled:
            self._is_done = False  # which is what a cancelled table is
        except CdalakeError as error:
            self._current_failed(error.as_problem())
        except Exception as error:  # noqa: BLE001 - a defect of ours must not stop other tables
            self._emit("log", "".join(traceback.format_exception(error)), Level.ERROR)
            self._current_failed(defect(error))
        if self._current is not None:
            self._emit("log", self._current.sentence, data=self._current.to_json())

    def _current_failed(self, problem: Problem) -> None:
        """The first problem is the table's; a second one is told beside it."""
        if self.problem is not None:
            self._warn(Note(problem.code, problem.message))
            return
        self.problem = problem
        self._is_raw_fine = True

    def _execute(self) -> None:
        found = self.survey or self._survey()
        attempt = 0
        while not self._is_carried_out(found):
            # Somebody else was faster. The wait spreads the two apart.
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - no secret
            pending = found.plan.folders
            found = self._survey()
            # Folders that another run has brought in are progress, not contention.
            attempt = 0 if found.plan.folders < pending else attempt + 1
            if attempt == MAX_ATTEMPTS:
                raise self._contention()

    def _is_carried_out(self, found: Survey) -> bool:
        try:
            self._carry_out(found)
        except Conflict:
            return False
        except Stopped:
            pass  # the table is not done, which is what a cancelled one is
        return True

    def _contention(self) -> CommitContention:
        return CommitContention(
            "COMMIT_CONTENTION",
            f"Other writers won the next version of {self.table} {MAX_ATTEMPTS} times in a row.",
            "Let one run at a time write to a table, then run again.",
        )

    def _carry_out(self, found: Survey) -> None:
        writer = TableWriter(self.job, self.entry, found.view, self._warn)
        try:
            self._commit_all(writer, found)
        finally:
            # Who only looks leaves no trace.
            if self.job.spec.action is not Action.VERIFY:
                writer.keeper.save()

    def _commit_all(self, writer: TableWriter, found: Survey) -> None:
        if found.plan.batches and self.job.is_manifest_old:
            self._look_at_the_manifest_again()
        plan = found.plan
        if plan.sets_aside:
            writer.keeper.decide(lambda memory: memory.quarantine.update(plan.sets_aside))
        for batch in batches_of(self.job, self.table, found):
            is_last = plan.ends_with(batch)
            if self.job.is_cancelled() or not self._commit_batch(writer, batch, is_last=is_last):
                return
        if plan.releases:
            writer.keeper.decide(lambda memory: _release(memory, plan.releases))
        writer.keeper.remember(found.plan, found.root)
        self._is_done = True
        self.problem = found.plan.stop
        if not self.job.is_cancelled() and (widened := writer.widen()) is not None:
            self._tell(widened)

    def _look_at_the_manifest_again(self) -> None:
        """What a manifest of long ago vouched for may be gone by now (R69)."""
        fresh = self.job.read_manifest().entries.get(self.table)
        if fresh is None:
            raise suspected(self.table, "The manifest does not name it any more.")
        check_no_reset(fresh, self.entry.fact())

    def _commit_batch(self, writer: TableWriter, batch: Batch, *, is_last: bool) -> bool:
        """Bring the files and commit the folders before the first one that failed (R15, R17)."""
        known = Schema() if batch.exchange.begins_columns else writer.schema
        rule = Rule.of(self.job.spec, writer.view)
        sets_aside = self.job.spec.on_bad_file == "quarantine"
        arrived = Arrived(known, rule, sets_aside=sets_aside)
        outcome = self._deliveries.bring_all(self.job, batch, writer.view.metadata, arrived)
        if self.job.spec.action is Action.SYNC and not batch.exchange.is_whole:
            self._inspect(writer, outcome, is_last=is_last)
        if outcome.bad:
            writer.keeper.set_aside(outcome.bad)
        is_whole = len(outcome.folders) == len(batch.folders)
        if self._would_begin_with_nothing(writer, batch, outcome):
            return is_whole
        if is_whole or (outcome.files and not batch.exchange.is_whole):
            before = writer.view.rows
            self._tell(writer.commit(outcome.folders, outcome.files, batch.exchange))
            self._watch.note(outcome)
            if batch.exchange.leaves is not None:
                self._compare(writer, before)
        if outcome.error is not None:
            raise outcome.error
        return is_whole

    def _would_begin_with_nothing(
        self, writer: TableWriter, batch: Batch, outcome: Arrived
    ) -> bool:
        """Every file was set aside: no table begins, or begins anew, without columns.

        Raises:
            SourceError: ``SOURCE_EMPTY``: a choice would leave an empty table.
        """
        begins = writer.view.metadata is None or batch.exchange.begins_columns
        if outcome.error is not None or outcome.files or not (begins and batch.files):
            return False
        if batch.exchange.is_whole:
            raise SourceError(
                "SOURCE_EMPTY",
                f"No file of {self.table} in the export can be read; the table would be empty.",
                "Have the files written again; nothing was changed.",
            )
        return True

    def _inspect(self, writer: TableWriter, outcome: Arrived, *, is_last: bool) -> None:
        """Let no folder pass that lacks rows; choices read what they are told (R47, R57)."""
        limits = self.job.limits()
        passed = self._watch.look_at(outcome, writer.view, limits, is_last=is_last)
        writer.phase = outcome.phase
        if passed:
            writer.keeper.pass_by(passed)

    def _compare(self, writer: TableWriter, before: int | None) -> None:
        """An export that has lost rows takes them out of a rebuilt table."""
        now, version = writer.view.rows, writer.view.version - 1
        if before is not None and now is not None and now < before:
            self._warn(
                Note(
                    "FEWER_ROWS",
                    f"{self.table} has {now} rows now and had {before}: the export holds no more. "
                    f"Version {version} has them until VACUUM.",
                )
            )
        if lacking := self._watch.lacking(writer.view):
            writer.keeper.pass_by(lacking)

    def _promise(self, folder: Folder) -> int | None:
        return promised_rows(self.job.source, folder.metrics.path) if folder.metrics else None

    def _tell(self, written: Written) -> None:
        self._tally.add(written)
        brought = _brought(written) if written.folders or not self.outline else "as it was chosen"
        self._emit("committed", f"version {written.version}: {brought}", data=vars(written))

    def _guarded(self, action: Callable[[], None]) -> None:
        """Run a step; whatever goes wrong is this table's and nobody else's (R49)."""
        try:
            action()
        except Cancelled:
            pass  # the table is not done, which is what a cancelled one is
        except CdalakeError as error:
            self.problem = error.as_problem()
        except Exception as error:  # noqa: BLE001 - a defect of ours must not stop other tables
            self.problem = defect(error)
            self._emit("log", "".join(traceback.format_exception(error)), Level.ERROR)

    def _finish(self) -> TableResult:
        result = self._result()
        if self.problem is not None:
            self._emit("error", self.problem.sentence, Level.ERROR, self.problem.to_json())
        brought = _brought(result) if result.folders or not result.did else " ".join(result.did)
        message = f"{result.status.value}: {brought}"
        level = Level.INFO if result.status.is_good else Level.ERROR
        self._emit("table_finished", message, level, result.to_json())
        return result

    def _result(self) -> TableResult:
        view = self.view
        return TableResult(
            table=self.table,
            status=self._status(),
            **vars(self._tally),
            version=view.version if view and view.version >= 0 else None,
            watermark=view.watermark if view else None,
            start_watermark=self._start_watermark,
            manifest_records=self.entry.counted,
            checks=self.survey.plan.checks if self.survey else None,
            warnings=tuple(self.notes),
            error=self.problem,
            started_at=self._started_at,
            finished_at=utc_now(),
            memory_tag=self._memory_tag(),
            current=self._current,
            did=self._did,
        )

    @property
    def _did(self) -> tuple[str, ...]:
        return self.outline if self._is_done and self.problem is None else ()

    def _memory_tag(self) -> str | None:
        """Tag of the table's memory if nothing can be new before its entry changes (R8)."""
        view = self.view
        if view is None or self.problem is not None or not self._is_done:
            return None
        memory = view.memory
        has_work = is_due(view, self.job.lookback_ms)
        is_watched = memory.quarantine or has_work
        if is_watched or needs_listing(self.entry, view, self.job.limits()):
            return None
        return memory.tag

    def _status(self) -> TableState:
        if self.problem is not None and self.problem.is_held:
            return TableState.PAUSED
        if self._is_raw_fine:
            return TableState.PARTIAL
        if self.problem is not None:
            is_held = self.problem.code == "FOLDER_INCOMPLETE"
            return TableState.PARTIAL if self._tally.commits or is_held else TableState.FAILED
        if not self._is_done:
            return TableState.CANCELLED
        has_changed = self._tally.commits or self._current is not None or self._did
        return TableState.OK if has_changed else TableState.NO_CHANGE

    def _warn(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)
            self.job.sink.emit(warning(note, self.table))

    def _emit(
        self, kind: str, message: str, level: Level = Level.INFO, data: dict[str, Any] | None = None
    ) -> None:
        self.job.sink.emit(Event(kind, message, self.table, level, data or {}))


def _pending(plan: TablePlan) -> str:
    if not plan.folders:
        return "nothing new"
    what = f"{counted(plan.folders, 'folder')}, {counted(plan.files, 'file')}"
    return f"{what}, {counted(plan.size, 'byte')} pending"


def _brought(what: Written | TableResult) -> str:
    return f"{counted(what.folders, 'folder')}, {counted(what.rows, 'row')}"


def _release(memory: TableMemory, keys: Collection[str]) -> None:
    memory.quarantine = {k: why for k, why in memory.quarantine.items() if k not in keys}


def defect(error: Exception) -> Problem:
    """The problem that an error nobody foresaw is."""
    return Problem(
        "INTERNAL_ERROR",
        f"cdalake itself failed: {type(error).__name__}: {str(error)[:300]}.",
        "Nothing half-written is in the table. Please report it with the run's log.",
    )
