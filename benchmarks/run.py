"""Measure `cdalake sync` against an S3 server on loopback that counts requests.

    uv run python benchmarks/run.py [--quick] [--save]

`monitor` as the first argument measures the monitor instead, see `monitor.py`.

Every run is the real command line in a process of its own, over HTTP, with statistics on every
file; its rows are checked against the generator's truth. Request counts are exact and the same on
every machine; wall, CPU and memory are of the machine they were measured on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counting import Server, serving

from cdalake.samples import Export, SampleSpec, extend_export, write_export
from cdalake.storage import Store

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measured:
    """One scenario. `per` is the number the target is stated for."""

    name: str
    requests: dict[str, int]
    wall: float
    cpu: float
    peak_mb: float
    per: str
    target: str

    @property
    def total(self) -> int:
        return sum(self.requests.values())

    def row(self) -> str:
        verbs = ", ".join(f"{count} {verb}" for verb, count in sorted(self.requests.items()))
        cells = [self.name, str(self.total), verbs, f"{self.wall:.2f}", f"{self.cpu:.2f}"]
        return f"| {' | '.join([*cells, f'{self.peak_mb:.0f}', self.per, self.target])} |"


@dataclass(frozen=True)
class Bench:
    server: Server
    home: Path

    def sync(
        self, name: str, source: str, target: str, *options: str, per: Any = None, goal: str = ""
    ) -> Measured:
        """Run the command line once and measure it."""
        self.server.reset()
        command = [sys.executable, "-m", "cdalake", "sync", source, target, "--json", *options]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        result = json.loads(process.stdout.read().splitlines()[-1])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        assert result["status"] == "completed", result
        counts = self.server.counts()
        cpu = usage.ru_utime + usage.ru_stime
        text = per(sum(counts.values()), result) if per else ""
        return Measured(name, counts, wall, cpu, usage.ru_maxrss / 1024, text, goal)

    def check(self, target: str, export: Export) -> None:
        """The tables hold exactly the rows the generator made."""
        command = [sys.executable, "-m", "cdalake", "tables", target, "--json"]
        tables = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        rows = {table["table"]: table["rows"] for table in tables["tables"]}
        assert rows == {name: len(export.rows(name)) for name in export.tables}


def per_folder(total: int, result: dict[str, Any]) -> str:
    return f"{total / result['totals']['folders']:.2f} per folder"


def per_table(total: int, result: dict[str, Any]) -> str:
    return f"{total / result['totals']['tables']:.2f} per table"


def measure(bench: Bench, tables: int, folders: int) -> list[Measured]:
    source = f"{bench.server.bucket('export')}/cda"
    same, other = f"{bench.server.bucket('export')}/lake", f"{bench.server.bucket('lake')}/tables"
    store = Store.open(source)
    shape = SampleSpec(tables=tables, folders=folders, rows=600, files_per_folder=2)
    export = write_export(store.put, shape)
    rows = [
        bench.sync("initial, one bucket", source, same, per=per_folder, goal="<= 4.3 per folder"),
        bench.sync("initial, two buckets", source, other, per=per_folder, goal="<= 4.3 per folder"),
    ]
    bench.check(same, export)
    bench.check(other, export)
    single = f"{bench.server.bucket('lake')}/single"
    options = ("--commit-per-folder",)
    rows.append(bench.sync("initial, commit per folder", source, single, *options, per=per_folder))
    bench.check(single, export)
    rows.append(
        bench.sync("nothing new", source, same, per=per_table, goal="<= 2.1 per table; <= 5 in all")
    )
    export = extend_export(store.put, store.get, 1)
    rows.append(
        bench.sync("one new folder a table", source, same, per=per_table, goal="<= 6 + F + 2")
    )
    bench.check(same, export)
    return rows


def with_latency(bench: Bench, tables: int, folders: int, runs: int) -> list[Measured]:
    source = f"{bench.server.bucket('slow')}/cda"
    shape = SampleSpec(tables=tables, folders=folders, rows=600, files_per_folder=2)
    write_export(Store.open(source).put, shape)
    bench.server.call("/__latency?ms=20")
    measured = []
    for number in range(runs):
        target = f"{bench.server.bucket('slow')}/lake{number}"
        name = f"initial, 20 ms a request, {tables} tables"
        goal = "<= 2.5 s (for zero_copy)"
        measured.append(bench.sync(name, source, target, per=per_folder, goal=goal))
    bench.server.call("/__latency?ms=0")
    middle = statistics.median(run.wall for run in measured)
    return [next(run for run in measured if run.wall == middle)]


def report(rows: list[Measured], command: str) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    head = "| scenario | requests | by verb | wall s | CPU s | peak MB | measured | target |"
    lines = ["# Measured", "", f"`{command}` on {machine}.", "", head, "|---" * 8 + "|"]
    return "\n".join([*lines, *(row.row() for row in rows), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results.md")
    arguments = parser.parse_args()
    tables, folders = (5, 10) if arguments.quick else (50, 40)
    with tempfile.TemporaryDirectory() as home, serving() as server:
        os.environ |= server.environment | {"CDALAKE_HOME": home}
        bench = Bench(server, Path(home))
        rows = measure(bench, tables, folders)
        rows += with_latency(bench, max(2, tables // 5), folders, 3)
    text = report(rows, "make bench")
    print(text)
    if arguments.save:
        (HERE / "results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["monitor"]:
        del sys.argv[1]
        runpy.run_path(str(HERE / "monitor.py"), run_name="__main__")
    else:
        main()
