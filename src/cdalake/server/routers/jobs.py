"""The design document's Jobs API: the same runs under other names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cdalake.models.audit import Action
from cdalake.models.guidewire import Message
from cdalake.models.job import JobLogs, JobRun, RunJobRequest, RunJobResponse
from cdalake.server.deps import Count, Operator, Served

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.post("/run", status_code=201)
def run_job(services: Served, operator: Operator, body: RunJobRequest) -> RunJobResponse:
    """Start a run; `parameters` has the fields of GuidewireConfig."""
    started = services.jobs.run(body, operator)
    detail = {"connection": started.job_id}
    services.audit.record(operator, Action.RUN_START, started.run_id, detail)
    return started


@router.get("/{run_id}")
def get_job_run(services: Served, run_id: str) -> JobRun:
    """Where a run stands."""
    return services.jobs.status(run_id)


@router.delete("/{run_id}", status_code=202)
def cancel_job_run(services: Served, operator: Operator, run_id: str) -> Message:
    """Ask a run to stop at the next folder."""
    answer = services.guidewire.cancel(run_id)
    services.audit.record(operator, Action.RUN_CANCEL, run_id)
    return answer


@router.get("/{run_id}/logs")
def get_job_logs(
    services: Served,
    run_id: str,
    offset: Annotated[Count, Query(ge=0, description="Lines already seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> JobLogs:
    """Log lines after `offset` as text."""
    return services.jobs.logs(run_id, offset, limit)
