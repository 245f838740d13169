from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from cdalake.server.app import document

from .conftest import LiveServer
from .test_api import problem

if TYPE_CHECKING:
    from conftest import Lake

TOKEN = "a-long-token-for-these-tests-only"
ADMIN = {"authorization": f"Bearer {TOKEN}"}
BROWSER = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that asks everybody who they are; tests leave it as they found it."""
    from conftest import Lake

    folder = tmp_path_factory.mktemp("closed")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export()
    live = LiveServer(folder / "home", lake, CDALAKE_REQUIRE_LOGIN="true", CDALAKE_TOKEN=TOKEN)
    yield live
    live.end()


def browser(server: LiveServer, token: str = TOKEN) -> httpx2.Client:
    """A browser that has logged in."""
    origin = {"origin": server.url, "sec-fetch-site": "same-origin"}
    client = httpx2.Client(base_url=server.url, timeout=30, headers=origin)
    assert client.post("/api/login", json={"token": token}).status_code == 200
    return client


def add_token(server: LiveServer, name: str, role: str) -> dict[str, str]:
    """The header of a new token."""
    body = {"name": name, "role": role}
    answer = server.client.post("/api/tokens", json=body, headers=ADMIN)
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


def actions(server: LiveServer) -> list[tuple[str, str]]:
    entries = server.get("/api/audit", headers=ADMIN)["entries"]
    return [(entry["who"], entry["action"]) for entry in entries]


def operations() -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method in methods
    ]


OPEN = {"/health", "/health/ready", "/api/login", "/api/logout"}


@pytest.mark.parametrize(
    ("method", "path"), [*operations(), ("GET", "/docs"), ("GET", "/openapi.json")]
)
def test_nobody_reads_or_does_anything_without_a_login(
    closed: LiveServer, method: str, path: str
) -> None:
    filled = path.replace("{", "").replace("}", "")
    answer = closed.client.request(method, filled, json={} if method != "GET" else None)
    if path in OPEN:
        assert answer.status_code != 401
        return
    problem(answer, 401, "LOGIN_REQUIRED")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_page_itself_and_the_probe_need_no_login(closed: LiveServer) -> None:
    assert closed.client.get("/login", headers={"accept": "text/html"}).status_code == 200
    assert closed.client.get("/health").status_code == 200


def test_a_reader_of_the_reference_is_led_to_the_login_and_back(closed: LiveServer) -> None:
    reading = {"accept": "text/html,*/*"}
    answer = closed.client.get("/docs/errors", headers=reading, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=%2Fdocs%2Ferrors")
    for other in ("/api/tables", "/openapi.json"):
        refused = closed.client.get(other, headers=reading, follow_redirects=False)
        problem(refused, 401, "LOGIN_REQUIRED")
    client = browser(closed)
    assert client.get("/docs/errors", headers=reading).status_code == 200
    client.close()


def stream_ends(client: httpx2.Client, end: Callable[[], object]) -> bool:
    """The stream of changes of a client ends when its login does, long before its 90 seconds."""
    with client.stream("GET", "/api/events", timeout=20) as stream:
        lines = stream.iter_lines()
        next(lines)
        end()
        return sum(1 for _ in lines) < 100


def test_streams_end_when_their_reader_logs_out(closed: LiveServer) -> None:
    client = browser(closed)
    other = httpx2.Client(base_url=closed.url, headers=client.headers, cookies=client.cookies)
    assert stream_ends(client, lambda: other.post("/api/logout"))
    other.close()
    client.close()


def test_streams_end_when_the_token_behind_them_is_revoked(closed: LiveServer) -> None:
    headers = add_token(closed, "reader", "viewer")
    client = httpx2.Client(base_url=closed.url, headers=headers)
    assert stream_ends(client, lambda: closed.client.delete("/api/tokens/reader", headers=ADMIN))
    problem(client.get("/api/me"), 401, "TOKEN_WRONG")
    client.close()


def test_who_was_refused_is_written_down(closed: LiveServer) -> None:
    headers = add_token(closed, "looker", "viewer")
    problem(closed.client.post("/api/tables/refresh", headers=headers), 403, "PERMISSION_MISSING")
    wrong = {"authorization": "Bearer nonsense-nonsense"}
    problem(closed.client.get("/api/tables", headers=wrong), 401, "TOKEN_WRONG")
    found = closed.get("/api/audit", headers=ADMIN)["entries"][:2]
    told = [(entry["who"], entry["action"], entry["subject"]) for entry in found]
    assert told == [
        ("unknown at 127.0.0.1", "login.refused", "GET /api/tables"),
        ("looker", "access.refused", "POST /api/tables/refresh"),
    ]
    assert "nonsense-nonsense" not in str(found)
    closed.client.delete("/api/tokens/looker", headers=ADMIN)


def test_a_program_shows_its_token_in_each_request(closed: LiveServer) -> None:
    me = closed.get("/api/me", headers=ADMIN)
    assert me == {"name": "admin", "role": "admin", "has_login": True, "can_log_out": False}
    wrong = {"authorization": "Bearer nonsense"}
    problem(closed.client.get("/api/me", headers=wrong), 401, "TOKEN_WRONG")
    other = {"authorization": "Basic YTpi"}
    problem(closed.client.get("/api/me", headers=other), 401, "LOGIN_REQUIRED")


def test_a_browser_gets_a_cookie_that_scripts_and_other_sites_do_not_get(
    closed: LiveServer,
) -> None:
    answer = closed.client.post("/api/login", json={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("cdalake_session=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "expires=" in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert TOKEN not in answer.text + cookie
    closed.client.cookies.clear()


def test_whoever_logged_in_is_known_by_the_cookie_until_they_log_out(closed: LiveServer) -> None:
    client = browser(closed)
    assert client.get("/api/me").json()["can_log_out"] is True
    kept = client.cookies["cdalake_session"]
    assert client.post("/api/logout").status_code == 200
    assert "cdalake_session" not in client.cookies
    client.cookies.set("cdalake_session", kept)
    problem(client.get("/api/me"), 401, "LOGIN_REQUIRED")
    assert [action for _, action in actions(closed)[:2]] == ["logout", "login"]
    client.close()


def test_logging_out_twice_is_no_error(closed: LiveServer) -> None:
    assert closed.client.post("/api/logout").json() == {"message": "Logged out"}


def test_the_events_of_a_run_come_with_the_cookie(closed: LiveServer) -> None:
    client = browser(closed)
    run_id = client.post("/api/guidewire/jobs/start", json={}).json()["run_id"]
    with client.stream("GET", f"/api/runs/{run_id}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        assert any(line == "event: end" for line in events.iter_lines())
    problem(closed.client.get(f"/api/runs/{run_id}/events"), 401, "LOGIN_REQUIRED")
    job = client.get(f"/api/guidewire/jobs/{run_id}").json()
    assert (job["requested_by"], job["trigger"]) == ("admin", "page")
    client.close()


def test_a_token_says_what_its_bearer_may_do(closed: LiveServer) -> None:
    viewer, operator = (add_token(closed, role, role) for role in ("viewer", "operator"))
    refresh = "/api/tables/refresh"
    assert closed.client.get("/api/tables", headers=viewer).status_code == 200
    body = problem(closed.client.post(refresh, headers=viewer), 403, "PERMISSION_MISSING")
    assert "operator" in body["detail"]
    assert closed.client.post(refresh, headers=operator).status_code == 202
    problem(closed.client.get("/api/audit", headers=operator), 403, "PERMISSION_MISSING")
    assert ("operator", "tables.refresh") in actions(closed)
    listed = closed.get("/api/tokens", headers=ADMIN)
    assert [(token["name"], token["role"]) for token in listed] == [
        ("operator", "operator"),
        ("viewer", "viewer"),
    ]
    assert all(token["last_used"] and token["created_by"] == "admin" for token in listed)
    for name in ("viewer", "operator"):
        assert closed.client.delete(f"/api/tokens/{name}", headers=ADMIN).status_code == 200
    problem(closed.client.get("/api/tables", headers=viewer), 401, "TOKEN_WRONG")
    assert closed.get("/api/tokens", headers=ADMIN) == []


def test_a_revoked_token_takes_its_logins_with_it(closed: LiveServer) -> None:
    header = add_token(closed, "guest", "viewer")
    client = browser(closed, header["authorization"].removeprefix("Bearer "))
    assert client.get("/api/me").json()["name"] == "guest"
    closed.client.delete("/api/tokens/guest", headers=ADMIN)
    problem(client.get("/api/me"), 401, "LOGIN_REQUIRED")
    client.close()


def test_a_wrong_token_is_written_down_and_guessing_comes_to_an_end(
    tmp_path: Any, lake: Lake
) -> None:
    lake.export()
    server = LiveServer(tmp_path / "home", lake, CDALAKE_REQUIRE_LOGIN="1")
    guesses = [server.client.post("/api/login", json={"token": f"guess-{n}"}) for n in range(12)]
    assert [answer.status_code for answer in guesses] == [401] * 10 + [429] * 2
    assert guesses[-1].headers["retry-after"] == "60"
    problem(guesses[-1], 429, "TOO_MANY_ATTEMPTS")
    server.end()
    server.start()
    kept = (server.home / "admin-token").read_text().strip()
    found = server.get("/api/audit", headers={"authorization": f"Bearer {kept}"})["entries"]
    assert {(entry["action"], entry["who"]) for entry in found} == {("login.refused", "unknown")}
    assert "guess" not in str(found)
    # Nobody fills the disk by going on: what is refused unread is not written down.
    assert len(found) == 10
    server.end()


def test_a_server_that_others_reach_asks_for_a_login_and_answers_to_its_names(
    tmp_path: Any, lake: Lake
) -> None:
    lake.export()
    server = LiveServer(
        tmp_path / "home",
        lake,
        HOST="0.0.0.0",  # noqa: S104
        CDALAKE_TOKEN=TOKEN,
        CDALAKE_PUBLIC_HOSTS="cda.example.com",
    )
    try:
        port = server.url.rpartition(":")[2]
        problem(server.client.get("/api/me"), 401, "LOGIN_REQUIRED")
        for host in ("cda.example.com", f"127.0.0.1:{port}", f"10.1.2.3:{port}"):
            answer = server.client.get("/api/me", headers={**ADMIN, "host": host})
            assert answer.status_code == 200, host
        foreign = server.client.get("/api/me", headers={**ADMIN, "host": "evil.example"})
        problem(foreign, 403, "HOST_NOT_ALLOWED")
    finally:
        server.end()


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that trusts a proxy at 127.0.0.1, as which tests speak."""
    from conftest import Lake

    folder = tmp_path_factory.mktemp("proxied")
    lake = Lake(str(folder / "export"), str(folder / "lake"))
    lake.export()
    live = LiveServer(
        folder / "home",
        lake,
        CDALAKE_TOKEN=TOKEN,
        CDALAKE_TRUSTED_PROXIES="127.0.0.1",
        CDALAKE_USER_HEADER="X-Forwarded-Email",
        CDALAKE_GROUPS_HEADER="X-Forwarded-Groups",
        CDALAKE_GROUP_ROLES="on-call=operator",
        CDALAKE_PUBLIC_HOSTS="cda.example.com",
        CDALAKE_FRAME_ANCESTORS="https://portal.example.com",
    )
    yield live
    live.end()


def test_a_trusted_proxy_says_who_asks_and_in_which_groups_they_are(proxied: LiveServer) -> None:
    ana = {"x-forwarded-email": "ana@example.com"}
    me = proxied.get("/api/me", headers=ana)
    expected = {"role": "viewer", "has_login": True, "can_log_out": False}
    assert me == {"name": "ana@example.com", **expected}
    on_call = {**ana, "x-forwarded-groups": "all, on-call"}
    assert proxied.get("/api/me", headers=on_call)["role"] == "operator"
    assert proxied.client.post("/api/tables/refresh", headers=on_call).status_code == 202
    assert actions(proxied)[0] == ("ana@example.com", "tables.refresh")
    problem(proxied.client.get("/api/me"), 401, "LOGIN_REQUIRED")


def test_a_program_behind_the_proxy_may_still_show_a_token(proxied: LiveServer) -> None:
    assert proxied.get("/api/me", headers=ADMIN)["name"] == "admin"


def test_under_https_the_cookie_is_bound_to_it_and_browsers_are_told_to_stay(
    proxied: LiveServer,
) -> None:
    https = {"x-forwarded-proto": "https", "host": "cda.example.com"}
    answer = proxied.client.post("/api/login", json={"token": TOKEN}, headers=https)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cdalake_session=")
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    proxied.client.cookies.clear()
    assert "strict-transport-security" not in proxied.client.get("/health").headers


def test_the_sites_that_may_show_the_page_are_named(proxied: LiveServer) -> None:
    headers = proxied.client.get("/health").headers
    assert "frame-ancestors https://portal.example.com" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_the_address_of_a_client_is_the_nearest_that_is_no_proxy(proxied: LiveServer) -> None:
    through = {"x-forwarded-for": "6.6.6.6, 198.51.100.7, 127.0.0.1"}
    answer = proxied.client.post("/api/login", json={"token": "wrong"}, headers=through)
    problem(answer, 401, "TOKEN_WRONG")
    entry = proxied.get("/api/audit", headers=ADMIN)["entries"][0]
    assert entry["detail"]["address"] == "198.51.100.7"
