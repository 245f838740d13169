"""A large home for the monitor: what `benchmarks/monitor.py` measures on.

10,000 tables with real Delta logs and a manifest that names them, one of them with 5,000 versions,
a finished run of 1,000 tables, a small export that is synced while we measure, and a connection to
a store that accepts and never answers. Every file is written by the code that writes it in a run;
the index is the refresher's own work.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select

from cdalake.bootstrap import build
from cdalake.catalog.database import Database
from cdalake.catalog.registration import register
from cdalake.catalog.schema import lake_tables
from cdalake.cda.manifest import read_manifest
from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol
from cdalake.delta.commit import write_checkpoint, write_commit
from cdalake.engine.progress import (
    Event,
    Level,
    RunResult,
    TableResult,
    TableState,
    outcome,
    utc_now,
)
from cdalake.engine.recorder import RunRecorder
from cdalake.engine.rundir import RunDirectory
from cdalake.engine.spec import RunSpec, new_run_id
from cdalake.engine.state import TableMemory, write_state
from cdalake.errors import Problem
from cdalake.samples import SampleSpec
from cdalake.samples.export import write_folder
from cdalake.settings import Settings, load
from cdalake.storage import Store

APPS = ("cc", "pc", "bc", "ab")
WORDS = ("claim", "policy", "invoice", "exposure", "contact", "activity", "history", "vehicle")
DAY_MS = 86_400_000
FINGERPRINT = "8a1c0f52d4b94a7f8c0d5b2e0e1f7a33"
LONG = "cc_long"
READY = "ready.json"


@dataclass(frozen=True)
class Size:
    """How large the home is."""

    tables: int = 10_000
    versions: int = 5_000
    run_tables: int = 1_000
    live_tables: int = 30
    live_folders: int = 60

    @classmethod
    def quick(cls) -> Size:
        """For trying the script itself."""
        return cls(300, 200, 50, 5, 20)


@dataclass(frozen=True)
class Home:
    """The home and what is in it."""

    path: Path
    size: Size
    run_id: str
    failed_table: str

    @property
    def live_target(self) -> Path:
        """Target of the connection that is synced while we measure."""
        return self.path / "live"


def prepare(path: Path, size: Size) -> Home:
    """The home in `path`, built where it is not there yet."""
    noted = path / READY
    if noted.exists():
        document = json.loads(noted.read_text())
        if document["size"] == size.__dict__:
            return Home(path, size, document["run_id"], document["failed_table"])
        raise SystemExit(f"{path} holds a home of another size: remove it.")
    path.mkdir(parents=True, exist_ok=True)
    home = _build(path, size)
    facts = {"size": size.__dict__, "run_id": home.run_id, "failed_table": home.failed_table}
    noted.write_text(json.dumps(facts))
    return home


def settings_of(path: Path) -> Settings:
    """What a server on this home is told."""
    return load({"CDALAKE_HOME": str(path / "home")}, cwd=path)


def _build(path: Path, size: Size) -> Home:
    names = [LONG, *(_name(number) for number in range(size.tables - 1))]
    now = int(time.time() * 1000)
    _tell("manifest and Delta logs of", len(names), "tables")
    _write_lake(path, names, size, now)
    write_folder(
        path / "live-export", SampleSpec(tables=size.live_tables, folders=size.live_folders)
    )
    _write_settings(path)
    settings = settings_of(path)
    _tell("a run of", size.run_tables, "tables")
    run_id, failed = _write_run(settings, path, names[: size.run_tables])
    _tell("the index, by the refresher")
    _index(settings)
    return Home(path, size, run_id, failed)


def _tell(*words: object) -> None:
    print("monitor bench:", *words, flush=True)


def _name(number: int) -> str:
    return f"{APPS[number % 4]}_{WORDS[number % 8]}_{number:05d}"


def _write_settings(path: Path) -> None:
    home = path / "home"
    home.mkdir(exist_ok=True)
    places = {
        "lake": (path / "export", path / "lake"),
        "live": (path / "live-export", path / "live"),
        "hanging": ("s3://hanging/export", "s3://hanging/lake"),
    }
    lines = [
        f'[connections.{name}]\nsource = "{source}"\ntarget = "{target}"\nworkers = 2\n'
        for name, (source, target) in places.items()
    ]
    (home / "cdalake.toml").write_text("\n".join(lines))


# -- the lake -------------------------------------------------------------------------------


def _write_lake(path: Path, names: list[str], size: Size, now: int) -> None:
    lake = Store.open(str(path / "lake"))
    entries = {}
    for number, name in enumerate(names):
        versions = size.versions if name == LONG else 3
        watermark = now - 2 * DAY_MS if number % 40 == 7 else now - (number % 50) * 60_000
        _write_table(lake, name, versions, watermark)
        is_late = number % 40 == 7
        entry = _entry(name, now if is_late else watermark, versions)
        entries[name] = entry
        if not is_late:
            fact = {"manifest_time": watermark}
            write_state(lake, name, TableMemory(version=versions - 1, listed=fact, listed_at=now))
    document = json.dumps(entries).encode()
    Store.open(str(path / "export")).put("manifest.json", document)


def _entry(name: str, manifest_ms: int, versions: int) -> dict[str, object]:
    return {
        "lastSuccessfulWriteTimestamp": str(manifest_ms),
        "totalProcessedRecordsCount": versions * 100,
        "dataFilesPath": f"s3://acme/cda/{name}",
        "schemaHistory": {FINGERPRINT: str(manifest_ms - 30 * DAY_MS)},
    }


def _write_table(lake: Store, name: str, versions: int, watermark: int) -> None:
    metadata = Metadata.new(name, _schema(0), watermark - 30 * DAY_MS)
    step = 13 * DAY_MS // max(1, versions - 1)
    for version in range(versions):
        at = watermark - (versions - 1 - version) * step
        changed = version and version % 500 == 0
        if changed:
            metadata = metadata.with_schema(_schema(version // 500))
        commit = NewCommit(
            {
                "commit_id": f"{name}-{version}",
                "timestamp": at,
                "operation": "WRITE",
                "operationParameters": {"mode": "Append"},
                "engineInfo": "cdalake",
                "userName": "bench",
                "watermark": at,
            },
            (_file(at),),
            {f"cda:{FINGERPRINT}": at},
            Protocol() if version == 0 else None,
            metadata if version == 0 or changed else None,
        )
        write_commit(lake, name, version, commit)
        if version % 50 == 49:
            write_checkpoint(lake, name)


def _file(at: int) -> DataFile:
    path = f"data/{FINGERPRINT}/{at}/part-00000.snappy.parquet"
    return DataFile(path, 20_000, at, 100, json.dumps({"numRecords": 100}))


def _schema(more: int) -> str:
    names = ["id", "publicid", "createtime", "updatetime", "retired", "amount", "status"]
    names += [f"extra_{number}" for number in range(more)]
    names += ["gwcbi___seqval_hex", "gwcbi___operation"]
    fields = [{"name": n, "type": "string", "nullable": True, "metadata": {}} for n in names]
    return json.dumps({"type": "struct", "fields": fields})


# -- the run --------------------------------------------------------------------------------


def _write_run(settings: Settings, path: Path, names: list[str]) -> tuple[str, str]:
    spec = RunSpec(
        new_run_id(), "lake", str(path / "export"), str(path / "lake"), workers=8, trigger="page"
    )
    directory = RunDirectory.create(settings.runs_dir, spec)
    recorder = RunRecorder(directory, spec.run_id)
    started = utc_now()
    recorder.emit(Event("run_started", "Run started", data={"tables": names}))
    results = [_run_table(recorder, name, number) for number, name in enumerate(names)]
    result = RunResult(spec.run_id, outcome(results), started, utc_now(), results)
    data = {"status": result.status.value}
    recorder.emit(Event("run_finished", "Run finished", data=data))
    recorder.close(result.to_json())
    register(settings, directory)
    failed = next(table.table for table in results if table.status is TableState.FAILED)
    return spec.run_id, failed


def _run_table(recorder: RunRecorder, name: str, number: int) -> TableResult:
    began = utc_now()
    recorder.emit(Event("table_started", f"{name} started", name))
    planned = {"folders": 2, "files": 4, "bytes": 80_000}
    recorder.emit(Event("table_planned", f"{name}: 2 folders to bring", name, data=planned))
    written = {"version": 2, "folders": 2, "files": 4, "rows": 400, "bytes": 80_000}
    recorder.emit(Event("committed", f"{name}: version 2", name, data=written))
    done = TableResult(
        name, TableState.OK, **{**written, "commits": 1}, started_at=began, finished_at=utc_now()
    )
    if number % 100 == 13:
        error = Problem("SCHEMA_CONFLICT", f"{name}: amount is text and number.", "Ask the source.")
        done = replace(done, status=TableState.FAILED, error=error)
    level = Level.ERROR if done.error else Level.INFO
    recorder.emit(
        Event("table_finished", f"{name} ended {done.status.value}", name, level, done.to_json())
    )
    return done


# -- the index ------------------------------------------------------------------------------


def _index(settings: Settings) -> None:
    """Let the services of a server look at the lake until everything is in the index."""
    known = replace(
        settings, connections={"lake": settings.connections["lake"]}, refresh_seconds=60
    )
    services = build(known, {})
    services.start()
    try:
        _wait_for_index(settings, services.database)
    finally:
        services.stop()


def _wait_for_index(settings: Settings, database: Database) -> None:
    behind = select(func.count()).where(
        lake_tables.c.version.is_(None) | (lake_tables.c.history_to < lake_tables.c.version)
    )
    every = select(func.count()).select_from(lake_tables)
    expected = len(read_manifest(Store.open(settings.connections["lake"].source)).names)
    while True:
        with database.reading() as reader:
            total, left = reader.execute(every).scalar_one(), reader.execute(behind).scalar_one()
        if total == expected and not left:
            return
        time.sleep(2)
