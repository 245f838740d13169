"""What the server says of itself: log lines, numbers, the System page's answer."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from cdalake.server.app import document

if TYPE_CHECKING:
    from .conftest import LiveServer

SECRET = "wJalrXUtnFEMIK7MDENG"
SAMPLE = re.compile(r'^([a-z_]+)(\{(?:[a-z_]+="[^"]*",?)+\})? (\S+)$')


def lines(server: LiveServer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log().splitlines()]


def line_of(server: LiveServer, request_id: str) -> dict[str, Any]:
    """The line of a request; it is written once its answer is on its way."""
    deadline = time.monotonic() + 30
    while True:
        found = [line for line in lines(server) if line.get("request_id") == request_id]
        if found:
            (line,) = found
            return line
        assert time.monotonic() < deadline
        time.sleep(0.02)


def samples(server: LiveServer) -> dict[str, float]:
    answer = server.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    rows = [row for row in answer.text.splitlines() if not row.startswith("#")]
    found = [SAMPLE.match(row) for row in rows]
    assert all(found), rows
    return {f"{m[1]}{m[2] or ''}": float(m[3]) for m in found if m}


def test_each_request_is_one_line_with_its_id_route_status_and_user(loaded: LiveServer) -> None:
    loaded.client.get("/api/tables/cc_claim", headers={"x-request-id": "line-1"})
    line = line_of(loaded, "line-1")
    assert line["method"] == "GET"
    assert line["route"] == "/api/tables/{name}"
    assert line["status"] == 200
    assert line["duration_ms"] > 0
    assert line["user"]
    assert line["level"] == "info"


def test_no_line_holds_what_a_request_brought(loaded: LiveServer) -> None:
    headers = {"authorization": f"Bearer {SECRET}", "cookie": f"session={SECRET}"}
    loaded.client.get(f"/api/tables?search={SECRET}&token={SECRET}", headers=headers)
    loaded.client.get(f"/api/tables/{SECRET}", headers=headers)
    loaded.client.get(f"/api/{SECRET}", headers=headers)
    loaded.client.get(f"/{SECRET}", headers=headers)
    loaded.client.post("/api/guidewire/jobs/start", json={"secret_access_key": SECRET})
    assert SECRET not in loaded.log()
    assert SECRET not in loaded.client.get("/metrics").text
    assert SECRET not in loaded.client.get("/api/system/log").text


def test_a_refused_request_is_counted_and_told_too(loaded: LiveServer) -> None:
    key = 'cdalake_http_requests_total{method="GET",route="refused",status="403"}'
    before = samples(loaded).get(key, 0)
    loaded.client.get("/api/tables", headers={"host": "evil.example", "x-request-id": "evil-1"})
    assert samples(loaded)[key] == before + 1
    assert line_of(loaded, "evil-1")["status"] == 403


def test_numbers_tell_of_requests_stores_database_runs_and_tables(loaded: LiveServer) -> None:
    loaded.get("/api/tables")
    found = samples(loaded)
    assert found['cdalake_http_requests_total{method="GET",route="/api/tables",status="200"}'] >= 1
    assert found['cdalake_http_request_duration_seconds_count{route="/api/tables"}'] >= 1
    assert found['cdalake_database_query_duration_seconds_count{kind="select"}'] > 1
    assert any(key.startswith("cdalake_store_call_duration_seconds_count{") for key in found)
    assert found['cdalake_runs{state="completed"}'] == 1
    assert found['cdalake_runs{state="failed"}'] == 0
    assert found["cdalake_run_success_ratio"] == 1
    assert found['cdalake_run_duration_seconds{quantile="0.95"}'] > 0
    assert found['cdalake_tables{health="Failed"}'] == 0
    assert found['cdalake_processing_lag_seconds_max{connection="default"}'] >= 0
    assert found['cdalake_index_age_seconds{connection="default"}'] >= 0
    assert found['cdalake_refresh_duration_seconds_count{connection="default"}'] >= 1
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert found["process_cpu_seconds"] > 0
    assert any(key.startswith("cdalake_build_info{version=") for key in found)


def test_routes_are_templates_so_that_nobody_can_make_numbers_without_end(
    loaded: LiveServer,
) -> None:
    for name in ("a", "b", "c"):
        loaded.client.get(f"/api/tables/no_such_{name}")
        loaded.client.get(f"/no_such_{name}")
    routes = {m for key in samples(loaded) for m in re.findall(r'route="([^"]*)"', key)}
    pages = {"page", "refused", "/docs", "/docs/errors", "/docs/search.js", "/openapi.json"}
    known = {*document()["paths"], "/api/{path:path}", *pages}
    assert routes <= known


def test_an_open_stream_is_counted_while_it_is_open(loaded: LiveServer) -> None:
    with loaded.client.stream("GET", "/api/events") as stream:
        told = stream.iter_lines()
        next(told)
        assert samples(loaded)["cdalake_sse_clients"] == 1
    loaded.until("/api/system", lambda status: status["process"]["streams"] == 0)


def test_the_system_page_has_versions_threads_index_and_latencies(loaded: LiveServer) -> None:
    loaded.get("/api/dashboard")
    status = loaded.get("/api/system")
    assert {library["name"] for library in status["libraries"]} >= {"fastapi", "deltalake"}
    assert status["database"]["kind"] in ("sqlite", "postgresql")
    assert status["database"]["size_bytes"] > 10_000
    assert 0 < status["disk"]["free_bytes"] <= status["disk"]["total_bytes"]
    assert status["uptime_seconds"] >= 0
    assert all(thread["is_working"] for thread in status["threads"])
    assert {thread["name"] for thread in status["threads"]} >= {"reconciler", "refresher"}
    mine = [lease for lease in status["leases"] if lease["is_this"]]
    assert {lease["pid"] for lease in mine} == {loaded.process.pid}
    assert {(lease["duty"], lease["name"]) for lease in mine} >= {
        ("stand_by", None),
        ("index", "default"),
    }
    assert all(lease["until"].endswith("Z") for lease in mine)
    (index,) = status["indexes"]
    assert index["connection"] == "default"
    assert index["age_seconds"] >= 0
    assert index["failures"] == 0
    assert status["runs"]["by_state"] == {"completed": 1}
    assert status["runs"]["success_rate"] == 1
    (route,) = [each for each in status["requests"] if each["name"] == "/api/dashboard"]
    assert route["p50_ms"] <= route["p95_ms"] <= route["p99_ms"] <= route["worst_ms"]
    assert status["retention"] == {"days": 0, "runs": 0, "due": 0}


def test_a_run_logs_each_event_with_run_and_table(loaded: LiveServer) -> None:
    run_id = loaded.run(table_names=["cc_claim"])
    loaded.ended(run_id)
    output = (loaded.home / "runs" / run_id / "output.log").read_text().splitlines()
    told = [json.loads(line) for line in output]
    assert {line["run_id"] for line in told} == {run_id}
    assert any(line.get("table") == "cc_claim" for line in told)
    assert told[-1]["kind"] == "run_finished"


def test_health_tells_of_database_connections_and_uptime(loaded: LiveServer) -> None:
    health = loaded.until("/health", lambda health: health["checked_at"])
    assert (health["status"], health["database"], health["s3_access"]) == ("healthy", True, True)
    assert health["uptime_seconds"] >= 0
    assert health["checked_at"].endswith("Z")
    assert health["databricks_connection"] is None
