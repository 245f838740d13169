"""Current tables: what they cost beside plain DuckDB and beside delta-rs' merge().

``python -m benchmarks.current [--changes N] [--repeat N]`` prints the tables of
``current-results.md``. Every measurement is a process of its own: CPU and peak memory are the
kernel's account of it, wall is of the work alone, without the start of Python. The two sides
alternate; medians are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMNS = """
    'pub:' || i AS publicid, (i % 5)::BIGINT AS beanversion,
    make_timestamptz(1600000000000000 + i * 1000000) AS createtime,
    make_timestamptz(1600000000000000 + i * 1000003) AS updatetime,
    (i % 100)::BIGINT AS createuserid, (i % 2)::BIGINT AS retired,
    'CLM-' || lpad((i % 999983)::VARCHAR, 9, '0') AS claimnumber, (i % 77777)::BIGINT AS policyid,
    (i % 30)::INT AS losstype, (i % 40)::INT AS losscause, (i % 5)::INT AS state,
    ((i * 37) % 1000000 / 100.0)::DECIMAL(18, 2) AS amount, (i % 3)::INT AS currency,
    'description of ' || (hash(i) % 100000)::VARCHAR AS description,
    lpad(format('{:x}', ({seq})::BIGINT), 32, '0') AS gwcbi___seqval_hex,
    (i * 10)::BIGINT AS gwcbi___lsn, (i // 50)::BIGINT AS gwcbi___tx_id,
    (1680000000000 + i * 3)::BIGINT AS gwcbi___payload_ts_ms,
    (1680000001000 + i * 3)::BIGINT AS gwcbi___connector_ts_ms
"""
MIX = "CASE WHEN hash(i + 1) % 100 < 20 THEN 2 WHEN hash(i + 1) % 100 < 95 THEN 4 ELSE 1 END::INT"
FILES = 40


@dataclass(frozen=True)
class Measured:
    wall: float
    cpu: float
    peak_mb: float


# -- the work, each in a process of its own ------------------------------------------------------


def ours(lake: str) -> None:
    import duckdb
    import pyarrow.parquet

    from cdalake.current.files import Stores
    from cdalake.current.refresh import refresh
    from cdalake.storage import Store

    assert duckdb
    assert pyarrow.parquet
    began = time.perf_counter()
    done = refresh(Stores(Store.open(lake)), "t")
    tell(began, rows=done.rows, full=done.full)


def plain_duckdb(lake: str) -> None:
    """The fastest form performance.md found; right only while no two changes of an id are equal."""
    import duckdb

    began = time.perf_counter()
    connection = duckdb.connect(
        config={"threads": "2", "memory_limit": "1GB", "temp_directory": f"{lake}/spilled"}
    )
    files = f"read_parquet('{lake}/t/fp/*/*.parquet')"
    (rows,) = connection.execute(
        f"COPY (WITH newest AS (SELECT id, max(gwcbi___seqval_hex) AS s FROM {files} GROUP BY id) "
        f"SELECT c.* FROM {files} c JOIN newest n ON c.id = n.id AND c.gwcbi___seqval_hex = n.s "
        f"WHERE c.gwcbi___operation <> 1) TO '{lake}/plain.parquet' (FORMAT parquet)"
    ).fetchone()
    tell(began, rows=rows)


def delta_rs(lake: str) -> None:
    """merge() of the newest commit's changes into a table of the live rows."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable

    began = time.perf_counter()
    changes = pq.read_table(f"{lake}/changes.parquet")
    table = DeltaTable(f"{lake}/merged")
    (
        table.merge(changes, "s.id = t.id", source_alias="s", target_alias="t")
        .when_matched_delete("s.gwcbi___operation = 1")
        .when_matched_update_all()
        .when_not_matched_insert_all("s.gwcbi___operation <> 1")
        .execute()
    )
    tell(began, rows=table.count())


def tell(began: float, **facts: Any) -> None:
    wall = time.perf_counter() - began
    # Of this process since it began: what wait4 says includes its parent's memory before exec.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps({"wall": wall, "peak_mb": int(peak) / 1024, **facts}))


WORK = {"ours": ours, "plain DuckDB": plain_duckdb, "delta-rs merge()": delta_rs}


def measure(what: str, lake: Path) -> tuple[Measured, dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.current", "--work", what, str(lake)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    facts = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"{what} ended with {status}"
    cpu = usage.ru_utime + usage.ru_stime
    return Measured(facts["wall"], cpu, facts["peak_mb"]), facts


# -- the data ------------------------------------------------------------------------------------


def raw_table(lake: Path, selects: list[str]) -> None:
    """One commit of one file for each SELECT over ``range(…) t(i)``."""
    import duckdb
    import pyarrow.parquet as pq

    from cdalake.delta.actions import DataFile, Metadata, NewCommit, Protocol
    from cdalake.delta.commit import write_commit
    from cdalake.delta.log import read_snapshot
    from cdalake.delta.schema import schema_of_file
    from cdalake.delta.stats import file_stats
    from cdalake.storage import Store

    store = Store.open(str(lake))
    before = read_snapshot(store, "t")
    version = before.version + 1 if before else 0
    files, schema = [], None
    for number, select in enumerate(selects):
        path = f"fp/{1_680_000_000_000 + 100 * version + number}/part-{number}.parquet"
        (lake / "t" / path).parent.mkdir(parents=True)
        duckdb.connect().execute(f"COPY ({select}) TO '{lake}/t/{path}' (FORMAT parquet)")
        metadata = pq.read_metadata(lake / "t" / path)
        schema = schema_of_file(metadata.schema.to_arrow_schema())
        size = (lake / "t" / path).stat().st_size
        stats = file_stats(metadata, schema)
        files.append(DataFile(path, size, 1, metadata.num_rows, stats))
    assert schema is not None
    commit = NewCommit(
        {"commit_id": uuid.uuid4().hex, "engineInfo": "cdalake/bench"},
        tuple(files),
        {},
        None if before else Protocol(),
        None if before else Metadata.new("t", schema.to_string(), 1),
    )
    assert write_commit(store, "t", version, commit)


def history(lake: Path, changes: int) -> None:
    """Changes of about a third as many ids, in the order they were made, in 40 files."""
    each, ids = changes // FILES, int(changes * 0.3672)
    columns = COLUMNS.replace("{seq}", "(i + hash(i) % 1000) * 1000 + i % 1000")
    raw_table(
        lake,
        [
            f"SELECT (hash(i * 7 + 13) % {ids})::BIGINT AS id, {MIX} AS gwcbi___operation, "
            f"{columns} FROM range({n * each}, {(n + 1) * each}) t(i)"
            for n in range(FILES)
        ],
    )


def live_rows(lake: Path, rows: int) -> None:
    """As many inserts, each of an id of its own, in 20 files."""
    each = rows // 20
    columns = COLUMNS.replace("{seq}", "i * 1000")
    raw_table(
        lake,
        [
            f"SELECT i::BIGINT AS id, 2::INT AS gwcbi___operation, {columns} "
            f"FROM range({n * each}, {(n + 1) * each}) t(i)"
            for n in range(20)
        ],
    )


def one_percent(lake: Path, rows: int, *, is_recent: bool) -> None:
    """1 %: 90 % updates, 5 % deletes, 5 % inserts, of the newest ids or of any."""
    count = rows // 100
    old = f"{rows} - 1 - (hash(i) % {rows // 10})" if is_recent else f"hash(i) % {rows}"
    first = 10 * rows
    columns = COLUMNS.replace("{seq}", "i * 1000")
    select = (
        f"SELECT (CASE WHEN i % 20 = 0 THEN {rows} + (i - {first}) ELSE {old} END)::BIGINT "
        "AS id, CASE WHEN i % 20 = 0 THEN 2 WHEN i % 20 = 1 THEN 1 ELSE 4 END::INT "
        f"AS gwcbi___operation, {columns} FROM range({first}, {first + count}) t(i)"
    )
    raw_table(lake, [select])


def ready_for_merge(lake: Path) -> None:
    """The same live rows as a table of delta-rs, and the latest of each id's new changes."""
    import duckdb
    from deltalake import DeltaTable, write_deltalake

    current = DeltaTable(str(lake / "_current" / "t")).to_pyarrow_dataset()
    names = [name for name in current.schema.names if not name.startswith("_cda")]
    reader = current.scanner(columns=names).to_reader()
    write_deltalake(str(lake / "merged"), reader, target_file_size=32 * 1024 * 1024)
    newest = max((lake / "t" / "fp").iterdir())
    duckdb.connect().execute(
        f"COPY (SELECT {', '.join(names)} FROM read_parquet('{newest}/*.parquet') QUALIFY "
        "row_number() OVER (PARTITION BY id ORDER BY gwcbi___seqval_hex DESC) = 1) "
        f"TO '{lake}/changes.parquet' (FORMAT parquet)"
    )


# -- the tables ----------------------------------------------------------------------------------


def copied(lake: Path, number: int) -> Path:
    copy = lake.with_name(f"{lake.name}-{number}")
    subprocess.run(["cp", "-r", "--reflink=auto", str(lake), str(copy)], check=True)
    return copy


def compare(title: str, lake: Path, other: str, repeat: int) -> None:
    found: dict[str, list[Measured]] = {"ours": [], other: []}
    rows: dict[str, int] = {}
    for number in range(repeat):
        for what, runs in found.items():
            copy = copied(lake, number)
            measured, facts = measure(what, copy)
            runs.append(measured)
            rows[what] = facts["rows"]
            shutil.rmtree(copy)
    assert len(set(rows.values())) == 1, f"they do not agree: {rows}"
    print(f"\n### {title}\n\n{rows['ours']:,} live rows, median of {repeat}, alternating\n")
    print("| | wall s | CPU s | peak MB |\n|---|---|---|---|")
    for what, runs in found.items():
        figures = (
            statistics.median(run.wall for run in runs),
            statistics.median(run.cpu for run in runs),
            statistics.median(run.peak_mb for run in runs),
        )
        print(f"| {what} | {figures[0]:.2f} | {figures[1]:.2f} | {figures[2]:.0f} |", flush=True)


def main(changes: int, repeat: int) -> None:
    with tempfile.TemporaryDirectory(prefix="cdalake-bench-") as folder:
        full = Path(folder) / "full"
        history(full, changes)
        compare(f"All of {changes:,} changes, 21 columns", full, "plain DuckDB", repeat)
        shutil.rmtree(full)
        base = Path(folder) / "base"
        live_rows(base, changes)
        measure("ours", base)
        for name in ("recent", "spread"):
            lake = copied(base, 0).rename(base.with_name(name))
            ready_for_merge_of(lake, changes, is_recent=name == "recent")
            title = f"1 % of {changes:,} rows, {name}"
            compare(title, lake, "delta-rs merge()", repeat)
            shutil.rmtree(lake)


def ready_for_merge_of(lake: Path, rows: int, *, is_recent: bool) -> None:
    one_percent(lake, rows, is_recent=is_recent)
    ready_for_merge(lake)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=5_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--work", nargs=2, metavar=("WHAT", "LAKE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        WORK[given.work[0]](given.work[1])
    else:
        main(given.changes, given.repeat)
