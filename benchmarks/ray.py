"""Measure what Ray costs and brings on this machine: its start, and runs of 40 tables.

    uv run python benchmarks/ray.py [--save]

Every run is the real command line in a process of its own, on folders; its rows are checked against
the generator's truth. Walls are of the machine and the moment they were measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from cdalake.samples import Export, SampleSpec, write_export
from cdalake.storage import Store

HERE = Path(__file__).parent
COMMAND = "uv run python benchmarks/ray.py --save"
RUNS = 3
START = """
import time; began = time.monotonic()
import os
os.environ |= {"RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0", "RAY_USAGE_STATS_ENABLED": "0"}
from cdalake.runners.ray_cluster import connected
imported = time.monotonic()
with connected(None, show_logs=False): up = time.monotonic()
print(imported - began, up - imported, time.monotonic() - up)
"""


@dataclass(frozen=True)
class Measured:
    """One run: seconds from start to end, and the most memory (MB) of all its processes at once."""

    wall: float
    peak_mb: float


def memory_mb(session: int) -> float:
    """Memory of a session's processes, shared parts counted once (PSS)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                rollup = (folder / "smaps_rollup").read_text()
                total += int(rollup.partition("Pss:")[2].split()[0])
        except (OSError, IndexError):
            continue
    return total / 1024


def run(*command: str) -> Measured:
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    peak, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            peak[0] = max(peak[0], memory_mb(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    code = process.wait()
    wall = time.monotonic() - started
    over.set()
    watcher.join()
    assert code == 0, f"{command} ended with {code}"
    return Measured(wall, peak[0])


def sync(export: Export, source: str, target: str, *options: str) -> Measured:
    measured = run("-m", "cdalake", "sync", source, target, *options)
    command = [sys.executable, "-m", "cdalake", "tables", target, "--json"]
    tables = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    rows = {table["table"]: table["rows"] for table in tables["tables"]}
    assert rows == {name: len(export.rows(name)) for name in export.tables}
    return measured


def start_cost() -> str:
    command = [sys.executable, "-c", START]
    told = [
        subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(RUNS)
    ]
    columns = zip(*([float(n) for n in each.stdout.split()] for each in told), strict=True)
    return " | ".join(f"{statistics.median(column):.1f}" for column in columns)


def rows(home: Path, tables: int) -> list[str]:
    source = str(home / "export")
    shape = SampleSpec(tables=tables, folders=15, rows=200, files_per_folder=2)
    export = write_export(Store.open(source).put, shape)
    lines = []
    for runner in ("threads", "ray"):
        first = [
            sync(export, source, str(home / f"{runner}{n}"), "--runner", runner)
            for n in range(RUNS)
        ]
        again = [
            sync(export, source, str(home / f"{runner}{n}"), "--runner", runner)
            for n in range(RUNS)
        ]
        for name, runs in (("initial", first), ("nothing new", again)):
            wall = statistics.median(each.wall for each in runs)
            peak = statistics.median(each.peak_mb for each in runs)
            lines.append(f"| {name}, {runner} | {wall:.1f} | {peak:.0f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true", help="write benchmarks/ray-results.md")
    parser.add_argument("--tables", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CDALAKE_HOME"] = str(Path(home) / "home")
        measured = rows(Path(home), arguments.tables)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    load = os.getloadavg()[1]
    text = "\n".join(
        [
            "# What Ray costs and brings on one machine",
            "",
            f"`{COMMAND}` on {machine}, medians of {RUNS}; load {load:.1f}.",
            "",
            "| a private Ray: import s | start s | end s |",
            "|---|---|---|",
            f"| {start_cost()} |",
            "",
            f"{arguments.tables} tables of 15 folders with 2 files, on folders:",
            "",
            "| run | wall s | peak MB, all processes |",
            "|---|---|---|",
            *measured,
            "",
        ]
    )
    print(text)
    if arguments.save:
        (HERE / "ray-results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
