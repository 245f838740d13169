"""Runs, under the design document's names (product.md §6 says what its fields mean here)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from cdalake.engine.spec import Action
from cdalake.errors import Choice
from cdalake.models.base import Answer, Asked, ErrorInfo, UtcTime, WarningInfo
from cdalake.settings import REGION_PATTERN, SchemaChange


class GuidewireConfig(Asked):
    """What to run; an empty config runs every table of the default connection.

    With `aws_access_key_id` and `aws_secret_access_key`, where the server takes them,
    `aws_manifest_location` and `aws_s3_bucket` say source and target; without them these and
    `aws_region` may only repeat what the connection has.
    """

    connection: str | None = None
    table_names: list[str] | None = Field(None, description="Globs to include; null means all")
    exceptions: list[str] | None = Field(None, description="Globs to exclude")
    largest_tables_first_count: int | None = Field(None, ge=0)
    parallel: bool = True
    ray_dedup_logs: str | None = Field(
        None, description="'0': with Ray, equal lines of several workers are all kept"
    )
    show_progress: bool = Field(True, description="Accepted, without effect")
    commit_per_folder: bool = False
    schema_change: SchemaChange | None = Field(
        None, description="What to do when columns change; null means what the connection says"
    )
    confirm_replace: bool = Field(
        False, description="With replace: older rows leave the current snapshot of a table"
    )
    action: Action = Field(
        Action.SYNC, description="All but sync and verify need table_names that are no globs"
    )
    since: int | None = Field(
        None, ge=0, lt=2**53, description="Of resync: the first folder timestamp, epoch ms"
    )
    files: list[Annotated[str, Field(max_length=1024)]] | None = Field(
        None,
        max_length=1000,
        description="Of quarantine and release: fingerprint/folder/name; release: null means all",
    )
    aws_access_key_id: SecretStr | None = None
    aws_secret_access_key: SecretStr | None = None
    aws_manifest_location: str | None = None
    aws_region: str | None = Field(None, pattern=REGION_PATTERN)
    aws_s3_bucket: str | None = None


class StartJobRequest(Asked):
    """POST /api/guidewire/jobs/start. `request_id` makes a repeated start the same run."""

    config: GuidewireConfig = Field(default_factory=GuidewireConfig)
    request_id: str | None = Field(None, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class StartJobResponse(Answer):
    """The run that was started."""

    job_id: str
    run_id: str
    status: str
    message: str
    is_new: bool = Field(
        description="false for a retry, and where its `request_id` had started it before"
    )


class ProcessingResult(Answer):
    """How one table stands or ended in the run. Watermarks are epoch milliseconds."""

    table: str
    status: str
    process_start_time: UtcTime | None
    process_finish_time: UtcTime | None
    process_start_watermark: int | None
    process_finish_watermark: int | None
    manifest_records: int | None
    errors: list[str] | None
    warnings: list[str] | None
    duration_seconds: float | None
    folders: int
    files: int
    files_done: int
    rows: int
    bytes: int
    bytes_done: int
    commits: int
    version: int | None
    attempt: int
    error: ErrorInfo | None
    warning_details: list[WarningInfo]


class ProcessingJobSummary(Answer):
    """A run in the list."""

    job_id: str
    run_id: str
    status: str
    connection: str
    trigger: str
    requested_by: str
    attempt: int
    created_at: UtcTime
    start_time: UtcTime | None
    end_time: UtcTime | None
    total_tables: int
    tables_processed: int
    tables_failed: int
    tables_ok: int
    tables_no_change: int
    tables_running: int
    tables_pending: int
    progress_percent: float
    bytes_percent: float | None
    bytes_done: int
    bytes_total: int
    rows: int
    commits: int
    duration_seconds: float | None
    error_message: str | None
    error: ErrorInfo | None
    action: Action
    selection: str = Field(description="In words: 'all tables', 'cc_* except cc_note'")
    waiting_reason: str | None = Field(description="Why a pending run does not start yet")


class PreflightStep(Answer):
    """One thing that was tried before a run; see `services.checks`."""

    name: str
    title: str
    state: str
    seconds: float
    sentence: str
    code: str | None
    hint: str | None


class WaitsFor(Answer):
    """A run that the new one would wait for, and the tables both want, as far as known."""

    run_id: str
    tables: list[str]
    reason: str


class PendingWork(Answer):
    """What the chosen tables still have to bring, as last counted beside the requests."""

    tables: int
    waiting: int = Field(description="Those of them that wait for a person's choice")
    folders: int
    bytes: int


class Preflight(Answer):
    """POST /api/guidewire/jobs/preflight: whether a run would work. Nothing is started."""

    connection: str
    can_start: bool
    tables_chosen: int | None = Field(description="Null where the manifest could not be read")
    tables_total: int | None
    steps: list[PreflightStep]
    pending: PendingWork | None = Field(description="Null unless every table has been counted")
    pause: str | None = Field(description="Why it would wait until somebody resumes the runs")
    waits_for: list[WaitsFor]
    usual: Usual | None


class RunFacets(Answer):
    """GET /api/runs/facets: what runs can be filtered by, and how many have each."""

    states: dict[str, int]
    triggers: dict[str, int]
    requested_by: dict[str, int]
    connections: dict[str, int]
    actions: dict[str, int]


class BulkRequest(Asked):
    """POST /api/runs/bulk."""

    action: Literal["cancel", "retry"]
    run_ids: list[str] = Field(min_length=1, max_length=200)


class BulkItem(Answer):
    """What became of one run of a bulk request."""

    run_id: str
    ok: bool
    message: str
    error: ErrorInfo | None


class BulkAnswer(Answer):
    """What became of each."""

    items: list[BulkItem]


class ComparedTable(Answer):
    """A table in two runs."""

    table: str
    status_before: str | None
    status_now: str | None
    seconds_before: float | None
    seconds_now: float | None
    rows_before: int | None
    rows_now: int | None


class ChangedSetting(Answer):
    """A setting that differs between two runs, in words."""

    name: str
    before: str
    now: str


class RunComparison(Answer):
    """GET /api/runs/{run_id}/compare: the run beside the one before of the same selection."""

    run_id: str
    before: ProcessingJobSummary | None = Field(description="Null when there is none")
    now: ProcessingJobSummary
    slower: list[ComparedTable] = Field(description="The most first")
    faster: list[ComparedTable]
    new_failures: list[ComparedTable]
    mended: list[ComparedTable]
    only_before: list[str]
    only_now: list[str]
    config: list[ChangedSetting]


class ErrorGroup(Answer):
    """Failed tables of a run with the same cause."""

    code: str
    title: str
    message: str
    hint: str
    tables: list[str]
    choices: list[Choice] = Field(description="What a person can do about it; empty: the hint says")


class Usual(Answer):
    """How runs of the same target went, for an estimate of this one. Seconds and bytes a second."""

    runs: int
    seconds: float = Field(description="Median duration of runs of the same selection, or of all")
    slow_bytes_per_second: float | None
    fast_bytes_per_second: float | None


class RunConfig(Answer):
    """What a run was asked to do, and with which limits of its connection."""

    connection: str
    source: str
    target: str
    table_names: list[str] | None
    exceptions: list[str] | None
    largest_tables_first_count: int | None
    parallel: bool
    workers: int
    runner: str = Field(description="Where tables are worked at: threads or ray")
    ray_address: str | None = Field(description="Null for a Ray of the run's own")
    commit_per_folder: bool
    action: Action
    since: int | None
    files: list[str]
    layout: str
    current: bool = Field(description="Current tables are brought up to the raw ones too")
    schema_change: str
    rebase: str | None
    lookback_seconds: int
    settle_seconds: int
    credential: str = Field(description="Whose credentials the run uses, in words")
    aws_access_key_id: str | None = Field(
        description="Last four characters of the key that came with the request; null without one"
    )


class ClusterNode(Answer):
    """A node of a cluster. Memory in bytes, of its machine; null before a worker there told."""

    name: str
    is_alive: bool
    cpus: float
    memory_used: int | None
    memory_total: int | None


class ClusterInfo(Answer):
    """A Ray cluster as the run that works on it told last."""

    address: str | None = Field(description="Null for a Ray of the run's own")
    told_at: UtcTime
    nodes: list[ClusterNode]
    cpus: float = Field(description="Of the nodes that live")
    cpus_used: float = Field(description="By this run or others")
    tasks_running: int
    tasks_pending: int


class ProcessingJobStatus(ProcessingJobSummary):
    """GET /api/guidewire/jobs/{job_id}: the run with every table."""

    results: list[ProcessingResult]
    error_groups: list[ErrorGroup]
    config: RunConfig
    warnings: list[WarningInfo]
    last_line: int
    can_cancel: bool
    can_retry: bool
    heartbeat_at: UtcTime | None
    process_alive: bool | None
    usual: Usual | None = Field(description="Null for a run that has ended, or without history")
    cluster: ClusterInfo | None = Field(description="Null unless Ray was begun for the run")
    manifest_sha256: str | None = Field(
        description="Of the manifest that the newest attempt was made from; null while there is "
        "none to be had"
    )


class LogLine(Answer):
    """One line of a run's log; `line` counts from 1."""

    line: int
    at: UtcTime
    level: str
    kind: str
    table: str | None
    message: str
    attempt: int | None = Field(description="Null in lines of older versions")


class LogHits(Answer):
    """Numbers of the lines that match. `next_offset` is where to go on until it is `last_line`."""

    lines: list[int]
    next_offset: int
    last_line: int
    is_final: bool


class LogPage(Answer):
    """Lines after an offset. `next_offset` is the offset of the next page; poll with it."""

    lines: list[LogLine]
    next_offset: int
    last_line: int
    is_final: bool


class Message(Answer):
    """A plain answer."""

    message: str
