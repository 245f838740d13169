"""The overview: is anything wrong, and what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from cdalake import __version__
from cdalake.catalog.overview import Overview
from cdalake.catalog.pauses import Pauses
from cdalake.catalog.registration import place
from cdalake.catalog.runs import Run, RunStore
from cdalake.catalog.tables import Row, TableIndex
from cdalake.engine.progress import RunState, utc_now
from cdalake.models.connection import PausedRuns
from cdalake.models.dashboard import (
    Attention,
    ConnectionStatus,
    Dashboard,
    FreshnessBar,
    LagBar,
    RecentSchemaChange,
    RetryOffer,
    RunBar,
    VolumeDay,
)
from cdalake.models.guidewire import ProcessingJobSummary
from cdalake.models.table import Health
from cdalake.services import run_views, table_views
from cdalake.services.connections import Connections
from cdalake.services.health import BAD_RUNS, RANK, headline, in_words
from cdalake.services.table_summary import as_of, health_facets, last_days, moment, trouble
from cdalake.settings import Connection

ATTENTION = 10
BEHIND = 20
RUNS = 30
RETRIED = 1000
"""Failed tables that one button tries again at most."""
WEEK = timedelta(days=7)
BOUNDS = (0, 60, 300, 900, 1800, 3600, 2 * 3600, 6 * 3600, 24 * 3600)
NEEDS_CARE = (Health.FAILED, Health.LATE, Health.UNKNOWN)

Names = Sequence[str]
"""The connections that are looked at."""


class DashboardService:
    """Puts the overview together from the index and the runs."""

    def __init__(
        self,
        connections: Connections,
        index: TableIndex,
        overview: Overview,
        runs: RunStore,
        pauses: Pauses,
    ) -> None:
        self._connections = connections
        self._index = index
        self._overview = overview
        self._runs = runs
        self._pauses = pauses

    def overview(self, connection: str | None = None) -> Dashboard:
        """The overview of one connection, or of all.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        names = self._connections.meant(connection)
        only = None if connection is None else names[0]
        now = utc_now()
        checks = self._index.checks()
        health = self._overview.health(names)
        behind = self._overview.most_behind(names, BEHIND)
        newest = self._newest(only)
        volume = self._volume(names, now)
        seen_at = as_of(checks, names)
        usual = self._usual(only)
        return Dashboard(
            total_tables=sum(health.values()),
            last_processing_time=self._overview.last_data_at(names),
            status=_status(names, checks),
            s3_bucket=bucket_of(usual.target) if usual else "",
            headline=_headline(names, health, seen_at),
            subline=subline(newest, now),
            health=health_facets(health),
            attention=self._attention(names),
            attention_total=sum(health.get(each.value, 0) for each in NEEDS_CARE),
            retry=list(self._retries(names)),
            freshness=self._freshness(names, _limit(usual)),
            most_behind=[_lag_bar(row) for row in behind],
            lag_limit_seconds=_limit(usual),
            volume=volume,
            rows_today=sum(volume[-1].rows_by_app.values()),
            rows_by_day=[sum(day.rows_by_app.values()) for day in volume],
            runs=[_run_bar(run) for run in reversed(newest)],
            active_run=_first(newest, final=False),
            last_run=_first(newest, final=True),
            schema_changes=self._schema_changes(names, now),
            connections=[
                _connection(each, checks.get(name))
                for name, each in self._connections.all().items()
                if name in names
            ],
            paused=[
                PausedRuns(**asdict(pause))
                for name, pause in sorted(self._pauses.all().items())
                if only in (None, name)
            ],
            as_of=seen_at,
            version=__version__,
        )

    def _usual(self, connection: str | None) -> Connection | None:
        """The one whose place and lag limit are shown."""
        return self._connections.get(connection) if connection else self._connections.default()

    def _newest(self, connection: str | None) -> list[Run]:
        return self._runs.page(RUNS, 0, [], connection)[0]

    def _attention(self, names: Names) -> list[Attention]:
        rows = self._overview.worst(names, [RANK[each] for each in NEEDS_CARE], ATTENTION)
        counts = {
            name: self._index.pending.of(name, [r["name"] for r in rows if r["connection"] == name])
            for name in {row["connection"] for row in rows}
        }
        limits = {c.name: c.lag_limit_seconds for c in self._connections.all().values()}
        return [
            _attention(row, counts[row["connection"]].get(row["name"]), limits[row["connection"]])
            for row in rows
            if row["connection"] in limits  # another server may have removed it just now
        ]

    def _retries(self, names: Names) -> Iterable[RetryOffer]:
        failed = self._overview.failed_in_runs(names, RANK[Health.FAILED], RETRIED)
        for connection, rows in groupby(failed, key=lambda row: row[0]):
            tables = {name: run_id for _, name, run_id in rows}
            yield RetryOffer(
                connection=connection, run_id=self._run_of(tables), tables=sorted(tables)
            )

    def _run_of(self, tables: Mapping[str, str]) -> str | None:
        """The run whose retry tries exactly these tables again."""
        ids = set(tables.values())
        run = self._runs.get(ids.pop()) if len(ids) == 1 else None
        if run is None or not run.state.is_final:
            return None
        return run.run_id if run_views.bad_count(run) == len(tables) else None

    def _freshness(self, names: Names, limit: int) -> list[FreshnessBar]:
        counts = self._overview.lag_counts(names, BOUNDS)
        bars = zip(BOUNDS, (*BOUNDS[1:], None), counts, strict=True)
        return [_freshness_bar(low, high, count, limit) for low, high, count in bars]

    def _volume(self, names: Names, now: datetime) -> list[VolumeDay]:
        days = last_days(now)
        rows: dict[str, dict[str, int]] = defaultdict(dict)
        commits: dict[str, dict[str, int]] = defaultdict(dict)
        for day, app, count, versions in self._index.volume(names, days[0]):
            rows[day][app] = count
            commits[day][app] = versions
        return [
            VolumeDay(
                day=day,
                rows_by_app=rows[day],
                commits_by_app=commits[day],
                commits=sum(commits[day].values()),
            )
            for day in days
        ]

    def _schema_changes(self, names: Names, now: datetime) -> list[RecentSchemaChange]:
        return [_recent_change(row) for row in self._index.recent_changes(names, now - WEEK, 20)]


def _headline(names: Names, health: Mapping[str, int], seen_at: datetime | None) -> str:
    total = sum(health.values())
    if not names:
        return "No connection is configured"
    if seen_at is None and not total:
        return "Not looked at yet"
    return headline({Health(name): count for name, count in health.items()}, total)


def _status(names: Names, checks: Mapping[str, Row]) -> Literal["connected", "disconnected"]:
    known = [checks[name] for name in names if name in checks]
    is_well = known and all(check["source_ok"] and check["target_ok"] for check in known)
    return "connected" if is_well else "disconnected"


def _limit(usual: Connection | None) -> int:
    return usual.lag_limit_seconds if usual else 3600


def bucket_of(target: str) -> str:
    """`bucket/prefix` without scheme; a folder as it is."""
    return target.partition("://")[2] or place(target)


def subline(runs: Sequence[Run], now: datetime) -> str:
    """What the last run did, in words."""
    if not runs:
        return "No run yet"
    active = next((run for run in runs if not run.state.is_final), None)
    if active is not None:
        seen = run_views.summary(active)
        return f"run {active.run_id} works: {seen.tables_processed} of {seen.total_tables} tables"
    last = runs[0]
    ago = in_words((now - (last.finished_at or last.created_at)).total_seconds())
    return f"last run {ago} ago {_OUTCOME[last.state]}"


_OUTCOME = {
    RunState.COMPLETED: "succeeded",
    RunState.COMPLETED_WITH_ERRORS: "ended with errors",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "was cancelled",
}


def _attention(row: Row, count: Row | None, limit_s: int) -> Attention:
    problem = trouble(row) or {}
    choices = problem.get("choices", [])
    is_failed = row["run_status"] in BAD_RUNS
    actions: dict[str, Literal["retry", "run", "choose", "open"]] = {
        Health.FAILED.value: "choose" if choices else "retry" if is_failed else "open",
        Health.LATE.value: "run",
    }
    return Attention(
        table=row["name"],
        connection=row["connection"],
        health=Health(row["health"]),
        why=problem["message"] if problem else _why(row, count),
        hint=problem["hint"] if problem else row["health_reason"],
        since=row["failing_since"] or _late_since(row, limit_s),
        run_id=row["run_id"],
        choices=choices,
        action=actions.get(row["health"], "open"),
    )


def _late_since(row: Row, limit_s: int) -> datetime | None:
    """When a late table passed its limit, as far as the manifest's clock tells."""
    watermark = moment(row["watermark_ms"])
    if watermark is None or row["health"] != Health.LATE:
        return None
    passed = watermark + timedelta(seconds=limit_s)
    return passed if passed <= utc_now() else None


def _why(row: Row, count: Row | None) -> str:
    """The lag in a few words; the subtraction is the hint."""
    if not row["lag_s"]:
        return str(row["health_reason"])
    behind = f"{in_words(row['lag_s'])} behind"
    if not table_views.is_of(count, row) or count["folders"] is None:
        return behind
    return f"{behind}, {table_views.folders_in_words(count['folders'])} pending"


def _freshness_bar(low: int, high: int | None, count: int, limit: int) -> FreshnessBar:
    return FreshnessBar(
        label=_label(low, high), lower=low, upper=high, count=count, over_limit=low >= limit
    )


def _label(low: int, high: int | None) -> str:
    if high is None:
        return f"over {in_words(low)}"
    return f"under {in_words(high)}" if low == 0 else f"{in_words(low)} to {in_words(high)}"


def _lag_bar(row: Row) -> LagBar:
    return LagBar(
        table=row["name"],
        connection=row["connection"],
        health=Health(row["health"]),
        lag_seconds=row["lag_s"],
    )


def _run_bar(run: Run) -> RunBar:
    seen = run_views.summary(run)
    return RunBar(
        run_id=run.run_id,
        status=seen.status,
        started_at=run.started_at,
        duration_seconds=seen.duration_seconds,
        tables_failed=seen.tables_failed,
    )


def _first(runs: Iterable[Run], *, final: bool) -> ProcessingJobSummary | None:
    found = next((run for run in runs if run.state.is_final is final), None)
    return run_views.summary(found) if found else None


def _recent_change(row: Row) -> RecentSchemaChange:
    return RecentSchemaChange(
        table=row["table_name"],
        connection=row["connection"],
        version=row["version"],
        timestamp=row["timestamp"],
        summary=table_views.change_in_words(row["schema_change"]),
    )


def _connection(connection: Connection, check: Row | None) -> ConnectionStatus:
    told = check or {}
    return ConnectionStatus(
        name=connection.name,
        source=connection.source,
        target=connection.target,
        credential=connection.credential_label,
        engine=connection.runner,
        workers=connection.workers,
        schema_change=connection.schema_change,
        source_ok=told.get("source_ok"),
        target_ok=told.get("target_ok"),
        source_ms=told.get("source_ms"),
        target_ms=told.get("target_ms"),
        error=run_views.error(told.get("error")),
        checked_at=told.get("checked_at"),
    )
