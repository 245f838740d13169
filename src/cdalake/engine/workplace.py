"""Where the tables of a run are worked at: the port, and the threads of the run's own process."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.execute import TableRun
from cdalake.engine.job import Job
from cdalake.engine.progress import TableResult
from cdalake.telemetry.tracing import carried


class Workplace(Protocol):
    """A place with hands for tables."""

    def work(self, job: Job, entries: Sequence[ManifestEntry]) -> list[TableResult]:
        """Bring every table up to date, the largest first (R52).

        Each table has exactly one result, in any order (R49), and its events reach the job's sink
        while it is worked at, the end of a table as its last.

        Raises:
            CdalakeError: the place itself cannot be had; no table was begun.
        """


class Threads:
    """Threads of this process; the default, since one machine is quick enough for most lakes."""

    def work(self, job: Job, entries: Sequence[ManifestEntry]) -> list[TableResult]:
        """As the port has it."""
        tables = [TableRun(job, entry) for entry in entries]
        with ThreadPoolExecutor(max(1, job.spec.workers), thread_name_prefix="table") as pool:
            list(pool.map(carried(TableRun.prepare), tables))
            ordered = in_order(tables, job.spec.largest_first)
            futures = [pool.submit(carried(table.execute)) for table in ordered]
            return [future.result() for future in futures]


def in_order(tables: Sequence[TableRun], largest_first: int | None) -> list[TableRun]:
    """Largest pending first; with a number only so many, the others as the manifest has them."""
    by_size = sorted(tables, key=lambda table: table.pending_bytes, reverse=True)
    head = by_size[:largest_first] if largest_first is not None else by_size
    chosen = {id(table) for table in head}
    return [*head, *(table for table in tables if id(table) not in chosen)]
