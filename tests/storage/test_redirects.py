"""What the store's client does when an endpoint sends it elsewhere; limits.md says so.

It has no option to refuse. When this test fails because it got one, use it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import obstore
import pytest
from obstore.store import S3Store


class Stranger(ThreadingHTTPServer):
    """A server that nobody allowed; it keeps what it was asked with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []


class _Answers(BaseHTTPRequestHandler):
    server: Stranger

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.send_header("last-modified", "Mon, 23 Nov 2026 09:40:00 GMT")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the name that the server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Sender(ThreadingHTTPServer):
    """An endpoint that was allowed, and leads to the stranger."""

    def __init__(self, stranger: Stranger) -> None:
        super().__init__(("127.0.0.1", 0), _Leads)
        # Another name of the same machine: another host for whoever compares names.
        self.elsewhere = f"http://localhost:{stranger.server_port}"


class _Leads(BaseHTTPRequestHandler):
    server: Sender

    def do_GET(self) -> None:
        self.send_response(307)
        self.send_header("location", f"{self.server.elsewhere}{self.path}")
        self.send_header("content-length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the name that the server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(server: ThreadingHTTPServer) -> None:
    threading.Thread(target=server.serve_forever, daemon=True).start()


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as server:
        serve(server)
        yield server
        server.shutdown()


@pytest.fixture
def store(stranger: Stranger) -> Iterator[S3Store]:
    with Sender(stranger) as server:
        serve(server)
        yield S3Store(
            "bucket",
            endpoint=f"http://127.0.0.1:{server.server_port}",
            region="eu-central-1",
            access_key_id="AKIAIOSFODNN7EXAMPLE",
            secret_access_key="hunter2",
            session_token="hunter3",
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )
        server.shutdown()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_redirect_to_another_host_is_followed_without_the_signature(
    store: S3Store, stranger: Stranger, method: str
) -> None:
    (obstore.get if method == "GET" else obstore.head)(store, "manifest.json")
    ((asked, path, headers),) = stranger.asked
    assert (asked, path) == (method, "/bucket/manifest.json")
    assert "authorization" not in headers
    assert "AKIAIOSFODNN7EXAMPLE" not in str(headers)
    # Of no use without the secret key, but it goes along.
    assert headers["x-amz-security-token"] == "hunter3"
