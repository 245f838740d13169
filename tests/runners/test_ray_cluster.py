"""The runner `ray` on a real cluster: a head and two nodes on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cdalake.engine.spec import RunSpec
from cdalake.runners.places import is_ray_installed
from conftest import Lake
from ray_runs import TOKEN, Running, Start, assert_exact, of_session, sync, unmeasured, until

pytestmark = [
    pytest.mark.xdist_group("ray"),  # each Ray takes seconds and half a gigabyte
    pytest.mark.skipif(not is_ray_installed(), reason="Ray is not installed"),
]

S3_SERVER = Path(__file__).parents[2] / "benchmarks" / "s3count.py"
PROGRAM = Path(__file__).with_name("ray_program.py")
PLANTED = "planted-" + "5ecret" * 4

# -- a cluster that is there ------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class SlowStore:
    """An S3 server whose answers take as long as a test says."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        keys = {"AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "not-one"}
        return {**keys, "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": "us-east-1"}

    def ask(self, path: str, method: str = "POST") -> None:
        request = urllib.request.Request(f"{self.endpoint}{path}", method=method)
        urllib.request.urlopen(request).close()

    def takes(self, milliseconds: int) -> None:
        """Let each answer take so long."""
        self.ask(f"/__latency?ms={milliseconds}")


@pytest.fixture(scope="module")
def slow_store() -> Iterator[SlowStore]:
    port = free_port()
    command = [sys.executable, str(S3_SERVER), "--port", str(port)]
    with subprocess.Popen(command, env=unmeasured()) as server:
        until(lambda: is_open(port))
        yield SlowStore(f"http://127.0.0.1:{port}")
        server.terminate()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_said_or_ended(node: subprocess.Popen[bytes], told: Path) -> bool:
    """`ray start` is done with starting, or has given up."""
    return "block forever" in told.read_text() or node.poll() is not None


@dataclass
class RayCluster:
    """A head without CPUs and nodes with one each, as processes of their own on loopback."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Start the head, then two nodes, one after the other: they look for free ports."""
        head = (f"--port={self.port}", "--num-cpus=0", f"--temp-dir={self.folder}")
        self._start("--head", *head, "--node-ip-address=127.0.0.1")
        # Of other addresses, so that a run is never attached to the one that will be killed.
        for ip in ("127.0.0.2", "127.0.0.3"):
            self._start(f"--address={self.address}", "--num-cpus=1", f"--node-ip-address={ip}")

    def _start(self, *options: str) -> None:
        """Start a node; once more where this machine was too busy for Ray's half a minute."""
        for attempt in range(3):
            told = self.folder / f"node{len(self.processes)}-{attempt}.txt"
            node = self._started(told, *options)
            until(partial(has_said_or_ended, node, told), 120)
            if node.poll() is None:
                self.processes.append(node)
                return
        raise AssertionError(told.read_text())

    def _started(self, told: Path, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", *options, "--block"]
        command += ["--include-log-monitor=false", "--disable-usage-stats"]
        command.append(f"--object-store-memory={100 * 2**20}")
        for agent in ("runtime-env-agent", "metrics-export", "dashboard-agent-listen"):
            command.append(f"--{agent}-port={free_port()}")
        command.append(f"--dashboard-agent-grpc-port={free_port()}")
        if "--head" in options:
            command += ["--include-dashboard=false", "--no-monitor"]
            command.append(f"--ray-client-server-port={free_port()}")
        with told.open("wb") as output:
            return subprocess.Popen(
                command,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a node at once, with all that runs on it."""
        for line in of_session(process.pid):
            os.kill(int(line.split()[0]), signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def ray_cluster(slow_store: SlowStore) -> Iterator[RayCluster]:
    # Paths of its sockets have to be short.
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    environment = {**unmeasured(), **slow_store.environment, "RAY_AUTH_MODE": "token"}
    cluster = RayCluster(folder, environment)
    cluster.begin()
    yield cluster
    for process in reversed(cluster.processes):
        cluster.kill(process)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def far_lake(slow_store: SlowStore, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake in two buckets of the slow store."""
    for name, value in slow_store.environment.items():
        monkeypatch.setenv(name, value)
    slow_store.takes(0)
    buckets = [f"bucket-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    for bucket in buckets:
        slow_store.ask(f"/{bucket}", "PUT")
    return Lake(f"s3://{buckets[0]}/cda", f"s3://{buckets[1]}/lake")


def program(start: Start, spec: RunSpec, **options: Any) -> Running:
    """A run at a place of our making."""
    return start(str(PROGRAM), json.dumps(spec.to_json()), json.dumps(options))


def test_files_of_a_large_table_are_brought_by_several_workers_with_the_keys_of_the_request(
    far_lake: Lake, ray_cluster: RayCluster, start: Start
) -> None:
    """R52, R53."""
    export = far_lake.export(tables=1, folders=12, files_per_folder=2)
    spec = far_lake.spec(runner="ray", ray_address=ray_cluster.address, inline_key="****TEST")
    hot = {"files": 8, "parcel_files": 4}
    keys = ("AKIAPLANTEDPLANTED00", PLANTED, "us-east-1")
    run = program(start, spec, hot=hot, keys=keys)
    result = run.result()
    assert_exact(far_lake, export, result)
    clusters = [line["data"] for line in run.lines if line.get("kind") == "cluster"]
    assert max(told["tasks_running"] + told["tasks_pending"] for told in clusters) > 1
    assert far_lake.table(export.tables[0]).version == 0
    written = [path for path in ray_cluster.folder.rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in written) + json.dumps(run.lines).encode()
    assert len(written) > 10
    assert PLANTED.encode() not in held
    assert TOKEN.encode() not in held


def test_an_error_of_a_worker_is_the_error_that_threads_would_have(
    far_lake: Lake, ray_cluster: RayCluster, start: Start
) -> None:
    export = far_lake.export(tables=2, folders=2)
    found = far_lake.source.list(export.tables[0])
    broken = next(info.path for info in found if info.path.endswith(".parquet"))
    far_lake.source.put(broken, b"no parquet at all, though long enough to have a tail")
    run = sync(start, far_lake, "--ray-address", ray_cluster.address)
    ended = {table["table"]: table for table in run.result()["tables"]}
    assert run.process.returncode == 2
    here = {table.table: table for table in far_lake.sync().tables}
    assert ended[export.tables[0]]["error"] == here[export.tables[0]].error.to_json()
    assert ended[export.tables[0]]["error"]["code"] == "BAD_FILE"
    assert ended[export.tables[1]]["status"] == "ok"


def test_a_wrong_token_is_refused_and_nowhere_to_be_seen(
    far_lake: Lake, ray_cluster: RayCluster, start: Start, tmp_path: Path
) -> None:
    far_lake.export(tables=1, folders=2)
    wrong = "fedcba9876543210" * 4
    run = sync(start, far_lake, "--ray-address", ray_cluster.address, RAY_AUTH_TOKEN=wrong)
    result = run.result()
    assert (run.process.returncode, result["error"]["code"]) == (1, "RAY_AUTH_FAILED")
    told = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert wrong.encode() not in told + json.dumps(run.lines).encode()


def test_an_address_where_nobody_answers_is_an_error_of_the_run(
    far_lake: Lake, slow_store: SlowStore, start: Start
) -> None:
    far_lake.export(tables=1, folders=2)
    run = sync(start, far_lake, "--ray-address", f"127.0.0.1:{free_port()}")
    assert run.result()["error"]["code"] == "RAY_CONNECT_FAILED"


def test_a_cancel_stops_tables_at_their_next_folder_and_by_force_what_hangs(
    far_lake: Lake, ray_cluster: RayCluster, slow_store: SlowStore, start: Start
) -> None:
    """R51: what was committed stays, and a later run ends exact."""
    export = far_lake.export(tables=3, folders=40)
    slow_store.takes(20)
    spec = far_lake.spec(
        runner="ray", ray_address=ray_cluster.address, commit_per_folder=True, workers=1
    )
    asked = program(start, spec)
    asked.until_told("committed")
    asked.process.send_signal(signal.SIGTERM)
    result = asked.result()
    assert (asked.process.returncode, result["status"]) == (130, "cancelled")
    stopped = next(t for t in result["tables"] if t["status"] == "cancelled" and t["commits"])
    assert far_lake.table(stopped["table"]).version == stopped["commits"] - 1

    forced = program(start, spec, grace_s=0.2)
    forced.until_told("committed")
    slow_store.takes(600_000)
    forced.process.send_signal(signal.SIGTERM)
    assert forced.result()["status"] == "cancelled"
    slow_store.takes(0)
    assert_exact(far_lake, export, far_lake.sync().to_json())


def test_a_node_that_is_killed_costs_no_row_and_no_result(
    far_lake: Lake, ray_cluster: RayCluster, slow_store: SlowStore, start: Start
) -> None:
    """R49. The last test: afterwards the cluster has one node."""
    export = far_lake.export(tables=4, folders=30)
    slow_store.takes(20)
    run = sync(start, far_lake, "--ray-address", ray_cluster.address, "--commit-per-folder")
    run.until_told("committed", times=2)  # one on each node
    ray_cluster.kill(ray_cluster.processes[-1])
    slow_store.takes(0)
    result = run.result()
    assert (run.process.returncode, result["status"]) == (0, "completed")
    assert_exact(far_lake, export, result)
    codes = [note["code"] for table in result["tables"] for note in table["warnings"]]
    assert "RAY_WORKER_LOST" in codes
    # Those of the lost worker are counted too.
    assert all(far_lake.table(t["table"]).version == t["commits"] - 1 for t in result["tables"])
    assert {table["folders"] for table in result["tables"]} == {30}
