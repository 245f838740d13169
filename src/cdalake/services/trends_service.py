"""How it went over 7, 30 or 90 days."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cdalake.catalog.registration import place
from cdalake.catalog.tables import day_of
from cdalake.catalog.trends import RunEnd, TableEnd, TrendStore
from cdalake.engine.progress import RunState, utc_now
from cdalake.models.trends import SlowTable, TrendDay, Trends, TrendTotals
from cdalake.services.connections import Connections

FRESH_FOR = timedelta(minutes=1)
SLOWEST = 10
_BAD = (RunState.FAILED, RunState.COMPLETED_WITH_ERRORS)


@dataclass(frozen=True)
class _Period:
    """What happened from one moment to another."""

    days: Mapping[str, tuple[int, int]]
    runs: Sequence[RunEnd]
    recoveries: Sequence[float]

    def totals(self) -> TrendTotals:
        """Everything as one."""
        completed, failed = _outcomes(self.runs)
        judged = completed + failed
        seconds = _durations(self.runs)
        return TrendTotals(
            rows=sum(rows for rows, _ in self.days.values()),
            commits=sum(commits for _, commits in self.days.values()),
            runs=len(self.runs),
            completed=completed,
            failed=failed,
            success_rate=round(completed / judged, 4) if judged else None,
            p50_seconds=quantile(seconds, 0.5),
            p95_seconds=quantile(seconds, 0.95),
            recoveries=len(self.recoveries),
            mean_recovery_seconds=_mean(self.recoveries),
        )


class TrendsService:
    """Answers are a minute old at most: weeks do not change faster, and pages ask often."""

    def __init__(self, connections: Connections, store: TrendStore) -> None:
        self._connections = connections
        self._store = store
        self._known: dict[tuple[int, tuple[str, ...]], Trends] = {}
        self._lock = threading.Lock()

    def trends(self, days: int, connection: str | None = None) -> Trends:
        """The last `days` days, today included; of one connection or of all.

        Raises:
            UsageError: ``NO_CONNECTION``.
        """
        names = self._connections.meant(connection)
        with self._lock:
            known = self._known.get((days, names))
            if known is None or utc_now() - known.as_of > FRESH_FOR:
                known = self._known[days, names] = self._read(days, names, utc_now())
        return known

    def _read(self, days: int, connections: Sequence[str], now: datetime) -> Trends:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        start = midnight - timedelta(days=days - 1)
        earlier = start - timedelta(days=days)
        chosen = [self._connections.get(name) for name in connections]
        targets = {place(c.target, c.target_access): c.name for c in chosen}
        whole = self._whole(connections, list(targets), earlier)
        current, before = _split(whole, start)
        ends = self._store.table_ends(list(targets), start)
        names = [day_of(start + timedelta(days=n)) for n in range(days)]
        return Trends(
            days=days,
            totals=current.totals(),
            before=before.totals(),
            by_day=list(_by_day(names, current)),
            slowest=slowest(ends, targets),
            slowest_since=min((end.at for end in ends), default=None),
            as_of=now,
        )

    def _whole(self, names: Sequence[str], targets: Sequence[str], since: datetime) -> _Whole:
        return _Whole(
            self._store.days(names, day_of(since)),
            self._store.runs(targets, since),
            self._store.recoveries(names, since),
        )


@dataclass(frozen=True)
class _Whole:
    """Both periods, not yet told apart."""

    days: Mapping[str, tuple[int, int]]
    runs: Sequence[RunEnd]
    recoveries: Sequence[tuple[datetime, float]]


def _split(whole: _Whole, start: datetime) -> tuple[_Period, _Period]:
    first = day_of(start)
    return (
        _Period(
            {day: sums for day, sums in whole.days.items() if day >= first},
            [run for run in whole.runs if run.at >= start],
            [seconds for at, seconds in whole.recoveries if at >= start],
        ),
        _Period(
            {day: sums for day, sums in whole.days.items() if day < first},
            [run for run in whole.runs if run.at < start],
            [seconds for at, seconds in whole.recoveries if at < start],
        ),
    )


def _by_day(names: Iterable[str], period: _Period) -> Iterable[TrendDay]:
    ended: dict[str, list[RunEnd]] = defaultdict(list)
    for run in period.runs:
        ended[day_of(run.at)].append(run)
    for name in names:
        rows, commits = period.days.get(name, (0, 0))
        completed, failed = _outcomes(ended[name])
        seconds = _durations(ended[name])
        yield TrendDay(
            day=name,
            rows=rows,
            commits=commits,
            completed=completed,
            failed=failed,
            p50_seconds=quantile(seconds, 0.5),
            p95_seconds=quantile(seconds, 0.95),
        )


def slowest(ends: Iterable[TableEnd], connections: Mapping[str, str]) -> list[SlowTable]:
    """The tables whose runs took longest on average; `ends` are newest first."""
    of_table: dict[tuple[str, str], list[TableEnd]] = defaultdict(list)
    for end in ends:
        of_table[connections[end.target], end.table].append(end)
    found = [
        SlowTable(
            table=table,
            connection=connection,
            runs=len(all_ends),
            mean_seconds=round(sum(end.seconds for end in all_ends) / len(all_ends), 3),
            longest_seconds=round(max(end.seconds for end in all_ends), 3),
            last_run_id=all_ends[0].run_id,
        )
        for (connection, table), all_ends in of_table.items()
    ]
    return sorted(found, key=lambda slow: (-slow.mean_seconds, slow.table))[:SLOWEST]


def _outcomes(runs: Iterable[RunEnd]) -> tuple[int, int]:
    states = [run.state for run in runs]
    return states.count(RunState.COMPLETED), sum(state in _BAD for state in states)


def _durations(runs: Iterable[RunEnd]) -> list[float]:
    """Of runs that went to their end: a cancelled one says nothing about how long one takes."""
    return sorted(run.seconds for run in runs if run.state is not RunState.CANCELLED)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that `share` of all do not exceed; None of nothing."""
    if not ordered:
        return None
    position = max(0, -int(-share * len(ordered) // 1) - 1)
    return round(ordered[position], 3)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
