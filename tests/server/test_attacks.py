"""Attacks on the reference application and on ours; each must fail."""

from __future__ import annotations

import http.client
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from cdalake.server.app import document

from .conftest import LiveServer
from .test_api import problem
from .test_login import ADMIN, OPEN, TOKEN, add_token, browser

if TYPE_CHECKING:
    from conftest import Lake

START = "/api/guidewire/jobs/start"
SECRET = "PLANTED-SECRET-1234567890"
PAYLOADS = (
    'x`""");__import__(\'os\').system(\'touch PWNED\');("""',
    "x'; DROP TABLE runs; --",
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "s3://other/secret",
    "%00",
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A loaded server that asks for a login, and has not got what it takes to be a proxy's."""
    from conftest import Lake

    folder = tmp_path_factory.mktemp("guarded")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export()
    live = LiveServer(
        folder / "home",
        lake,
        CDALAKE_TOKEN=TOKEN,
        CDALAKE_TRUSTED_PROXIES="192.0.2.0/24",
        CDALAKE_USER_HEADER="X-Forwarded-Email",
        CDALAKE_GROUPS_HEADER="X-Forwarded-Groups",
    )
    live.client.headers.update(ADMIN)
    live.ended(live.run())
    live.until("/api/tables", lambda page: all(table["last_updated"] for table in page["tables"]))
    yield live
    live.end()


@contextmanager
def stranger(server: LiveServer) -> Iterator[httpx2.Client]:
    """A client that has shown nothing yet."""
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        yield client


def runs(server: LiveServer) -> int:
    with closing(sqlite3.connect(server.home / "cdalake.db")) as database:
        return int(database.execute("SELECT count(*) FROM runs").fetchone()[0])


@contextmanager
def silent_store() -> Iterator[str]:
    """An endpoint that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def in_background(ask: Any) -> threading.Thread:
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


# -- the reference application's -------------------------------------------------------------


def test_s1_keys_of_a_request_come_back_from_nowhere(server: LiveServer) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": SECRET}
    answer = server.client.post(START, json={"config": keys})
    assert SECRET not in answer.text
    for path in ("/api/guidewire/jobs", "/api/config", "/api/audit", "/api/dashboard"):
        assert SECRET not in server.client.get(path).text
    if answer.status_code == 201:
        assert SECRET not in str(server.ended(answer.json()["run_id"]))
    files = [path for path in server.home.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_s2_runs_at_once_write_only_where_each_was_meant_to(
    server: LiveServer, tmp_path: Path
) -> None:
    targets = {name: tmp_path / name for name in ("one", "two")}
    for name, target in targets.items():
        values = {"source": server.lake.source_url, "target": str(target)}
        made = server.client.post("/api/connections", json={"name": name, "values": values})
        assert made.status_code == 201, made.text
    started = {name: server.run(connection=name) for name in targets}
    for name, run_id in started.items():
        assert server.ended(run_id)["status"] == "completed"
        logs = list(targets[name].glob("*/_delta_log/*.json"))
        assert logs
        others = [other for other in started.values() if other != run_id]
        assert not any(other in log.read_text() for other in others for log in logs)


def test_s3_no_request_sends_the_server_to_another_store(guarded: LiveServer) -> None:
    with silent_store() as endpoint:
        for extra in (
            {"endpoint_url": endpoint},
            {"aws_endpoint_url": endpoint},
            {"provider": "local", "endpoint_url": endpoint},
            {"aws_s3_bucket": "attackers-bucket"},
            {"aws_manifest_location": "s3://attackers-bucket/cda"},
        ):
            answer = guarded.client.post(START, json={"config": extra})
            assert answer.status_code == 400, answer.text
        sample = guarded.get("/api/tables")["tables"][0]["name"]
        assert guarded.get(f"/api/tables/{sample}/sample")["rows"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_s4_no_text_of_a_request_is_run_or_taken_for_a_path(
    guarded: LiveServer, payload: str
) -> None:
    client = guarded.client
    bare = payload.replace("/", "%2F")
    for path in ("", "/history", "/sample"):
        answer = client.get(f"/api/tables/{bare}{path}")
        assert answer.status_code in (400, 404), answer.text
        assert "root:" not in answer.text
    assert client.get("/api/tables", params={"search": payload}).status_code == 200
    assert client.get("/api/audit", params={"who": payload, "action": payload}).status_code == 200
    assert client.get(f"/api/runs/{bare}/logs").status_code == 404
    before = runs(guarded)
    answer = client.post(START, json={"config": {"connection": payload}})
    assert answer.status_code == 400
    assert runs(guarded) == before
    assert list(guarded.home.rglob("PWNED")) == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1",
        "http://localhost:1",
        "http://[::1]:1",
        "http://[::ffff:127.0.0.1]:1",
        "http://2130706433:1",
        "http://0.0.0.0:1",
        "http://10.0.0.1",
    ],
)
def test_s5_a_server_for_others_is_no_way_to_what_stands_beside_it(
    guarded: LiveServer, endpoint: str
) -> None:
    values = {"source": "s3://b", "target": "s3://c", "endpoint": endpoint}
    values["credential"] = "anonymous"
    for path, body in (
        ("/api/connections", {"name": "ssrf", "values": values}),
        ("/api/connections/test", {"values": values}),
    ):
        answer = guarded.client.post(path, json=body)
        assert answer.status_code in (400, 403), answer.text
        assert answer.json()["code"] in ("ENDPOINT_NOT_ALLOWED", "BAD_SETTING")
    assert "ssrf" not in guarded.get("/api/config")["connections"]


def test_s5_nor_to_its_files(guarded: LiveServer, tmp_path: Path) -> None:
    for folder in ("/etc", str(guarded.home), str(tmp_path)):
        values = {"source": folder, "target": "s3://b"}
        body = {"name": "files", "values": values}
        problem(guarded.client.post("/api/connections", json=body), 403, "FOLDER_NOT_ALLOWED")


def test_s6_a_store_that_never_answers_holds_up_only_who_asked_it(server: LiveServer) -> None:
    with silent_store() as endpoint:
        values = {"source": "s3://b", "target": "s3://c", "endpoint": endpoint}
        values["credential"] = "anonymous"

        def ask() -> None:
            with stranger(server) as client:
                client.post("/api/connections/test", json={"values": values})

        asking = [in_background(ask) for _ in range(8)]
        answered = 0
        while any(thread.is_alive() for thread in asking):
            assert server.client.get("/health").status_code == 200
            answered += 1
    assert answered > 5


def test_s7_nor_does_one_that_holds_the_tables(server: LiveServer) -> None:
    with silent_store() as endpoint:
        values = {"source": "s3://b", "target": "s3://c", "endpoint": endpoint}
        body = {"name": "hung", "values": {**values, "credential": "anonymous"}}
        assert server.client.post("/api/connections", json=body).status_code == 201
        server.client.post("/api/tables/refresh")
        for path in ("/health", "/api/dashboard", "/api/tables", "/api/guidewire/jobs"):
            assert server.client.get(path).status_code == 200
        assert server.ended(server.run(connection="default"))["status"] == "completed"


@pytest.mark.parametrize("limit", ["100000000", "101", "-1", "0", "1e9", "9" * 400])
def test_s8_nobody_asks_for_more_rows_than_the_limit(guarded: LiveServer, limit: str) -> None:
    name = guarded.get("/api/tables")["tables"][0]["name"]
    answer = guarded.client.get(f"/api/tables/{name}/sample", params={"limit": limit})
    problem(answer, 400, "INVALID_REQUEST")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_s9_another_site_starts_no_run(server: LiveServer, content_type: str) -> None:
    headers = {"content-type": content_type, "origin": "https://evil.example"}
    answer = server.client.post(START, content="{}", headers=headers)
    problem(answer, 403, "ORIGIN_NOT_ALLOWED")
    bare = {"content-type": content_type}
    if content_type != "application/json":
        problem(server.client.post(START, content="{}", headers=bare), 415, "NOT_JSON")
    assert runs(server) == 0


@pytest.mark.parametrize("path", ["/", "/login", "/health", "/api/me", "/api/nope", "/docs"])
def test_s10_every_answer_has_the_headers_that_bind_a_browser(
    guarded: LiveServer, path: str
) -> None:
    for method in ("GET", "HEAD", "POST"):
        with stranger(guarded) as client:
            headers = client.request(method, path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


# -- on the login ----------------------------------------------------------------------------


def test_a_cookie_without_an_origin_changes_nothing(guarded: LiveServer) -> None:
    client = browser(guarded)
    for name in ("origin", "sec-fetch-site"):
        del client.headers[name]
    before = runs(guarded)
    assert client.get("/api/me").status_code == 200
    problem(client.post(START, json={}), 403, "ORIGIN_NOT_ALLOWED")
    problem(client.delete("/api/tokens/x"), 403, "ORIGIN_NOT_ALLOWED")
    for site in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        problem(client.post(START, json={}, headers=site), 403, "ORIGIN_NOT_ALLOWED")
    assert runs(guarded) == before
    client.close()


def unsafe_routes() -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method in methods
        if method not in ("get", "head") and path not in OPEN
    ]


def test_a_get_from_another_site_changes_nothing(guarded: LiveServer) -> None:
    client = browser(guarded)
    before, told = runs(guarded), guarded.get("/api/audit")["entries"][0]["id"]
    for _, path in unsafe_routes():
        filled = path.replace("{", "").replace("}", "")
        client.get(filled, headers={"sec-fetch-site": "cross-site"})
    assert runs(guarded) == before
    assert guarded.get("/api/audit")["entries"][0]["id"] == told
    client.close()


@pytest.mark.parametrize(("method", "path"), unsafe_routes())
def test_a_viewer_can_do_nothing_that_changes_anything(
    guarded: LiveServer, viewer: dict[str, str], method: str, path: str
) -> None:
    filled = path.replace("{", "").replace("}", "")
    with stranger(guarded) as client:
        answer = client.request(method, filled, json={}, headers=viewer)
    assert answer.status_code == 403, (answer.status_code, answer.text)
    problem(answer, 403, "PERMISSION_MISSING")


@pytest.fixture(scope="module")
def viewer(guarded: LiveServer) -> dict[str, str]:
    return add_token(guarded, "watcher", "viewer")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-email": "root@example.com", "x-forwarded-groups": "admin"},
        {"X_Forwarded_Email": "root@example.com"},
        {"x-forwarded-for": "192.0.2.1", "x-forwarded-email": "root@example.com"},
        {"forwarded": "for=192.0.2.1", "x-forwarded-email": "root@example.com"},
        {"x-real-ip": "192.0.2.1", "x-forwarded-email": "root@example.com"},
        {"x-forwarded-host": "192.0.2.1", "x-forwarded-user": "root"},
    ],
)
def test_who_is_no_trusted_proxy_vouches_for_nobody(
    guarded: LiveServer, headers: dict[str, str]
) -> None:
    with stranger(guarded) as client:
        problem(client.get("/api/me", headers=headers), 401, "LOGIN_REQUIRED")
        https = client.get("/health", headers={"x-forwarded-proto": "https"})
    assert "strict-transport-security" not in https.headers


@pytest.mark.parametrize("second", ["ana@example.com", "root@example.com", ""])
def test_a_name_smuggled_past_the_proxy_beside_its_own_is_refused(
    tmp_path: Path, lake: Lake, second: str
) -> None:
    lake.export(tables=1, folders=1)
    server = LiveServer(
        tmp_path / "home",
        lake,
        CDALAKE_TOKEN=TOKEN,
        CDALAKE_TRUSTED_PROXIES="127.0.0.1",
        CDALAKE_USER_HEADER="X-Forwarded-Email",
    )
    try:
        port = int(server.url.rpartition(":")[2])
        raw = http.client.HTTPConnection("127.0.0.1", port)
        raw.putrequest("GET", "/api/me")
        raw.putheader("X-Forwarded-Email", "ana@example.com")
        raw.putheader("x-forwarded-email", second)
        raw.endheaders()
        answer = raw.getresponse()
        assert (answer.status, b"IDENTITY_UNCLEAR" in answer.read()) == (401, True)
        answer.close()
        raw.close()
    finally:
        server.end()


def test_a_session_that_an_attacker_planted_is_not_the_victims(guarded: LiveServer) -> None:
    client = browser(guarded)
    for planted in ("of-the-attackers-choice", client.cookies["cdalake_session"]):
        client.cookies.clear()
        cookie = {"cookie": f"cdalake_session={planted}"}
        answer = client.post("/api/login", json={"token": TOKEN}, headers=cookie)
        assert answer.status_code == 200
        assert client.cookies["cdalake_session"] != planted
        with stranger(guarded) as attacker:
            problem(attacker.get("/api/me", headers=cookie), 401, "LOGIN_REQUIRED")
    client.close()


def test_another_site_has_no_rows_read_behind_the_readers_back(server: LiveServer) -> None:
    for site in ("cross-site", "same-site"):
        headers = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}
        answer = server.client.get("/api/tables/cc_claim/sample", headers=headers)
        problem(answer, 403, "ORIGIN_NOT_ALLOWED")
        led = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
        assert server.client.get("/api/tables", headers=led).status_code == 200


def test_a_token_in_an_address_lets_nobody_in(guarded: LiveServer) -> None:
    with stranger(guarded) as client:
        for query in ({"token": TOKEN}, {"access_token": TOKEN}, {"authorization": TOKEN}):
            problem(client.get("/api/me", params=query), 401, "LOGIN_REQUIRED")


# -- on the files and the process ------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fserver%2fapp.py",
        "/assets/....//....//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/..\\..\\app.py",
        "//etc/passwd",
        "/index.html%00.js",
        "/.vite/manifest.json",
    ],
)
def test_no_path_leads_out_of_the_page(guarded: LiveServer, path: str) -> None:
    port = int(guarded.url.rpartition(":")[2])
    raw = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    raw.putrequest("GET", path, skip_accept_encoding=True)
    raw.endheaders()
    answer = raw.getresponse()
    text = answer.read().decode(errors="replace")
    assert answer.status in (400, 404), (answer.status, text[:200])
    assert "root:" not in text
    assert "FastAPI" not in text
    answer.close()
    raw.close()


@pytest.mark.parametrize(("method", "path"), [*unsafe_routes(), ("POST", "/api/login")])
def test_an_oversized_body_is_refused_before_it_is_read(
    guarded: LiveServer, method: str, path: str
) -> None:
    """Headers only: whoever read the body first would wait for it."""
    port = int(guarded.url.rpartition(":")[2])
    filled = path.replace("{", "").replace("}", "")
    for size in ({"content-length": str(10**12)}, {"transfer-encoding": "chunked"}):
        raw = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        raw.putrequest(method, filled)
        for name, value in {"content-type": "application/json", **ADMIN, **size}.items():
            raw.putheader(name, value)
        raw.endheaders()
        answer = raw.getresponse()
        assert (answer.status, b"BODY_TOO_LARGE" in answer.read()) == (413, True)
        answer.close()
        raw.close()


def test_a_body_that_nests_without_end_is_refused(guarded: LiveServer) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    headers = {"content-type": "application/json"}
    answer = guarded.client.post(START, content=f'{{"config": {deep}}}', headers=headers)
    assert answer.status_code == 400, answer.text[:200]
    assert guarded.client.get("/health").status_code == 200


ELSEWHERE = ("x@127.0.0.1:9/", "x@169.254.169.254/?", "evil.example/#", "evil.example\\")


@pytest.mark.parametrize("region", ELSEWHERE)
def test_s5_a_region_leads_to_no_other_host(guarded: LiveServer, region: str) -> None:
    """It stands inside of the provider's host name."""
    values = {"source": "s3://a/b", "target": "s3://c/d", "region": region}
    answer = guarded.client.post("/api/connections/test", json={"values": values})
    problem(answer, 400, "BAD_SETTING")
    named = {"name": "elsewhere", "values": {**values, "region": None, "source_region": region}}
    problem(guarded.client.post("/api/connections", json=named), 400, "BAD_SETTING")
    keys = {"aws_access_key_id": "AKIAPLANTEDPLANTED01", "aws_secret_access_key": SECRET}
    config = {**keys, "aws_region": region, "aws_s3_bucket": "c", "aws_manifest_location": "a/b"}
    for path in (START, "/api/guidewire/jobs/preflight"):
        body = {"config": config} if path == START else config
        problem(guarded.client.post(path, json=body), 400, "INVALID_REQUEST")
