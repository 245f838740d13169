"""Health of a table: words of product.md §2, computed from facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import median

from cdalake.engine.progress import TableState
from cdalake.models.table import Health

RANK = {
    Health.FAILED: 0,
    Health.LATE: 1,
    Health.UNKNOWN: 2,
    Health.NOT_LOADED: 3,
    Health.ORPHAN: 4,
    Health.QUIET: 5,
    Health.HEALTHY: 6,
}
"""Worst first."""

QUIET_FACTOR = 3
MIN_GAPS = 3
"""With fewer gaps a table has no rhythm yet, and is never called Quiet."""
GAPS_SEEN = 50
DAY_S = 86_400.0
BAD_RUNS = frozenset({TableState.FAILED, TableState.PARTIAL, TableState.PAUSED})

LOADED = frozenset({TableState.OK, TableState.NO_CHANGE})
"""A run that ended a table so had it in the target."""


@dataclass(frozen=True)
class Facts:
    """What is known of a table.

    Attributes:
        manifest_ms, watermark_ms: epoch ms.
        listed_ms: manifest time up to which the last complete listing left nothing pending.
        current_ms: watermark that the current table was made of; None where there is none.
        gap_s: median gap between the table's folders; None while it has no rhythm.
        run_status: how the last run that tried the table ended it.
        check_error: what the last verification found wrong.
    """

    in_manifest: bool
    version: int | None
    manifest_ms: int | None = None
    watermark_ms: int | None = None
    listed_ms: int | None = None
    current_ms: int | None = None
    gap_s: float | None = None
    manifest_problem: Mapping[str, str] | None = None
    read_error: Mapping[str, str] | None = None
    run_id: str | None = None
    run_status: str | None = None
    run_error: Mapping[str, str] | None = None
    check_error: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Assessment:
    """The verdict.

    Attributes:
        reason: the subtraction in words, or why there is none.
        lag_s: processing lag; None when unknown.
        until: before this moment the same facts lead to the same verdict.
    """

    health: Health
    reason: str
    lag_s: int | None
    until: datetime


def assess(facts: Facts, limit_s: int, now: datetime) -> Assessment:
    """The worst of what run, checks and lag say."""
    lag = lag_seconds(facts)
    for health, reason in (
        _by_run(facts),
        _by_checks(facts),
        _by_manifest(facts),
        _by_reading(facts),
        _by_presence(facts),
    ):
        if health is not None:
            return Assessment(health, reason, lag, _end_of_day(now))
    return _by_lag(facts, lag, limit_s, now)


def lag_seconds(facts: Facts) -> int | None:
    """0 when caught up, else manifest time - watermark; None when either is unknown."""
    if facts.manifest_ms is None or facts.version is None:
        return None
    if facts.listed_ms is not None and facts.listed_ms >= facts.manifest_ms:
        return 0
    if facts.watermark_ms is None:
        return None
    return max(0, facts.manifest_ms - facts.watermark_ms) // 1000


def current_lag(facts: Facts) -> int:
    """Seconds that the current table is behind the raw one; 0 where there is none (R70)."""
    if facts.current_ms is None or facts.watermark_ms is None:
        return 0
    return max(0, facts.watermark_ms - facts.current_ms) // 1000


def _current_behind(facts: Facts, limit_s: int, now: datetime) -> str:
    raw, own = clock(facts.watermark_ms, now), clock(facts.current_ms, now)
    total = f"raw {raw} − current {own} = {in_words(current_lag(facts))}"  # noqa: RUF001
    return f"the current table is behind: {total}; limit {limit_s // 60} min"


Verdict = tuple[Health | None, str]


def _by_run(facts: Facts) -> Verdict:
    if facts.run_status not in BAD_RUNS:
        return None, ""
    if facts.run_status == TableState.PAUSED and facts.run_error:
        return Health.FAILED, _choice(facts.run_error)
    why = f": {facts.run_error['message']}" if facts.run_error else ""
    return Health.FAILED, f"run {facts.run_id} ended {facts.run_status}{why}"


def _choice(problem: Mapping[str, str]) -> str:
    return f"waits for a choice, {problem['code']}: {problem['message']}"


def _by_checks(facts: Facts) -> Verdict:
    if facts.check_error is None:
        return None, ""
    return Health.FAILED, _choice(facts.check_error)


def _by_manifest(facts: Facts) -> Verdict:
    if facts.manifest_problem is None:
        return None, ""
    return Health.FAILED, facts.manifest_problem["message"]


def _by_reading(facts: Facts) -> Verdict:
    if facts.read_error is None:
        return None, ""
    return Health.UNKNOWN, f"the Delta table cannot be read: {facts.read_error['message']}"


def _by_presence(facts: Facts) -> Verdict:
    if not facts.in_manifest:
        return Health.ORPHAN, "in the target, but the manifest does not name it"
    if facts.version is None and facts.run_status in LOADED:
        return Health.UNKNOWN, f"run {facts.run_id} had it in the target, where it is no more"
    if facts.version is None:
        return Health.NOT_LOADED, "the manifest names it, the target does not have it yet"
    return None, ""


def _by_lag(facts: Facts, lag: int | None, limit_s: int, now: datetime) -> Assessment:
    midnight = _end_of_day(now)
    if lag is None:
        why = "the table's log has no watermark of cdalake"
        return Assessment(Health.UNKNOWN, why, None, midnight)
    reason = subtraction(facts, lag, limit_s, now)
    if lag > limit_s:
        return Assessment(Health.LATE, reason, lag, midnight)
    if current_lag(facts) > limit_s:
        return Assessment(Health.LATE, _current_behind(facts, limit_s, now), lag, midnight)
    patience = _patience(facts, lag, now)
    if patience is None:
        return Assessment(Health.HEALTHY, reason, lag, midnight)
    if patience < timedelta(0):
        return Assessment(Health.QUIET, _quiet(facts, now), lag, midnight)
    return Assessment(Health.HEALTHY, reason, lag, min(now + patience, midnight))


def _patience(facts: Facts, lag: int, now: datetime) -> timedelta | None:
    """How long a table that is caught up may stay silent yet; None when it may for ever."""
    if lag > 0 or facts.gap_s is None or facts.manifest_ms is None:
        return None
    age = now.timestamp() - facts.manifest_ms / 1000
    # Nobody asks beyond a day, and a gap may be longer than a date can tell.
    return timedelta(seconds=min(QUIET_FACTOR * facts.gap_s - age, DAY_S))


def _quiet(facts: Facts, now: datetime) -> str:
    """Since when, not for how long: that would be another sentence every minute."""
    since = clock(facts.manifest_ms, now)
    return f"caught up; nothing new since {since}, usually every {in_words(facts.gap_s or 0)}"


def _end_of_day(now: datetime) -> datetime:
    """When times of today become times with a date in what `clock` says."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), UTC)


def subtraction(facts: Facts, lag: int, limit_s: int, now: datetime) -> str:
    """The lag as a sum a reader can follow."""
    manifest = clock(facts.manifest_ms, now)
    if lag == 0:
        return f"caught up with the manifest of {manifest}"
    watermark = clock(facts.watermark_ms, now)
    total = f"manifest {manifest} − watermark {watermark} = {in_words(lag)}"  # noqa: RUF001
    return f"{total}; limit {limit_s // 60} min"


def clock(epoch_ms: int | None, now: datetime) -> str:
    """A moment of today as its time, any other with its date."""
    if epoch_ms is None:
        return "unknown"
    at = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    pattern = "%H:%M:%S UTC" if at.date() == now.astimezone(UTC).date() else "%Y-%m-%d %H:%M:%S UTC"
    return at.strftime(pattern)


def in_words(seconds: float) -> str:
    """A duration in its two greatest units, e.g. ``1 h 35 min``."""
    whole = int(seconds)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{whole} s"


def median_gap(folders_ms: Sequence[int]) -> float | None:
    """Median seconds between the newest folders; None without a rhythm."""
    newest = sorted(set(folders_ms))[-GAPS_SEEN - 1 :]
    gaps = [(after - before) / 1000 for before, after in pairwise(newest)]
    return median(gaps) if len(gaps) >= MIN_GAPS else None


def headline(counts: Mapping[Health, int], total: int) -> str:
    """The answer to "is anything wrong", e.g. ``3 tables failed and 9 are late, of 480``."""
    failed, late = counts.get(Health.FAILED, 0), counts.get(Health.LATE, 0)
    if not total:
        return "No tables yet"
    if not failed and not late:
        return _well(counts, total)
    parts = []
    if failed:
        parts.append(f"{_tables(failed)} failed")
    if late:
        verb = "is late" if late == 1 else "are late"
        parts.append(f"{late} {verb}" if failed else f"{_tables(late)} {verb}")
    return f"{' and '.join(parts)}, of {total}"


def _well(counts: Mapping[Health, int], total: int) -> str:
    missing, unknown = counts.get(Health.NOT_LOADED, 0), counts.get(Health.UNKNOWN, 0)
    if unknown:
        return f"{_tables(unknown)} of {total} cannot be judged"
    if missing:
        verb = "is" if missing == 1 else "are"
        return f"{_tables(missing)} of {total} {verb} not loaded yet"
    if counts.get(Health.HEALTHY, 0) == total:
        return "The only table is healthy" if total == 1 else f"All {total} tables are healthy"
    others = [
        f"{counts[health]} {health.value.lower()}"
        for health in (Health.QUIET, Health.ORPHAN)
        if counts.get(health)
    ]
    return f"No table failed or is late; {' and '.join(others)}, of {total}"


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count} tables"
