"""What changed, over real HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake


class Reader:
    """Reads a stream in a thread of its own, as a browser does."""

    def __init__(self, server: LiveServer, last: int | None = None) -> None:
        self._server = server
        self._headers = {} if last is None else {"Last-Event-ID": str(last)}
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.ids: list[int] = []
        self.has_ended = threading.Event()
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with (
            httpx2.Client(base_url=self._server.url, timeout=120) as client,
            client.stream("GET", "/api/events", headers=self._headers) as stream,
        ):
            name = ""
            for line in stream.iter_lines():
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "id":
                    self.ids.append(int(value))
                elif key == "data":
                    with self._news:
                        self.events.append((name, json.loads(value)))
                        self._news.notify_all()
        self.has_ended.set()

    def until(self, kind: str, value: str) -> None:
        """Wait until a change of that kind names the value."""
        with self._news:
            assert self._news.wait_for(lambda: value in self.all(kind), 60), self.events

    def all(self, kind: str) -> list[str]:
        return [each for name, data in self.events if name == "changes" for each in data[kind]]


def run_in_a_terminal(server: LiveServer) -> str:
    """A run of the command line beside the server; its id."""
    lake = server.lake
    command = [sys.executable, "-m", "cdalake", "sync", lake.source_url, lake.target_url, "--json"]
    ended = subprocess.run(command, env=server.environment, capture_output=True, check=True)
    return str(json.loads(ended.stdout.splitlines()[-1])["run_id"])


def test_two_readers_hear_of_a_run_that_a_terminal_started(server: LiveServer) -> None:
    readers = [Reader(server), Reader(server)]
    run_id = run_in_a_terminal(server)
    for reader in readers:
        reader.until("runs", run_id)
    assert server.job(run_id)["trigger"] == "cli"


def test_a_reader_resumes_by_the_last_id_without_a_gap(server: LiveServer) -> None:
    first = server.get("/api/changes")["last_id"]
    run_id = server.run()
    server.ended(run_id)
    reader = Reader(server, last=first)
    reader.until("runs", run_id)
    asked = server.get(f"/api/changes?after={first}")
    assert run_id in asked["runs"]
    assert reader.ids == sorted(reader.ids)
    assert server.get(f"/api/changes?after={asked['last_id']}")["runs"] == []


def test_the_numbers_go_on_after_a_restart_and_the_server_is_another_one(
    server: LiveServer,
) -> None:
    before = server.get("/api/changes")
    server.end()
    run_id = run_in_a_terminal(server)
    server.start()
    reader = Reader(server, last=before["last_id"])
    reader.until("runs", run_id)
    after = server.get(f"/api/changes?after={before['last_id']}")
    assert after["server"] != before["server"]
    assert not after["everything"]


def test_a_quiet_stream_says_that_it_lives_in_few_bytes(tmp_path: Path, lake: Lake) -> None:
    lake.export()
    server = LiveServer(tmp_path / "home", lake, CDALAKE_REFRESH_SECONDS="3600")
    reader = Reader(server)
    deadline = time.monotonic() + 60
    while not any(name == "tick" for name, _ in reader.events):
        assert time.monotonic() < deadline, reader.events
        time.sleep(0.05)
    answer = server.client.get(f"/api/changes?after={reader.ids[-1]}")
    assert len(answer.content) < 2048
    server.end()


def test_a_reader_that_does_not_read_keeps_nobody_waiting(server: LiveServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    deaf = [socket.create_connection((host, int(port))) for _ in range(20)]
    for each in deaf:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        each.sendall(f"GET /api/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    reader = Reader(server)
    run_id = server.run()
    reader.until("runs", run_id)
    assert server.ended(run_id)["status"] == "completed"
    for each in deaf:
        each.close()


def test_a_server_that_is_told_to_end_ends_its_streams_first(server: LiveServer) -> None:
    reader = Reader(server)
    deadline = time.monotonic() + 30
    while not reader.events:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert server.end() == 0
    assert reader.has_ended.wait(30)
    # Else the grace that open requests are given would have run out.
    assert "timeout graceful shutdown exceeded" not in server.log()


@pytest.mark.parametrize("after", ["-1", "x"])
def test_a_number_that_is_none_is_refused(loaded: LiveServer, after: str) -> None:
    assert loaded.client.get(f"/api/changes?after={after}").status_code == 400


def test_a_number_of_another_database_means_read_everything(loaded: LiveServer) -> None:
    assert loaded.get("/api/changes?after=999999999")["everything"]


def test_a_number_that_no_stream_ever_told_begins_anew(server: LiveServer) -> None:
    reader = Reader(server, last=int("9" * 4000))
    run_id = run_in_a_terminal(server)
    reader.until("runs", run_id)
