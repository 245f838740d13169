"""A table of the index as the API sums it up; lists, pages and the overview share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from cdalake.catalog.tables import Row
from cdalake.models.table import Health, TableFacet
from cdalake.services import run_views
from cdalake.services.health import BAD_RUNS, RANK
from cdalake.settings import Connection

DAYS = 14

Days = Mapping[str, tuple[int, int]]
"""Rows and commits by UTC day."""


def summary_fields(connection: Connection, row: Row, days: Days, now: datetime) -> dict[str, Any]:
    """The fields of a `TableSummary`."""
    exists = row["version"] is not None
    by_day = [days.get(day, (0, 0))[0] for day in last_days(now)]
    return {
        "name": row["name"],
        "connection": row["connection"],
        "path": f"{connection.target.rstrip('/')}/{row['name']}",
        "app": row["app"],
        "is_typelist": row["is_typelist"],
        "health": Health(row["health"]),
        "health_reason": row["health_reason"],
        "transaction_count": row["version"] + 1 if exists else None,
        "version": row["version"],
        "last_updated": row["last_data_at"],
        "size_bytes": row["size_bytes"],
        "row_count": row["rows"],
        "file_count": row["files"],
        "unknown_reason": _unknown_reason(row),
        "fingerprint": current_fingerprint(row),
        "fingerprint_count": len(row["fingerprints"] or row["cursors"]),
        "manifest_time": moment(row["manifest_ms"]),
        "watermark": moment(row["watermark_ms"]),
        "processing_lag_seconds": row["lag_s"],
        "source_age_seconds": _age(row["manifest_ms"], now),
        "lag_limit_seconds": connection.lag_limit_seconds,
        "rows_today": by_day[-1] if exists else None,
        "rows_by_day": by_day,
        "last_run_id": row["run_id"],
        "last_run_status": row["run_status"],
        "error": run_views.error(trouble(row)),
        "error_since": row["failing_since"],
        "quarantined_files": len(row["quarantine"]),
    }


def as_of(checks: Mapping[str, Row], names: Sequence[str]) -> datetime | None:
    """The oldest of the connections' last complete looks; None while one had none yet."""
    times = [checks.get(name, {}).get("as_of") for name in names]
    known = [at for at in times if at is not None]
    return min(known) if known and len(known) == len(times) else None


def moment(epoch_ms: int | None) -> datetime | None:
    """Epoch ms as a moment; None for what no calendar holds."""
    if epoch_ms is None or not 0 <= epoch_ms < 253_402_300_800_000:
        return None
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)


def _age(epoch_ms: int | None, now: datetime) -> int | None:
    at = moment(epoch_ms)
    return None if at is None else max(0, int((now - at).total_seconds()))


def last_days(now: datetime) -> list[str]:
    """The days that are shown, oldest first."""
    return list(_days_up_to(now.astimezone(UTC).date()))


@lru_cache(maxsize=2)
def _days_up_to(last: date) -> tuple[str, ...]:
    # Every row of a list asks for the same ones.
    return tuple(str(last - timedelta(days=back)) for back in range(DAYS - 1, -1, -1))


def health_facets(counts: Mapping[str, int]) -> list[TableFacet]:
    """Health and its number of tables, the worst first."""
    return [
        TableFacet(value=health.value, count=counts[health.value])
        for health in sorted(RANK, key=lambda health: RANK[health])
        if counts.get(health.value)
    ]


def trouble(row: Row) -> dict[str, Any] | None:
    """What is wrong with a table, as a problem."""
    run_error = row["run_error"] if row["run_status"] in BAD_RUNS else None
    problem: dict[str, Any] | None = (
        run_error or row["check_error"] or row["manifest_problem"] or row["read_error"]
    )
    return problem


def _unknown_reason(row: Row) -> str | None:
    if row["read_error"]:
        return str(row["read_error"]["message"])
    if row["version"] is None:
        return "not loaded yet"
    return "not every file of the table says how many rows it has" if row["rows"] is None else None


def current_fingerprint(row: Row) -> str | None:
    """The fingerprint CDA writes now: the one that began last."""
    since = row["fingerprints"] or row["cursors"]
    return max(since, key=lambda fingerprint: since[fingerprint]) if since else None
