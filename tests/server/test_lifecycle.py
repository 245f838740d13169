from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from databases import start_postgres

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake


def test_a_run_goes_on_while_the_server_is_killed_and_is_found_by_the_next(
    server: LiveServer,
) -> None:
    run_id = server.run()
    worker = server.worker(run_id)
    os.kill(worker, signal.SIGSTOP)
    server.end(signal.SIGKILL)
    os.kill(worker, signal.SIGCONT)
    server.start()
    ended = server.ended(run_id)
    assert (ended["status"], ended["attempt"]) == ("completed", 1)
    logs = server.get(f"/api/runs/{run_id}/logs?limit=5000")
    assert [line["line"] for line in logs["lines"]] == list(range(1, logs["last_line"] + 1))


def test_a_run_that_died_with_its_server_is_taken_up_by_the_next(server: LiveServer) -> None:
    run_id = server.run()
    worker = server.worker(run_id)
    os.kill(worker, signal.SIGSTOP)
    server.end(signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    server.start()
    ended = server.ended(run_id)
    assert (ended["status"], ended["attempt"]) == ("completed", 2)
    assert ended["tables_ok"] + ended["tables_no_change"] == 3
    for name in server.lake.manifest():
        assert server.lake.table(name).rows


def test_a_server_that_is_told_to_end_does_so_soon_although_a_stream_is_open(
    server: LiveServer,
) -> None:
    run_id = server.run()
    os.kill(server.worker(run_id), signal.SIGSTOP)
    worker = server.worker(run_id)
    opened = threading.Event()

    def listen() -> None:
        with server.client.stream("GET", f"/api/runs/{run_id}/events") as stream:
            for _ in stream.iter_lines():
                opened.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert opened.wait(30)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(30)
    assert time.monotonic() - began < 15
    listener.join(30)
    server.end()
    os.kill(worker, signal.SIGCONT)
    server.start()
    assert server.ended(run_id)["status"] == "completed"


def test_a_cancelled_run_stops_and_a_second_cancel_is_a_conflict(server: LiveServer) -> None:
    run_id = server.run()
    worker = server.worker(run_id)
    os.kill(worker, signal.SIGSTOP)
    answer = server.client.delete(f"/api/guidewire/jobs/{run_id}")
    assert answer.status_code == 202
    assert answer.json() == {"message": "Cancellation requested"}
    assert server.job(run_id)["status"] == "cancelling"
    os.kill(worker, signal.SIGCONT)
    ended = server.ended(run_id)
    assert ended["status"] in ("cancelled", "completed")
    again = server.client.delete(f"/api/jobs/{run_id}")
    assert again.status_code == 409
    assert again.json()["code"] == "RUN_IS_FINAL"


def test_a_database_that_goes_away_is_said_and_found_again_without_a_restart(
    tmp_path: Path, lake: Lake
) -> None:
    database = start_postgres()
    lake.export()
    server = LiveServer(tmp_path / "home", lake, CDALAKE_DATABASE_URL=database.create())
    run_id = server.run()
    server.ended(run_id)
    database.pause()
    for path in ("/api/tables", f"/api/runs/{run_id}/logs", "/health/ready"):
        answer = server.client.get(path)
        assert answer.status_code == 503
        assert answer.json()["code"] == "DATABASE_UNAVAILABLE"
    health = server.get("/health")
    assert (health["status"], health["database"], health["s3_access"]) == ("degraded", False, None)
    database.resume()
    assert server.job(run_id)["status"] == "completed"
    assert server.ended(server.run())["status"] == "completed"
    server.end()
    database.close()


def test_a_repeated_request_starts_one_run(server: LiveServer) -> None:
    body = {"request_id": "click-1"}
    ids = {
        server.client.post("/api/guidewire/jobs/start", json=body).json()["run_id"]
        for _ in range(3)
    }
    assert len(ids) == 1
    server.ended(ids.pop())
    assert len(server.get("/api/guidewire/jobs")) == 1


def test_the_tables_of_a_run_are_shown_soon_after_they_were_loaded(server: LiveServer) -> None:
    run_id = server.client.post("/api/jobs/run", json={}).json()["run_id"]
    server.ended(run_id)
    server.until(
        "/api/tables",
        lambda page: [t["last_run_status"] for t in page["tables"]] == ["ok", "ok", "ok"],
        seconds=10,
    )


def events(server: LiveServer, run_id: str, last: str | None = None) -> list[dict[str, Any]]:
    """Every event of a stream, until it ends."""
    headers = {"last-event-id": last} if last else {}
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    path = f"/api/runs/{run_id}/events"
    with server.client.stream("GET", path, headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if line == "" and event:
                found.append(event)
                event = {}
            elif name in ("event", "id", "data"):
                event[name] = json.loads(value) if name == "data" else value
    return found


def test_a_stream_tells_changed_fields_of_changed_tables_only(server: LiveServer) -> None:
    run_id = server.run()
    told = events(server, run_id)
    assert told[0]["event"] == "base"
    changes = [e["data"] for e in told if e["event"] == "progress"]
    # What the changes say over the first answer is what the last answer says.
    known: dict[str, dict[str, Any]] = {}
    for change in changes:
        for row in change["results"]:
            known.setdefault(row["table"], {}).update(row)
    final = {row["table"]: row for row in server.job(run_id)["results"]}
    for name, row in known.items():
        assert row.items() <= final[name].items()


def test_a_stream_follows_a_run_to_its_end_and_resumes_by_the_last_id(server: LiveServer) -> None:
    run_id = server.run()
    told = events(server, run_id)
    assert told[-1]["event"] == "end"
    assert told[-1]["data"] == {"run_id": run_id, "status": "completed"}
    numbers = [line["line"] for e in told if e["event"] == "log" for line in e["data"]]
    last = server.job(run_id)["last_line"]
    assert numbers == list(range(1, last + 1))
    progress = [e["data"] for e in told if e["event"] == "progress"]
    assert progress[-1]["run"]["status"] == "completed"
    assert "config" not in progress[-1]["run"]
    again = events(server, run_id, last=str(last - 2))
    resumed = [line["line"] for e in again if e["event"] == "log" for line in e["data"]]
    assert resumed == [last - 1, last]


def test_two_servers_on_one_home_carry_a_run_out_once(server: LiveServer) -> None:
    from .conftest import LiveServer as Live

    other = Live(server.home, server.lake)
    try:
        ids = [server.run() for _ in range(3)]
        for run_id in ids:
            ended = other.ended(run_id)
            assert (ended["status"], ended["attempt"]) == ("completed", 1)
        rows = {name: server.lake.table(name).rows for name in server.lake.manifest()}
        other.ended(other.run())
        assert rows == {name: server.lake.table(name).rows for name in rows}
    finally:
        other.end()


def test_a_store_that_hangs_slows_nobody_else(tmp_path_factory: Any, lake: Any) -> None:
    import socket

    from .conftest import LiveServer as Live

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        folder = tmp_path_factory.mktemp("hang")
        lake.export()
        config = folder / "cdalake.toml"
        config.write_text(
            f'[connections.default]\nsource = "{lake.source_url}"\ntarget = "{lake.target_url}"\n'
            '[connections.hangs]\nsource = "s3://nobody/in"\ntarget = "s3://nobody/out"\n'
        )
        live = Live(
            folder / "home",
            lake,
            CDALAKE_CONFIG=str(config),
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
            AWS_ACCESS_KEY_ID="AKIATESTTESTTESTTEST",
            AWS_SECRET_ACCESS_KEY="not-a-secret",
            EXIT_CODE="3",
        )
        try:
            live.ended(live.run())
            for path in ("/health", "/api/dashboard", "/api/tables", "/api/config"):
                began = time.monotonic()
                live.get(path)
                assert time.monotonic() - began < 5
            began = time.monotonic()
            live.process.send_signal(signal.SIGTERM)
            assert live.process.wait(30) == 3
            assert time.monotonic() - began < 15
        finally:
            live.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_end_ends_well(server: LiveServer, number: signal.Signals) -> None:
    assert server.end(number) == 0


def test_the_demo_ends_with_the_exit_code_of_its_run(tmp_path: Path) -> None:
    env = {**os.environ, "CDALAKE_HOME": str(tmp_path / "home")}
    demo = [sys.executable, "-m", "cdalake", "demo", "--home", str(tmp_path), "--tables", "1"]
    subprocess.run([*demo, "--no-serve"], env=env, check=True, capture_output=True)
    for commit in tmp_path.glob("lake/*/_delta_log/*0.json"):
        commit.write_text("{ no json")
    serving = [*demo, "--port", "8321"]
    with subprocess.Popen(serving, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("the page is at" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 2


def test_a_failed_table_is_retried_over_http_and_a_refresh_can_be_asked_for(
    server: LiveServer,
) -> None:
    manifest = server.lake.manifest()
    name = min(manifest)
    server.lake.write_manifest({**manifest, name: {"no": "path"}})
    run_id = server.run()
    assert server.ended(run_id)["status"] == "completed_with_errors"
    server.lake.write_manifest(manifest)
    assert server.client.post(f"/api/guidewire/jobs/{run_id}/retry").status_code == 202
    job = server.until(f"/api/guidewire/jobs/{run_id}", lambda j: j["status"] == "completed")
    assert job["attempt"] == 2
    again = server.client.post(f"/api/guidewire/jobs/{run_id}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "NOTHING_TO_RETRY")
    assert server.client.post("/api/tables/refresh").status_code == 202
    server.until(f"/api/tables/{name}", lambda t: t["health"] in ("Healthy", "Quiet"), seconds=15)
