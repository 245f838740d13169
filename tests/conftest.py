"""Words the tests speak in: an export, a lake, an S3 server."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from benchmarks.counting import Server, serving
from cdalake.delta.actions import Snapshot
from cdalake.delta.log import read_snapshot
from cdalake.engine.progress import Event, RunResult, TableResult
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import run
from cdalake.errors import NotFound
from cdalake.samples import Export, SampleSpec, extend_export, write_export
from cdalake.storage import Store
from databases import Postgres, new_sqlite, start_postgres
from faulty_s3 import FaultyS3, faulty

POLICY_HOLDERS = Path(__file__).parent / "data" / "policy_holders_export"


@dataclass
class Listener:
    """A sink that keeps what it hears."""

    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)


@dataclass
class Lake:
    """An export and the tables made of it, each in a folder or behind a URL."""

    source_url: str
    target_url: str
    listener: Listener = field(default_factory=Listener)

    @property
    def source(self) -> Store:
        return Store.open(self.source_url)

    @property
    def target(self) -> Store:
        return Store.open(self.target_url)

    def export(self, **shape: Any) -> Export:
        """Write a sample export; `shape` are fields of `SampleSpec`."""
        spec = SampleSpec(**{"tables": 3, "folders": 4, "rows": 20, **shape})
        return write_export(self.source.put, spec)

    def extend(self, extra_folders: int = 1) -> Export:
        """Let CDA write more folders."""
        return extend_export(self.source.put, self.source.get, extra_folders)

    def spec(self, **options: Any) -> RunSpec:
        """As the command line has it, but that every table is looked at in every run."""
        name = uuid.uuid4().hex[:8]
        bare = RunSpec(name, "test", self.source_url, self.target_url, workers=4, rest_seconds=0)
        return replace(bare, **options)

    def sync(self, is_cancelled: Callable[[], bool] = lambda: False, **options: Any) -> RunResult:
        """Sync as the command line does, in this process."""
        return run(self.spec(**options), self.listener, is_cancelled)

    def table(self, name: str) -> Snapshot:
        """The Delta table as its log tells it."""
        snapshot = read_snapshot(self.target, name)
        assert snapshot is not None, f"there is no table {name}"
        return snapshot

    def commit(self, name: str, version: int) -> list[dict[str, Any]]:
        """The actions of one version."""
        data = self.target.get(f"{name}/_delta_log/{version:020d}.json")
        return [json.loads(line) for line in data.splitlines()]

    def manifest(self) -> dict[str, Any]:
        return json.loads(self.source.get("manifest.json"))

    def write_manifest(self, manifest: Any) -> None:
        self.source.put("manifest.json", json.dumps(manifest).encode())

    def deliver(self, path: str, columns: Any, name: str = "part-00000.parquet") -> None:
        """Write one data file; `path` is ``<table>/<fingerprint>/<folder>``."""
        buffer = io.BytesIO()
        pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), buffer)
        self.source.put(f"{path}/{name}", buffer.getvalue())

    def announce(self, table: str, time: int, *fingerprints: str, **fields: Any) -> None:
        """Write the manifest's entry of a table: all folders up to `time` are committed."""
        try:
            manifest = self.manifest()
        except NotFound:
            manifest = {}
        manifest[table] = {
            "lastSuccessfulWriteTimestamp": str(time),
            "totalProcessedRecordsCount": 1,
            "dataFilesPath": table,
            "schemaHistory": {name: str(time) for name in fingerprints},
            **fields,
        }
        self.write_manifest(manifest)

    def delta(self, name: str) -> DeltaTable:
        """The table as delta-rs opens it."""
        options = self.target.delta_options()
        return DeltaTable(f"{self.target_url}/{name}", storage_options=options)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Every row, as delta-rs reads the table, in `in_order`."""
        return in_order(self.delta(name).to_pyarrow_table().to_pylist())

    def objects(self) -> dict[str, tuple[int, str | None]]:
        """Everything in the target: path to size and tag."""
        return {info.path: (info.size, info.e_tag) for info in self.target.list()}


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows sorted, so that two tables compare as bags."""
    return sorted(rows, key=lambda row: (row["id"], row.get("gwcbi___seqval") or 0))


def result_of(result: RunResult, table: str) -> TableResult:
    """How `table` ended."""
    return next(item for item in result.tables if item.table == table)


def codes(result: TableResult) -> list[str]:
    """Codes of a table's warnings."""
    return [note.code for note in result.warnings]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a file's tests share is made once: they go to one process of a spread session."""
    for item in items:
        is_grouped = item.get_closest_marker("xdist_group")
        if isinstance(item, pytest.Function) and not is_grouped and (shared := shared_in(item)):
            given = item.callspec.params if hasattr(item, "callspec") else {}
            kinds = sorted(str(given[name]) for name in shared if name in given)
            file = item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group("-".join([file, *kinds])))


def shared_in(item: pytest.Function) -> list[str]:
    """Names of a test's fixtures that are made once a file."""
    found = item._fixtureinfo.name2fixturedefs
    return [name for name, definitions in found.items() if definitions[-1].scope == "module"]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in folders."""
    return Lake(str(tmp_path / "export"), str(tmp_path / "lake"))


@pytest.fixture
def policy_holders(tmp_path: Path) -> Lake:
    """The public sample export, to be synced into an empty lake."""
    shutil.copytree(POLICY_HOLDERS, tmp_path / "export")
    return Lake(str(tmp_path / "export"), str(tmp_path / "lake"))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        ours = name.startswith(("AWS_", "AZURE_", "GOOGLE_", "CDALAKE_"))
        if ours and name != "CDALAKE_CHROMIUM":
            monkeypatch.delenv(name)


S3_SERVER = """
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://{}:{}".format(*server.get_host_and_port()), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The endpoint of a real S3 server on loopback that enforces conditional puts.

    A process of its own: what it does is not ours to measure, and ends when its input does.
    """
    unmeasured = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    command = [sys.executable, "-c", S3_SERVER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=unmeasured, text=True, **pipes) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Makes buckets; the environment has the endpoint and credentials as users set them."""
    import urllib.request

    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)

    def bucket() -> str:
        name = f"bucket-{uuid.uuid4().hex[:12]}"
        request = urllib.request.Request(f"{s3_server}/{name}", method="PUT")
        urllib.request.urlopen(request).close()
        return f"s3://{name}"

    return bucket


@pytest.fixture
def s3_lake(s3: Callable[[], str]) -> Lake:
    """A lake in two buckets of an S3 server."""
    return Lake(f"{s3()}/cda", f"{s3()}/lake")


@pytest.fixture(scope="module")
def faulty_s3(s3_server: str) -> Iterator[FaultyS3]:
    """A proxy before the S3 server, which can be told to go wrong."""
    with faulty(s3_server) as proxy:
        yield proxy


@pytest.fixture
def shaky_s3(
    faulty_s3: FaultyS3, s3: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> FaultyS3:
    """The proxy as the endpoint of the environment; nothing is wrong yet."""
    faulty_s3.heal()
    monkeypatch.setenv("AWS_ENDPOINT_URL", faulty_s3.endpoint)
    return faulty_s3


@pytest.fixture(scope="session")
def counting_server() -> Iterator[Server]:
    """An S3 server of ours on loopback that counts requests; a process of its own."""
    with serving() as server:
        yield server


@pytest.fixture
def counting(counting_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """That server, with the environment of its clients; `bucket` makes a bucket."""
    for name, value in counting_server.environment.items():
        monkeypatch.setenv(name, value)
    return counting_server


@pytest.fixture
def counted_lake(counting: Server) -> Lake:
    """A lake in two buckets of the counting server."""
    name = uuid.uuid4().hex[:12]
    return Lake(f"{counting.bucket(f'cda-{name}')}/cda", f"{counting.bucket(f'lake-{name}')}/lake")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL; every process of a spread session has its own."""
    server = start_postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it, of both kinds in turn."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path / "cdalake.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)
