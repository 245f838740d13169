"""Runs, under the design document's Guidewire names."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from cdalake.catalog.run_list import RunFilter
from cdalake.engine.progress import RunState
from cdalake.engine.spec import Action as RunAction
from cdalake.models.audit import Action
from cdalake.models.guidewire import (
    GuidewireConfig,
    Message,
    Preflight,
    ProcessingJobStatus,
    ProcessingJobSummary,
    StartJobRequest,
    StartJobResponse,
)
from cdalake.server.deps import Count, Operator, Served, zoned

router = APIRouter(prefix="/api/guidewire/jobs", tags=["runs"])


def run_filter(
    status: Annotated[list[RunState] | None, Query()] = None,
    trigger: Annotated[list[str] | None, Query()] = None,
    requested_by: Annotated[list[str] | None, Query()] = None,
    connection: Annotated[list[str] | None, Query()] = None,
    since: Annotated[datetime | None, Query(description="Asked for then or later")] = None,
    until: datetime | None = None,
    table: Annotated[str | None, Query(description="Only runs that had this table")] = None,
    action: Annotated[list[RunAction] | None, Query(description="What runs did")] = None,
) -> RunFilter:
    """Which runs are meant."""
    return RunFilter(
        states=tuple(status or ()),
        triggers=tuple(trigger or ()),
        requested_by=tuple(requested_by or ()),
        connections=tuple(connection or ()),
        since=zoned(since),
        until=zoned(until),
        table=table,
        actions=tuple(action or ()),
    )


@router.post("/start", status_code=201)
def start_guidewire_job(
    services: Served, operator: Operator, body: StartJobRequest
) -> StartJobResponse:
    """Start a run; a repeated `request_id` answers with the run it already started."""
    started = services.guidewire.start(body, operator)
    if started.is_new:
        run = services.guidewire.require(started.run_id)
        detail: dict[str, Any] = {"connection": run.connection}
        if run.action is not RunAction.SYNC:
            detail |= {"action": run.action.value, "tables": list(run.spec.include)}
        services.audit.record(operator, Action.RUN_START, started.run_id, detail)
    return started


@router.post("/preflight")
def preflight_guidewire_job(
    services: Served, operator: Operator, body: GuidewireConfig
) -> Preflight:
    """Try what a run of this config would do first: nothing is started, written or made."""
    return services.preflight.look(body, operator)


@router.get("")
def list_guidewire_jobs(
    services: Served,
    response: Response,
    wanted: Annotated[RunFilter, Depends(run_filter)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[Count, Query(ge=0)] = 0,
    before: Annotated[str | None, Query(description="Id of the last run already seen")] = None,
) -> list[ProcessingJobSummary]:
    """Runs, newest first.

    The header `X-Total-Count` has their number, `X-Next-Before` the next page's `before`.
    """
    runs, total, following = services.guidewire.list(wanted, limit, offset, before)
    response.headers["X-Total-Count"] = str(total)
    if following is not None:
        response.headers["X-Next-Before"] = following
    return runs


@router.get("/{job_id}")
def get_guidewire_job(services: Served, job_id: str) -> ProcessingJobStatus:
    """A run with every table."""
    return services.guidewire.status(job_id)


@router.delete("/{job_id}", status_code=202)
def cancel_guidewire_job(services: Served, operator: Operator, job_id: str) -> Message:
    """Ask a run to stop at the next folder."""
    answer = services.guidewire.cancel(job_id)
    services.audit.record(operator, Action.RUN_CANCEL, job_id)
    return answer


@router.post("/{job_id}/retry", status_code=202)
def retry_guidewire_job(services: Served, operator: Operator, job_id: str) -> StartJobResponse:
    """Try the tables again that did not end well: the next attempt of the same run."""
    answer = services.guidewire.retry(job_id)
    services.audit.record(operator, Action.RUN_RETRY, job_id)
    return answer
