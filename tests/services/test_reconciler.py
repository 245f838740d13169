from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cdalake.catalog.pauses import Pauses
from cdalake.engine.process import Process, process_start
from cdalake.engine.progress import RunState, iso, utc_now
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.sync import run as sync
from cdalake.errors import RunConflict, RunNotFound
from cdalake.services.reconciler import MAX_LOSSES, Reconciler
from cdalake.storage.inline import KeyRing
from full_disk import FullDiskRunner

if TYPE_CHECKING:
    from .conftest import Home


def process_of(home: Home, run_id: str) -> Process:
    """The process of a run, as soon as there is one."""
    process = home.until(run_id, lambda run: run.process is not None).process
    assert process is not None
    return process


def kill(home: Home, run_id: str) -> None:
    os.kill(process_of(home, run_id).pid, signal.SIGKILL)


def hold(home: Home, run_id: str) -> Process:
    process = process_of(home, run_id)
    os.kill(process.pid, signal.SIGSTOP)
    return process


def test_a_run_goes_from_pending_to_completed_with_every_table(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    assert home.run(run_id).state is RunState.PENDING
    ended = home.ended(run_id)
    assert ended.state is RunState.COMPLETED
    status = home.services.guidewire.status(run_id)
    assert (status.tables_processed, status.tables_ok, status.progress_percent) == (3, 3, 100.0)
    assert {result.status for result in status.results} == {"ok"}
    assert status.rows == sum(result.rows for result in status.results) > 0
    assert status.can_retry is False
    assert status.process_alive is None


def test_a_run_whose_process_is_killed_is_taken_up_as_the_next_attempt(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    kill(home, run_id)
    ended = home.ended(run_id)
    assert (ended.state, ended.attempt, ended.losses) == (RunState.COMPLETED, 2, 1)
    assert {row["status"] for row in home.runs.tables(run_id)} <= {"ok", "no_change"}


def test_a_run_that_loses_its_process_again_and_again_fails_with_a_reason(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    for attempt in range(1, MAX_LOSSES + 1):
        home.until(run_id, lambda run, n=attempt: run.attempt == n and run.process)  # type: ignore[misc]
        kill(home, run_id)
        home.until(run_id, lambda run, n=attempt: run.attempt > n or run.state.is_final)  # type: ignore[misc]
    ended = home.ended(run_id)
    assert ended.state is RunState.FAILED
    assert ended.error is not None
    assert ended.error["code"] == "RUN_PROCESS_LOST"
    assert ended.attempt == MAX_LOSSES


def test_a_run_that_lives_on_while_no_server_does_is_found_ended_by_the_next(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    process = hold(home, run_id)
    home.services.reconciler._seen.clear()
    os.kill(process.pid, signal.SIGCONT)
    ended = home.ended(run_id)
    assert (ended.state, ended.attempt) == (RunState.COMPLETED, 1)


def test_a_starter_that_died_after_starting_leaves_a_run_that_is_not_started_twice(
    home: Home,
) -> None:
    home.lake.export()
    run_id = home.start()
    run = home.run(run_id)
    directory = home.directory(run_id)
    directory.begin_attempt(1, run.spec)
    recorder = RunRecorder(directory, run_id)  # this process is the one that was started
    home.look()
    process = home.run(run_id).process
    assert process is not None
    assert process.pid == os.getpid()
    recorder.close(None)


def test_a_run_that_an_unseen_process_carries_out_is_neither_lost_nor_begun_anew(
    home: Home,
) -> None:
    """Its starter died before anybody knew whom it had started; the next one gives way to it."""
    home.lake.export()
    run_id = home.start()
    directory = home.directory(run_id)
    directory.begin_attempt(1, home.run(run_id).spec)
    with directory.held() as ours:
        assert ours
        second = process_of(home, run_id)
        deadline = time.monotonic() + 60
        while home.services.runner.is_alive(second):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        for _ in range(MAX_LOSSES):
            home.look()
        now = home.run(run_id)
        assert (now.state, now.attempt, now.losses) == (RunState.RUNNING, 1, 0)
    assert (home.ended(run_id).state, home.run(run_id).attempt) == (RunState.COMPLETED, 2)


def test_a_cancelled_run_stops_and_says_what_was_committed(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    process = hold(home, run_id)
    assert home.services.guidewire.cancel(run_id).message == "Cancellation requested"
    assert home.run(run_id).state is RunState.CANCELLING
    os.kill(process.pid, signal.SIGCONT)
    ended = home.ended(run_id)
    assert ended.state is RunState.CANCELLED
    assert ended.totals["commits"] == 0
    assert home.services.guidewire.status(run_id).can_retry


def test_a_cancelled_run_whose_process_dies_is_cancelled_and_not_taken_up(home: Home) -> None:
    home.lake.export()
    run_id = home.start()
    hold(home, run_id)
    home.services.guidewire.cancel(run_id)
    kill(home, run_id)
    ended = home.ended(run_id)
    assert (ended.state, ended.attempt) == (RunState.CANCELLED, 1)


def test_an_ended_run_refuses_to_be_cancelled(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    home.ended(run_id)
    with pytest.raises(RunConflict) as caught:
        home.services.guidewire.cancel(run_id)
    assert caught.value.code == "RUN_IS_FINAL"


def test_a_waiting_run_says_for_whom_it_waits_and_starts_when_that_one_ends(home: Home) -> None:
    home.lake.export()
    first, second = home.start(), home.start()
    process = hold(home, first)
    home.look()
    waiting = home.run(second)
    assert waiting.state is RunState.PENDING
    assert first in str(home.services.guidewire.status(second).waiting_reason)
    os.kill(process.pid, signal.SIGCONT)
    assert home.ended(second).state is RunState.COMPLETED
    assert home.run(first).state is RunState.COMPLETED
    assert home.services.guidewire.status(second).waiting_reason is None


def test_a_waiting_run_can_be_cancelled(home: Home) -> None:
    home.lake.export()
    first, second = home.start(), home.start()
    process = hold(home, first)
    home.look()
    home.services.guidewire.cancel(second)
    assert home.run(second).state is RunState.CANCELLED
    os.kill(process.pid, signal.SIGCONT)
    home.ended(first)


def test_runs_on_different_tables_go_on_beside_each_other(home: Home) -> None:
    export = home.lake.export()
    names = sorted(home.lake.manifest())
    assert export
    first = home.start(table_names=[names[0]])
    second = home.start(table_names=[names[1]])
    process = hold(home, first)
    assert home.ended(second).state is RunState.COMPLETED
    os.kill(process.pid, signal.SIGCONT)
    home.ended(first)


def test_a_retry_tries_the_failed_tables_again_in_the_same_run(home: Home) -> None:
    home.lake.export()
    names = sorted(home.lake.manifest())
    manifest = home.lake.manifest()
    broken = {**manifest, names[0]: {"no": "path"}}
    home.lake.write_manifest(broken)
    run_id = home.start()
    ended = home.ended(run_id)
    assert ended.state is RunState.COMPLETED_WITH_ERRORS
    status = home.services.guidewire.status(run_id)
    assert status.tables_failed == 1
    assert [group.tables for group in status.error_groups] == [[names[0]]]
    assert status.can_retry
    before = home.directory(run_id).last_line()
    home.lake.write_manifest(manifest)
    started = home.services.guidewire.retry(run_id)
    assert started.run_id == run_id
    again = home.ended(run_id)
    assert (again.state, again.attempt) == (RunState.COMPLETED, 2)
    assert again.started_at is not None
    assert ended.finished_at is not None
    assert again.started_at >= ended.finished_at, "the time between is no time of the run"
    states = {
        row["table_name"]: (row["attempt"], row["status"]) for row in home.runs.tables(run_id)
    }
    assert states == {names[0]: (2, "ok"), names[1]: (1, "ok"), names[2]: (1, "ok")}
    assert home.directory(run_id).last_line() > before
    with pytest.raises(RunConflict, match="NOTHING_TO_RETRY"):
        home.services.guidewire.retry(run_id)


def test_a_run_without_a_manifest_fails_with_the_reason_and_can_be_retried(home: Home) -> None:
    run_id = home.start()
    ended = home.ended(run_id)
    assert ended.state is RunState.FAILED
    assert ended.error is not None
    assert ended.error["code"] == "MANIFEST_NOT_FOUND"
    home.lake.export()
    home.services.guidewire.retry(run_id)
    assert home.ended(run_id).state is RunState.COMPLETED


def test_a_retry_without_a_manifest_fails_its_tables_and_can_be_retried(home: Home) -> None:
    home.lake.export()
    manifest = home.lake.manifest()
    name = min(manifest)
    home.lake.write_manifest({**manifest, name: {"no": "path"}})
    run_id = home.start()
    home.ended(run_id)
    home.lake.source.delete("manifest.json")
    home.services.guidewire.retry(run_id)
    assert home.ended(run_id).state is RunState.FAILED
    status = home.services.guidewire.status(run_id)
    assert (status.tables_pending, status.tables_failed, status.can_retry) == (0, 1, True)
    home.lake.write_manifest(manifest)
    home.services.guidewire.retry(run_id)
    assert home.ended(run_id).state is RunState.COMPLETED


def sync_in_a_terminal(home: Home) -> subprocess.Popen[bytes]:
    env = {**os.environ, "CDALAKE_HOME": str(home.settings.home)}
    command = [sys.executable, "-m", "cdalake", "sync", home.lake.source_url, home.lake.target_url]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet, cwd=home.settings.home)


def test_a_run_from_the_command_line_is_a_run_like_any_other(home: Home) -> None:
    home.lake.export()
    assert sync_in_a_terminal(home).wait(120) == 0
    home.look()
    (run,), total = home.runs.page(10, 0, [])
    assert (total, run.owner, run.trigger) == (1, "guest", "cli")
    assert run.state is RunState.COMPLETED
    assert home.services.guidewire.status(run.run_id).tables_ok == 3


def test_a_directory_without_a_row_is_adopted_and_its_lost_process_is_a_failure(home: Home) -> None:
    spec = replace(home.lake.spec(), run_id="20261123-094630-8c42", trigger="cli")
    directory = RunDirectory.create(home.settings.runs_dir, spec)
    gone = {"run_id": spec.run_id, "attempt": 1, "pid": 4_000_000, "process_started": 1.0}
    gone |= {"host": socket.gethostname()}
    directory.write("state.json", {**gone, "updated_at": "2026-11-23T09:46:31.000Z"})
    home.look()
    ended = home.ended(spec.run_id)
    assert ended.state is RunState.FAILED
    assert ended.error is not None
    assert ended.error["code"] == "RUN_PROCESS_LOST"
    assert "terminal" in ended.error["message"]


def test_a_command_line_run_of_another_machine_is_not_judged_by_our_processes(home: Home) -> None:
    spec = replace(home.lake.spec(), run_id="20261123-094630-8c42", trigger="cli")
    directory = RunDirectory.create(home.settings.runs_dir, spec)
    recorder = RunRecorder(directory, spec.run_id)
    recorder.progress.host = "another-container"
    recorder.progress.pid = 4_000_000
    recorder.flush()
    home.look()
    home.look()
    told = home.run(spec.run_id)
    assert (told.state, told.process and told.process.host) == (
        RunState.RUNNING,
        "another-container",
    )
    assert home.services.guidewire.status(spec.run_id).process_alive is None
    recorder.close(None)


def test_the_late_result_of_a_run_that_was_given_up_wins(home: Home) -> None:
    home.lake.export(tables=1)
    spec = replace(home.lake.spec(), run_id="20261123-094630-8c42", trigger="cli")
    directory = RunDirectory.create(home.settings.runs_dir, spec)
    recorder = RunRecorder(directory, spec.run_id)
    recorder.progress.pid = 4_000_000
    recorder.flush()
    home.look()
    assert home.ended(spec.run_id).state is RunState.FAILED
    recorder.close(sync(spec, recorder, lambda: False).to_json())
    home.look()
    ended = home.run(spec.run_id)
    assert (ended.state, ended.error, ended.totals["ok"]) == (RunState.COMPLETED, None, 1)


def test_a_run_that_cannot_record_its_end_fails_at_once_and_is_not_taken_up(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    leases = home.services.leases
    reconciler = Reconciler(
        home.runs,
        FullDiskRunner(),
        home.settings.runs_dir,
        lambda *_: None,
        leases,
        KeyRing(),
        Pauses(home.services.database),
    )
    home.services = replace(home.services, reconciler=reconciler)
    ended = home.ended(run_id)
    assert (ended.state, ended.attempt) == (RunState.FAILED, 1)
    assert ended.error is not None
    assert ended.error["code"] == "RUN_NOT_RECORDED"
    assert home.services.guidewire.status(run_id).can_retry


def test_a_broken_directory_keeps_no_other_run_waiting(home: Home) -> None:
    home.lake.export(tables=1)
    spec = replace(home.lake.spec(), run_id="20261123-094630-0bad", trigger="cli")
    directory = RunDirectory.create(home.settings.runs_dir, spec)
    broken = {"attempt": 1, "started_at": "yesterday"}
    directory.write("state.json", broken)
    assert home.ended(home.start()).state is RunState.COMPLETED
    assert home.runs.get(spec.run_id) is None

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        told = {"attempt": 1, "updated_at": iso(utc_now()), "host": socket.gethostname()}
        told |= {"pid": other.pid, "process_started": process_start(other.pid)}
        directory.write("state.json", told)
        home.look()
        assert home.run(spec.run_id).state is RunState.RUNNING
        directory.write("state.json", broken)
        waiting = home.start()
        home.look()
        assert home.run(waiting).state is RunState.PENDING
        other.kill()
    assert home.ended(waiting).state is RunState.COMPLETED
    assert home.run(spec.run_id).state is RunState.FAILED


def test_the_thread_outlives_a_look_that_fails(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.lake.export(tables=1)
    home.settings.runs_dir.rmdir()
    home.settings.runs_dir.write_text("in the way")
    home.services.reconciler.start()
    until(lambda: "Could not look after the runs" in caplog.text)
    home.settings.runs_dir.unlink()
    run_id = home.start()
    until(lambda: home.run(run_id).state.is_final)
    home.services.reconciler.stop()
    assert home.run(run_id).state is RunState.COMPLETED


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_run_that_goes_on_cannot_be_retried(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    with pytest.raises(RunConflict, match="RUN_NOT_FINAL"):
        home.services.guidewire.retry(run_id)
    home.ended(run_id)


def test_an_unknown_run_is_said_to_be_unknown(home: Home) -> None:
    for ask in (home.services.guidewire.status, home.services.guidewire.cancel):
        with pytest.raises(RunNotFound):
            ask("nobody")


def test_a_run_that_cannot_be_started_fails_in_words(home: Home) -> None:
    home.lake.export(tables=1)
    run_id = home.start()
    (home.settings.runs_dir / run_id).write_text("in the way")
    ended = home.ended(run_id)
    assert ended.error is not None
    assert ended.error["code"] == "RUN_NOT_STARTED"
