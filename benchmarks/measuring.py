"""Runs the command line against the counting server and measures it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counting import Server
from memory import Watch

from cdalake.samples import Export

Per = Callable[[int, dict[str, Any]], str]
"""The number that a target is stated for, from all requests and the run's result."""


@dataclass(frozen=True)
class Measured:
    """One scenario.

    Attributes:
        peak_mb: most memory of all its processes together (RSS).
        per: the number the target is stated for.
        public: what the public processor needed for the same data (performance.md).
    """

    name: str
    requests: dict[str, int]
    wall: float
    cpu: float
    peak_mb: float
    per: str
    target: str
    public: str = ""

    @property
    def total(self) -> int:
        return sum(self.requests.values())

    def row(self) -> str:
        verbs = ", ".join(f"{count} {verb}" for verb, count in sorted(self.requests.items()))
        numbers = [f"{self.wall:.2f}", f"{self.cpu:.2f}", f"{self.peak_mb:.0f}"]
        cells = [self.name, str(self.total), verbs, *numbers, self.per, self.target, self.public]
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Bench:
    server: Server
    home: Path

    def sync(
        self,
        name: str,
        source: str,
        target: str,
        *options: str,
        per: Per | None = None,
        goal: str = "",
        public: str = "",
        rests: bool = True,
    ) -> Measured:
        """Run the command line once and measure it; `rests`: tables at rest are believed."""
        self.server.reset()
        command = [sys.executable, "-m", "cdalake", "sync", source, target, "--json", *options]
        env = os.environ | ({} if rests else {"CDALAKE_REST_SECONDS": "0"})
        started = time.monotonic()
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        watch = Watch(process.pid)
        assert process.stdout is not None
        result = json.loads(process.stdout.read().splitlines()[-1])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        assert result["status"] == "completed", result
        counts = self.server.counts()
        peak = watch.end() / (1 << 20)
        text = per(sum(counts.values()), result) if per else ""
        cpu = usage.ru_utime + usage.ru_stime
        return Measured(name, counts, wall, cpu, peak, text, goal, public)

    def check(self, target: str, export: Export) -> None:
        """The tables hold exactly the rows the generator made."""
        rows = self.rows(target)
        assert rows == {name: len(export.rows(name)) for name in export.tables}

    def rows(self, target: str) -> dict[str, int]:
        """Rows by table, as `cdalake tables` says them."""
        command = [sys.executable, "-m", "cdalake", "tables", target, "--json"]
        tables = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return {table["table"]: table["rows"] for table in tables["tables"]}


def per_folder(total: int, result: dict[str, Any]) -> str:
    return f"{total / result['totals']['folders']:.2f} per folder"


def per_table(total: int, result: dict[str, Any]) -> str:
    return f"{total / result['totals']['tables']:.2f} per table"


def per_changed(total: int, result: dict[str, Any]) -> str:
    changed = sum(table["status"] == "ok" for table in result["tables"])
    return f"{total / changed:.2f} per changed table"
