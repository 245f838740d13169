from __future__ import annotations

from pathlib import Path

from cdalake.catalog.reading import read_attempt
from cdalake.catalog.registration import adopt, describe_database, register
from cdalake.catalog.runs import RunStore
from cdalake.engine.progress import Event, RunState
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec
from cdalake.settings import load

SPEC = RunSpec("20261123-094630-8c42", "default", "/source", "/target")


def result(status: str) -> dict[str, object]:
    at = "2026-11-23T09:46:31.000Z"
    return {"status": status, "started_at": at, "finished_at": at, "tables": [], "warnings": []}


def test_the_result_of_an_older_attempt_does_not_end_the_newer_one(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path, SPEC)
    RunRecorder(directory, SPEC.run_id).close(result("failed"))
    directory.begin_attempt(2, SPEC)
    assert read_attempt(directory, 2) is None
    second = RunRecorder(directory, SPEC.run_id, 2)
    told = read_attempt(directory, 2)
    assert told is not None
    assert told.state is RunState.RUNNING
    second.close(result("completed"))
    assert [directory.result_of(n)["status"] for n in (1, 2)] == ["failed", "completed"]  # type: ignore[index]


def test_a_new_attempt_is_not_cancelled_by_the_request_that_ended_the_old_one(
    tmp_path: Path,
) -> None:
    directory = RunDirectory.create(tmp_path, SPEC)
    directory.request_cancel()
    directory.begin_attempt(2, SPEC)
    assert not directory.is_cancel_requested


def test_an_attempt_taken_up_again_does_what_the_retry_before_it_was_asked(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path, SPEC)
    retried = RunSpec(SPEC.run_id, "default", "/source", "/target", include=("cc_note",))
    directory.begin_attempt(2, retried)
    directory.begin_attempt(3, retried)
    assert directory.spec_of(1) == SPEC
    assert directory.spec_of(3) == retried


def test_log_lines_are_numbered_without_a_gap_across_attempts(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path, SPEC)
    for attempt in (1, 2):
        recorder = RunRecorder(directory, SPEC.run_id, attempt)
        for number in range(3):
            recorder.emit(Event("log", f"{attempt}.{number}"))
        recorder.close(None)
    lines = list(directory.lines())
    assert [number for number, _ in lines] == [1, 2, 3, 4, 5, 6]
    assert [event["message"] for _, event in directory.lines(after=2, limit=2)] == ["1.2", "2.0"]


def test_a_run_is_held_by_one_process_at_a_time(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path, SPEC)
    with directory.held() as mine, directory.held() as other:
        assert (mine, other) == (True, False)
    with directory.held() as again:
        assert again


def test_registering_a_command_line_run_twice_brings_its_row_up_to_date(tmp_path: Path) -> None:
    settings = load({"CDALAKE_HOME": str(tmp_path)}, tmp_path)
    directory = RunDirectory.create(settings.runs_dir, SPEC)
    recorder = RunRecorder(directory, SPEC.run_id)
    recorder.emit(Event("run_started", "go", data={"tables": ["cc_claim"]}))
    recorder.flush()
    register(settings, directory)
    recorder.close(result("completed"))
    register(settings, directory)
    assert "up to date" in describe_database(settings)


def test_a_folder_that_is_no_run_is_not_adopted(store: RunStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert adopt(store, RunDirectory(tmp_path / "other")) is None
    renamed = RunDirectory.create(tmp_path, SPEC).path.rename(tmp_path / "renamed")
    assert adopt(store, RunDirectory(renamed)) is None
    assert store.ids() == set()


def test_an_adopted_run_is_a_guest(store: RunStore, tmp_path: Path) -> None:
    run = adopt(store, RunDirectory.create(tmp_path, SPEC))
    assert run is not None
    assert run.owner == "guest"
    assert run.created_at.isoformat() == "2026-11-23T09:46:30+00:00"
