from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.server.app import document

if TYPE_CHECKING:
    from .conftest import LiveServer


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["detail"]
    assert body["hint"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


def test_every_operation_has_a_readable_name_of_its_own() -> None:
    names = [
        operation["operationId"]
        for methods in document()["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names)) > 20
    assert all(name.isidentifier() for name in names)


def test_the_description_for_the_client_is_up_to_date(tmp_path: Path) -> None:
    written = tmp_path / "openapi.json"
    subprocess.run([sys.executable, "-m", "cdalake.server.openapi", str(written)], check=True)
    kept = Path(__file__).parents[2] / "web" / "openapi.json"
    assert written.read_text() == kept.read_text()


def test_the_overview_answers_in_one_sentence(loaded: LiveServer) -> None:
    board = loaded.get("/api/dashboard")
    assert board["total_tables"] == 3
    assert board["status"] == "connected"
    assert "3" in board["headline"]
    assert board["last_run"]["status"] == "completed"
    assert board["rows_today"] == sum(board["volume"][-1]["rows_by_app"].values()) > 0
    assert sum(bar["count"] for bar in board["freshness"]) == 3
    assert board["connections"][0]["source_ok"] is True
    assert board["last_processing_time"].endswith("Z")
    assert loaded.get("/api/dashboard?connection=default")["total_tables"] == 3


def test_a_table_has_the_fields_of_the_contract(loaded: LiveServer) -> None:
    page = loaded.get("/api/tables?limit=1")
    assert (len(page["tables"]), page["total"]) == (1, 3)
    detail = loaded.get(f"/api/tables/{page['tables'][0]['name']}")
    assert detail["schema"][0] == {
        "name": "id",
        "type": "long",
        "nullable": True,
        "role": "key",
        "masked": False,
        "comment": None,
    }
    assert detail["history"][0]["version"] == detail["version"]
    assert detail["sample_data"]
    bare = loaded.get(f"/api/tables/{detail['name']}?sample=false")
    assert (bare["sample_data"], bare["sample_error"]) == ([], None)


def test_history_and_sample_are_resources_of_their_own(loaded: LiveServer) -> None:
    name = loaded.get("/api/tables")["tables"][0]["name"]
    history = loaded.get(f"/api/tables/{name}/history?limit=1")
    assert history["history"][0]["operation"] == "WRITE"
    assert loaded.get(f"/api/tables/{name}/history?operation=NONE")["total"] == 0
    sample = loaded.get(f"/api/tables/{name}/sample?limit=3")
    assert len(sample["rows"]) == 3
    assert sample["columns"][0] == "id"


def test_a_run_is_the_same_under_both_of_its_names(loaded: LiveServer) -> None:
    (job,) = loaded.get("/api/guidewire/jobs")
    run = loaded.get(f"/api/jobs/{job['run_id']}")
    assert run["job_id"] == "default"
    assert run["progress"] == {"tables_processed": 3, "total_tables": 3, "percent_complete": 100.0}
    assert loaded.get("/api/guidewire/jobs?status=failed") == []


def test_logs_are_read_by_offset_without_a_gap(loaded: LiveServer) -> None:
    (job,) = loaded.get("/api/guidewire/jobs")
    whole = loaded.get(f"/api/runs/{job['run_id']}/logs?limit=5000")
    assert [line["line"] for line in whole["lines"]] == list(range(1, whole["last_line"] + 1))
    assert whole["is_final"]
    pieces: list[Any] = []
    after = 0
    while len(pieces) < whole["last_line"]:
        page = loaded.get(f"/api/runs/{job['run_id']}/logs?after={after}&limit=7")
        pieces += page["lines"]
        after = page["next_offset"]
    assert pieces == whole["lines"]
    text = loaded.get(f"/api/jobs/{job['run_id']}/logs?offset=2&limit=2")
    assert len(text["logs"].splitlines()) == 2
    assert text["last_line"] == 4


def test_logs_are_filtered_by_table_level_and_text(loaded: LiveServer) -> None:
    (job,) = loaded.get("/api/guidewire/jobs")
    path = f"/api/runs/{job['run_id']}/logs"
    table = loaded.get("/api/tables")["tables"][0]["name"]
    only = loaded.get(f"{path}?table={table}")["lines"]
    assert only
    assert {line["table"] for line in only} == {table}
    found = loaded.get(f"{path}?q=VERSION 0")["lines"]
    assert len(found) == 3
    worse = loaded.get(f"{path}?level=error")
    assert worse["lines"] == []
    assert worse["next_offset"] == worse["last_line"]


def test_the_configuration_says_where_each_value_is_from(loaded: LiveServer) -> None:
    config = loaded.get("/api/config")
    assert config["connection"] == "default"
    said = {(s["group"], s["name"]): (s["value"], s["origin"]) for s in config["settings"]}
    assert said["Server", "home"][1] == "environment CDALAKE_HOME"
    assert said["Server", "keep runs"][1] == "default"
    # Not the port that was asked for: the one that it is.
    assert said["Server", "port"] == (loaded.url.rpartition(":")[2], "command line")


def test_a_defect_is_a_problem_with_the_number_of_its_request(server: LiveServer) -> None:
    with closing(sqlite3.connect(server.home / "cdalake.db")) as database:
        database.execute("ALTER TABLE runs RENAME TO away")
    answer = server.client.get("/api/guidewire/jobs", headers={"x-request-id": "mine-1"})
    body = problem(answer, 500, "INTERNAL_ERROR")
    assert body["request_id"] == "mine-1"
    assert "sqlite" not in answer.text.lower()
    assert "mine-1" in server.log()


def test_health_and_readiness(loaded: LiveServer) -> None:
    assert loaded.get("/health")["s3_access"] is True
    assert loaded.get("/health/ready") == {"message": "ready"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/nope", 404, "NO_SUCH_PATH"),
        ("/api/tables/nope", 404, "TABLE_NOT_FOUND"),
        ("/api/tables/_cdalake", 404, "TABLE_NOT_FOUND"),
        ("/api/tables?connection=nope", 400, "NO_CONNECTION"),
        ("/api/dashboard?connection=nope", 400, "NO_CONNECTION"),
        ("/api/trends?connection=nope", 400, "NO_CONNECTION"),
        ("/api/tables?limit=-1", 400, "INVALID_REQUEST"),
        ("/api/tables?sort=nope", 400, "INVALID_REQUEST"),
        ("/api/guidewire/jobs/nope", 404, "RUN_NOT_FOUND"),
        ("/api/runs/nope/events", 404, "RUN_NOT_FOUND"),
        ("/api/runs/nope/logs", 404, "RUN_NOT_FOUND"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    loaded: LiveServer, path: str, status: int, code: str
) -> None:
    problem(loaded.client.get(path, headers={"accept": "text/html"}), status, code)


def test_a_method_that_a_path_does_not_know_is_a_problem(loaded: LiveServer) -> None:
    problem(loaded.client.put("/api/dashboard"), 405, "METHOD_NOT_ALLOWED")


def test_the_documentation_needs_no_foreign_host(loaded: LiveServer) -> None:
    page = loaded.client.get("/docs")
    assert page.status_code == 200
    assert "list_tables" in page.text
    # The commands to copy name this machine; nothing else is named, and nothing is fetched.
    assert set(re.findall(r"https?://([^/\s\"'<&]+)", page.text)) <= {"localhost:8000"}
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page.text)
    assert loaded.get("/openapi.json")["openapi"].startswith("3.")


@pytest.mark.parametrize(
    "config",
    [
        {"aws_manifest_location": "s3://elsewhere/manifest.json"},
        {"aws_s3_bucket": "elsewhere"},
    ],
)
def test_only_the_connections_own_places_are_accepted(
    loaded: LiveServer, config: dict[str, str]
) -> None:
    answer = loaded.client.post("/api/guidewire/jobs/start", json={"config": config})
    problem(answer, 400, "NOT_THE_CONNECTIONS")


def test_the_contract_of_the_design_is_kept(loaded: LiveServer) -> None:
    """The fields of the design document, one path after the other."""
    wanted = {
        "/health": ["status", "databricks_connection", "s3_access"],
        "/api/dashboard": ["total_tables", "last_processing_time", "status", "s3_bucket"],
        "/api/config": [
            "aws_access_key_id", "aws_region", "s3_bucket", "manifest_location",
            "processing_mode", "guidewire_package_version", "ray_settings",
        ],
    }  # fmt: skip
    for path, names in wanted.items():
        assert set(names) <= set(loaded.get(path))
