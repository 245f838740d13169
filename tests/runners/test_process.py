from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cdalake.engine.process import Process
from cdalake.engine.progress import RunResult, RunState, utc_now
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.runners.base import NOT_RECORDED
from cdalake.runners.process import ProcessRunner
from cdalake.runners.worker import main, write_end
from full_disk import FullDiskRunner

if TYPE_CHECKING:
    from conftest import Lake


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def directory(lake: Lake, tmp_path: Path) -> RunDirectory:
    """A run that is about to start."""
    lake.export()
    spec = lake.spec()
    made = RunDirectory(tmp_path / "runs" / spec.run_id)
    made.begin_attempt(1, spec)
    return made


@pytest.fixture
def runner() -> Iterator[ProcessRunner]:
    made = ProcessRunner()
    yield made
    made.forget()


def test_a_worker_carries_its_run_out_and_says_how_it_ended(
    directory: RunDirectory, runner: ProcessRunner
) -> None:
    process = runner.start(directory.path, 1)
    assert runner.is_alive(process)
    until(lambda: not runner.is_alive(process))
    ended = directory.result_of(1)
    assert ended is not None
    assert ended["status"] == RunState.COMPLETED
    assert directory.last_line() > 0
    output = (directory.path / "output.log").read_text()
    told = [json.loads(line) for line in output.splitlines()]
    assert {line["run_id"] for line in told} == {directory.path.name}
    assert told[-1]["kind"] == "run_finished"


def test_a_run_outlives_the_process_that_started_it(directory: RunDirectory) -> None:
    start = (
        "import sys; from pathlib import Path; from cdalake.runners.process import ProcessRunner;"
        "runner = ProcessRunner(); runner.start(Path(sys.argv[1]), 1); runner.forget()"
    )
    child = subprocess.run([sys.executable, "-W", "error", "-c", start, str(directory.path)])
    assert child.returncode == 0
    until(lambda: directory.result_of(1) is not None)


def test_a_killed_process_is_noticed_and_no_zombie_stays(
    directory: RunDirectory, runner: ProcessRunner
) -> None:
    process = runner.start(directory.path, 1)
    runner.kill(process)
    until(lambda: not runner.is_alive(process))
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    assert directory.result_of(1) is None


def test_a_later_process_with_the_same_number_is_not_taken_for_ours() -> None:
    runner = ProcessRunner()
    assert not runner.is_alive(Process(runner.host, os.getpid(), started=1.0))
    assert runner.is_alive(Process("another machine", os.getpid(), None)) is None


def test_a_second_worker_leaves_a_run_to_the_first(directory: RunDirectory) -> None:
    with directory.held():
        command = [sys.executable, "-m", "cdalake.runners.worker", str(directory.path), "1"]
        assert subprocess.run(command).returncode == 75
    assert directory.read("state.json") is None


def test_a_worker_does_not_carry_out_what_has_ended(directory: RunDirectory) -> None:
    directory.write("result.json", {"status": "completed", "attempt": 1})
    command = [sys.executable, "-m", "cdalake.runners.worker", str(directory.path), "1"]
    assert subprocess.run(command).returncode == 75


def test_a_worker_that_is_told_to_end_stops_at_the_next_folder(
    directory: RunDirectory, runner: ProcessRunner
) -> None:
    process = runner.start(directory.path, 1)
    # Held until the signal waits, so that it comes before the run's end on any machine.
    until(lambda: directory.read("state.json") is not None)
    os.kill(process.pid, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGTERM)
    os.kill(process.pid, signal.SIGCONT)
    until(lambda: directory.result_of(1) is not None)
    ended = directory.result_of(1)
    assert ended is not None
    # The signal may have come after the last folder.
    assert ended["status"] in (RunState.CANCELLED, RunState.COMPLETED)


def test_the_cancel_file_ends_a_run_before_its_first_folder(
    directory: RunDirectory, runner: ProcessRunner
) -> None:
    directory.request_cancel()
    process = runner.start(directory.path, 1)
    until(lambda: not runner.is_alive(process))
    ended = directory.result_of(1)
    assert ended is not None
    assert ended["status"] == RunState.CANCELLED
    assert ended["totals"]["commits"] == 0


def test_a_folder_without_a_spec_is_no_run(tmp_path: Path) -> None:
    assert main(tmp_path, 1) == 64


def test_a_worker_on_a_full_disk_says_so_by_its_exit_code(directory: RunDirectory) -> None:
    runner = FullDiskRunner()
    process = runner.start(directory.path, 1)
    until(lambda: not runner.is_alive(process))
    assert runner.exit_code(process) == NOT_RECORDED
    assert runner.exit_code(Process(runner.host, os.getpid(), None)) is None


def test_the_end_of_a_run_is_written_as_soon_as_there_is_room(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, "r")
    result = RunResult("r", RunState.COMPLETED, utc_now(), utc_now())
    away = directory.path.rename(directory.path.with_name("away"))
    assert isinstance(write_end(recorder, result, (0, 0)), OSError)

    def pauses() -> Iterator[float]:
        yield 0
        away.rename(directory.path)
        yield 0

    assert write_end(recorder, result, pauses()) is None
    assert directory.result_of(1) is not None
