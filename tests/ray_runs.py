"""Runs with the runner `ray` as programs of their own, and what became of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdalake.samples import Export
from conftest import Lake

TOKEN = "0123456789abcdef" * 4

Line = dict[str, Any]


def unmeasured() -> dict[str, str]:
    """The environment of what is not ours to measure."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE_", "RAY_"))}
    return {**ours, "RAY_AUTH_TOKEN": TOKEN}


class Running:
    """A run that goes on in a process of its own, and what it told so far."""

    def __init__(self, command: list[str], folder: Path, **environment: str) -> None:
        self._errors = folder / f"{uuid.uuid4().hex}.txt"
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**unmeasured(), **environment},
                start_new_session=True,
            )
        self.lines: list[Line] = []

    def until(self, wanted: Callable[[Line], bool]) -> Line:
        """Read on until a line is wanted."""
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self.lines.append(json.loads(text))
            if wanted(self.lines[-1]):
                return self.lines[-1]
            if "totals" in self.lines[-1]:
                break
        raise AssertionError(f"it never came: {self._errors.read_text()} {self.lines[-3:]}")

    def until_told(self, kind: str, times: int = 1) -> None:
        """Read on until events of this kind came for so many tables."""
        tables: set[str | None] = set()

        def is_enough(line: Line) -> bool:
            if line.get("kind") == kind:
                tables.add(line["table"])
            return len(tables) == times

        self.until(is_enough)

    def result(self) -> Line:
        """The last line."""
        result = self.until(lambda line: "totals" in line)
        self.process.wait(timeout=60)
        return result

    @property
    def kinds(self) -> set[str]:
        """Kinds of the events so far."""
        return {line["kind"] for line in self.lines if "kind" in line}

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


Start = Callable[..., Running]


def sync(start: Start, lake: Lake, *options: str, **environment: str) -> Running:
    """The command line, as people call it."""
    command = ["-m", "cdalake", "sync", lake.source_url, lake.target_url, "--runner", "ray"]
    return start(*command, "--json", *options, **environment)


def assert_exact(lake: Lake, export: Export, result: Line) -> None:
    """Every table has one result, and the rows of the truth (R49)."""
    assert sorted(table["table"] for table in result["tables"]) == sorted(export.tables)
    for table in export.tables:
        truth = sorted(row["id"] for row in export.rows(table))
        assert sorted(row["id"] for row in lake.rows(table)) == truth


def of_session(session: int) -> list[str]:
    """Processes of a session that live, as Linux tells it."""
    command = ["ps", "-o", "pid=,stat=,args=", "-s", str(session)]
    found = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    # What lost its parent may wait for a long time until somebody takes note of its end.
    return [line for line in found if not line.split()[1].startswith("Z")]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
