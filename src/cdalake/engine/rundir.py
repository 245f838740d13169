"""The run directory: what a run leaves for others to read, the same on a disk and in a volume.

    <runs>/<run_id>/
        spec.json             what was asked (no secrets)
        spec-ATTEMPT.json     what a later attempt was asked, where it differs (a retry)
        state.json            where it stands; replaced as a whole, at most once a second
        events-FIRST-COUNT.jsonl  chunks of the log, numbered by line, each written once
        result.json           how the newest attempt ended; its presence is that attempt's end
        result-ATTEMPT.json   how an earlier attempt ended
        cancel                its presence asks the run to stop at the next folder
        lock                  held by the process that carries the run out
        output.log            what that process printed, where the server started it

Nothing is appended to: volumes have no appends (databricks.md §3). A chunk is flushed at the latest
a second after its first event.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import secrets
import socket
import threading
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from cdalake.engine.progress import Event, RunState, TableState, iso, utc_now

FLUSH_SECONDS = 1.0
CHUNK_EVENTS = 1000


def new_run_id() -> str:
    """An id that sorts by time and is easy to say, e.g. ``20261123-094630-8c42``."""
    return f"{utc_now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@dataclass(frozen=True)
class RunSpec:
    """What a run was asked to do. JSON-ready and free of secrets.

    Attributes:
        connection: name of the connection it belongs to.
        include, exclude: table globs; an empty `include` means every table.
        layout: ``copy`` or ``zero_copy``.
        rebase: ``FROM=TO`` or None.
        trigger: ``cli``, ``page``, ``api`` or ``demo``.
        requested_by: who asked; ends up in each commit's ``userName``.
        largest_first: how many of the largest tables go first; None orders all by pending bytes.
    """

    run_id: str
    connection: str
    source: str
    target: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    layout: str = "copy"
    rebase: str | None = None
    commit_per_folder: bool = False
    workers: int = 8
    lookback_seconds: int = 7200
    settle_seconds: int = 900
    trigger: str = "cli"
    requested_by: str = "unknown"
    largest_first: int | None = None

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> RunSpec:
        """Rebuild from `to_json`; unknown keys of a newer version are ignored."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in document.items()
        }
        return cls(**{k: v for k, v in values.items() if k in known})


@dataclass
class TableProgress:
    """Where one table stands, as `state.json` shows it."""

    status: TableState = TableState.PENDING
    folders: int = 0
    files: int = 0
    bytes: int = 0
    files_done: int = 0
    bytes_done: int = 0
    rows: int = 0
    commits: int = 0
    version: int | None = None
    started_at: str | None = None
    finished_at: str | None = None
    error: dict[str, str] | None = None
    notes: list[dict[str, str]] = field(default_factory=list)
    watermark: int | None = None
    start_watermark: int | None = None
    manifest_records: int | None = None


@dataclass
class Progress:
    """`state.json` as a value: fold events into it with `apply`."""

    run_id: str
    state: RunState = RunState.PENDING
    attempt: int = 1
    host: str = ""
    pid: int = 0
    process_started: float | None = None
    started_at: str | None = None
    updated_at: str | None = None
    lines: int = 0
    tables: dict[str, TableProgress] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Take one event into account."""
        self.lines += 1
        self.updated_at = iso(event.at)
        if event.table is None:
            self._apply_to_run(event)
        else:
            self._apply_to_table(self.tables.setdefault(event.table, TableProgress()), event)

    def _apply_to_run(self, event: Event) -> None:
        if event.kind == "run_started":
            self.state = RunState.RUNNING
            self.started_at = iso(event.at)
            for name in event.data.get("tables", []):
                self.tables.setdefault(name, TableProgress())
        elif event.kind == "run_finished":
            self.state = RunState(event.data["status"])

    @staticmethod
    def _apply_to_table(table: TableProgress, event: Event) -> None:
        data = event.data
        if event.kind == "table_started":
            table.status, table.started_at = TableState.RUNNING, iso(event.at)
        elif event.kind == "table_planned":
            table.folders, table.files, table.bytes = data["folders"], data["files"], data["bytes"]
        elif event.kind == "progress":
            table.files_done, table.bytes_done = data["files"], data["bytes"]
        elif event.kind == "committed":
            table.commits += 1
            table.rows += data["rows"]
            table.version = data["version"]
        elif event.kind == "warning":
            table.notes.append(data)
        elif event.kind == "table_finished":
            table.status = TableState(data["status"])
            table.version, table.rows = data["version"], data["rows"]
            table.files_done = max(table.files_done, data["files"])
            table.bytes_done = max(table.bytes_done, data["bytes"])
            table.error, table.finished_at = data["error"], iso(event.at)
            table.started_at = data["started_at"] or table.started_at
            table.watermark, table.start_watermark = data["watermark"], data["start_watermark"]
            table.manifest_records, table.notes = data["manifest_records"], data["warnings"]

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return asdict(self)


def process_start(pid: int) -> float | None:
    """A number that tells this process from a later one with the same `pid`; None if it is gone.

    On Linux the start time in clock ticks since boot; elsewhere 0.0 for a process that exists.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
        return _exists(pid)
    after_name = text.rpartition(")")[2].split()
    is_zombie = after_name[0] == "Z"
    return None if is_zombie else float(after_name[19])


def _exists(pid: int) -> float | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0.0
    return 0.0


@dataclass(frozen=True)
class Process:
    """A process of some machine.

    Attributes:
        started: see `process_start`.
    """

    host: str
    pid: int
    started: float | None


class RunDirectory:
    """Reading side of a run directory; see the module's docstring for its files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, runs: Path, spec: RunSpec) -> RunDirectory:
        """Make ``<runs>/<run_id>`` with its ``spec.json``."""
        directory = cls(runs / spec.run_id)
        directory.path.mkdir(parents=True, exist_ok=True)
        directory.write("spec.json", spec.to_json())
        return directory

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Put a whole JSON file in place at once; a reader never sees half of it."""
        temporary = self.path / f".{name}.{os.getpid()}.{threading.get_ident()}"
        _put(temporary, json.dumps(document), self.path / name)

    def read(self, name: str) -> dict[str, Any] | None:
        """A JSON file as a dict; None when it is not there."""
        try:
            document: dict[str, Any] = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
            return None
        return document

    @property
    def spec(self) -> RunSpec | None:
        """What was asked; None when the directory is not a run's."""
        document = self.read("spec.json")
        return RunSpec.from_json(document) if document else None

    def spec_of(self, attempt: int) -> RunSpec | None:
        """What an attempt was asked: its own, or that of the newest retry before it."""
        for number in range(attempt, 1, -1):
            document = self.read(f"spec-{number}.json")
            if document:
                return RunSpec.from_json(document)
        return self.spec

    def begin_attempt(self, attempt: int, spec: RunSpec) -> None:
        """Prepare attempt 1, or put the end of the one before out of the way of the next."""
        self.path.mkdir(parents=True, exist_ok=True)
        if attempt == 1:
            self.write("spec.json", spec.to_json())
            return
        earlier = self.read("result.json")
        if earlier is not None and earlier.get("attempt", attempt - 1) < attempt:
            name = f"result-{earlier.get('attempt', attempt - 1)}.json"
            with suppress(FileNotFoundError):
                (self.path / "result.json").replace(self.path / name)
        (self.path / "cancel").unlink(missing_ok=True)
        if spec != self.spec_of(attempt):
            self.write(f"spec-{attempt}.json", spec.to_json())

    def result_of(self, attempt: int) -> dict[str, Any] | None:
        """How an attempt ended; None while it goes on, or when it never said."""
        newest = self.read("result.json")
        if newest is not None and newest.get("attempt", attempt) == attempt:
            return newest
        return self.read(f"result-{attempt}.json")

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the run for this process; False when another one carries it out."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def request_cancel(self) -> None:
        """Ask the run to stop at the next folder; it may be any process, here or elsewhere."""
        (self.path / "cancel").touch()

    @property
    def is_cancel_requested(self) -> bool:
        """Somebody asked the run to stop."""
        return (self.path / "cancel").exists()

    def lines(
        self, after: int = 0, limit: int | None = None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Log lines with a number greater than `after`, oldest first, as (number, event).

        Numbers start at 1 and have no gaps, across attempts too.
        """
        end = None if limit is None else after + limit
        chunks = self._chunks()
        # The chunk before the first one that begins too late may hold the line.
        begin = max(0, bisect_right(chunks, after + 1, key=_first_line) - 1)
        for name in itertools.islice(chunks, begin, None):
            number = _first_line(name) - 1
            for line in (self.path / name).read_text(encoding="utf-8").splitlines():
                number += 1
                if end is not None and number > end:
                    return
                if number > after:
                    yield number, json.loads(line)

    def last_line(self) -> int:
        """Number of the newest log line; 0 when there is none."""
        newest = max(self._chunks(), default="events-000000001-000000.jsonl")
        return _first_line(newest) + int(newest.split("-")[2].removesuffix(".jsonl")) - 1

    @property
    def told_lines(self) -> int:
        """Number of the newest log line as ``state.json`` has it: cheap, at most a flush behind."""
        state = self.read("state.json")
        return self.last_line() if state is None else int(state.get("lines", 0))

    def _chunks(self) -> list[str]:
        """Names of the chunks, oldest first. A run of many hours has tens of thousands."""
        try:
            with os.scandir(self.path) as entries:
                return sorted(e.name for e in entries if e.name.startswith("events-"))
        except (FileNotFoundError, NotADirectoryError):
            return []


def _first_line(chunk: str) -> int:
    return int(chunk[7:16])


def _put(temporary: Path, text: str, path: Path) -> None:
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


class RunRecorder:
    """Writing side: a sink that keeps ``state.json`` and the event chunks of one attempt."""

    def __init__(self, directory: RunDirectory, run_id: str, attempt: int = 1) -> None:
        self.directory = directory
        self.attempt = attempt
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._pending: list[str] = []
        self._next_line = directory.last_line() + 1
        pid = os.getpid()
        self.progress = Progress(
            run_id,
            attempt=attempt,
            host=socket.gethostname(),
            pid=pid,
            process_started=process_start(pid),
            lines=self._next_line - 1,
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._flush_often, name="run-recorder", daemon=True)
        self.flush()
        self._thread.start()

    def emit(self, event: Event) -> None:
        """Take one event; it is on disk within a second."""
        with self._lock:
            self.progress.apply(event)
            self._pending.append(json.dumps(event.to_json()))

    def flush(self) -> None:
        """Write what is pending, and the state. What cannot be written stays pending.

        Raises:
            OSError: the disk is full, or the directory is gone.
        """
        with self._write_lock:
            with self._lock:
                count = len(self._pending)
                self.progress.updated_at = iso(utc_now())
                state = self.progress.to_json()
            for start in range(0, count, CHUNK_EVENTS):
                self._write_chunk(min(CHUNK_EVENTS, count - start))
            self.directory.write("state.json", state)

    def _write_chunk(self, count: int) -> None:
        lines = self._pending[:count]
        # The name carries first line and count, so a reader finds an offset without opening files.
        name = f"events-{self._next_line:09d}-{len(lines):06d}.jsonl"
        path = self.directory.path / name
        _put(path.with_name(f".{name}"), "\n".join(lines) + "\n", path)
        self._next_line += count
        with self._lock:
            del self._pending[:count]

    def _flush_often(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            # A disk that is full now may have room in a second; `close` tells if it never has.
            with suppress(OSError):
                self.flush()

    def close(self, result: dict[str, Any] | None) -> None:
        """Flush for the last time and, with a `result`, write ``result.json``; may be repeated.

        Raises:
            OSError: as of `flush`.
        """
        self._stop.set()
        self._thread.join()
        self.flush()
        if result is not None:
            self.directory.write("result.json", {**result, "attempt": self.attempt})
