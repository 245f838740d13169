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
