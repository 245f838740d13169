"""Runs beyond the design's names: log, stream of events, results, comparison, many at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cdalake.engine.progress import Level, TableState
from cdalake.models.audit import Action
from cdalake.models.guidewire import (
    BulkAnswer,
    BulkRequest,
    LogHits,
    LogPage,
    RunComparison,
    RunFacets,
)
from cdalake.server.deps import Count, Operator, Present, ResumeFrom, Served, zoned
from cdalake.server.export import Format, attached
from cdalake.server.stream import follow
from cdalake.services import result_files
from cdalake.services.queries import LogQuery

router = APIRouter(prefix="/api/runs", tags=["runs"])

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {}}, "description": "A file"}
}
JSON_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}}, "description": "The document"}
}


@router.get("/facets")
def get_run_facets(services: Served) -> RunFacets:
    """What the list of runs can be filtered by, and how many have each."""
    return services.guidewire.facets()


@router.post("/bulk")
def change_many_runs(services: Served, operator: Operator, body: BulkRequest) -> BulkAnswer:
    """Cancel or retry many; each has its own outcome, and one that refuses stops no other."""
    answer = services.guidewire.bulk(body)
    action = Action.RUN_CANCEL if body.action == "cancel" else Action.RUN_RETRY
    for item in answer.items:
        if item.ok:
            services.audit.record(operator, action, item.run_id, {"together": len(answer.items)})
    return answer


def log_filter(
    level: Annotated[Level | None, Query(description="That level and worse")] = None,
    table: str | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    attempt: Annotated[Count | None, Query(ge=1)] = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> LogQuery:
    """Which lines are meant."""
    return LogQuery(
        level=level,
        table=table,
        text=q,
        attempt=attempt,
        since=zoned(since),
        until=zoned(until),
    )


Filtered = Annotated[LogQuery, Depends(log_filter)]
After = Annotated[int, Query(ge=0, description="Number of the last line already seen")]


@router.get("/{run_id}/logs")
def get_run_logs(
    services: Served,
    run_id: str,
    wanted: Filtered,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> LogPage:
    """Log lines after a number."""
    return services.logs.page(run_id, replace(wanted, after=after, limit=limit))


@router.get("/{run_id}/logs/hits")
def get_run_log_hits(services: Served, run_id: str, wanted: Filtered, after: After = 0) -> LogHits:
    """Numbers of the lines that match; ask again from `next_offset` until it is `last_line`."""
    return services.logs.hits(run_id, replace(wanted, after=after))


@router.get("/{run_id}/logs/file", response_class=StreamingResponse, responses=FILE)
def get_run_log_file(
    services: Served,
    run_id: str,
    wanted: Filtered,
    view: Annotated[bool, Query(description="Show it in the browser, do not save it")] = False,
) -> StreamingResponse:
    """Every line that matches, as text."""
    pieces = services.logs.text(run_id, wanted)
    saved = {"content-disposition": f'attachment; filename="run-{run_id}.log"'}
    media = "text/plain; charset=utf-8"
    return StreamingResponse(pieces, media_type=media, headers={} if view else saved)


@router.get("/{run_id}/results", response_class=StreamingResponse, responses=FILE)
def export_run_results(
    services: Served,
    run_id: str,
    form: Annotated[Format, Query(alias="format")] = Format.CSV,
    status: Annotated[list[TableState] | None, Query()] = None,
) -> StreamingResponse:
    """Every table of the run as a file, or those in some states."""
    results = services.guidewire.status(run_id).results
    chosen = [result for result in results if not status or result.status in status]
    write = result_files.csv if form is Format.CSV else result_files.json
    return attached(f"run-{run_id}", form, write(chosen))


@router.get("/{run_id}/manifest", response_class=Response, responses=JSON_FILE)
def get_run_manifest(services: Served, run_id: str) -> Response:
    """The manifest that the run was made from, as CDA wrote it."""
    saved = {"content-disposition": f'attachment; filename="manifest-{run_id}.json"'}
    document = services.logs.manifest(run_id)
    return Response(document, media_type="application/json", headers=saved)


@router.get("/{run_id}/compare")
def compare_run(services: Served, run_id: str) -> RunComparison:
    """The run beside the one before of the same selection."""
    return services.history.compare(run_id)


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
    reader: Present,
    resumed: ResumeFrom,
    run_id: str,
    after: Annotated[Count, Query(ge=0)] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Events `base`, `log` (array of lines), `progress` (what changed) and `end`.

    After `base` read the run once; from then on `progress` has what differs: `run` the changed
    fields, `results` the changed fields of changed tables. Ids are line numbers: `Last-Event-ID`,
    or `after`, resumes without a gap. The server closes the stream after 90 seconds; the browser
    resumes it.
    """
    start = after if resumed is None else resumed
    async for event in follow(services, run_id, start, reader.is_gone):
        yield event
