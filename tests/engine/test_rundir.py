"""The run directory: what a run writes, and what others read of it at any moment."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cdalake.engine import process
from cdalake.engine.process import process_start
from cdalake.engine.progress import Event, Level, RunState, TableState
from cdalake.engine.recorder import CHUNK_EVENTS, Progress, RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec, new_run_id
from conftest import Lake

SPEC = RunSpec("20261123-100000-0001", "default", "/source", "/target", include=("cc_*",))


@pytest.fixture
def directory(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "runs", SPEC)


def say(recorder: RunRecorder, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        recorder.emit(Event("log", f"line {number}"))


def messages(directory: RunDirectory, after: int = 0, limit: int | None = None) -> list[str]:
    return [event["message"] for _, event in directory.lines(after, limit)]


def until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("it did not happen in time")


def test_run_ids_sort_by_time_and_differ() -> None:
    ids = [new_run_id() for _ in range(5)]

    assert len(set(ids)) == 5
    assert [name[:15] for name in ids] == sorted(name[:15] for name in ids)


def test_a_spec_is_read_back_as_it_was_and_newer_fields_are_ignored(
    directory: RunDirectory,
) -> None:
    assert directory.spec == SPEC
    directory.write("spec.json", {**SPEC.to_json(), "of_the_future": 1})
    assert directory.spec == SPEC


def test_what_is_no_run_directory_has_nothing(tmp_path: Path) -> None:
    nothing = RunDirectory(tmp_path / "nothing")
    (tmp_path / "file").write_text("")

    assert nothing.spec is None
    assert RunDirectory(tmp_path / "file").read("state.json") is None
    assert (nothing.last_line(), list(nothing.lines())) == (0, [])
    assert (nothing.result_of(1), nothing.is_cancel_requested) == (None, False)


def test_a_file_that_is_broken_reads_as_none(directory: RunDirectory) -> None:
    (directory.path / "state.json").write_text('{"pid": 1')

    assert directory.read("state.json") is None


def test_lines_are_numbered_across_chunks_without_gaps(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    say(recorder, 3)
    recorder.flush()
    say(recorder, 4, start=3)
    recorder.close(None)

    assert [number for number, _ in directory.lines()] == [1, 2, 3, 4, 5, 6, 7]
    assert messages(directory, after=2, limit=3) == ["line 2", "line 3", "line 4"]
    assert messages(directory, after=3) == [f"line {number}" for number in range(3, 7)]
    assert messages(directory, after=7) == []
    assert messages(directory, limit=0) == []
    assert directory.last_line() == 7


def test_a_chunk_holds_at_most_so_many_lines(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    say(recorder, CHUNK_EVENTS + 5)
    recorder.close(None)

    assert directory.last_line() == CHUNK_EVENTS + 5
    assert messages(directory, after=CHUNK_EVENTS - 1, limit=2) == [
        f"line {CHUNK_EVENTS - 1}",
        f"line {CHUNK_EVENTS}",
    ]
    sizes = [len(path.read_text().splitlines()) for path in directory.path.glob("events-*")]
    assert max(sizes) == CHUNK_EVENTS


def test_lines_go_on_in_a_second_attempt(directory: RunDirectory) -> None:
    for attempt in (1, 2):
        recorder = RunRecorder(directory, SPEC.run_id, attempt)
        say(recorder, 2)
        recorder.close({"status": "completed"})

    assert [number for number, _ in directory.lines()] == [1, 2, 3, 4]
    state = directory.read("state.json")
    assert state is not None
    assert (state["lines"], state["attempt"]) == (4, 2)


def test_events_are_on_disk_soon_without_a_flush(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    say(recorder, 1)
    until(directory.last_line)

    assert messages(directory) == ["line 0"]
    recorder.close(None)


def test_an_idle_run_writes_no_chunks(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    say(recorder, 1)
    for _ in range(3):
        recorder.flush()
    recorder.close(None)

    assert [path.name for path in directory.path.glob("events*")] == [
        "events-000000001-000001.jsonl"
    ]


def test_lines_are_found_in_the_middle_of_many_chunks(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    for number in range(60):
        say(recorder, number % 3, start=directory.last_line())
        recorder.flush()
    recorder.close(None)

    assert directory.last_line() == directory.told_lines == 60
    for after in range(61):
        numbers = [number for number, _ in directory.lines(after)]
        assert numbers == list(range(after + 1, 61))


def test_what_cannot_be_written_is_written_later_once_and_in_order(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    say(recorder, 2)
    recorder.flush()
    away = directory.path.rename(directory.path.with_name("away"))
    say(recorder, CHUNK_EVENTS, start=2)
    with pytest.raises(FileNotFoundError):
        recorder.flush()
    with pytest.raises(FileNotFoundError):
        recorder.close({"status": "completed"})
    away.rename(directory.path)
    recorder.close({"status": "completed"})

    assert messages(directory) == [f"line {number}" for number in range(CHUNK_EVENTS + 2)]
    assert [path.name for path in directory.path.glob(".*")] == []
    assert directory.result_of(1) is not None


def test_one_flush_that_fails_does_not_end_the_flushing(directory: RunDirectory) -> None:
    recorder = RunRecorder(directory, SPEC.run_id)
    (directory.path / "state.json").unlink()
    (directory.path / "state.json").mkdir()
    for number in range(2):
        say(recorder, 1, start=number)
        until(lambda number=number: directory.last_line() > number)
    (directory.path / "state.json").rmdir()

    recorder.close(None)
    assert messages(directory) == ["line 0", "line 1"]


def test_a_whole_file_is_put_in_place_at_once(directory: RunDirectory) -> None:
    """Readers never see half of it, and nothing temporary is left."""
    directory.write("state.json", {"n": 0})
    stop = threading.Event()

    def rewrite() -> None:
        for number in range(300):
            directory.write("state.json", {"n": number, "filling": "x" * 5000})
        stop.set()

    writer = threading.Thread(target=rewrite)
    writer.start()
    seen = []
    while not stop.is_set():
        document = directory.read("state.json")
        assert document is not None
        seen.append(document["n"])
    writer.join()

    assert seen == sorted(seen)
    assert sorted(path.name for path in directory.path.iterdir()) == ["spec.json", "state.json"]


def test_attempts_keep_their_results_and_specs(directory: RunDirectory) -> None:
    retried = RunSpec(SPEC.run_id, "default", "/source", "/target", include=("cc_claim",))
    directory.begin_attempt(1, SPEC)
    RunRecorder(directory, SPEC.run_id, 1).close({"status": "completed_with_errors"})
    directory.request_cancel()
    assert directory.is_cancel_requested

    directory.begin_attempt(2, retried)

    assert not directory.is_cancel_requested
    assert directory.read("result.json") is None
    first = directory.result_of(1)
    assert first is not None
    assert first["status"] == "completed_with_errors"
    assert directory.result_of(2) is None
    RunRecorder(directory, SPEC.run_id, 2).close({"status": "completed"})
    directory.begin_attempt(3, retried)
    assert [directory.spec_of(attempt) for attempt in (1, 2, 3)] == [SPEC, retried, retried]
    second = directory.result_of(2)
    assert second is not None
    assert (second["status"], second["attempt"]) == ("completed", 2)


def test_an_attempt_that_never_ended_leaves_no_result(directory: RunDirectory) -> None:
    directory.begin_attempt(2, SPEC)

    assert directory.result_of(1) is None
    assert not (directory.path / "spec-2.json").exists()


def test_one_process_at_a_time_holds_a_run(directory: RunDirectory) -> None:
    script = (
        "import sys; from pathlib import Path; from cdalake.engine.rundir import RunDirectory\n"
        "with RunDirectory(Path(sys.argv[1])).held() as ours: print(ours)"
    )

    def other() -> str:
        command = [sys.executable, "-c", script, str(directory.path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with directory.held() as ours:
        assert (ours, other()) == (True, "False")
    assert other() == "True"


def test_the_state_names_the_process_that_writes_it(directory: RunDirectory) -> None:
    RunRecorder(directory, SPEC.run_id).close(None)
    state = directory.read("state.json")
    assert state is not None
    assert (state["host"], state["pid"]) == (socket.gethostname(), os.getpid())
    assert state["process_started"] == process_start(os.getpid())


def test_a_process_that_ended_and_was_not_waited_for_is_gone() -> None:
    """A zombie still has its number; nothing runs there any more."""
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        threading.Event().wait(0.01)

    assert process_start(process.pid) is None
    process.wait()
    process.stdout.close()


def test_where_there_is_no_proc_a_process_is_asked_for() -> None:
    assert process._exists(os.getpid()) == 0.0
    assert process._exists(1) == 0.0
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert process._exists(gone.pid) is None


def test_progress_folds_a_run_of_the_engine_into_its_state(lake: Lake) -> None:
    lake.export(tables=2, folders=3, rows=5)
    lake.announce("gone", 1_768_000_000_000, "fp")
    result = lake.sync()
    progress = Progress("r")

    for event in lake.listener.events:
        progress.apply(event)

    assert progress.state == result.status
    assert progress.lines == len(lake.listener.events)
    for table in result.tables:
        state = progress.tables[table.table]
        assert (state.status, state.rows) == (table.status, table.rows)
        assert (state.commits, state.version) == (table.commits, table.version)
        assert state.notes == [note.to_json() for note in table.warnings]
        assert state.error == (table.error.to_json() if table.error else None)
        assert (state.files_done, state.bytes_done) == (state.files, state.bytes)
    assert json.loads(json.dumps(progress.to_json()))["tables"]["gone"]["status"] == "failed"


def test_progress_in_the_middle_of_a_run() -> None:
    progress = Progress("r")
    note = {"code": "LATE_FILE", "message": "late"}
    for event in (
        Event("run_started", "", data={"tables": ["a", "b"]}),
        Event("table_planned", "", "a", data={"folders": 1, "files": 2, "bytes": 30}),
        Event("table_started", "", "a"),
        Event("warning", "", "a", Level.WARNING, note),
        Event("warning", "", None, Level.WARNING, note),
        Event("progress", "", "a", data={"files": 1, "bytes": 20}),
        Event("committed", "", "a", data={"rows": 5, "version": 3}),
        Event("error", "", "a", Level.ERROR, {}),
    ):
        progress.apply(event)

    table = progress.tables["a"]
    assert (progress.state, table.status) == (RunState.RUNNING, TableState.RUNNING)
    assert (table.files, table.files_done, table.bytes_done) == (2, 1, 20)
    assert (table.rows, table.version, table.commits, table.notes) == (5, 3, 1, [note])
    assert progress.tables["b"].status == TableState.PENDING


def damaged(directory: RunDirectory) -> list[int]:
    return [number for number, event in directory.lines() if event["kind"] == "damaged"]


def chunk_of(directory: RunDirectory, lines: int) -> Path:
    """A chunk of so many good lines."""
    directory.path.mkdir(parents=True, exist_ok=True)
    at = "2026-11-23T09:46:31.000Z"
    event = {"at": at, "level": "info", "kind": "log", "table": None, "message": "m", "data": {}}
    path = directory.path / f"events-000000001-{lines:06d}.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for _ in range(lines)))
    return path


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "null",
        '{"at": "never", "level": "info", "message": "m"}',
        '{"at": "2026-11-23T09:46:31Z", "level": "loud", "message": "m"}',
        '{"at": "2026-11-23T09:46:31Z", "level": "info", "message": 7}',
        '{"level": "info"}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_marked_and_the_others_stay(tmp_path: Path, bad: str) -> None:
    directory = RunDirectory(tmp_path / "run")
    path = chunk_of(directory, 3)
    first, _, third = path.read_text().splitlines()
    path.write_text(f"{first}\n{bad}\n{third}\n")
    assert damaged(directory) == [2]
    assert [number for number, _ in directory.lines()] == [1, 2, 3]


def test_bytes_that_are_no_text_damage_their_line_only(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    path = chunk_of(directory, 3)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], b"\xff\xfe\x00", lines[2]]))
    assert damaged(directory) == [2]


def test_the_end_of_a_chunk_that_was_cut_off_is_marked(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    path = chunk_of(directory, 3)
    path.write_text(path.read_text().splitlines()[0][:-5])
    assert damaged(directory) == [1, 2, 3]
    path.write_text("")
    assert damaged(directory) == [1, 2, 3]


def test_a_chunk_that_is_gone_is_marked_line_by_line(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    chunk_of(directory, 2).rename(directory.path / "events-000000003-000002.jsonl")
    assert damaged(directory) == [1, 2]
    assert [number for number, _ in directory.lines(1, 2)] == [2, 3]


def test_files_that_only_look_like_chunks_are_left_out(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    chunk_of(directory, 1)
    (directory.path / "events-tomorrow.jsonl").write_text("{}")
    (directory.path / "events-000000002-000001.jsonl").mkdir()
    assert damaged(directory) == [2]
    assert directory.last_line() == 2


def test_chunks_that_cannot_matter_are_left_out_unread(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path / "run")
    chunk_of(directory, 2)
    assert list(directory.lines(may_matter=lambda raw: '"error"' in raw)) == []
    assert len(list(directory.lines(may_matter=lambda raw: '"info"' in raw))) == 2
