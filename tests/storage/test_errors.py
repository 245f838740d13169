"""What a store refuses or cannot do becomes one of our errors, with a next step and no secret."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cdalake.errors import AccessDenied, CdalakeError, NotFound, StoreUnavailable, UsageError
from cdalake.storage import Store
from cdalake.storage.trouble import first_line

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAPLANTEDPLANTED",
    "AWS_SECRET_ACCESS_KEY": "planted/secret+key",
    "AWS_SESSION_TOKEN": "planted-session-token",
}
BODY = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<Error><Code>{0}</Code><Message>about {0}</Message><RequestId>1</RequestId></Error>"
)
DUMP = (
    "Generic S3 error: Error performing GET http://h/b?sig=x in 1.2s, after 5 retries, "
    "max_retries: 5, retry_timeout: 45s  - HTTP error: error sending request"
)

OPERATIONS: dict[str, Callable[[Store], Any]] = {
    "list": lambda store: store.list("x"),
    "list_folders": lambda store: store.list_folders("x"),
    "get": lambda store: store.get("x"),
    "get_tail": lambda store: store.get_tail("x", 10, 4),
    "put": lambda store: store.put("x", b""),
    "put_new": lambda store: store.put_new("x", b""),
    "put_if": lambda store: store.put_if("x", b"", '"tag"'),
    "delete": lambda store: store.delete("x"),
}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], Store]]:
    """Opens a bucket on a server that answers every request alike."""
    servers = []
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)

    def serve(status: int, code: str) -> Store:
        body = BODY.format(code).encode()

        class Answer(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(status)
                self.send_header("content-type", "application/xml")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        return Store.open("s3://bucket/lake")

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def caught_by(operation: Callable[[Store], Any], store: Store) -> CdalakeError:
    with pytest.raises(CdalakeError) as caught:
        operation(store)
    assert not any(secret in str(caught.value) for secret in KEYS.values())
    assert "\n" not in str(caught.value)
    return caught.value


def dead_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (403, "SignatureDoesNotMatch"), (401, "Nope")]
)
def test_a_refusal_names_the_place_and_the_right_that_is_missing(
    answering: Callable[[int, str], Store], operation: str, status: int, code: str
) -> None:
    """R10, R50: a listing that is refused is no unreachable store and no empty folder."""
    error = caught_by(OPERATIONS[operation], answering(status, code))

    assert isinstance(error, AccessDenied)
    assert error.code == "ACCESS_DENIED"
    assert "s3://bucket/lake/x" in error.message
    right = {"list": "ListBucket", "list_folders": "ListBucket", "get": "GetObject"}
    assert right.get(operation.removesuffix("_tail"), "PutObject") in error.hint


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("status", [400, 403])
def test_expired_credentials_say_that_they_have_expired(
    answering: Callable[[int, str], Store], operation: str, status: int
) -> None:
    """R50"""
    error = caught_by(OPERATIONS[operation], answering(status, "ExpiredToken"))

    assert isinstance(error, AccessDenied)
    assert error.code == "CREDENTIALS_EXPIRED"


def test_a_file_whose_name_tells_of_expired_tokens_is_just_missing(
    answering: Callable[[int, str], Store],
) -> None:
    store = answering(404, "NoSuchKey")

    error = caught_by(lambda _: store.get("ExpiredToken/NoSuchBucket.parquet"), store)

    assert error.code == "OBJECT_NOT_FOUND"


@pytest.mark.parametrize("operation", ["get", "get_tail", "put", "put_new"])
def test_an_answer_nobody_expects_is_an_unavailable_store(
    answering: Callable[[int, str], Store], operation: str
) -> None:
    error = caught_by(OPERATIONS[operation], answering(416, "InvalidRange"))

    assert isinstance(error, StoreUnavailable)
    assert error.code == "STORE_UNAVAILABLE"


@pytest.mark.parametrize("operation", ["list", "list_folders", "get", "put", "put_new"])
def test_a_missing_bucket_is_named(s3: Callable[[], str], operation: str) -> None:
    """R10"""
    s3()

    error = caught_by(OPERATIONS[operation], Store.open("s3://no-such-bucket/lake"))

    assert isinstance(error, NotFound)
    assert error.code == "BUCKET_NOT_FOUND"
    assert "no-such-bucket" in error.message


@pytest.mark.parametrize("user", ["", "planted-user:planted-password@"])
def test_an_endpoint_where_nobody_listens_is_named_without_its_credentials(
    monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    """R50"""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{user}127.0.0.1:{dead_port()}")

    error = caught_by(OPERATIONS["list"], Store.open("s3://bucket/lake"))

    assert isinstance(error, StoreUnavailable)
    assert "AWS_ENDPOINT_URL" in error.hint
    assert "planted" not in str(error)


def test_a_shared_access_signature_stays_out_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2024-01-01&sig=planted")
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", f"https://127.0.0.1:{dead_port()}")

    error = caught_by(OPERATIONS["list"], Store.open("az://box/lake"))

    assert isinstance(error, StoreUnavailable)
    assert "planted" not in str(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Generic S3 error: odd\nDebug source: {secret}", "Generic S3 error: odd"),
        (DUMP, "HTTP error: error sending request"),
        ("cannot reach http://user:word@host/x?sig=abc&y=1", "cannot reach http://host/x"),
        ("cannot reach http://user:a/b@c:d@host/x", "cannot reach http://host/x"),
        ("cannot reach http://user:a/b?d@host/x", "cannot reach http://"),
        ("", "ValueError"),
        ("x" * 500, "x" * 300),
    ],
)
def test_an_errors_text_is_one_short_line_without_credentials(text: str, expected: str) -> None:
    assert first_line(ValueError(text)) == expected


def test_without_credentials_the_client_asks_a_machine_role_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{dead_port()}")
    error = GenericRoleError()

    def ask() -> None:
        raise error

    with pytest.raises(AccessDenied, match="NO_CREDENTIALS"):
        Store.open("s3://bucket/lake").guard("list", "", ask)


class GenericRoleError(Exception):
    """What the client says when the metadata service does not answer."""

    def __str__(self) -> str:
        return "Error performing PUT http://169.254.169.254/latest/api/token in 3s"


def test_settings_that_make_no_store_are_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as caught:
        Store.open("az://box-without-an-account/lake")

    assert caught.value.code == "BAD_STORE_SETTINGS"


@pytest.mark.parametrize("operation", ["get", "list", "list_folders"])
def test_a_file_in_the_place_of_a_folder_is_no_store_that_cannot_be_reached(
    tmp_path: Path, operation: str
) -> None:
    (tmp_path / "manifest.json").write_text("{}")

    error = caught_by(OPERATIONS[operation], Store.open(str(tmp_path / "manifest.json")))

    assert isinstance(error, NotFound)
    assert str(tmp_path / "manifest.json" / "x") in error.message


def test_a_folder_that_cannot_be_written_is_named_and_not_the_network(tmp_path: Path) -> None:
    source = Store.open(str(tmp_path))
    source.put("t/x", b"1")
    (info,) = source.list()
    with pytest.raises(AccessDenied, match="refused to put /sys/cdalake/x"):
        Store.open("/sys/cdalake").put("x", b"1")
    for act in (
        lambda: Store.open("/proc/nolake").put("x", b"1"),
        lambda: Store.open("/proc/nolake").copy_from(source, info, "x"),
    ):
        with pytest.raises(CdalakeError, match="/proc/nolake/x") as caught:
            act()
        assert "AWS" not in caught.value.hint


def test_a_folder_that_refuses_says_nothing_of_cloud_keys(tmp_path: Path) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(AccessDenied) as caught:
        Store.open(str(tmp_path)).guard("put", "x", refuse)

    assert caught.value.code == "ACCESS_DENIED"
    assert "AWS" not in caught.value.hint


def test_plain_http_is_spoken_only_where_the_endpoint_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def told(url: str) -> dict[str, str]:
        store = Store.open(url)
        return store.access.delta_options(store.location)

    assert told("s3://bucket") == {"allow_http": "false", "aws_region": "us-east-1"}

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert told("s3://bucket") == {"allow_http": "true"}
    assert told("gs://bucket") == {"allow_http": "true"}
    assert Store.open(str(tmp_path)).delta_options() == {}
