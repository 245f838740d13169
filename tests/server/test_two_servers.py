"""Two server processes on one database and one home: they share the work, one's death is no end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake

CONNECTIONS = ("north", "south", "west")
"""... and the default one, which is in the environment of both."""


class Pair:
    """Two servers; the tests kill them."""

    def __init__(self, home: Path, lake: Lake, database_url: str) -> None:
        home.mkdir()
        places = f'source = "{lake.source_url}"\ntarget = "{lake.target_url}'
        toml = "".join(f'[connections.{n}]\n{places}/{n}"\n' for n in CONNECTIONS)
        (home / "cdalake.toml").write_text(toml)
        self.home = home
        self.url = database_url
        settings = {"CDALAKE_DATABASE_URL": database_url, "CDALAKE_REFRESH_SECONDS": "1"}
        self.servers = [LiveServer(home, lake, **settings) for _ in range(2)]

    @property
    def one(self) -> LiveServer:
        return self.servers[0]

    @property
    def other(self) -> LiveServer:
        return self.servers[1]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        engine = create_engine(self.url)
        with closing(engine.connect()) as connection:
            found = [tuple(row) for row in connection.execute(text(statement))]
        engine.dispose()
        return found

    def until(self, wanted: list[int], seconds: float = 60) -> None:
        """Wait until each server has so many of the connections."""
        held = "SELECT holder FROM leases WHERE subject LIKE 'connection/%'"
        deadline = time.monotonic() + seconds
        while True:
            pids = [int(holder.split("|")[1]) for (holder,) in self.ask(held)]
            counts = [pids.count(server.process.pid) for server in self.servers]
            if counts == wanted:
                return
            assert time.monotonic() < deadline, counts
            time.sleep(0.1)

    def shared(self) -> None:
        """Wait until both work."""
        self.until([2, 2])

    def close(self) -> None:
        for server in self.servers:
            if server.process.poll() is None:
                server.process.send_signal(signal.SIGCONT)
                server.end()


@pytest.fixture
def pair(tmp_path: Path, lake: Lake, database_url: str) -> Iterator[Pair]:
    lake.export(tables=2)
    opened = Pair(tmp_path / "home", lake, database_url)
    try:
        opened.shared()
        yield opened
    finally:
        opened.close()


def test_a_server_that_is_killed_is_followed_by_the_other(pair: Pair) -> None:
    """Its connections, its pending run and its running one, each exactly once."""
    running = pair.one.run(connection="north")
    pending = pair.one.run(connection="north")
    worker = pair.one.worker(running)
    os.kill(worker, signal.SIGSTOP)
    pair.one.end(signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    pair.until([0, 4], seconds=15)
    ends = [pair.other.ended(run_id) for run_id in (running, pending)]
    assert [end["status"] for end in ends] == ["completed", "completed"]
    assert [end["attempt"] for end in ends] == [2, 1]
    page = pair.other.until(
        "/api/tables?connection=north", lambda page: all(t["last_updated"] for t in page["tables"])
    )
    assert page["total"] == 2
    assert all(table["transaction_count"] == 1 for table in page["tables"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_hangs_loses_its_work_and_stands_back_when_it_wakes(pair: Pair) -> None:
    run_id = pair.one.run(connection="north")
    assert pair.other.ended(run_id)["status"] == "completed"
    pair.one.process.send_signal(signal.SIGSTOP)
    # It lives, so that nothing but its leases tells that it does nothing.
    pair.until([0, 4], seconds=30)
    other = pair.other.run(connection="south")
    assert pair.other.ended(other)["status"] == "completed"
    pair.one.process.send_signal(signal.SIGCONT)
    pair.shared()
    assert pair.one.job(other)["attempt"] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_runs_started_at_both_servers_are_each_carried_out_once(pair: Pair) -> None:
    runs = [
        server.run(connection=name) for name in CONNECTIONS for server in (pair.one, pair.other)
    ]
    ends = [pair.other.ended(run_id) for run_id in runs]
    assert {end["status"] for end in ends} == {"completed"}
    assert {end["attempt"] for end in ends} == {1}
    assert pair.one.get("/api/guidewire/jobs") == pair.other.get("/api/guidewire/jobs")
