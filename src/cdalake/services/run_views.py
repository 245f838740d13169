"""Runs as the API shows them: pure functions of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cdalake.catalog.runs import Run
from cdalake.engine.progress import RunState, TableState, utc_now
from cdalake.engine.spec import RunSpec
from cdalake.models.base import ErrorInfo, WarningInfo
from cdalake.models.guidewire import (
    ClusterInfo,
    ErrorGroup,
    LogLine,
    ProcessingJobStatus,
    ProcessingJobSummary,
    ProcessingResult,
    RunConfig,
    Usual,
)
from cdalake.services.health import BAD_RUNS
from cdalake.settings import credential_label

BAD = tuple(state for state in TableState if state.is_final and not state.is_good)
"""Table states that a retry tries again."""


def summary(run: Run) -> ProcessingJobSummary:
    """A run in the list."""
    return ProcessingJobSummary(**_summary(run))


def status(
    run: Run,
    tables: Sequence[Mapping[str, Any]],
    *,
    last_line: int,
    process_alive: bool | None,
    usual: Usual | None = None,
    cluster: Mapping[str, Any] | None = None,
    manifest_sha256: str | None = None,
) -> ProcessingJobStatus:
    """A run with every table."""
    return ProcessingJobStatus(
        **_summary(run),
        results=[result(row) for row in tables],
        error_groups=error_groups(tables),
        config=config(run.spec),
        warnings=[warning(note) for note in run.warnings],
        last_line=last_line,
        can_cancel=not run.state.is_final and run.state is not RunState.CANCELLING,
        can_retry=is_retryable(run, tables),
        heartbeat_at=run.heartbeat_at,
        process_alive=process_alive,
        usual=usual,
        cluster=ClusterInfo(**cluster) if cluster else None,
        manifest_sha256=manifest_sha256,
    )


def config(spec: RunSpec) -> RunConfig:
    """What was asked."""
    return RunConfig(
        connection=spec.connection,
        source=spec.source,
        target=spec.target,
        table_names=list(spec.include) or None,
        exceptions=list(spec.exclude) or None,
        largest_tables_first_count=spec.largest_first,
        parallel=spec.workers > 1,
        workers=spec.workers,
        runner=spec.runner,
        ray_address=spec.ray_address,
        commit_per_folder=spec.commit_per_folder,
        action=spec.action,
        since=spec.since,
        files=list(spec.files),
        layout=spec.layout,
        current=spec.current,
        schema_change=spec.schema_change,
        rebase=spec.rebase,
        credential=_credential(spec),
        aws_access_key_id=spec.inline_key,
        lookback_seconds=spec.lookback_seconds,
        settle_seconds=spec.settle_seconds,
    )


def _credential(spec: RunSpec) -> str:
    if spec.inline_key:
        return f"access key {spec.inline_key}, sent with the request"
    return credential_label(spec.source, spec.source_access, spec.target, spec.target_access)


def is_retryable(run: Run, tables: Sequence[Mapping[str, Any]]) -> bool:
    """There is something that a retry would try again."""
    if not run.state.is_final:
        return False
    is_untried = not tables and run.state is not RunState.COMPLETED
    return is_untried or bool(bad_tables(tables))


def bad_tables(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Tables that did not end well."""
    return [row["table_name"] for row in tables if row["status"] in BAD]


def bad_count(run: Run) -> int:
    """How many tables a retry would try again."""
    return sum(run.totals.get(state.value, 0) for state in BAD)


def _summary(run: Run) -> dict[str, Any]:
    totals = run.totals
    counts = {state: totals.get(state.value, 0) for state in TableState}
    total = sum(counts.values())
    processed = sum(count for state, count in counts.items() if state.is_final)
    failed = sum(counts[state] for state in BAD_RUNS)
    return {
        "job_id": run.run_id,
        "run_id": run.run_id,
        "status": run.state.value,
        "connection": run.connection,
        "trigger": run.trigger,
        "requested_by": run.requested_by,
        "attempt": run.attempt,
        "created_at": run.created_at,
        "start_time": run.started_at,
        "end_time": run.finished_at,
        "total_tables": total,
        "tables_processed": processed,
        "tables_failed": failed,
        "tables_ok": counts[TableState.OK],
        "tables_no_change": counts[TableState.NO_CHANGE],
        "tables_running": counts[TableState.RUNNING],
        "tables_pending": counts[TableState.PENDING],
        "progress_percent": 100.0 if run.state.is_final else percent(processed, total) or 0.0,
        "bytes_percent": _bytes_percent(run),
        "bytes_done": totals.get("bytes_done", 0),
        "bytes_total": totals.get("bytes", 0),
        "rows": totals.get("rows", 0),
        "commits": totals.get("commits", 0),
        "duration_seconds": _seconds(run.started_at, _end(run)),
        "error_message": _error_message(run, failed),
        "error": error(run.error),
        "action": run.action,
        "selection": selection(run.spec),
        "waiting_reason": run.waiting_reason if run.state is RunState.PENDING else None,
    }


def percent(part: int, whole: int) -> float | None:
    """0 to 100; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def _bytes_percent(run: Run) -> float | None:
    if run.state is RunState.COMPLETED:
        return 100.0
    return percent(run.totals.get("bytes_done", 0), run.totals.get("bytes", 0))


def _end(run: Run) -> datetime:
    return run.finished_at or utc_now()


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return round(max(0.0, (end - start).total_seconds()), 3)


def _error_message(run: Run, failed: int) -> str | None:
    if run.error is not None:
        return f"{run.error['message']} {run.error['hint']}"
    if failed and run.state.is_final:
        return "1 table did not end well." if failed == 1 else f"{failed} tables did not end well."
    return None


def selection(spec: RunSpec) -> str:
    """Which tables were asked for, in words."""
    chosen = ", ".join(spec.include[:5]) or "all tables"
    if len(spec.include) > 5:
        chosen += f" and {len(spec.include) - 5} more"
    return chosen + (f" except {', '.join(spec.exclude)}" if spec.exclude else "")


def result(row: Mapping[str, Any]) -> ProcessingResult:
    """One table of a run."""
    problem = error(row["error"])
    notes = [warning(note) for note in row["warnings"]]
    return ProcessingResult(
        table=row["table_name"],
        status=row["status"],
        process_start_time=row["started_at"],
        process_finish_time=row["finished_at"],
        process_start_watermark=row["start_watermark"],
        process_finish_watermark=row["watermark"],
        manifest_records=row["manifest_records"],
        errors=[f"{problem.message} {problem.hint}"] if problem else None,
        warnings=[note.message for note in notes] or None,
        duration_seconds=_seconds(row["started_at"], row["finished_at"]),
        error=problem,
        warning_details=notes,
        **{name: row[name] for name in _COUNTS},
    )


_COUNTS = (
    "folders",
    "files",
    "files_done",
    "rows",
    "bytes",
    "bytes_done",
    "commits",
    "version",
    "attempt",
)


def error(document: Mapping[str, Any] | None) -> ErrorInfo | None:
    """A stored problem."""
    return ErrorInfo(**document) if document else None


def warning(document: Mapping[str, str]) -> WarningInfo:
    """A stored warning."""
    return WarningInfo(code=document["code"], message=document["message"])


def error_groups(tables: Iterable[Mapping[str, Any]]) -> list[ErrorGroup]:
    """Failed tables by cause, the most frequent first."""
    groups: dict[str, ErrorGroup] = {}
    for row in tables:
        if row["error"]:
            group = groups.setdefault(row["error"]["code"], _group(row["error"]))
            group.tables.append(row["table_name"])
    return sorted(groups.values(), key=lambda group: (-len(group.tables), group.code))


def _group(problem: Mapping[str, Any]) -> ErrorGroup:
    title = problem["code"].replace("_", " ").capitalize()
    facts = {key: problem[key] for key in ("code", "message", "hint")}
    return ErrorGroup(**facts, title=title, tables=[], choices=problem.get("choices", []))


def log_line(number: int, event: Mapping[str, Any]) -> LogLine:
    """A line of ``events-*.jsonl``."""
    return LogLine(line=number, **{name: event.get(name) for name in _LOG_FIELDS})


_LOG_FIELDS = ("at", "level", "kind", "table", "message", "attempt")


def log_text(line: LogLine) -> str:
    """A line as people read it."""
    table = f"[{line.table}] " if line.table else ""
    at = line.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{at} {line.level.upper():7} {table}{line.message}"
