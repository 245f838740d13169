"""Keys in a request: they open the stores of one run and are found nowhere else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake

KEY = "AKIAPLANTEDPLANTED01"
SECRET = "wJalrXUtnFEMIplantedSECRETkey"
NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.fixture
def elsewhere(s3_lake: Lake) -> Lake:
    """A lake in buckets that no connection of the server names."""
    s3_lake.export(tables=3)
    return s3_lake


@pytest.fixture
def keyless(tmp_path: Path, lake: Lake, elsewhere: Lake, database_url: str) -> Iterator[LiveServer]:
    """A server without any key of its own; its connection is two folders."""
    live = LiveServer(tmp_path / "home", lake, CDALAKE_DATABASE_URL=database_url, **NO_KEYS)
    yield live
    if live.process.poll() is None:
        live.end()


def config(lake: Lake, **more: Any) -> dict[str, Any]:
    """As the design's form sends it."""
    places = {
        "aws_manifest_location": f"{lake.source_url}/manifest.json",
        "aws_s3_bucket": lake.target_url.removeprefix("s3://"),
    }
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "aws_region": "us-east-1"}
    return {**places, **keys, **more}


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert SECRET not in answer.text


def start(server: LiveServer, config: dict[str, Any]) -> Any:
    return server.client.post("/api/guidewire/jobs/start", json={"config": config})


def everything_a_process_shows(pid: int) -> bytes:
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("environ", "cmdline"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def dump(url: str) -> bytes:
    """Every value of a database as text."""
    from sqlalchemy import MetaData, create_engine

    engine = create_engine(url)
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        rows = [str(row) for t in found.tables.values() for row in connection.execute(t.select())]
    engine.dispose()
    return "\n".join(rows).encode()


def test_keys_of_a_request_open_the_stores_and_are_found_nowhere(
    keyless: LiveServer, elsewhere: Lake, tmp_path: Path, database_url: str
) -> None:
    answer = keyless.client.post("/api/jobs/run", json={"parameters": config(elsewhere)})
    assert answer.status_code == 201, answer.text
    run_id = answer.json()["run_id"]
    worker = keyless.worker(run_id)
    os.kill(worker, signal.SIGSTOP)
    shown = everything_a_process_shows(worker) + everything_a_process_shows(keyless.process.pid)
    os.kill(worker, signal.SIGCONT)
    ended = keyless.ended(run_id)
    assert ended["status"] == "completed", keyless.get(f"/api/runs/{run_id}/logs")
    assert elsewhere.table(min(elsewhere.manifest())).rows
    assert ended["config"]["aws_access_key_id"] == "****ED01"
    assert ended["config"]["credential"] == "access key ****ED01, sent with the request"
    assert ended["config"]["source"] == elsewhere.source_url
    paths = ("/api/guidewire/jobs", f"/api/guidewire/jobs/{run_id}", f"/api/runs/{run_id}/logs")
    answers = "".join(
        keyless.client.get(path).text for path in (*paths, "/api/config", "/api/audit")
    )
    answers += keyless.client.get(f"/api/jobs/{run_id}").text + answer.text
    keyless.end()
    places = {**files_of(tmp_path / "home"), "answers": answers.encode(), "processes": shown}
    places |= {"database": dump(database_url), "log": keyless.log().encode()}
    assert "spec.json" in "".join(places)
    for secret in (SECRET, KEY):
        assert [name for name, content in places.items() if secret.encode() in content] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_that_loses_its_process_fails_and_the_same_server_can_retry_it(
    keyless: LiveServer, elsewhere: Lake
) -> None:
    run_id = start(keyless, config(elsewhere)).json()["run_id"]
    worker = keyless.worker(run_id)
    os.kill(worker, signal.SIGKILL)
    ended = keyless.ended(run_id)
    assert (ended["status"], ended["error"]["code"]) == ("failed", "CREDENTIALS_GONE")
    assert keyless.client.post(f"/api/guidewire/jobs/{run_id}/retry").status_code == 202
    again = keyless.until(f"/api/guidewire/jobs/{run_id}", lambda job: job["attempt"] == 2)
    assert keyless.ended(run_id)["status"] == "completed", again


def stopped(server: LiveServer, elsewhere: Lake, act: Callable[[LiveServer], object]) -> str:
    """A run that waits for another one when its server ends; its id."""
    first = start(server, config(elsewhere)).json()["run_id"]
    worker = server.worker(first)
    os.kill(worker, signal.SIGSTOP)
    waiting = start(server, config(elsewhere)).json()["run_id"]
    server.until(f"/api/guidewire/jobs/{waiting}", lambda job: job["waiting_reason"])
    act(server)
    os.kill(worker, signal.SIGCONT)
    return str(waiting)


@pytest.mark.parametrize(
    ("number", "database_url"),
    [(signal.SIGTERM, "sqlite"), (signal.SIGKILL, "postgresql")],
    indirect=["database_url"],
)
def test_a_run_whose_server_ends_before_it_begins_fails(
    keyless: LiveServer, elsewhere: Lake, number: signal.Signals
) -> None:
    run_id = stopped(keyless, elsewhere, lambda server: server.end(number))
    keyless.start()
    ended = keyless.ended(run_id)
    assert (ended["status"], ended["error"]["code"]) == ("failed", "CREDENTIALS_GONE")
    refused(keyless.client.post(f"/api/guidewire/jobs/{run_id}/retry"), 409, "CREDENTIALS_GONE")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_another_server_leaves_a_run_to_the_one_that_has_its_keys(
    keyless: LiveServer, elsewhere: Lake, lake: Lake, database_url: str
) -> None:
    other = LiveServer(keyless.home, lake, CDALAKE_DATABASE_URL=database_url, **NO_KEYS)
    run_ids = [start(keyless, config(elsewhere)).json()["run_id"] for _ in range(3)]
    ends = [other.ended(run_id) for run_id in run_ids]
    assert [end["status"] for end in ends] == ["completed"] * 3
    answer = other.client.post(f"/api/guidewire/jobs/{run_ids[0]}/retry")
    refused(answer, 409, "NOTHING_TO_RETRY")
    run_id = start(keyless, config(elsewhere)).json()["run_id"]
    os.kill(keyless.worker(run_id), signal.SIGKILL)
    other.ended(run_id)
    answer = other.client.post(f"/api/guidewire/jobs/{run_id}/retry")
    refused(answer, 409, "CREDENTIALS_GONE")
    keyless.end(signal.SIGKILL)
    assert other.job(run_id)["status"] == "failed"
    other.end()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_keys_are_refused_in_words_where_they_make_no_sense(
    keyless: LiveServer, elsewhere: Lake
) -> None:
    whole = config(elsewhere)
    half = {**whole, "aws_secret_access_key": None}
    refused(start(keyless, half), 400, "INLINE_KEYS_INCOMPLETE")
    folder = {**whole, "aws_manifest_location": "file:///etc"}
    refused(start(keyless, folder), 400, "INLINE_KEYS_NEED_S3")
    no_place = {**whole, "aws_manifest_location": None}
    refused(start(keyless, no_place), 400, "INLINE_KEYS_NEED_S3")
    malformed = start(keyless, {**whole, "nope": SECRET})
    refused(malformed, 400, "INVALID_REQUEST")
    wrong = keyless.client.post(
        "/api/jobs/run", json={"parameters": {**whole, "parallel": "maybe"}}
    )
    refused(wrong, 400, "INVALID_REQUEST")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_that_takes_no_keys_says_so(
    tmp_path: Path, lake: Lake, elsewhere: Lake, database_url: str
) -> None:
    lake.export(tables=1)
    server = LiveServer(tmp_path / "home", lake, CDALAKE_INLINE_KEYS="off")
    refused(start(server, config(elsewhere)), 400, "INLINE_KEYS_NOT_ALLOWED")
    server.end()
    assert not any(SECRET.encode() in content for content in files_of(server.home).values())
