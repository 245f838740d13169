"""The writing side of a run directory: events become ``state.json`` and chunks of the log."""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from cdalake.engine.eventlog import chunk_name
from cdalake.engine.manifests import Manifests
from cdalake.engine.process import process_start
from cdalake.engine.progress import Event, RunState, TableState, iso, utc_now
from cdalake.engine.rundir import RunDirectory

FLUSH_SECONDS = 1.0
CHUNK_EVENTS = 1000


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
    checks: dict[str, Any] | None = None


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
    manifest_sha256: str | None = None
    cluster: dict[str, Any] | None = None
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
            self.manifest_sha256 = event.data.get("manifest_sha256")
            for name in event.data.get("tables", []):
                self.tables.setdefault(name, TableProgress())
        elif event.kind == "cluster":
            self.cluster = {**event.data, "told_at": iso(event.at)}
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
            table.checks = data.get("checks")

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return asdict(self)


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
        if event.document is not None:
            # For audit only: a disk without room must not stop the rows.
            with suppress(OSError):
                manifests = Manifests(self.directory.path.parent)
                manifests.keep(event.data["manifest_sha256"], event.document)
        with self._lock:
            self.progress.apply(event)
            self._pending.append(json.dumps({**event.to_json(), "attempt": self.attempt}))

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
        self.directory.put(chunk_name(self._next_line, count), "\n".join(lines) + "\n")
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
