"""S2 and S3: two runs at once never touch each other's credentials or endpoints."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdalake.samples import SampleSpec, write_export
from cdalake.settings import AccessRef
from cdalake.storage import Access, Store
from server.conftest import LiveServer

if TYPE_CHECKING:
    from conftest import Lake


class Gate:
    """Stands before an S3 server and notes whose key asks for which bucket."""

    def __init__(self, behind: str) -> None:
        self.seen: set[tuple[str, str]] = set()
        gate = self

        class Pass(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                key = self.headers.get("authorization", "").partition("Credential=")[2]
                gate.seen.add((key.partition("/")[0], self.path.split("/")[1].partition("?")[0]))
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                names = ("authorization", "if-", "range", "content-type", "x-amz-")
                headers = {k: v for k, v in self.headers.items() if k.lower().startswith(names)}
                headers.setdefault("content-type", "application/octet-stream")
                request = urllib.request.Request(
                    behind + self.path, body or None, headers, method=self.command
                )
                try:
                    with urllib.request.urlopen(request) as answer:
                        self._give(answer.status, answer.headers, answer.read())
                except urllib.error.HTTPError as error:
                    self._give(error.code, error.headers, error.read())

            def _give(self, status: int, headers: Any, body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                is_head = self.command == "HEAD"
                size = headers.get("content-length", 0) if is_head else len(body)
                self.send_header("content-length", str(size))
                self.end_headers()
                if not is_head:
                    self.wfile.write(body)

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _pass  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Pass)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()


@pytest.fixture
def gates(s3_server: str) -> Iterator[tuple[Gate, Gate]]:
    pair = Gate(s3_server), Gate(s3_server)
    yield pair
    for gate in pair:
        gate.server.shutdown()
        gate.server.server_close()


def bucket(s3_server: str, name: str) -> None:
    request = urllib.request.Request(f"{s3_server}/{name}", method="PUT")
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("first", ["env:PC_", "profile:pc"])
def test_two_runs_at_once_use_each_their_own_key_and_endpoint(
    tmp_path: Path, lake: Lake, s3_server: str, gates: tuple[Gate, Gate], first: str
) -> None:
    keys = {"pc": "AKIAPOLICYCENTER0001", "cc": "AKIACLAIMCENTER00002"}
    names = {name: f"{name}-{tmp_path.name.replace('_', '-')[-40:].lower()}" for name in keys}
    settings = ""
    for gate, (name, key) in zip(gates, keys.items(), strict=True):
        bucket(s3_server, names[name])
        export = type(lake)(f"s3://{names[name]}/cda", "")
        access = Access.of_keys(key, "planted-secret", endpoint=s3_server)
        export_store = Store.open(export.source_url, access)

        write_export(export_store.put, SampleSpec(tables=3, folders=4, rows=20))
        settings += (
            f'[connections.{name}]\nsource = "{export.source_url}"\n'
            f'target = "s3://{names[name]}/lake"\nendpoint = "{gate.url}"\n'
            f'credential = "{first if name == "pc" else "env:CC_"}"\n'
        )
    home = tmp_path / "home"
    home.mkdir()
    (home / "cdalake.toml").write_text(settings)
    (home / "credentials").write_text(
        f"[pc]\naws_access_key_id = {keys['pc']}\naws_secret_access_key = planted-secret\n"
    )
    server = LiveServer(
        home,
        lake,
        CDALAKE_SOURCE="",
        CDALAKE_TARGET="",
        AWS_SHARED_CREDENTIALS_FILE=str(home / "credentials"),
        AWS_ACCESS_KEY_ID="AKIAOFTHESERVERITSELF",
        AWS_SECRET_ACCESS_KEY="planted-secret",
        AWS_SESSION_TOKEN="planted-token",
        AWS_ENDPOINT_URL="http://127.0.0.1:1",
        PC_ACCESS_KEY_ID=keys["pc"],
        PC_SECRET_ACCESS_KEY="planted-secret",
        CC_ACCESS_KEY_ID=keys["cc"],
        CC_SECRET_ACCESS_KEY="planted-secret",
    )
    try:
        runs = [server.run(connection=name) for name in keys]
        ended = [server.ended(run_id) for run_id in runs]
        assert [run["status"] for run in ended] == ["completed", "completed"], ended
        tables = server.until(
            "/api/tables",
            lambda page: [t["row_count"] is not None for t in page["tables"]] == [True] * 6,
        )
        first_table = tables["tables"][0]["name"]
        sample = server.get(f"/api/tables/{first_table}/sample?connection=cc&limit=1")
        assert len(sample["rows"]) == 1
    finally:
        server.end()
    for gate, (name, key) in zip(gates, keys.items(), strict=True):
        assert gate.seen == {(key, names[name])}
    (home / "credentials").unlink()
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"planted" not in written
    assert keys["cc"].encode() not in written


def test_a_reference_without_keys_ends_the_run_and_says_which(tmp_path: Path, lake: Lake) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "cdalake.toml").write_text(
        '[connections.pc]\nsource = "s3://cda"\ntarget = "s3://lake"\ncredential = "env:PC_"\n'
    )
    server = LiveServer(home, lake, CDALAKE_SOURCE="", CDALAKE_TARGET="")
    try:
        answer = server.client.post(
            "/api/guidewire/jobs/start", json={"config": {"connection": "pc"}}
        )
        assert answer.status_code == 403
        assert answer.json()["code"] == "NO_CREDENTIALS"
        assert "PC_ACCESS_KEY_ID" in answer.json()["detail"]
    finally:
        server.end()


def test_a_reference_survives_the_way_through_a_run_directory(lake: Lake) -> None:
    ref = AccessRef("profile:pc", "eu-west-1", "https://s3.example")
    spec = lake.spec(source_access=ref)
    assert type(spec).from_json(spec.to_json()) == spec
