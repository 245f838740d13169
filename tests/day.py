"""A simulated day: an export that grows twice a minute, and a sync after each time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.counting import Server
from conftest import Lake
from faults import Program

CYCLES = 2880
EVERY_MS = 30_000
WINDOW = 40
"""Cycles that are compared: those around number 100, and the last ones."""


@dataclass(frozen=True)
class Cycle:
    """What one cycle cost; `resident` are bytes of this process after it."""

    requests: int
    cpu: float
    resident: int


@dataclass
class Day:
    """Lives it on the counting server; every folder has one file of one row."""

    lake: Lake
    server: Server
    home: Path
    cycles: int = CYCLES
    by_program_every: int = 48
    tables: tuple[str, ...] = ("cc_claim", "cc_note")

    def __post_init__(self) -> None:
        self.began = int(time.time() * 1000) - self.cycles * EVERY_MS
        for table in self.tables:
            self.lake.deliver(f"seed/{table}/0", {"id": [1], "note": [table]})

    def live(self) -> list[Cycle]:
        """All cycles; those of the command line are left out of what is measured."""
        measured = []
        for number in range(self.cycles):
            self._grow(number)
            if number % self.by_program_every == self.by_program_every - 1:
                Program(self.lake.source_url, self.lake.target_url, self.home).end()
            else:
                measured.append(self._cycle())
        return measured

    def _grow(self, number: int) -> None:
        now = self.began + number * EVERY_MS
        entries = {}
        for table in self.tables:
            part = f"seed/{table}/0/part-00000.parquet"
            self.server.fill(self.lake.source_url, part, f"{table}/aa/{{}}/p.parquet", now, 1)
            entries[table] = self._entry(table, number + 1, now)
        self.lake.write_manifest(entries)

    def _entry(self, table: str, records: int, now: int) -> dict[str, Any]:
        return {
            "lastSuccessfulWriteTimestamp": str(now),
            "totalProcessedRecordsCount": records,
            "dataFilesPath": table,
            "schemaHistory": {"aa": str(self.began)},
        }

    def _cycle(self) -> Cycle:
        self.server.reset()
        began = time.process_time()
        result = self.lake.sync(rest_seconds=3600)
        assert {table.status for table in result.tables} == {"ok"}, result
        self.lake.listener.events.clear()
        cpu = time.process_time() - began
        return Cycle(sum(self.server.counts().values()), cpu, resident())

    def rows(self) -> set[int | None]:
        """Rows of the tables: one for each cycle, if nothing was lost or doubled."""
        return {self.lake.table(table).rows for table in self.tables}


def resident() -> int:
    """Bytes of memory that this process has."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@dataclass(frozen=True)
class Window:
    """Medians over some cycles; requests of those without a checkpoint are all the same."""

    requests: float
    cpu: float
    resident: float

    @classmethod
    def of(cls, cycles: Sequence[Cycle]) -> Window:
        """Of these cycles."""
        return cls(
            statistics.median(cycle.requests for cycle in cycles),
            statistics.median(cycle.cpu for cycle in cycles),
            statistics.median(cycle.resident for cycle in cycles),
        )
