"""``python -m cdalake.runners.worker RUN_DIR ATTEMPT``: carries one attempt of a run out."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cdalake import __version__
from cdalake.engine.execute import defect
from cdalake.engine.progress import RunResult, RunState, Sinks, utc_now
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import run
from cdalake.errors import CdalakeError
from cdalake.runners.base import NOT_RECORDED
from cdalake.runners.event_log import EventLog
from cdalake.runners.places import place_for
from cdalake.settings import Logs
from cdalake.storage import Store
from cdalake.storage.inline import InlineKeys
from cdalake.telemetry import logs, tracing

log = logging.getLogger("cdalake.run")

NICE = 5
"""The page stays quick while a run uses every core."""
NOT_OURS = 75
PAUSES_S = (1, 2, 4, 8, 15)
"""Between attempts to write the end: room on a disk may come back."""


def main(run_dir: Path, attempt: int) -> int:
    """Carry out an attempt; its exit code is that of ``cdalake sync``, or 74 or 75.

    Returns:
        74 when its end could not be written, 75 when it is not ours to carry out.
    """
    faulthandler.enable()
    os.nice(NICE)
    told = Logs.of(os.environ, is_terminal=False)
    logs.configure(told.form, told.level)
    directory = RunDirectory(Path(run_dir))
    spec = directory.spec_of(attempt)
    if spec is None:
        print(f"cdalake: {run_dir} is no run directory", file=sys.stderr)  # noqa: T201
        return 64
    with directory.held() as ours:
        if not ours or directory.result_of(attempt) is not None:
            return NOT_OURS
        # Before state.json tells others whom to signal.
        is_stopped = _stopped_by_signal()
        try:
            recorder = RunRecorder(directory, spec.run_id, attempt)
        except OSError as error:
            return _not_recorded(error)
        result = _carry_out(directory, spec, recorder, is_stopped)
        unwritten = write_end(recorder, result, PAUSES_S)
        return result.exit_code if unwritten is None else _not_recorded(unwritten)


def write_end(recorder: RunRecorder, result: RunResult, pauses: Iterable[float]) -> OSError | None:
    """Write the end of a run, again after each of the pauses; why it cannot be written."""
    for pause in chain(pauses, [None]):
        try:
            recorder.close(result.to_json())
        except OSError as error:
            if pause is None:
                return error
            time.sleep(pause)
        else:
            break
    return None


def _not_recorded(error: OSError) -> int:
    # The same disk may hold output.log.
    with suppress(OSError):
        print(f"cdalake: the run directory cannot be written: {error}", file=sys.stderr)  # noqa: T201
        sys.stderr.flush()
    return NOT_RECORDED


def _carry_out(
    directory: RunDirectory,
    spec: RunSpec,
    recorder: RunRecorder,
    is_stopped: Callable[[], bool],
) -> RunResult:
    started = utc_now()
    try:
        sinks = Sinks([recorder, EventLog(spec.run_id, recorder.attempt)])
        keys = InlineKeys.from_pipe(sys.stdin.buffer) if spec.inline_key else None
        place = place_for(spec, keys, show_logs=True)
        store = keys.open if keys else Store.open
        with tracing.sending(os.environ, __version__):
            return run(
                spec,
                sinks,
                lambda: is_stopped() or directory.is_cancel_requested,
                store,
                workplace=place,
            )
    except CdalakeError as error:
        problem = error.as_problem()
        return RunResult(spec.run_id, RunState.FAILED, started, utc_now(), error=problem)
    except Exception as error:
        log.exception("The run met a defect", extra={"facts": {"run_id": spec.run_id}})
        return RunResult(spec.run_id, RunState.FAILED, started, utc_now(), error=defect(error))


def _stopped_by_signal() -> Callable[[], bool]:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped.is_set


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), int(sys.argv[2]))
    if code == NOT_RECORDED:
        # What output.log has no room for cannot be flushed either, and would make the code 120.
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.exit(code)
