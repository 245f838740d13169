"""Ten thousand random histories: `make soak ARGS="-k histories"`.

HISTORIES and FIRST in the environment choose other ones; SAVE=1 writes what they contained to
``benchmarks/soak-results.md``.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

from cdalake import __version__
from histories.story import in_memory

HISTORIES = int(os.environ.get("HISTORIES") or 10_000)
FIRST = int(os.environ.get("FIRST") or 100_000)
RESULTS = Path(__file__).parents[2] / "benchmarks" / "soak-results.md"
WANTED = {
    "schema change": 0.3,
    "crash": 0.3,
    "two writers": 0.2,
    "late or refilled file": 0.2,
    "foreign commit": 0.1,
}
"""Shares of histories that must contain it."""


def test_ten_thousand_histories_end_equal_to_the_oracle() -> None:
    contained: Counter[str] = Counter()
    failed: list[str] = []
    began = time.process_time()
    for number in range(HISTORIES):
        try:
            contained += in_memory(FIRST + number)
        except AssertionError as failure:
            failed.append(f"seed {FIRST + number}: {str(failure)[:500]}")
            print(failed[-1])  # noqa: T201 - at once: the others go on for long
        if number % 500 == 499:
            print(f"{number + 1} histories, {time.process_time() - began:.0f} CPU s")  # noqa: T201
    assert failed == []
    text = report(contained, time.process_time() - began)
    print(text)  # noqa: T201 - what was proved is worth as much as what they contained
    if os.environ.get("SAVE"):
        RESULTS.write_text(text, encoding="utf-8")
    rare = {what for what, share in WANTED.items() if contained[what] < share * HISTORIES}
    assert rare == set()


def report(contained: Counter[str], seconds: float) -> str:
    """What the histories contained, as a table."""
    last = FIRST + HISTORIES - 1
    head = [
        "# Random histories",
        "",
        f'`SAVE=1 make soak ARGS="-k histories"`: {HISTORIES} histories, seeds {FIRST} to {last},',
        f"cdalake {__version__}, {seconds:.0f} CPU s. Every one ended equal to its oracle, row for",
        "row, and a run after its last one had nothing to do.",
        "",
        "| what | histories that contain it | at least |",
        "|---|---|---|",
    ]
    rows = [
        f"| {what} | {count} ({100 * count / HISTORIES:.1f} %) | {wanted(what)} |"
        for what, count in contained.most_common()
    ]
    return "\n".join([*head, *rows, ""])


def wanted(what: str) -> str:
    """The share that is asked for, if one is."""
    return f"{100 * WANTED[what]:.0f} %" if what in WANTED else ""
