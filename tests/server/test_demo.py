"""Demo data from an empty server, over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Lake


@pytest.fixture
def empty(tmp_path: Path, lake: Lake) -> Iterator[LiveServer]:
    """A server that knows no connection."""
    nothing = {"CDALAKE_SOURCE": "", "CDALAKE_TARGET": ""}
    live = LiveServer(tmp_path / "home", lake, **nothing)
    yield live
    live.end()


def test_an_empty_server_gets_tables_by_one_request(empty: LiveServer) -> None:
    assert empty.get("/api/dashboard")["connections"] == []
    answer = empty.client.post("/api/demo")
    assert answer.status_code == 201, answer.text
    ended = empty.ended(answer.json()["run_id"])
    assert (ended["status"], ended["total_tables"]) == ("completed", 24)
    empty.until("/api/tables", lambda page: page["total"] == 24)
    done = [entry["action"] for entry in empty.get("/api/audit")["entries"]]
    assert done == ["run.start", "connection.add"]
    again = empty.client.post("/api/demo")
    assert (again.status_code, again.json()["code"]) == (409, "NOT_EMPTY")


def test_demo_data_is_never_mixed_with_what_is_there(server: LiveServer) -> None:
    answer = server.client.post("/api/demo")
    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_EMPTY")
    assert not (server.home / "demo").exists()
