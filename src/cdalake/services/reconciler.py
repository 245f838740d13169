"""Keeps the rows of runs true: starts what waits, folds in what runs, takes up what was lost."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cdalake.catalog.leases import Leases
from cdalake.catalog.pauses import Pauses
from cdalake.catalog.reading import Reading, read_attempt
from cdalake.catalog.registration import adopt
from cdalake.catalog.runs import LOST, Run, RunStore
from cdalake.engine.progress import RunState, TableState, utc_now
from cdalake.engine.rundir import RunDirectory
from cdalake.errors import Problem
from cdalake.runners.base import NOT_RECORDED, Runner
from cdalake.services.background import Loop
from cdalake.services.overlap import waiting_reason
from cdalake.storage.inline import KeyRing, gone

log = logging.getLogger("cdalake.runs")

PACE_S = 1.0
MAX_LOSSES = 3
SILENT = timedelta(seconds=60)
"""A process of another machine that says nothing for so long is shown as unknown."""
GIVEN_UP = timedelta(minutes=5)
"""... and for so long, as lost."""
LATE = timedelta(days=1)
"""For so long a run that was given up may still end by itself."""
KILL_AFTER = timedelta(seconds=120)
"""A cancelled run stops at its next folder; one that hangs for so long is ended by force."""

TablesEnded = Callable[[str, Iterable[str]], None]


class Reconciler:
    """One per server; of several servers on one database each run has one that looks after it.

    Args:
        tables_ended: told the target and the tables that reached a final state.
    """

    def __init__(
        self,
        store: RunStore,
        runner: Runner,
        runs: Path,
        tables_ended: TablesEnded,
        leases: Leases,
        ring: KeyRing,
        pauses: Pauses,
    ) -> None:
        self._store = store
        self._runner = runner
        self._runs = runs
        self._tables_ended = tables_ended
        self._leases = leases
        self._ring = ring
        self._pauses = pauses
        self._known: set[str] = set()
        # Complained of once: it will be the same every second.
        self._broken: set[str] = set()
        self._seen: dict[tuple[str, int], Reading] = {}
        self._loop = Loop("reconciler", self.look, PACE_S, log, "Could not look after the runs")

    def start(self) -> None:
        """Begin; what was left behind is looked at first."""
        self._known = self._store.ids()
        self._loop.start()

    def stop(self) -> None:
        """End; runs go on without us."""
        self._loop.stop()

    def wake(self) -> None:
        """Look now."""
        self._loop.wake()

    @property
    def is_working(self) -> bool:
        """The thread lives."""
        return self._loop.is_working

    def look(self) -> None:
        """Look after every run once."""
        self._adopt_strangers()
        unfinished = self._store.unfinished()
        self._forget_finished(unfinished)
        ours = self._leases.hold([_subject(run) for run in self._for_us(unfinished)])
        for run in unfinished:
            attend = partial(self._attend, run, unfinished)
            stand_by = partial(self._stand_by, run)
            self._guarded(run.run_id, attend if _subject(run) in ours else stand_by)
        for run in self._store.lost(utc_now() - LATE):
            self._guarded(run.run_id, partial(self._hear_late, run))

    def _for_us(self, runs: Sequence[Run]) -> list[Run]:
        """Without those that only another server can start: it lives and has their keys."""
        me = str(self._leases.me)
        bound = {run.keys_with for run in runs} - {None, me}
        others = bound & set(self._leases.servers()) if bound else set()
        return [run for run in runs if run.keys_with not in others]

    def _guarded(self, run_id: str, action: Callable[[], None]) -> None:
        """One run's broken directory must not keep the others waiting."""
        try:
            action()
        except Exception:
            if run_id not in self._broken:
                log.exception("Could not look after run %s", run_id)
            self._broken.add(run_id)

    def _hear_late(self, run: Run) -> None:
        """The result of a run that was given up tells more than our guess."""
        reading = read_attempt(self._directory(run), run.attempt)
        if reading is not None and reading.state.is_final:
            self._fold(run, reading)

    def _forget_finished(self, unfinished: Sequence[Run]) -> None:
        current = {(run.run_id, run.attempt) for run in unfinished}
        self._seen = {key: seen for key, seen in self._seen.items() if key in current}

    def _adopt_strangers(self) -> None:
        """Give runs of the command line their rows, should they not do it themselves."""
        try:
            names = {entry.name for entry in os.scandir(self._runs) if entry.is_dir()}
        except FileNotFoundError:
            return
        for name in sorted(names - self._known):
            self._guarded(name, partial(self._adopt, name))

    def _adopt(self, name: str) -> None:
        if adopt(self._store, RunDirectory(self._runs / name)) is not None:
            self._known.add(name)

    def _attend(self, run: Run, unfinished: Sequence[Run]) -> None:
        is_waiting = run.state is RunState.PENDING and run.process is None
        if is_waiting and run.owner == "server":
            self._begin(run, unfinished)
        else:
            self._follow(run)

    def _stand_by(self, run: Run) -> None:
        """Another server looks after it; only the process's own machine can end it by force."""
        if run.state is RunState.CANCELLING:
            self._press(run, self._directory(run))

    # -- beginning --------------------------------------------------------------------------

    def _begin(self, run: Run, unfinished: Sequence[Run]) -> None:
        directory = self._directory(run)
        has_begun = read_attempt(directory, run.attempt) is not None
        if run.keys_with is not None and not (has_begun or self._ring.get(run.run_id)):
            self._store.end(run, RunState.FAILED, gone(_SERVER_ENDED).as_problem())
            return
        # One that has begun, and whose starter died before it said so, waits for nobody.
        reason = None if has_begun else self._waiting_reason(run, unfinished)
        if reason is not None:
            self._store.wait(run, reason)
            return
        if not self._store.claim(run, self._leases.me.token):
            return
        if has_begun:
            self._follow(run)
            return
        self._launch(run, directory)

    def _waiting_reason(self, run: Run, unfinished: Sequence[Run]) -> str | None:
        pause = self._pauses.of(run.connection)
        return pause.reason if pause else waiting_reason(run, unfinished, self._tables_of)

    def _tables_of(self, run: Run) -> list[str]:
        return self._store.table_names(run.run_id)

    def _launch(self, run: Run, directory: RunDirectory) -> None:
        try:
            directory.begin_attempt(run.attempt, run.attempt_spec)
            process = self._runner.start(directory.path, run.attempt, self._ring.get(run.run_id))
        except OSError as error:
            self._store.end(run, RunState.FAILED, _not_started(error))
            return
        self._known.add(run.run_id)
        self._store.started(run, process)
        now = self._store.get(run.run_id)
        if now is not None and now.state is RunState.CANCELLING:
            directory.request_cancel()

    # -- going on ---------------------------------------------------------------------------

    def _follow(self, run: Run) -> None:
        # Alive first: a process that ends in between has left its result by then.
        alive = self._runner.is_alive(run.process) if run.process is not None else None
        directory = self._directory(run)
        reading = self._read(run, directory)
        if reading is not None:
            self._fold(run, reading)
        if reading is not None and reading.state.is_final:
            return
        if run.state is RunState.CANCELLING:
            self._press(run, directory)
        if alive is False and not directory.is_held:
            self._lost(run, directory)
        elif alive is None:
            self._listen(run, directory, reading)

    def _read(self, run: Run, directory: RunDirectory) -> Reading | None:
        """What the directory says; one that cannot be understood says nothing."""
        try:
            return read_attempt(directory, run.attempt)
        except (ValueError, KeyError, TypeError, AttributeError):
            if run.run_id not in self._broken:
                log.exception("The directory of run %s cannot be understood", run.run_id)
            self._broken.add(run.run_id)
            return None

    def _listen(self, run: Run, directory: RunDirectory, reading: Reading | None) -> None:
        """Judge a process that is not ours to see by what it says."""
        silence = utc_now() - _last_heard(run, reading)
        if silence > GIVEN_UP:
            self._lost(run, directory)
        elif silence > SILENT:
            self._store.fall_silent(run)

    def _fold(self, run: Run, reading: Reading) -> None:
        key = (run.run_id, run.attempt)
        before = self._seen.get(key)
        if before == reading:
            return
        earlier = before.tables if before else {}
        changed = [name for name, row in reading.tables.items() if earlier.get(name) != row]
        if not self._store.apply(run, reading, changed):
            return
        self._seen[key] = reading
        ended = [name for name in changed if TableState(reading.tables[name]["status"]).is_final]
        if ended:
            self._tables_ended(run.target, ended)

    def _press(self, run: Run, directory: RunDirectory) -> None:
        """Make sure a cancelled run hears it."""
        if not directory.is_cancel_requested and directory.path.is_dir():
            directory.request_cancel()
        is_late = run.cancelled_at is not None and utc_now() - run.cancelled_at > KILL_AFTER
        if is_late and run.owner == "server" and run.process is not None:
            log.warning("Run %s did not stop; ending its process", run.run_id)
            self._runner.kill(run.process)

    # -- lost -------------------------------------------------------------------------------

    def _lost(self, run: Run, directory: RunDirectory) -> None:
        if run.state is RunState.CANCELLING:
            self._store.end(run, RunState.CANCELLED, None)
        elif run.owner == "guest":
            self._store.end(run, RunState.FAILED, _guest_lost(run))
        elif self._could_not_record(run):
            self._store.end(run, RunState.FAILED, _not_recorded(run))
        elif run.keys_with is not None:
            self._store.end(run, RunState.FAILED, gone(_PROCESS_LOST).as_problem())
        elif run.losses + 1 < MAX_LOSSES:
            log.warning("Run %s lost its process; taking it up again", run.run_id)
            self._store.take_up(run)
            self.wake()
        else:
            self._store.end(run, RunState.FAILED, _lost_for_good(run, directory))

    def _could_not_record(self, run: Run) -> bool:
        return run.process is not None and self._runner.exit_code(run.process) == NOT_RECORDED

    def _directory(self, run: Run) -> RunDirectory:
        return RunDirectory(self._runs / run.run_id)


_SERVER_ENDED = "The server that had them ended before the run began."
_PROCESS_LOST = "The process that had them is lost."


def _subject(run: Run) -> str:
    return f"run/{run.run_id}"


def _not_started(error: OSError) -> Problem:
    return Problem(
        "RUN_NOT_STARTED",
        f"The run's process could not be started: {error}.",
        "Check that CDALAKE_HOME can be written and that the disk has room, then retry.",
    )


def _not_recorded(run: Run) -> Problem:
    return Problem(
        "RUN_NOT_RECORDED",
        f"Run {run.run_id} could not write how it ended to its directory.",
        "What it committed is kept. Make room on the disk of CDALAKE_HOME, then retry.",
    )


def _last_heard(run: Run, reading: Reading | None) -> datetime:
    told = reading.heartbeat_at if reading is not None else None
    return told or run.heartbeat_at or run.created_at


def _guest_lost(run: Run) -> Problem:
    where = f"process {run.process.pid} on {run.process.host}" if run.process else "its process"
    return Problem(
        LOST,
        f"The run ended with its terminal: {where} is gone or silent and left no result.",
        "What it committed is kept. Retry goes on from there, now as a run of the server.",
    )


def _lost_for_good(run: Run, directory: RunDirectory) -> Problem:
    return Problem(
        LOST,
        f"The process ended {run.losses + 1} times without a result{_last_words(directory)}.",
        "What it committed is kept. See output.log of the run, check the memory, then retry.",
    )


def _last_words(directory: RunDirectory) -> str:
    try:
        text = (directory.path / "output.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    return f"; it last printed: {lines[-1].strip()[:200]}" if lines else ""
