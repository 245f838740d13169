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
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cdalake.engine.eventlog import EventLog
from cdalake.engine.spec import RunSpec


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
        self.put(name, json.dumps(document))

    def put(self, name: str, text: str) -> None:
        """Put a whole file in place at once; nothing is left of one that cannot be written."""
        temporary = self.path / f".{name}.{os.getpid()}.{threading.get_ident()}"
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self.path / name)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise

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

    @property
    def is_held(self) -> bool:
        """Some process carries the run out, whoever started it."""
        try:
            file = (self.path / "lock").open()
        except (FileNotFoundError, NotADirectoryError):
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def request_cancel(self) -> None:
        """Ask the run to stop at the next folder; it may be any process, here or elsewhere."""
        (self.path / "cancel").touch()

    @property
    def is_cancel_requested(self) -> bool:
        """Somebody asked the run to stop."""
        return (self.path / "cancel").exists()

    def lines(
        self,
        after: int = 0,
        limit: int | None = None,
        may_matter: Callable[[str], bool] = lambda _: True,
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Log lines of the `limit` numbers after `after`, oldest first, as (number, event).

        Args:
            may_matter: see `EventLog.lines`.
        """
        found = EventLog(self.path).lines(after, may_matter)
        if limit is None:
            return found
        return itertools.takewhile(lambda line: line[0] <= after + limit, found)

    def last_line(self) -> int:
        """Number of the newest log line; 0 when there is none."""
        return EventLog(self.path).last_line()

    @property
    def told_lines(self) -> int:
        """Number of the newest log line as ``state.json`` has it: cheap, at most a flush behind."""
        state = self.read("state.json")
        return self.last_line() if state is None else int(state.get("lines", 0))

    def cluster_of(self, attempt: int) -> dict[str, Any] | None:
        """How the cluster stood that an attempt works on, as it told last; None without one."""
        state = self.read("state.json")
        if state is None or state.get("attempt", 1) != attempt:
            return None
        told: dict[str, Any] | None = state.get("cluster")
        return told
