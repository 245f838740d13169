"""Runs, under the design document's Guidewire names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from cdalake.engine.progress import RunState
from cdalake.models.audit import Action
from cdalake.models.guidewire import (
    Message,
    ProcessingJobStatus,
    ProcessingJobSummary,
    StartJobRequest,
    StartJobResponse,
)
from cdalake.server.deps import Operator, Served

router = APIRouter(prefix="/api/guidewire/jobs", tags=["runs"])


@router.post("/start", status_code=201)
def start_guidewire_job(
    services: Served, operator: Operator, body: StartJobRequest
) -> StartJobResponse:
    """Start a run; a repeated `request_id` answers with the run it already started."""
    started = services.guidewire.start(body, operator)
    detail = {"connection": services.guidewire.require(started.run_id).connection}
    services.audit.record(operator, Action.RUN_START, started.run_id, detail)
    return started


@router.get("")
def list_guidewire_jobs(
    services: Served,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    status: Annotated[list[RunState] | None, Query()] = None,
) -> list[ProcessingJobSummary]:
    """Runs, newest first; the header `X-Total-Count` has their number."""
    runs, total = services.guidewire.list(limit, offset, tuple(status or ()))
    response.headers["X-Total-Count"] = str(total)
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
