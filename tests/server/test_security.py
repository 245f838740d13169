from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cdalake.access import is_loopback
from cdalake.server.serving import listen

if TYPE_CHECKING:
    from .conftest import LiveServer

START = "/api/guidewire/jobs/start"


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_loopback_has_several_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "["]
)
def test_a_request_for_another_host_is_refused(loaded: LiveServer, host: str) -> None:
    answer = loaded.client.get("/api/config", headers={"host": host})
    assert code_of(answer) == (403, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:99"])
def test_the_names_of_this_machine_are_accepted(loaded: LiveServer, host: str) -> None:
    assert loaded.client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", ""])
def test_another_site_cannot_change_anything(
    loaded: LiveServer, headers: dict[str, str], content_type: str
) -> None:
    sent = {**headers, "content-type": content_type}
    answer = loaded.client.post(START, content="{}", headers=sent)
    assert code_of(answer) == (403, "ORIGIN_NOT_ALLOWED")
    for method, path in (("POST", "/api/tables/refresh"), ("DELETE", "/api/jobs/x")):
        answer = loaded.client.request(method, path, headers=headers)
        assert code_of(answer) == (403, "ORIGIN_NOT_ALLOWED")


def test_the_page_itself_may_change_things_and_its_runs_are_known_as_such(
    server: LiveServer,
) -> None:
    headers = {"origin": server.url, "sec-fetch-site": "same-origin"}
    answer = server.client.post(START, json={}, headers=headers)
    assert answer.status_code == 201
    assert server.ended(answer.json()["run_id"])["trigger"] == "page"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_must_say_that_it_is_json(loaded: LiveServer, content_type: str) -> None:
    answer = loaded.client.post(START, content="{}", headers={"content-type": content_type})
    assert code_of(answer) == (415, "NOT_JSON")


def test_a_body_must_be_small_and_say_its_length(loaded: LiveServer) -> None:
    headers = {"content-type": "application/json"}
    big = loaded.client.post(START, content=b" " * (1024 * 1024 + 1), headers=headers)
    assert code_of(big) == (413, "BODY_TOO_LARGE")
    endless = loaded.client.post(START, content=iter([b"{}"]), headers=headers)
    assert code_of(endless) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("path", ["/", "/health", "/api/nope", "/assets/nope.js", "/docs"])
def test_every_answer_has_the_headers_that_bind_a_browser(loaded: LiveServer, path: str) -> None:
    headers = loaded.client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-request-id"]
    assert "server" not in headers


def test_a_request_id_of_ones_own_is_kept_unless_it_could_do_harm(loaded: LiveServer) -> None:
    kept = loaded.client.get("/health", headers={"x-request-id": "mine-1"})
    assert kept.headers["x-request-id"] == "mine-1"
    made = loaded.client.get("/health", headers={"x-request-id": "a b<script>"})
    assert made.headers["x-request-id"] != "a b<script>"


def test_a_port_that_is_taken_is_passed_over() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as other:
            assert other.getsockname()[1] > port
