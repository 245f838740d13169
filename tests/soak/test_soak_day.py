"""A day of two syncs a minute: `make soak ARGS="-k day"` (CYCLES, SAVE=1).

Cycle 2,880 costs what cycle 100 did, in requests, CPU and memory, and nothing is lost.
"""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.counting import Server
from conftest import Lake
from day import CYCLES, WINDOW, Day, Window

RESULTS = Path(__file__).parents[2] / "benchmarks" / "day-results.md"
MEGABYTE = 1 << 20


def test_the_last_cycle_of_a_day_costs_what_the_hundredth_did(
    counted_lake: Lake, counting: Server, tmp_path: Path
) -> None:
    count = int(os.environ.get("CYCLES") or CYCLES)
    day = Day(counted_lake, counting, tmp_path / "home", count)

    cycles = day.live()

    early, late = Window.of(cycles[100 : 100 + WINDOW]), Window.of(cycles[-WINDOW:])
    text = report(count, len(cycles), early, late)
    print(text)  # noqa: T201
    if os.environ.get("SAVE"):
        RESULTS.write_text(text, encoding="utf-8")
    assert day.rows() == {count}
    # The last entries are younger than the look-back: nothing rests yet, and nobody notes that.
    assert late.requests <= early.requests
    assert late.resident - early.resident < 64 * MEGABYTE
    assert late.cpu < 2 * early.cpu


def report(count: int, measured: int, early: Window, late: Window) -> str:
    """The two windows beside each other."""
    rows = [
        ("requests", f"{early.requests:.0f}", f"{late.requests:.0f}"),
        ("CPU, ms", f"{early.cpu * 1000:.1f}", f"{late.cpu * 1000:.1f}"),
        ("memory of the process, MB", f"{early.resident / MEGABYTE:.0f}",
         f"{late.resident / MEGABYTE:.0f}"),
    ]  # fmt: skip
    return "\n".join(
        [
            "# A simulated day",
            "",
            f'`SAVE=1 make soak ARGS="-k day"`: {count} cycles, a new folder in each of two tables',
            f"and a sync after each; {measured} in one process, the other {count - measured} by",
            f"the command line. Medians of {WINDOW} cycles. Every row is there once.",
            "",
            "| of a cycle | from the 100th on | the last ones |",
            "|---|---|---|",
            *(f"| {name} | {first} | {last} |" for name, first, last in rows),
            "",
        ]
    )
