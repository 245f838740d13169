"""The runner `ray` with a real Ray of its own."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdalake.runners.places import is_ray_installed
from cdalake.samples import Export
from cdalake.secret import Secret
from cdalake.settings import AMBIENT
from cdalake.storage.inline import InlineKeys
from conftest import Lake

pytestmark = [
    pytest.mark.xdist_group("ray"),  # each Ray takes seconds and half a gigabyte
    pytest.mark.skipif(not is_ray_installed(), reason="Ray is not installed"),
]

TOKEN = "0123456789abcdef" * 4
PLANTED = "planted-" + "5ecret" * 4

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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs and sees to their end."""
    started: list[Running] = []

    def begin(*command: str, **environment: str) -> Running:
        home = {"CDALAKE_HOME": str(tmp_path / "home")}
        started.append(Running(list(command), tmp_path, **home, **environment))
        return started[-1]

    yield begin
    for run in started:
        run.close()


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


# -- a Ray of the run's own -------------------------------------------------------------------


def test_a_private_ray_ends_with_its_run_and_the_tables_are_exact(
    lake: Lake, start: Start, tmp_path: Path
) -> None:
    export = lake.export(tables=4)
    killed = sync(start, lake)
    killed.until(lambda line: line.get("kind") == "cluster")
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    until(lambda: not of_session(killed.process.pid))

    run = sync(start, lake)
    result = run.result()
    assert (run.process.returncode, result["status"]) == (0, "completed")
    assert_exact(lake, export, result)
    until(lambda: not of_session(run.process.pid))
    state = json.loads((tmp_path / "home/runs" / result["run_id"] / "state.json").read_text())
    assert state["cluster"]["address"] is None
    assert [node["is_alive"] for node in state["cluster"]["nodes"]] == [True]
    assert run.kinds >= {"run_started", "table_planned", "committed", "table_finished", "cluster"}


def test_a_run_with_nothing_new_starts_no_ray(lake: Lake, start: Start) -> None:
    lake.export()
    lake.sync()
    run = sync(start, lake)
    assert {table["status"] for table in run.result()["tables"]} == {"no_change"}
    assert "cluster" not in run.kinds


# -- keys -------------------------------------------------------------------------------------


def test_keys_travel_only_in_the_wrapping_that_is_made_for_it() -> None:
    from cdalake.runners.ray_tasks import HandedKeys

    keys = InlineKeys.of("AKIAPLANTEDPLANTED00", PLANTED, None)
    with pytest.raises(TypeError):
        pickle.dumps(keys)
    handed = HandedKeys(keys)
    assert PLANTED not in repr(handed)
    there = pickle.loads(pickle.dumps(handed)).opener("s3://bucket/x", AMBIENT)  # noqa: S301
    assert there.access.keys.secret_access_key == Secret(PLANTED)
