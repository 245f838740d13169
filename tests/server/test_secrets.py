"""A secret that was planted wherever one may come from is found nowhere.

`PLACES` says how each gets in; add a line for a new one. `leaks` says where nothing may be.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from cdalake.server.app import document
from cdalake.services.support import README

from .conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake

FIRST = "PLANTED-first-admins-token-0123456789"
PROBLEM = b'"type":"/docs/errors'
START = "/api/guidewire/jobs/start"


def planted(name: str) -> str:
    return f"PLANTED-{name}-Zq81xV"


@dataclass
class Place:
    """A place a secret may come from.

    Attributes:
        environment: variables of the server that hold it.
        bring: sends it to the server, and says what else of the answer is secret.
    """

    secret: str
    environment: dict[str, str] = field(default_factory=dict)
    bring: Callable[[LiveServer], Any] = lambda _: None


def login_wrongly(server: LiveServer) -> None:
    server.client.post("/api/login", json={"token": planted("login")})
    server.client.get("/api/me", headers={"authorization": f"Bearer {planted('login')}"})


def login_badly(server: LiveServer) -> None:
    server.client.post("/api/login", json={"token": [planted("malformed")]})
    server.client.post("/api/login", json={"token": planted("malformed") * 100})


def inline_keys(server: LiveServer) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}
    keys["aws_secret_access_key"] = planted("inline")
    places = {"aws_manifest_location": "s3://bucket/cda", "aws_s3_bucket": "s3://lake"}
    started = server.client.post(START, json={"config": {**keys, **places}})
    server.ended(started.json()["run_id"])
    server.client.post(START, json={"config": keys})
    server.client.post("/api/jobs/run", json={"parameters": keys})
    server.client.post("/api/jobs/run", json={"parameters": {**keys, "unknown": 1}})


def in_a_location(server: LiveServer) -> None:
    for url in (
        f"s3://AKIAIOSFODNN7EXAMPLE:{planted('url')}@bucket/cda",
        f"s3://AKIAIOSFODNN7EXAMPLE:a/{planted('url')}?b@bucket/cda",
        f"s3://bucket/cda?aws_secret_access_key={planted('url')}",
    ):
        values = {"source": url, "target": "/nowhere"}
        server.client.post("/api/connections", json={"name": "leaky", "values": values})
        server.client.post("/api/connections/test", json={"values": values})
        server.client.post(START, json={"config": {"aws_manifest_location": url}})


def as_a_credential(server: LiveServer) -> None:
    values = {"source": "s3://b", "target": "s3://c", "credential": planted("credential")}
    server.client.post("/api/connections", json={"name": "leaky", "values": values})


def in_a_header(server: LiveServer) -> None:
    headers = {"authorization": f"Basic {planted('basic')}", "x-api-key": planted("basic")}
    server.client.get("/api/me", headers=headers)


PLACES = {
    "aws secret of the environment": Place(
        planted("aws"),
        {
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": planted("aws"),
            "AWS_REGION": "eu-central-1",
        },
    ),
    "aws session token": Place(planted("session"), {"AWS_SESSION_TOKEN": planted("session")}),
    "azure key": Place(planted("azure"), {"AZURE_STORAGE_ACCOUNT_KEY": planted("azure")}),
    "keys of a connection's reference": Place(
        planted("prefixed"),
        {
            "PROD_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "PROD_SECRET_ACCESS_KEY": planted("prefixed"),
        },
        lambda server: server.client.post(
            "/api/connections",
            json={
                "name": "prefixed",
                "values": {
                    "source": "s3://b",
                    "target": "s3://c",
                    "credential": "env:PROD_",
                    "endpoint": "http://127.0.0.1:1",
                },
            },
        ),
    ),
    "token of the first admin": Place(FIRST, {"CDALAKE_TOKEN": FIRST}),
    "endpoint with a password": Place(
        planted("endpoint"), {"AWS_ENDPOINT_URL": f"http://me:{planted('endpoint')}@127.0.0.1:1"}
    ),
    "wrong token": Place(planted("login"), bring=login_wrongly),
    "malformed login": Place(planted("malformed"), bring=login_badly),
    "keys in a request": Place(planted("inline"), {"CDALAKE_INLINE_KEYS": "on"}, bring=inline_keys),
    "keys in a location": Place(planted("url"), bring=in_a_location),
    "a key where a reference belongs": Place(planted("credential"), bring=as_a_credential),
    "another scheme's header": Place(planted("basic"), bring=in_a_header),
}


@dataclass
class Planted:
    """A server that every place has brought its secret to.

    Attributes:
        more: secrets the server made itself: a token, a session.
    """

    server: LiveServer
    database: str
    more: dict[str, str]
    answers: dict[str, bytes]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planted]:
    from conftest import Lake

    folder = tmp_path_factory.mktemp("planted")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export()
    variables = {k: v for place in PLACES.values() for k, v in place.environment.items()}
    database, more = f"sqlite:///{folder / 'home' / 'cdalake.db'}", {}
    if request.param == "postgresql":
        more["password of the database"] = planted("database")
        database = with_password(request.getfixturevalue("postgres").create(), planted("database"))
        variables["CDALAKE_DATABASE_URL"] = database
    server = LiveServer(folder / "home", lake, **variables)
    server.client.headers["authorization"] = f"Bearer {FIRST}"
    server.ended(server.run())
    refusals: dict[str, bytes] = {}

    def keep(answer: Any) -> None:
        refusals[f"answer {len(refusals)} of {answer.request.url.path}"] = answer.read()

    server.client.event_hooks["response"] = [keep]
    for place in PLACES.values():
        place.bring(server)
    server.client.event_hooks["response"] = []
    more |= made_by_the_server(server)
    answers: dict[str, bytes] = {}
    for path in reading_paths(server):
        answers |= parts(path, server.client.get(path).content)
    yield Planted(server, database, more, answers | refusals)
    server.end()


def with_password(url: str, password: str) -> str:
    """The URL of a database that asks for none, with one."""
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def parts(path: str, content: bytes) -> dict[str, bytes]:
    """Each file of a support bundle by its name; other answers as they are."""
    if not content.startswith(b"PK"):
        return {path: content}
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {f"{path}: {name}": bundle.read(name) for name in bundle.namelist()}


def made_by_the_server(server: LiveServer) -> dict[str, str]:
    body = {"name": "ana", "role": "viewer"}
    made = server.client.post("/api/tokens", json=body).json()["token"]
    server.client.post("/api/login", json={"token": made})
    session = str(server.client.cookies["cdalake_session"])
    server.client.cookies.clear()
    return {"token of a person": made, "session of a browser": session}


def reading_paths(server: LiveServer) -> list[str]:
    """Every GET of the description, filled in with what there is."""
    run_id = server.client.get("/api/guidewire/jobs").json()[0]["run_id"]
    table = server.client.get("/api/tables").json()["tables"][0]["name"]
    known = {"run_id": run_id, "job_id": run_id, "name": table, "other": run_id}
    paths = [path for path, methods in document()["paths"].items() if "get" in methods]
    filled = [_filled(path, known) for path in paths if not path.endswith("/events")]
    filled += ["/api/connections/default", "/api/connections/prefixed", "/docs", "/openapi.json"]
    return [*filled, "/api/audit/export?format=json", "/api/config?connection=prefixed"]


def _filled(path: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def secrets(scene: Planted) -> dict[str, str]:
    return {name: place.secret for name, place in PLACES.items()} | scene.more


def found_in(scene: Planted, where: str, content: bytes) -> list[str]:
    """Names of the secrets that are there, with where that is."""
    known = secrets(scene).items()
    return [f"{name} in {where}" for name, text in known if text.encode() in content]


def test_the_search_would_find_one(scene: Planted) -> None:
    assert found_in(scene, "here", FIRST.encode()) == ["token of the first admin in here"]
    assert [path for path, content in scene.answers.items() if len(content) < 2] == []
    good = [path for path, content in scene.answers.items() if PROBLEM not in content]
    assert {
        "/api/dashboard",
        "/api/config",
        "/api/audit",
        "/metrics",
    } <= set(good)
    assert any("/api/login" in path for path in scene.answers)


def test_no_answer_has_a_secret(scene: Planted) -> None:
    leaks = [leak for path, body in scene.answers.items() for leak in found_in(scene, path, body)]
    assert leaks == []


def test_every_part_of_the_support_bundle_was_searched(scene: Planted) -> None:
    """Those of a run that failed with keys in its request too."""
    names = [path.partition(": ")[2] for path in scene.answers if "support-bundle" in path]
    whole = {name for name in names if "/" not in name}
    of_runs = {name.rpartition("/")[2] for name in names if "/" in name}
    listed = {line.split()[0] for line in README.split("\n\n")[1].splitlines()}
    assert whole == listed - {"runs/"} | {"README.txt"}
    assert of_runs == {"tables.json", "events.jsonl", "output.log"}


def test_no_file_of_the_home_has_a_secret(scene: Planted) -> None:
    """The database with its journal where it is a file, run directories, logs."""
    files = [path for path in scene.server.home.rglob("*") if path.is_file()]
    assert {"server.log", "spec.json"} <= {path.name for path in files}
    assert ("cdalake.db" in {path.name for path in files}) is scene.database.startswith("sqlite")
    leaks = [leak for path in files for leak in found_in(scene, path.name, path.read_bytes())]
    assert leaks == []


def test_no_row_of_the_database_has_a_secret(scene: Planted) -> None:
    tables = dump(scene.database)
    assert {"runs", "run_tables", "lake_tables", "connections", "tokens"} <= set(tables)
    assert "login.refused" in tables["audit"]
    leaks = [leak for name, rows in tables.items() for leak in found_in(scene, name, rows.encode())]
    assert leaks == []


def dump(url: str) -> dict[str, str]:
    """Every row of every table there is, ours or not, as text."""
    engine = create_engine(url)
    with engine.connect() as database:
        names = inspect(database).get_table_names()
        found = {name: database.execute(text(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608
        rows = {name: "\n".join(map(str, result)) for name, result in found.items()}
    engine.dispose()
    return rows


def test_no_object_of_the_lake_has_a_secret(scene: Planted) -> None:
    lake = Path(scene.server.lake.target_url)
    files = [path for path in lake.rglob("*") if path.is_file()]
    assert files
    assert [leak for f in files for leak in found_in(scene, f.name, f.read_bytes())] == []


def test_a_database_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, lake: Lake
) -> None:
    import subprocess
    import sys

    secret = planted("database")
    url = f"postgresql+psycopg://me:{secret}@127.0.0.1:1/nothing"
    for words in (["serve", "--port", "0"], ["doctor"], ["token", "list"]):
        done = subprocess.run(
            [sys.executable, "-m", "cdalake", *words],
            env={"CDALAKE_DATABASE_URL": url, "CDALAKE_HOME": str(tmp_path), "HOME": "/tmp"},  # noqa: S108
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0
        assert "127.0.0.1" in done.stdout + done.stderr
        assert secret not in done.stdout + done.stderr
