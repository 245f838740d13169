"""A run, and what changed, as server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi.sse import ServerSentEvent

from cdalake.bootstrap import Services
from cdalake.catalog.runs import Run
from cdalake.models.changes import Changes
from cdalake.models.guidewire import LogPage, ProcessingJobStatus
from cdalake.services.queries import LogQuery

PACE_S = 0.5
HEARTBEAT_S = 10.0
CHANGES_PACE_S = 0.25
TICK_S = 5.0
LIFETIME_S = 90.0
"""Proxies cut streams anyway; ending by ourselves keeps the resumption exercised."""
LINES_PER_EVENT = 500


async def follow(
    services: Services, run_id: str, after: int, is_gone: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEvent]:
    """The events of a run from line `after` on, until it ends, 90 s pass or the reader goes."""
    watch = _Watch(services, run_id, after)
    yield ServerSentEvent(comment="open", retry=1000)
    ends = time.monotonic() + LIFETIME_S
    quiet_since = time.monotonic()
    while time.monotonic() < ends and not services.stopping.is_set() and not await is_gone():
        events = await asyncio.to_thread(watch.look)
        for event in events:
            yield event
            quiet_since = time.monotonic()
        if watch.is_over:
            return
        if time.monotonic() - quiet_since >= HEARTBEAT_S:
            quiet_since = time.monotonic()
            yield ServerSentEvent(comment="heartbeat")
        if not events:
            await asyncio.sleep(PACE_S)


async def follow_changes(
    services: Services, after: int | None, is_gone: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEvent]:
    """What changes, until 90 s pass, the server ends or the reader goes.

    Nothing is asked of the database for a reader: the feed has it in memory.
    """
    feed = services.changes
    ends = time.monotonic() + LIFETIME_S
    last = await asyncio.to_thread(feed.since, after)
    yield _changes_event(last, retry=1000)
    quiet_since = time.monotonic()
    while time.monotonic() < ends and not services.stopping.is_set() and not await is_gone():
        if feed.newest != last.last_id:
            last = feed.since(last.last_id)
            yield _changes_event(last)
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= TICK_S:
            quiet_since = time.monotonic()
            # Not a comment: the page sees events only, and says how long ago it heard of us.
            yield ServerSentEvent(event="tick", raw_data="{}", id=str(last.last_id))
        await asyncio.sleep(CHANGES_PACE_S)


def _changes_event(changes: Changes, retry: int | None = None) -> ServerSentEvent:
    body = changes.model_dump_json()
    return ServerSentEvent(event="changes", raw_data=body, id=str(changes.last_id), retry=retry)


class _Watch:
    """What the reader of one stream has seen."""

    def __init__(self, services: Services, run_id: str, after: int) -> None:
        self._services = services
        self._run_id = run_id
        self._after = after
        self._run: Run | None = None
        self._seen: Seen | None = None
        self.is_over = False

    def look(self) -> list[ServerSentEvent]:
        """What is new since the last look."""
        # The run comes first: what it calls final has all its lines on disk.
        run = self._services.guidewire.require(self._run_id)
        page = self._services.logs.page(self._run_id, LogQuery(self._after, LINES_PER_EVENT))
        events = [*self._progress_events(run), *self._log_events(page)]
        if run.state.is_final and not page.lines:
            self.is_over = True
            data = {"run_id": self._run_id, "status": run.state.value}
            events.append(ServerSentEvent(event="end", data=data, id=str(self._after)))
        return events

    def _log_events(self, page: LogPage) -> list[ServerSentEvent]:
        if not page.lines:
            return []
        self._after = page.next_offset
        lines = [line.model_dump(mode="json") for line in page.lines]
        return [ServerSentEvent(event="log", data=lines, id=str(self._after))]

    def _progress_events(self, run: Run) -> list[ServerSentEvent]:
        # Whatever changes a run or one of its tables changes its row too, its heartbeat at least.
        if run == self._run:
            return []
        self._run = run
        before, self._seen = self._seen, Seen.of(self._services.guidewire.status(self._run_id))
        if before is None:
            return [ServerSentEvent(event="base", data={"run_id": self._run_id}, id=self._id)]
        news = self._seen.since(before)
        return [ServerSentEvent(event="progress", data=news, id=self._id)] if news else []

    @property
    def _id(self) -> str:
        return str(self._after)


_UNSTEADY = {"duration_seconds", "heartbeat_at", "last_line", "config", "usual", "results"}
"""Time alone passing is no news."""

Fields = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A run as its reader knows it, so that only what differs has to be told."""

    run: Fields
    tables: dict[str, Fields]

    @classmethod
    def of(cls, status: ProcessingJobStatus) -> Seen:
        """What a status says."""
        tables = {row.table: row.model_dump(mode="json") for row in status.results}
        return cls(status.model_dump(mode="json", exclude=_UNSTEADY), tables)

    def since(self, before: Seen) -> Fields | None:
        """What differs from an earlier one; None for nothing."""
        results = [
            {"table": name, **changes}
            for name, row in self.tables.items()
            if (changes := _changed(row, before.tables.get(name, {})))
        ]
        run = _changed(self.run, before.run)
        return {"run": run, "results": results} if run or results else None


def _changed(now: Fields, before: Fields) -> Fields:
    return {
        name: value for name, value in now.items() if name not in before or before[name] != value
    }
