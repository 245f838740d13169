"""What tables still have to bring: the source is listed beside the requests, never inside one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cdalake.catalog.pending import PendingStore, Row
from cdalake.cda.manifest import ManifestEntry
from cdalake.engine.execute import TableRun
from cdalake.engine.job import Job
from cdalake.engine.progress import Event, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import OpenStore, check
from cdalake.errors import CdalakeError, Problem, StoreUnavailable
from cdalake.services.deadline import Deadline
from cdalake.settings import Connection

log = logging.getLogger("cdalake.pending")

TABLES = 20
"""Tables counted in a pass at most, the ones most behind first."""
PASS_S = 10.0
TABLE_S = 5.0
LISTERS = 4
AGAIN = timedelta(minutes=5)
"""A count that failed is tried again so late."""


@dataclass(frozen=True)
class Candidate:
    """A table that is behind, with what the index knows of it."""

    entry: ManifestEntry
    version: int | None
    lag_s: int | None

    def is_known(self, count: Row | None, now: datetime) -> bool:
        """Counted as it stands now; a failure stands for a while."""
        if count is None:
            return False
        if count["error"] is not None:
            return bool(now - count["counted_at"] < AGAIN)
        key = (count["version"], count["manifest_ms"])
        return key == (self.version, self.entry.manifest_time)

    @property
    def urgency(self) -> tuple[bool, int]:
        """The most behind first; tables that are not loaded yet come last."""
        return (self.version is None, -(self.lag_s or 0))


class PendingCounter:
    """Counts what is pending for the tables of one connection, with the engine's own plan."""

    def __init__(self, connection: Connection, store: PendingStore, open_store: OpenStore) -> None:
        self._connection = connection
        self._store = store
        self._open = open_store
        self._deadline = Deadline(TABLE_S, at_once=1)

    def count(
        self,
        entries: Mapping[str, ManifestEntry],
        rows: Mapping[str, Mapping[str, Any]],
        is_stopped: Callable[[], bool],
    ) -> dict[str, int]:
        """Count tables that are behind and were not counted so; a bounded number, in bounded time.

        Returns:
            Tables of which nothing is pending, with the manifest time that is true for.
        """
        chosen = self._choose(entries, rows)
        if not chosen:
            return {}
        found: list[Row] = []
        with ThreadPoolExecutor(LISTERS, thread_name_prefix="pending") as files:
            counting = self._counts(chosen, files, is_stopped)
            ends = time.monotonic() + PASS_S
            for row in counting:
                found.append(row)
                if time.monotonic() > ends or is_stopped():
                    break
        self._store.save(found)
        return {row["table_name"]: row["manifest_ms"] for row in found if _is_nothing(row)}

    def _choose(
        self, entries: Mapping[str, ManifestEntry], rows: Mapping[str, Mapping[str, Any]]
    ) -> list[Candidate]:
        behind = [
            Candidate(entries[name], row["version"], row["lag_s"])
            for name, row in rows.items()
            if name in entries and (row["version"] is None or row["lag_s"])
        ]
        known, now = self._store.of(self._connection.name), utc_now()
        unknown = (c for c in behind if not c.is_known(known.get(c.entry.table), now))
        return sorted(unknown, key=lambda candidate: candidate.urgency)[:TABLES]

    def _counts(
        self,
        chosen: Iterable[Candidate],
        files: ThreadPoolExecutor,
        is_stopped: Callable[[], bool],
    ) -> Iterable[Row]:
        try:
            job = self._job(files, is_stopped)
        except CdalakeError as error:
            yield from (self._row(c, error=error.as_problem()) for c in chosen)
            return
        for candidate in chosen:
            try:
                yield self._deadline.call(partial(self._survey, job, candidate), "The source")
            except StoreUnavailable as error:
                # Slow for one is slow for all: the others wait for the next pass.
                yield self._row(candidate, error=error.as_problem())
                return

    def _job(self, files: ThreadPoolExecutor, is_stopped: Callable[[], bool]) -> Job:
        where = self._connection
        spec = RunSpec(
            "pending",
            where.name,
            where.source,
            where.target,
            layout=where.layout,
            schema_change=where.schema_change,
            rebase=where.rebase,
            lookback_seconds=where.lookback_seconds,
            settle_seconds=where.settle_seconds,
            source_access=where.source_access,
            target_access=where.target_access,
        )
        source, target, rebase = check(spec, self._open)
        return Job(spec, source, target, rebase, files, _Silence(), is_stopped)

    def _survey(self, job: Job, candidate: Candidate) -> Row:
        table = TableRun(job, candidate.entry)
        table.prepare()
        if table.survey is None:
            return self._row(candidate, error=table.problem)
        plan = table.survey.plan
        sums = {"folders": plan.folders, "files": plan.files, "bytes": plan.size}
        return self._row(candidate, error=table.problem or plan.stop, **sums)

    def _row(self, candidate: Candidate, error: Problem | None, **sums: int) -> Row:
        return {
            "connection": self._connection.name,
            "table_name": candidate.entry.table,
            "version": candidate.version,
            "manifest_ms": candidate.entry.manifest_time,
            "folders": None,
            "files": None,
            "bytes": None,
            **sums,
            "error": error.to_json() if error else None,
            "counted_at": utc_now(),
        }


class _Silence:
    """A sink that tells nobody: counting is no run."""

    def emit(self, event: Event) -> None:
        """Nothing."""


def _is_nothing(row: Row) -> bool:
    """The listing was complete and left nothing: the table is caught up with that entry."""
    return row["folders"] == 0 and row["error"] is None and row["version"] is not None
