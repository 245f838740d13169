"""The counting S3 server (`s3count.py`) as a process of its own on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


class Server:
    """The counting server."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"

    def call(self, path: str, method: str = "POST") -> bytes:
        request = urllib.request.Request(f"{self.endpoint}{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def counts(self) -> dict[str, int]:
        """Requests by kind since the last `reset`."""
        return json.loads(self.call("/__stats", "GET"))["counts"]

    def reset(self) -> None:
        self.call("/__reset")

    def fill(self, url: str, key: str, to: str, first: int, count: int, step: int = 1) -> None:
        """Copy the object `key` below `url` to `count` keys: `to` with numbers in place of {}."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        keys = {"bucket": bucket, "key": f"{prefix}/{key}", "to": f"{prefix}/{to}"}
        numbers = {"first": first, "count": count, "step": step}
        self.call(f"/__fill?{urllib.parse.urlencode({**keys, **numbers})}")

    def bucket(self, name: str) -> str:
        self.call(f"/{name}", "PUT")
        return f"s3://{name}"

    @property
    def environment(self) -> dict[str, str]:
        """What a client of it sets."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_REGION": "us-east-1",
        }


@contextmanager
def serving() -> Iterator[Server]:
    """Start it on a free port; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, HERE / "s3count.py", "--port", str(port)])
    server = Server(port)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            server.call("/__stats", "GET")
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the counting server does not answer")
