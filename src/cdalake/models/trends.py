"""Trends over 7, 30 or 90 days."""

from __future__ import annotations

from pydantic import Field

from cdalake.models.base import Answer, UtcTime


class TrendDay(Answer):
    """One UTC day. `failed` counts runs that failed or ended with errors."""

    day: str
    rows: int
    commits: int
    completed: int
    failed: int
    p50_seconds: float | None
    p95_seconds: float | None


class TrendTotals(Answer):
    """A whole period; cancelled runs are neither completed nor failed."""

    rows: int
    commits: int
    runs: int
    completed: int
    failed: int
    success_rate: float | None = Field(description="0 to 1; null without a finished run")
    p50_seconds: float | None
    p95_seconds: float | None
    recoveries: int = Field(description="Times a failed table was well again")
    mean_recovery_seconds: float | None


class SlowTable(Answer):
    """A table with the time its runs took, where they had something to do."""

    table: str
    connection: str
    runs: int
    mean_seconds: float
    longest_seconds: float
    last_run_id: str


class Trends(Answer):
    """GET /api/trends: how it went over the last `days` days, beside as many days before them."""

    days: int
    totals: TrendTotals
    before: TrendTotals
    by_day: list[TrendDay]
    slowest: list[SlowTable]
    slowest_since: UtcTime | None = Field(
        description="Oldest end of a table that `slowest` looked at; null when there was none"
    )
    as_of: UtcTime
