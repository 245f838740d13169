"""What changed, as a stream and by asking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cdalake.models.changes import Changes
from cdalake.server.deps import Present, ResumeFrom, Served
from cdalake.server.stream import follow_changes

router = APIRouter(prefix="/api", tags=["changes"])

After = Annotated[
    int | None, Query(ge=0, description="`last_id` of the last answer; none: what changed just now")
]


@router.get("/changes")
def get_changes(services: Served, after: After = None) -> Changes:
    """Which runs, tables and connections changed; whoever did it, another process too."""
    return services.changes.since(after)


@router.get("/events", response_class=EventSourceResponse)
async def stream_changes(
    services: Served,
    reader: Present,
    resumed: ResumeFrom,
    after: After = None,
) -> AsyncIterator[ServerSentEvent]:
    """Events `changes` (as GET /api/changes) and, while nothing changes, `tick`.

    `Last-Event-ID`, or `after`, resumes without a gap. The server closes the stream after 90
    seconds; the browser resumes it.
    """
    start = after if resumed is None else resumed
    async for event in follow_changes(services, start, reader.is_gone):
        yield event
