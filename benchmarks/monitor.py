"""Measure the monitor: HTTP and a real browser, while a run goes on and a store hangs.

    make bench ARGS="monitor [--quick] [--save] [--home DIR] [--no-page] [--no-http]"

The home (`monitor_home.py`) is built once and kept with `--home`. The server is `cdalake serve`
itself. While we measure, a run with two workers goes on again and again, and one connection's store
accepts connections and never answers. Every figure over HTTP is of 200 requests with keep-alive,
from one client and from four at once; every GET of the OpenAPI document is asked, and one that we
have no values for is named as not measured.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))
from monitor_home import LONG, Home, Size, prepare

HERE = Path(__file__).parent
ROOT = HERE.parent
LIST_MS = 100
READ_MS = 500
LISTS = "/api/tables?"
DOWNLOADS = "export"
"""Everything there is, in one file: timed as a download, by a few, without a target."""
A_FEW = 8


@dataclass(frozen=True)
class Figure:
    """Times of one request, in ms."""

    name: str
    times: Sequence[float]
    bytes: int
    status: int
    target: float | None

    def at(self, share: float) -> float:
        """A percentile."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def cells(self) -> list[str]:
        """p50, p95, p99."""
        return [f"{self.at(share):.1f}" for share in (0.5, 0.95, 0.99)]

    @property
    def is_missed(self) -> bool:
        """The p95 is above the target, or the answer was an error."""
        return self.status >= 400 or (self.target is not None and self.at(0.95) > self.target)


# -- what goes on meanwhile -----------------------------------------------------------------


@contextmanager
def hanging_store() -> Iterator[str]:
    """An endpoint that accepts and never answers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    held: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                held.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        for connection in held:
            connection.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Home, endpoint: str) -> Iterator[str]:
    """`cdalake serve` on the home; its address."""
    log = (home.path / "server.log").open("wb")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "CDALAKE_HOME": str(home.path / "home"),
        "CDALAKE_CONFIG": str(home.path / "home" / "cdalake.toml"),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "cdalake", "serve", "--port", str(free_port())]
    process = subprocess.Popen(
        command, env=environment, cwd=home.path, stdout=subprocess.PIPE, stderr=log, text=True
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip().rpartition(" ")[2]
    try:
        assert url.startswith("http"), (home.path / "server.log").read_text()
        yield url
    finally:
        process.terminate()
        process.wait()
        log.close()


class Client:
    """One connection that is kept open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def ask(self, path: str, method: str = "GET", body: Any = None) -> tuple[int, bytes]:
        """Ask; anew where the server has closed a connection that was idle for long."""
        try:
            return self._ask(path, method, body)
        except (ConnectionError, http.client.RemoteDisconnected):
            self._connection.close()
            return self._ask(path, method, body)

    def _ask(self, path: str, method: str, body: Any) -> tuple[int, bytes]:
        headers = {"Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def json(self, path: str, method: str = "GET", body: Any = None) -> Any:
        status, data = self.ask(path, method, body)
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {data[:500]!r}")
        is_packed = data.startswith(b"\x1f\x8b")
        return json.loads(gzip.decompress(data) if is_packed else data)


@dataclass
class LiveRuns:
    """Keeps a run with two workers going until told to stop."""

    url: str
    target: Path
    count: int = 0
    run_id: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)

    def loop(self) -> None:
        client = Client(self.url)
        while not self._stop.is_set():
            shutil.rmtree(self.target, ignore_errors=True)
            body = {"config": {"connection": "live"}}
            started = client.json("/api/guidewire/jobs/start", "POST", body)
            self.run_id, self.count = started["run_id"], self.count + 1
            path = f"/api/guidewire/jobs/{self.run_id}"
            while client.json(path)["end_time"] is None and not self._stop.wait(0.5):
                pass

    @contextmanager
    def going(self) -> Iterator[LiveRuns]:
        thread = threading.Thread(target=self.loop, daemon=True)
        thread.start()
        try:
            while not self.run_id:
                if not thread.is_alive():
                    raise RuntimeError("no run could be started")
                time.sleep(0.1)
            yield self
        finally:
            self._stop.set()
            thread.join()


# -- HTTP -----------------------------------------------------------------------------------


def values(home: Home) -> dict[str, str]:
    """What stands for the parameters of paths."""
    return {"name": LONG, "run_id": home.run_id, "job_id": home.run_id, "connection": "lake"}


VARIANTS = (
    "/api/tables?limit=200&sort=-lag",
    "/api/tables?limit=200&sort=-rows_today",
    "/api/tables?limit=200&search=claim&sort=-size",
    "/api/tables?limit=200&health=Late&app=ClaimCenter",
    "/api/tables?limit=200&offset=9800",
    f"/api/tables/{LONG}/history?before=2500&limit=100",
    "/api/guidewire/jobs?status=running",
    "/api/runs/{run_id}/logs?after=2000&limit=500",
    "/api/runs/{run_id}/logs?q=claim_00500",
    "/api/guidewire/jobs/{live}",
)
MEASURED = ("application/json", "text/plain")


def paths(client: Client, home: Home, live: LiveRuns) -> tuple[list[str], dict[str, str]]:
    """Every GET there is, filled in; and those that are not measured, with the reason."""
    known = values(home)
    found, left = [], {}
    for path, methods in client.json("/openapi.json")["paths"].items():
        if "get" not in methods:
            continue
        content = list(methods["get"]["responses"].get("200", {}).get("content", {}))
        if content and content[0] not in MEASURED:
            left[path] = content[0]
            continue
        try:
            filled = path.format(**known)
        except KeyError as missing:
            left[path] = f"no value for {missing}"
            continue
        required = [
            parameter["name"]
            for parameter in methods["get"].get("parameters", [])
            if parameter["in"] == "query" and parameter.get("required")
        ]
        if required:
            left[path] = f"asks for {', '.join(required)}"
            continue
        found.append(_first_page(filled))
    more = [variant.format(**known, live=live.run_id) for variant in VARIANTS]
    return [*found, *more], left


def _first_page(path: str) -> str:
    return f"{path}?limit=200" if path == "/api/tables" else path


def target_of(path: str) -> float | None:
    if DOWNLOADS in path:
        return None
    return LIST_MS if path.startswith(LISTS) else READ_MS


def measure_path(url: str, path: str, clients: int, requests: int) -> Figure:
    requests = A_FEW if DOWNLOADS in path else requests

    def one(_: int) -> tuple[list[float], int, int]:
        client = Client(url)
        client.ask("/health")
        times, size, worst = [], 0, 0
        for _ in range(requests // clients):
            began = time.perf_counter()
            status, data = client.ask(path)
            times.append((time.perf_counter() - began) * 1000)
            size, worst = len(data), max(worst, status)
        return times, size, worst

    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(one, range(clients)))
    times = [each for part in parts for each in part[0]]
    return Figure(path, times, parts[0][1], max(part[2] for part in parts), target_of(path))


def measure_http(url: str, home: Home, live: LiveRuns, only: str, requests: int) -> list[str]:
    wanted, left = paths(Client(url), home, live)
    head = ["request", "bytes", "p50", "p95", "p99", "4 clients p50", "p95", "p99", "target p95"]
    lines = ["## Over HTTP (ms)", "", _row(head), "|---" * len(head) + "|"]
    for path in wanted:
        if only not in path:
            continue
        alone, four = (measure_path(url, path, clients, requests) for clients in (1, 4))
        mark = " **missed**" if alone.is_missed or four.is_missed else ""
        goal = "download" if alone.target is None else f"{alone.target:.0f}{mark}"
        if alone.status >= 400:
            goal += f" (status {alone.status})"
        cells = [f"`{path}`", str(alone.bytes), *alone.cells(), *four.cells(), goal]
        lines.append(_row(cells))
        print(lines[-1], flush=True)
    lines += ["", "Not measured: " + "; ".join(f"`{path}` ({why})" for path, why in left.items())]
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


# -- page -----------------------------------------------------------------------------------


def measure_page(url: str, home: Home) -> list[str]:
    node = shutil.which("node") or "node"
    command = [node, str(ROOT / "web" / "scripts" / "bench.mjs"), url, home.run_id, LONG]
    done = subprocess.run(command, cwd=ROOT / "web", stdout=subprocess.PIPE, text=True, check=True)
    head = ["page", "p50", "worst", "n", "target"]
    lines = ["## In Chromium", "", _row(head), "|---" * len(head) + "|"]
    for line in done.stdout.splitlines():
        measured = json.loads(line)
        lines.append(_row(_page_cells(**measured)))
        print(lines[-1], flush=True)
    return [*lines, ""]


def _page_cells(name: str, unit: str, values: list[float], target: float | None) -> list[str]:
    ordered = sorted(values)
    middle, worst = ordered[len(ordered) // 2], ordered[-1]
    mark = " **missed**" if target is not None and middle > target else ""
    goal = "" if target is None else f"<= {target:g} {unit}{mark}"
    return [name, f"{middle:.0f} {unit}", f"{worst:.0f} {unit}", str(len(ordered)), goal]


# -- report ---------------------------------------------------------------------------------


def wait_until_quiet(url: str, seconds: float = 240) -> None:
    """Let the first look at 10,000 tables end; what follows is the server's everyday."""
    client = Client(url)
    before = client.json("/api/tables?connection=lake&limit=0")["as_of"]
    deadline = time.monotonic() + seconds
    while client.json("/api/tables?connection=lake&limit=0")["as_of"] == before:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the first look at the lake took more than {seconds} s")
        time.sleep(1)


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small home, 20 requests a figure")
    parser.add_argument("--save", action="store_true", help="write benchmarks/monitor-results.md")
    parser.add_argument("--home", type=Path, help="keep the home here and use it again")
    parser.add_argument("--requests", type=int, default=200, help="a figure")
    parser.add_argument("--only", default="", help="only paths that contain this")
    parser.add_argument("--no-http", action="store_true")
    parser.add_argument("--no-page", action="store_true")
    parser.add_argument("--idle", action="store_true", help="no run goes on meanwhile")
    arguments = parser.parse_args()
    size = Size.quick() if arguments.quick else Size()
    with tempfile.TemporaryDirectory() as temporary:
        home = prepare(arguments.home or Path(temporary) / "home", size)
        text = measure(home, arguments)
    print(text)
    if arguments.save:
        (HERE / "monitor-results.md").write_text(text, encoding="utf-8")


def _conditions(size: Size, requests: int) -> str:
    return (
        f"`make bench ARGS=monitor` on {machine()}. {size.tables} tables in the index, one of "
        f"{size.versions} versions, a run of {size.run_tables} tables; meanwhile a run with two "
        "workers goes on and one connection's store accepts and never answers. "
        f"{requests} requests a figure. Load of the machine before: {os.getloadavg()[0]:.1f}."
    )


def measure(home: Home, arguments: argparse.Namespace) -> str:
    size, requests = home.size, 20 if arguments.quick else arguments.requests
    lines = [
        "# The monitor, measured",
        "",
        _conditions(size, requests),
        "",
    ]
    with hanging_store() as endpoint, serving(home, endpoint) as url:
        wait_until_quiet(url)
        live = LiveRuns(url, home.live_target)
        with nullcontext() if arguments.idle else live.going():
            if not arguments.no_http:
                lines += measure_http(url, home, live, arguments.only, requests)
            if not arguments.no_page:
                lines += measure_page(url, home)
        lines.append(f"Runs that went on meanwhile: {live.count}.")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
