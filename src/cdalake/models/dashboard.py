"""The overview."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cdalake.errors import Choice
from cdalake.models.base import Answer, ErrorInfo, UtcTime
from cdalake.models.connection import PausedRuns
from cdalake.models.guidewire import ProcessingJobSummary
from cdalake.models.table import Health, TableFacet
from cdalake.settings import SchemaChange


class Attention(Answer):
    """A table somebody should look at, and the button that mends it."""

    table: str
    connection: str
    health: Health
    why: str
    hint: str | None
    since: UtcTime | None
    run_id: str | None
    choices: list[Choice] = Field(description="What a person can choose, where the table waits")
    action: Literal["retry", "run", "choose", "open"]


class RetryOffer(Answer):
    """Failed tables of a connection that one button tries again.

    `run_id` names the run whose next attempt does so; null when they failed in several runs, or
    that run failed others that are well by now: then a new run of exactly these tables does.
    """

    connection: str
    run_id: str | None
    tables: list[str]


class FreshnessBar(Answer):
    """Tables whose processing lag falls between two bounds (seconds; the last has no upper)."""

    label: str
    lower: int
    upper: int | None
    count: int
    over_limit: bool


class LagBar(Answer):
    """One of the tables that are most behind."""

    table: str
    connection: str
    health: Health
    lag_seconds: int


class VolumeDay(Answer):
    """Rows and commits of one UTC day, by application (PolicyCenter, ClaimCenter, ...)."""

    day: str
    rows_by_app: dict[str, int]
    commits_by_app: dict[str, int]
    commits: int


class RunBar(Answer):
    """One run in the strip of the last 30, oldest first."""

    run_id: str
    status: str
    started_at: UtcTime | None
    duration_seconds: float | None
    tables_failed: int


class RecentSchemaChange(Answer):
    """A schema change of the last seven days."""

    table: str
    connection: str
    version: int
    timestamp: UtcTime
    summary: str


class ConnectionStatus(Answer):
    """A connection and what the last cached check of it said."""

    name: str
    source: str
    target: str
    credential: str
    engine: str
    workers: int
    schema_change: SchemaChange = Field(description="What its runs do when columns change")
    source_ok: bool | None
    target_ok: bool | None
    source_ms: float | None
    target_ms: float | None
    error: ErrorInfo | None
    checked_at: UtcTime | None


class Dashboard(Answer):
    """GET /api/dashboard: is anything wrong, and what.

    The first four fields are the design document's. `headline` is the answer in one sentence.
    """

    total_tables: int
    last_processing_time: UtcTime | None
    status: Literal["connected", "disconnected"]
    s3_bucket: str
    headline: str
    subline: str
    health: list[TableFacet]
    attention: list[Attention]
    attention_total: int
    retry: list[RetryOffer]
    freshness: list[FreshnessBar]
    most_behind: list[LagBar]
    lag_limit_seconds: int
    volume: list[VolumeDay]
    rows_today: int
    rows_by_day: list[int]
    runs: list[RunBar]
    active_run: ProcessingJobSummary | None
    last_run: ProcessingJobSummary | None
    schema_changes: list[RecentSchemaChange]
    connections: list[ConnectionStatus]
    paused: list[PausedRuns]
    as_of: UtcTime | None
    version: str
