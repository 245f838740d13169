"""``cdalake worker RUN_DIR ATTEMPT``: the process that carries one attempt of a run out."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from cdalake.engine.progress import RunResult, RunState, utc_now
from cdalake.engine.rundir import RunDirectory, RunRecorder, RunSpec
from cdalake.engine.sync import run
from cdalake.errors import Problem

NICE = 5
"""The page stays quick while a run uses every core."""
NOT_OURS = 75


def main(run_dir: Path, attempt: int) -> int:
    """Carry out an attempt; its exit code is that of ``cdalake sync``, 75 when it is not ours."""
    faulthandler.enable()
    os.nice(NICE)
    directory = RunDirectory(Path(run_dir))
    spec = directory.spec_of(attempt)
    if spec is None:
        print(f"cdalake: {run_dir} is no run directory", file=sys.stderr)  # noqa: T201
        return 64
    with directory.held() as ours:
        if not ours or directory.result_of(attempt) is not None:
            return NOT_OURS
        return _carry_out(directory, spec, attempt).exit_code


def _carry_out(directory: RunDirectory, spec: RunSpec, attempt: int) -> RunResult:
    is_stopped = _stopped_by_signal()
    recorder = RunRecorder(directory, spec.run_id, attempt)
    started = utc_now()
    try:
        result = run(spec, recorder, lambda: is_stopped() or directory.is_cancel_requested)
    except Exception as error:  # noqa: BLE001 - a defect of ours must end the run with a reason
        sys.excepthook(type(error), error, error.__traceback__)
        result = RunResult(spec.run_id, RunState.FAILED, started, utc_now(), error=_defect(error))
    recorder.close(result.to_json())
    return result


def _defect(error: Exception) -> Problem:
    return Problem(
        "INTERNAL_ERROR",
        f"cdalake itself failed: {type(error).__name__}: {str(error)[:300]}.",
        "Please report it with output.log of the run's directory.",
    )


def _stopped_by_signal() -> Callable[[], bool]:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped.is_set


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
