"""A run's log and its stream of events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cdalake.engine.progress import Level
from cdalake.models.guidewire import LogPage
from cdalake.server.deps import Served
from cdalake.server.stream import follow
from cdalake.services.queries import LogQuery

router = APIRouter(prefix="/api/runs", tags=["runs"])


@router.get("/{run_id}/logs")
def get_run_logs(
    services: Served,
    run_id: str,
    after: Annotated[int, Query(ge=0, description="Number of the last line already seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    level: Level | None = None,
    table: str | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> LogPage:
    """Log lines after a number, filtered; `level` means that level and worse."""
    return services.guidewire.logs(run_id, LogQuery(after, limit, level, table, q))


def require_run(services: Served, run_id: str) -> None:
    """404 for an unknown run, before the stream has begun."""
    services.guidewire.require(run_id)


@router.get(
    "/{run_id}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(require_run)],
)
async def stream_run_events(
    services: Served,
    request: Request,
    run_id: str,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Events `log` (array of lines), `progress` (the run without its config) and `end`.

    Ids are line numbers: `Last-Event-ID`, or `after`, resumes without a gap. The server closes the
    stream after 90 seconds; the browser resumes it.
    """
    known = last_event_id or ""
    start = int(known) if known.isdigit() else after
    async for event in follow(services, run_id, start, request.is_disconnected):
        yield event
