from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from .test_api import problem

if TYPE_CHECKING:
    from .conftest import LiveServer


def entries(server: LiveServer, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("/api/audit", params=query)["entries"]
    return found


def refresh(server: LiveServer, times: int) -> None:
    for _ in range(times):
        assert server.client.post("/api/tables/refresh").status_code == 202


def test_every_action_is_written_down_with_who_and_when(server: LiveServer) -> None:
    run_id = server.run(table_names=["cc_*"])
    server.client.delete(f"/api/guidewire/jobs/{run_id}")
    server.ended(run_id)
    server.client.post(f"/api/guidewire/jobs/{run_id}/retry")
    server.ended(run_id)
    other = server.client.post("/api/jobs/run", json={"parameters": {}}).json()["run_id"]
    server.client.delete(f"/api/jobs/{other}")
    refresh(server, 1)
    found = entries(server)
    done = [(entry["action"], entry["subject"]) for entry in reversed(found)]
    assert ("run.start", run_id) in done
    assert ("run.start", other) in done
    assert ("tables.refresh", "all connections") in done
    assert {entry["role"] for entry in found} == {"admin"}
    assert {entry["trigger"] for entry in found} == {"api"}
    assert all(entry["who"] and entry["at"].endswith("Z") for entry in found)


def test_an_action_that_was_refused_is_not_written_down(server: LiveServer) -> None:
    assert server.client.delete("/api/guidewire/jobs/none").status_code == 404
    assert server.client.post("/api/guidewire/jobs/none/retry").status_code == 404
    assert entries(server) == []


def test_a_start_that_is_asked_for_again_is_written_down_once(server: LiveServer) -> None:
    body = {"config": {"table_names": ["cc_*"]}, "request_id": "mine"}
    first, second = (server.client.post("/api/guidewire/jobs/start", json=body) for _ in "12")
    assert (first.json()["is_new"], second.json()["is_new"]) == (True, False)
    run_id = first.json()["run_id"]
    server.ended(run_id)
    assert [(e["action"], e["subject"]) for e in entries(server)] == [("run.start", run_id)]


def test_a_refresh_of_no_connection_that_there_is_is_refused(server: LiveServer) -> None:
    answer = server.client.post("/api/tables/refresh?connection=nobody")
    assert (answer.status_code, answer.json()["code"]) == (400, "NO_CONNECTION")
    assert entries(server) == []


def test_pages_of_the_log_are_newest_first_without_gap_or_double(server: LiveServer) -> None:
    refresh(server, 7)
    seen: list[str] = []
    before = None
    while True:
        query = {"limit": 3} | ({} if before is None else {"before": before})
        page = server.get("/api/audit", params=query)
        seen += [entry["id"] for entry in page["entries"]]
        before = page["next_before"]
        if before is None:
            break
    assert seen == sorted(seen, key=int, reverse=True)
    assert len(seen) == len(set(seen)) == 7


def test_the_log_is_filtered_by_who_action_subject_and_time(server: LiveServer) -> None:
    refresh(server, 2)
    server.client.post("/api/tables/refresh?connection=default")
    me, last = entries(server)[0]["who"], entries(server)[0]
    assert len(entries(server, who=me)) == 3
    assert entries(server, who="somebody else") == []
    assert len(entries(server, action="tables.refresh")) == 3
    assert entries(server, action="run.start") == []
    assert [e["subject"] for e in entries(server, subject="EFAULT")] == ["default"]
    assert entries(server, subject="%") == []
    assert last in entries(server, since=last["at"])
    assert last not in entries(server, until=last["at"])
    problem(server.client.get("/api/audit?since=yesterday"), 400, "INVALID_REQUEST")


@pytest.mark.parametrize("count", [0, 3])
def test_an_export_has_exactly_what_is_filtered(server: LiveServer, count: int) -> None:
    refresh(server, count)
    path = "/api/audit/export?action=tables.refresh"
    rows = list(csv.DictReader(io.StringIO(server.client.get(path).text)))
    assert [row["id"] for row in rows] == [
        e["id"] for e in entries(server, action="tables.refresh")
    ]
    answer = server.client.get(f"{path}&format=json")
    assert answer.json() == entries(server, action="tables.refresh")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.json"'
    assert len(entries(server, action="audit.export")) == 2
