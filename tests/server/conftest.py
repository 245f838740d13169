from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

if TYPE_CHECKING:
    from conftest import Lake

SERVE = """
import os, sys
from cdalake.server import run
from cdalake.settings import load
code = int(os.environ.get("EXIT_CODE", 0))
host = os.environ.get("HOST", "127.0.0.1")
run(load(), host, 0, lambda url: print(url, flush=True), exit_code=code)
sys.exit(code)
"""


class LiveServer:
    """A server process over a lake, as `cdalake serve` starts it."""

    def __init__(self, home: Path, lake: Lake, **environment: str) -> None:
        self.home = home
        self.lake = lake
        self.environment = {
            **os.environ,
            "CDALAKE_HOME": str(home),
            "CDALAKE_SOURCE": lake.source_url,
            "CDALAKE_TARGET": lake.target_url,
            "CDALAKE_REFRESH_SECONDS": "1",
            **environment,
        }
        self.start()

    def start(self) -> None:
        """Start, or start again on the same home."""
        self.home.mkdir(exist_ok=True)
        self._log = (self.home / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, self.log()
        self.client = httpx2.Client(base_url=self.url, timeout=30)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End by a signal; the exit code."""
        self.client.close()
        self.process.send_signal(number)
        code = self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()
        return code

    def log(self) -> str:
        return (self.home / "server.log").read_text()

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of a path that answers well."""
        answer = self.client.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def run(self, **config: Any) -> str:
        """Start a run; its id."""
        answer = self.client.post("/api/guidewire/jobs/start", json={"config": config})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["run_id"])

    def job(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/api/guidewire/jobs/{run_id}")
        return found

    def until(self, path: str, condition: Callable[[Any], object], seconds: float = 90) -> Any:
        """Ask until the answer is so."""
        deadline = time.monotonic() + seconds
        while not condition(answer := self.get(path)):
            assert time.monotonic() < deadline, json.dumps(answer)[:2000]
            time.sleep(0.05)
        return answer

    def ended(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.until(
            f"/api/guidewire/jobs/{run_id}", lambda job: job["end_time"] is not None
        )
        return found

    def worker(self, run_id: str) -> int:
        """The process of a run, as soon as its directory names it."""
        state = self.home / "runs" / run_id / "state.json"
        deadline = time.monotonic() + 60
        while not state.exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return int(json.loads(state.read_text())["pid"])


@pytest.fixture
def server(tmp_path: Path, lake: Lake) -> Iterator[LiveServer]:
    """A server over a small export that nobody has loaded yet."""
    lake.export()
    live = LiveServer(tmp_path / "home", lake)
    yield live
    if live.process.poll() is None:
        live.end()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server whose tables are loaded, on both databases in turn; tests only read from it."""
    from conftest import Lake

    database = {}
    if request.param == "postgresql":
        database["CDALAKE_DATABASE_URL"] = request.getfixturevalue("postgres").create()

    folder = tmp_path_factory.mktemp("loaded")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export()
    live = LiveServer(folder / "home", lake, **database)
    live.ended(live.run())
    live.until("/api/tables", lambda page: all(table["last_updated"] for table in page["tables"]))
    yield live
    live.end()
