"""How the server itself does: for Prometheus, and for the System page."""

from __future__ import annotations

import platform
import resource
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cdalake import __version__
from cdalake.catalog.figures import Figures, FigureStore
from cdalake.catalog.leases import Held, Holder, Leases
from cdalake.catalog.schema import HEAD
from cdalake.engine.progress import RunState, utc_now
from cdalake.models import system as answers
from cdalake.models.table import Health
from cdalake.services.connections import Connections
from cdalake.services.retention import RetentionService
from cdalake.telemetry import metrics
from cdalake.telemetry.metrics import Family, Labels, Percentiles, gauge, percentile

LIBRARIES = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "deltalake", "obstore", "pyarrow")
QUANTILES = (0.5, 0.95, 0.99)

Threads = Callable[[], Mapping[str, bool]]


class Observation:
    """Reads what this process counted and what the database says."""

    def __init__(
        self,
        figures: FigureStore,
        connections: Connections,
        retention: RetentionService,
        leases: Leases,
        home: Path,
    ) -> None:
        self._figures = figures
        self._connections = connections
        self._retention = retention
        self._leases = leases
        self._home = home
        self._threads: Threads = dict

    def watch(self, threads: Threads) -> None:
        """Tell of these background threads: their names, and whether they work."""
        self._threads = threads

    def exposition(self) -> str:
        """Everything, in the text format of Prometheus."""
        figures = self._figures.read(self._connections.names)
        families = [
            *metrics.own_families(),
            *_of_runs(figures),
            *_of_tables(figures, utc_now()),
            *_of_process(),
            self._build(),
        ]
        return metrics.text_of(families)

    def _build(self) -> Family:
        labels = ("version", "python", "database")
        values = {(__version__, platform.python_version(), self._figures.kind): 1}
        return gauge("cdalake_build_info", "What runs here.", values, labels)

    def status(self) -> answers.SystemStatus:
        """Everything a person may ask about the server."""
        figures = self._figures.read(self._connections.names)
        now = utc_now()
        return answers.SystemStatus(
            version=__version__,
            python=platform.python_version(),
            platform=f"{platform.system()} {platform.machine()}",
            libraries=[answers.Library(name=name, version=version(name)) for name in LIBRARIES],
            started_at=datetime.fromtimestamp(metrics.STARTED_AT, UTC),
            uptime_seconds=int(time.time() - metrics.STARTED_AT),
            database=self._database(),
            disk=_disk(self._home),
            process=_process(),
            threads=[
                answers.ThreadFacts(name=name, is_working=works)
                for name, works in self._threads().items()
            ],
            leases=[_lease(held, self._leases.me) for held in self._leases.held()],
            indexes=_indexes(figures, now),
            runs=_run_facts(figures),
            requests=_latencies(metrics.REQUEST_SECONDS.percentiles()),
            store_calls=_latencies(metrics.STORE_SECONDS.percentiles()),
            queries=_latencies(metrics.QUERY_SECONDS.percentiles()),
            retention=self._retention.facts(),
        )

    def _database(self) -> answers.DatabaseFacts:
        size = self._figures.size_bytes()
        return answers.DatabaseFacts(kind=self._figures.kind, size_bytes=size, revision=HEAD)


# -- for Prometheus ---------------------------------------------------------------------------


def _of_runs(figures: Figures) -> list[Family]:
    states = {(state.value,): figures.runs.get(state.value, 0) for state in RunState}
    rate = {} if figures.success_rate is None else {(): figures.success_rate}
    return [
        gauge("cdalake_runs", "Runs in the database.", states, ("state",)),
        gauge("cdalake_run_success_ratio", "Of the newest 100 ended runs.", rate),
        _quantiles("cdalake_run_duration_seconds", "Of the newest 100.", figures.run_seconds),
        _quantiles(
            "cdalake_run_table_duration_seconds", "Of the newest 1,000.", figures.table_seconds
        ),
    ]


def _quantiles(name: str, help_text: str, values: Sequence[float]) -> Family:
    ordered = sorted(values)
    found = {(f"{q:g}",): percentile(ordered, q) for q in QUANTILES} if ordered else {}
    return gauge(name, help_text, found, ("quantile",))


def _of_tables(figures: Figures, now: datetime) -> list[Family]:
    health = {(kind.value,): figures.health.get(kind.value, 0) for kind in Health}
    lag = {(name,): seconds for name, seconds in figures.lag.items()}
    ages = {(name,): (now - at).total_seconds() for name, at in figures.as_of.items() if at}
    seen = {(name,): int(at is not None) for name, at in figures.as_of.items()}
    label: Labels = ("connection",)
    return [
        gauge("cdalake_tables", "Tables in the index.", health, ("health",)),
        gauge("cdalake_processing_lag_seconds_max", "Greatest of a connection.", lag, label),
        gauge("cdalake_index_age_seconds", "Since the last complete look.", ages, label),
        gauge("cdalake_index_complete", "There was a complete look.", seen, label),
    ]


def _of_process() -> list[Family]:
    facts = _process()
    return [
        gauge("process_cpu_seconds", "Used by this process.", {(): facts.cpu_seconds}),
        gauge("process_resident_memory_bytes", "Held by it.", {(): facts.memory_bytes}),
        gauge("process_start_time_seconds", "Since the epoch.", {(): metrics.STARTED_AT}),
    ]


# -- for people -------------------------------------------------------------------------------


def _process() -> answers.ProcessFacts:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return answers.ProcessFacts(
        cpu_seconds=round(used.ru_utime + used.ru_stime, 2),
        memory_bytes=_memory(used.ru_maxrss),
        threads=threading.active_count(),
        streams=metrics.STREAMS.value,
    )


DUTIES = {
    "connection": answers.Duty.INDEX,
    "run": answers.Duty.RUN,
    "retention": answers.Duty.CLEAN_UP,
    "server": answers.Duty.STAND_BY,
}
"""By what stands before the slash of a lease's subject."""


def _lease(held: Held, me: Holder) -> answers.LeaseFacts:
    kind, _, rest = held.subject.partition("/")
    duty = DUTIES.get(kind, answers.Duty.OTHER)
    # What stands behind the slash of a server's own lease is its holder.
    name = {answers.Duty.STAND_BY: None, answers.Duty.OTHER: held.subject}.get(duty, rest or None)
    return answers.LeaseFacts(
        host=held.holder.host,
        pid=held.holder.pid,
        is_this=held.holder == me,
        duty=duty,
        name=name,
        until=held.until,
    )


def _memory(peak: int) -> int:
    """Resident now; where the system does not tell, the most it ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * resource.getpagesize()


def _disk(home: Path) -> answers.DiskFacts | None:
    try:
        usage = shutil.disk_usage(home)
    except OSError:
        return None
    return answers.DiskFacts(free_bytes=usage.free, total_bytes=usage.total)


def _latencies(found: Mapping[Labels, Percentiles]) -> list[answers.Latency]:
    return [_latency(" ".join(labels), one) for labels, one in found.items()]


def _latency(name: str, one: Percentiles) -> answers.Latency:
    p50, p95, p99, worst = (round(s * 1000, 1) for s in (one.p50, one.p95, one.p99, one.worst))
    return answers.Latency(
        name=name, count=one.count, p50_ms=p50, p95_ms=p95, p99_ms=p99, worst_ms=worst
    )


def _of_values(name: str, values: Sequence[float]) -> answers.Latency | None:
    if not values:
        return None
    ordered = sorted(values)
    p50, p95, p99 = (percentile(ordered, share) for share in QUANTILES)
    return _latency(name, Percentiles(len(ordered), p50, p95, p99, ordered[-1]))


def _indexes(figures: Figures, now: datetime) -> list[answers.IndexFacts]:
    looks, failures = metrics.REFRESH_SECONDS.percentiles(), metrics.REFRESH_FAILURES.counts()
    return [
        answers.IndexFacts(
            connection=name,
            as_of=at,
            age_seconds=None if at is None else int((now - at).total_seconds()),
            looks=_latency(name, looks[name,]) if (name,) in looks else None,
            failures=int(failures.get((name,), 0)),
        )
        for name, at in figures.as_of.items()
    ]


def _run_facts(figures: Figures) -> answers.RunFacts:
    return answers.RunFacts(
        by_state=dict(figures.runs),
        success_rate=figures.success_rate,
        duration=_of_values("run", figures.run_seconds),
        table_duration=_of_values("table", figures.table_seconds),
    )
