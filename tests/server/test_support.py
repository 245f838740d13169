"""The support bundle tells what a helper needs, and no secret, row or folder of this machine."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, update

from cdalake.catalog import schema

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE"
PASSWORD = "hunter2hunter2"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"


@pytest.fixture
def troubled(tmp_path: Path, lake: Lake) -> Iterator[LiveServer]:
    """A server with secrets around it, and a run that did not end well."""
    lake.export(dirt=True)
    live = LiveServer(
        tmp_path / "home",
        lake,
        AWS_ACCESS_KEY_ID=KEY_ID,
        AWS_SECRET_ACCESS_KEY=SECRET,
        AWS_SESSION_TOKEN=f"session{SECRET}",
        AWS_ENDPOINT_URL=f"http://user:{PASSWORD}@127.0.0.1:9",
    )
    assert live.ended(live.run())["status"] == "completed_with_errors"
    yield live
    if live.process.poll() is None:
        live.end()


def opened(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def document(files: dict[str, str], name: str) -> Any:
    return json.loads(files[name])


def check_harmless(files: dict[str, str], live: LiveServer) -> None:
    everything = "\n".join(files.values())
    places = (live.home, live.lake.source_url, live.lake.target_url, Path.home())
    for planted in (SECRET, PASSWORD, KEY_ID, *map(str, places)):
        assert planted not in everything, [n for n, text in files.items() if planted in text]


def test_an_admin_gets_it_from_the_server_and_the_audit_log_says_so(troubled: LiveServer) -> None:
    troubled.client.get(f"/api/tables?token={SECRET}", headers={"cookie": f"s={SECRET}"})
    answer = troubled.client.get("/api/support-bundle")
    assert answer.headers["content-type"] == "application/zip"
    assert "cdalake-support-" in answer.headers["content-disposition"]
    files = opened(answer.content)
    check_harmless(files, troubled)
    assert document(files, "system.json")["database"]["revision"]
    assert files["metrics.txt"].startswith("# HELP")
    assert "****MPLE" in files["settings.json"]
    (check,) = document(files, "connections.json")
    assert check["connection"] == "default"
    (run,) = document(files, "runs.json")
    assert run["state"] == "completed_with_errors"
    failed = document(files, f"runs/{run['run_id']}/tables.json")
    assert failed
    assert all(table["error"]["code"] for table in failed)
    events = [json.loads(line) for line in files[f"runs/{run['run_id']}/events.jsonl"].splitlines()]
    assert events[-1]["kind"] == "run_finished"
    assert "data" not in events[-1]
    assert files[f"runs/{run['run_id']}/output.log"]
    assert any("cdalake.http" in line for line in files["log.jsonl"].splitlines())
    assert document(files, "tables.json")["not_well"] >= len(failed)
    (entry, *_) = troubled.get("/api/audit?action=support.bundle")["entries"]
    assert entry["detail"]["bytes"] == len(answer.content)


def doctor(live: LiveServer, bundle: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cdalake", "doctor", "--bundle", str(bundle)],
        env={**os.environ, **live.environment},
        capture_output=True,
        text=True,
    )


def test_the_command_line_writes_it_without_a_server(troubled: LiveServer, tmp_path: Path) -> None:
    troubled.end()
    done = doctor(troubled, tmp_path / "bundle.zip")
    assert "no secrets, no rows" in done.stdout
    files = opened((tmp_path / "bundle.zip").read_bytes())
    check_harmless(files, troubled)
    findings = document(files, "doctor.json")
    assert {finding["what"] for finding in findings} >= {"Home", "Database", "Page"}
    assert document(files, "runs.json")


TROUBLE = (
    f"Trouble of another's making: http://user:{PASSWORD}@127.0.0.1:9/b?X-Amz-Signature={SECRET} "
    f"did not answer {KEY_ID}, aws_secret_access_key={SECRET}, Authorization: Bearer {SECRET}"
)
"""What an exception of a library may hold: nothing of ours writes a secret, so others must."""

PROBLEM = {"code": "X", "message": TROUBLE, "hint": TROUBLE}
PARTS = {
    "connections.json": [schema.connection_checks.c.error],
    "runs.json": [schema.runs.c.error, schema.runs.c.warnings, schema.runs.c.waiting_reason],
    "tables.json": [
        schema.lake_tables.c.run_error,
        schema.lake_tables.c.read_error,
        schema.lake_tables.c.manifest_problem,
        schema.lake_tables.c.health_reason,
    ],
    "runs/{}/tables.json": [schema.run_tables.c.error, schema.run_tables.c.warnings],
}
"""Columns that hold what others said, by the part of the bundle that tells it."""


def plant(live: LiveServer, run_id: str) -> None:
    """Put the trouble wherever the bundle reads what others said."""
    values = {"warnings": [PROBLEM], "waiting_reason": TROUBLE, "health_reason": TROUBLE}
    engine = create_engine(f"sqlite:///{live.home / 'cdalake.db'}")
    with engine.begin() as database:
        for column in (column for columns in PARTS.values() for column in columns):
            value = values.get(column.name, PROBLEM)
            database.execute(update(column.table).values({column: value}))
    engine.dispose()
    folder = live.home / "runs" / run_id
    with (folder / "output.log").open("a") as output:
        output.write(TROUBLE)
    newest = max(folder.glob("events-*.jsonl"))
    *before, last = newest.read_text().splitlines()
    told = json.dumps({**json.loads(last), "message": TROUBLE})
    newest.write_text("\n".join([*before, told, ""]))


def test_no_part_of_it_has_a_secret_that_others_put_into_an_error(
    troubled: LiveServer, tmp_path: Path
) -> None:
    (run,) = troubled.get("/api/guidewire/jobs")
    troubled.end()
    plant(troubled, run["run_id"])
    assert doctor(troubled, tmp_path / "bundle.zip").returncode == 0
    files = opened((tmp_path / "bundle.zip").read_bytes())
    check_harmless(files, troubled)
    told = {f"runs/{run['run_id']}/{name}": 1 for name in ("events.jsonl", "output.log")}
    told |= {name.format(run["run_id"]): len(columns) for name, columns in PARTS.items()}
    found = {name: text.count(TROUBLE[:28]) for name, text in files.items()}
    assert {name: found[name] for name in told if found[name] < told[name]} == {}


def test_a_bundle_that_cannot_be_written_says_so(troubled: LiveServer, tmp_path: Path) -> None:
    done = doctor(troubled, tmp_path / "no such folder" / "bundle.zip")
    assert done.returncode == 64
    assert "BUNDLE_NOT_WRITTEN" in done.stderr


def test_a_run_whose_directory_is_gone_is_told_all_the_same(troubled: LiveServer) -> None:
    (run_id,) = (path.name for path in (troubled.home / "runs").iterdir())
    for path in (troubled.home / "runs" / run_id).iterdir():
        path.unlink()
    files = opened(troubled.client.get("/api/support-bundle").content)
    assert files[f"runs/{run_id}/events.jsonl"] == ""
    assert files[f"runs/{run_id}/output.log"] == ""


def test_a_home_that_is_gone_is_a_disk_nobody_knows_and_keeps_nothing_else_back(
    troubled: LiveServer, tmp_path: Path
) -> None:
    troubled.home.rename(tmp_path / "elsewhere")
    assert troubled.get("/api/system")["disk"] is None
    answer = troubled.client.get("/api/support-bundle")
    assert answer.status_code == 200
    files = opened(answer.content)
    assert document(files, "system.json")["disk"] is None
    assert len(document(files, "runs.json")) == 1
