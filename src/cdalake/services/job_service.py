"""The design document's Jobs API over the same runs."""

from __future__ import annotations

from pydantic import ValidationError

from cdalake.errors import UsageError
from cdalake.models.guidewire import GuidewireConfig, ProcessingJobStatus, StartJobRequest
from cdalake.models.job import JobLogs, JobProgress, JobRun, RunJobRequest, RunJobResponse
from cdalake.services import run_views
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.queries import LogQuery, Requester
from cdalake.services.run_logs import RunLogs


class JobManagementService:
    """Runs under `job_id` (the connection) and `run_id`."""

    def __init__(self, runs: GuidewireService, logs: RunLogs) -> None:
        self._runs = runs
        self._logs = logs

    def run(self, request: RunJobRequest, requester: Requester) -> RunJobResponse:
        """Start a run.

        Raises:
            UsageError: ``INVALID_REQUEST`` for parameters that are not GuidewireConfig's.
        """
        started = self._runs.start(StartJobRequest(config=_config(request)), requester)
        status = self._runs.status(started.run_id)
        return RunJobResponse(
            job_id=status.connection, run_id=started.run_id, status=started.status
        )

    def status(self, run_id: str) -> JobRun:
        """Where a run stands."""
        status = self._runs.status(run_id)
        return JobRun(
            run_id=run_id,
            job_id=status.connection,
            status=status.status,
            start_time=status.start_time,
            end_time=status.end_time,
            progress=_progress(status),
        )

    def logs(self, run_id: str, offset: int, limit: int) -> JobLogs:
        """Log lines after `offset` as text; `last_line` is the next offset."""
        page = self._logs.page(run_id, LogQuery(offset, limit))
        text = "\n".join(run_views.log_text(line) for line in page.lines)
        return JobLogs(logs=text, last_line=page.next_offset, offset=offset)


def _config(request: RunJobRequest) -> GuidewireConfig:
    try:
        return GuidewireConfig.model_validate(request.parameters)
    except ValidationError as error:
        # Without the input: it may hold a key.
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise UsageError(
            "INVALID_REQUEST", "; ".join(faults), "`parameters` has the fields of GuidewireConfig."
        ) from None


def _progress(status: ProcessingJobStatus) -> JobProgress:
    return JobProgress(
        tables_processed=status.tables_processed,
        total_tables=status.total_tables,
        percent_complete=status.progress_percent,
    )
