"""Measure `cdalake sync` against an S3 server on loopback that counts requests.

    uv run python benchmarks/run.py [scale] [--quick] [--save]

`scale` measures the scale shapes, `monitor` as the first argument the monitor instead, see
`monitor.py`.

Every run is the real command line in a process of its own, over HTTP, with statistics on every
file; its rows are checked against the generator's truth. Request counts are exact and the same on
every machine; wall, CPU and memory are of the machine they were measured on.
"""

from __future__ import annotations

import argparse
import os
import platform
import runpy
import statistics
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from counting import serving
from measuring import Bench, Measured, per_changed, per_folder, per_table
from shapes import SHAPES, ten_large_files

from cdalake.samples import SampleSpec, extend_export, write_export
from cdalake.storage import Store

HERE = Path(__file__).parent
ZERO = ("--layout", "zero_copy")
EACH = ("--commit-per-folder",)

# The public processor on the same shape (performance.md §2 and §4); it neither copies files nor
# writes statistics. Requests; wall s; CPU s; peak MB, without Ray / with it where both were run.
PUBLIC_FOLDER = "25,852; 25.4 / 22.6 s; 24.0 / 29.4 s; 190 / 700 MB"
PUBLIC_BATCHED = "4,952; 5.6 s; 4.6 s; 183 MB"
PUBLIC_MORE = "7,252; 7.8 / 6.8 s; 3.2 / 6.5 s; 165 / 669 MB"
PUBLIC_NOTHING = "6,352; 2.1 / 6.6 s; 1.7 / 5.2 s; 145 / 640 MB"
PUBLIC_SLOW = "992 batched, 23.8 s; 5,172, 103.4 / 57.3 s"


def measure(bench: Bench, tables: int, folders: int) -> list[Measured]:
    source = f"{bench.server.bucket('export')}/cda"
    same, other = f"{bench.server.bucket('export')}/lake", f"{bench.server.bucket('lake')}/tables"
    zero = f"{bench.server.bucket('lake')}/zero"
    store = Store.open(source)
    shape = SampleSpec(tables=tables, folders=folders, rows=600, files_per_folder=2)
    export = write_export(store.put, shape)
    initial = partial(bench.sync, per=per_folder)
    rows = [
        initial("initial, one bucket", source, same, goal="<= 4.3", public=PUBLIC_BATCHED),
        initial("initial, two buckets", source, other, goal="<= 4.3", public=PUBLIC_BATCHED),
        initial("initial, commit per folder", source, f"{other}-each", *EACH, public=PUBLIC_FOLDER),
        initial("initial, zero_copy", source, zero, *ZERO, goal="<= 2.15", public=PUBLIC_BATCHED),
        initial(
            "initial, zero_copy, commit per folder", source, f"{zero}-each", *ZERO, *EACH,
            goal="<= 3.15", public=PUBLIC_FOLDER,
        ),
        bench.sync("nothing new", source, same, goal="<= 5 in all", public=PUBLIC_NOTHING),
        bench.sync(
            "nothing new, all looked at", source, same, per=per_table, rests=False,
            goal="<= 2.1", public=PUBLIC_NOTHING,
        ),
    ]  # fmt: skip
    for target in (same, other, f"{other}-each", zero, f"{zero}-each"):
        bench.check(target, export)
    export = extend_export(store.put, store.get, 1)
    more = partial(bench.sync, per=per_changed, public=PUBLIC_MORE)
    rows.append(more("one new folder a table", source, same, goal="<= 6 + F + 2"))
    rows.append(more("one new folder a table, zero_copy", source, zero, *ZERO, goal="<= 6 + F"))
    bench.check(same, export)
    bench.check(zero, export)
    return rows


def with_latency(bench: Bench, tables: int, folders: int, runs: int) -> list[Measured]:
    source = f"{bench.server.bucket('slow')}/cda"
    shape = SampleSpec(tables=tables, folders=folders, rows=600, files_per_folder=2)
    write_export(Store.open(source).put, shape)
    bench.server.call("/__latency?ms=20")
    rows = [
        _slow(bench, source, "copy", (), tables, runs),
        _slow(bench, source, "zero_copy", ZERO, tables, runs),
    ]
    bench.server.call("/__latency?ms=0")
    return rows


def _slow(
    bench: Bench, source: str, layout: str, options: Sequence[str], tables: int, runs: int
) -> Measured:
    """The run with the median wall."""
    name = f"initial, {layout}, 20 ms a request, {tables} tables"
    goal = "<= 2.5 s" if layout == "zero_copy" else ""
    targets = [f"{bench.server.bucket('slow')}/{layout}{number}" for number in range(runs)]
    measured = [
        bench.sync(name, source, target, *options, per=per_folder, goal=goal, public=PUBLIC_SLOW)
        for target in targets
    ]
    middle = statistics.median(run.wall for run in measured)
    return next(run for run in measured if run.wall == middle)


def report(title: str, rows: list[Measured], command: str) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    names = ["scenario", "requests", "by verb", "wall s", "CPU s", "peak MB", "measured", "target"]
    head = f"| {' | '.join([*names, 'the public processor'])} |"
    said = f"`{command}` on {machine}. Memory is of the whole process tree."
    lines = [f"# {title}", "", said, "", head, f"{'|---' * 9}|"]
    return "\n".join([*lines, *(row.row() for row in rows), ""])


def of_engine(bench: Bench, *, quick: bool) -> list[Measured]:
    tables, folders = (5, 10) if quick else (50, 40)
    rows = measure(bench, tables, folders)
    rows += with_latency(bench, max(2, tables // 5), folders, 3)
    return rows if quick else rows + ten_large_files(bench)


def of_scale(bench: Bench) -> list[Measured]:
    rows: list[Measured] = []
    for shape in SHAPES:
        rows += shape(bench)
        print(*(row.row() for row in rows[-3:]), sep="\n", file=sys.stderr)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["engine", "scale"], default="engine")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--save", action="store_true", help="write benchmarks/*results.md")
    arguments = parser.parse_args()
    is_scale = arguments.what == "scale"
    with tempfile.TemporaryDirectory() as home, serving() as server:
        os.environ |= server.environment | {"CDALAKE_HOME": home}
        bench = Bench(server, Path(home))
        rows = of_scale(bench) if is_scale else of_engine(bench, quick=arguments.quick)
    if is_scale:
        text = report("Scale shapes, measured", rows, 'make bench ARGS="scale"')
    else:
        text = report("Measured", rows, "make bench")
    print(text)
    if arguments.save:
        name = "scale-results.md" if is_scale else "results.md"
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["monitor"]:
        del sys.argv[1]
        runpy.run_path(str(HERE / "monitor.py"), run_name="__main__")
    else:
        main()
