"""The design document's Jobs API: the same runs under other names."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from cdalake.models.base import Answer, Asked, UtcTime


class RunJobRequest(Asked):
    """POST /api/jobs/run. `parameters` has the fields of GuidewireConfig."""

    parameters: dict[str, Any] = Field(default_factory=dict)


class RunJobResponse(Answer):
    """`job_id` is the connection, `run_id` the run."""

    job_id: str
    run_id: str
    status: str


class JobProgress(Answer):
    """Tables that reached a final state; percent by tables, 100 when the run is final."""

    tables_processed: int
    total_tables: int
    percent_complete: float


class JobRun(Answer):
    """GET /api/jobs/{run_id}."""

    run_id: str
    job_id: str
    status: str
    start_time: UtcTime | None
    end_time: UtcTime | None
    progress: JobProgress


class JobLogs(Answer):
    """GET /api/jobs/{run_id}/logs: text lines after `offset`, and the number of the last one."""

    logs: str
    last_line: int
    offset: int
