"""Numbers of this process, and their text for Prometheus (exposition format 0.0.4).

Labels hold names from our own code, never what a request or a store brought: their number is
bounded. Written by hand because it is small, and because the System page wants exact percentiles of
the last calls, which a histogram cannot give.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Labels = tuple[str, ...]
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RECENT = 1000
"""So many of the newest values per label set make the percentiles."""


@dataclass(frozen=True)
class Family:
    """A metric with all its samples, ready to be written.

    Attributes:
        samples: (suffix, labels with their values, value).
    """

    name: str
    help: str
    kind: Literal["counter", "gauge", "histogram"]
    samples: Sequence[tuple[str, Mapping[str, str], float]]


def gauge(name: str, help: str, values: Mapping[Any, float], labels: Labels = ()) -> Family:  # noqa: A002 - Prometheus' own word
    """A metric that is counted when it is asked for."""
    rows = [("", dict(zip(labels, key, strict=True)), value) for key, value in values.items()]
    return Family(name, help, "gauge", rows)


class Counter:
    """Counts what happened, by labels."""

    def __init__(self, name: str, help: str, labels: Labels) -> None:  # noqa: A002 - Prometheus' own word
        self.name, self.help, self.labels = name, help, labels
        self._lock = threading.Lock()
        self._counts: dict[Labels, float] = {}

    def add(self, *values: str) -> None:
        """Count one more."""
        with self._lock:
            self._counts[values] = self._counts.get(values, 0) + 1

    def counts(self) -> dict[Labels, float]:
        """How many there were so far, by labels."""
        with self._lock:
            return dict(self._counts)

    def family(self) -> Family:
        """As Prometheus reads it."""
        rows = [
            ("", dict(zip(self.labels, key, strict=True)), count)
            for key, count in sorted(self.counts().items())
        ]
        return Family(self.name, self.help, "counter", rows)


@dataclass(frozen=True)
class Percentiles:
    """Of the newest values: seconds, and how many there were since the start."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float


@dataclass
class _Series:
    count: int = 0
    total: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS_S))
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    def take(self, seconds: float) -> None:
        self.count += 1
        self.total += seconds
        self.recent.append(seconds)
        for place, limit in enumerate(BUCKETS_S):
            if seconds <= limit:
                self.buckets[place] += 1

    def percentiles(self) -> Percentiles:
        ordered = sorted(self.recent)
        p50, p95, p99 = (percentile(ordered, share) for share in (0.5, 0.95, 0.99))
        return Percentiles(self.count, p50, p95, p99, ordered[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of sorted values; at least one."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Timings:
    """How long things took, by labels: a histogram, and percentiles of the newest."""

    def __init__(self, name: str, help: str, labels: Labels) -> None:  # noqa: A002 - Prometheus' own word
        self.name, self.help, self.labels = name, help, labels
        self._lock = threading.Lock()
        self._series: dict[Labels, _Series] = {}

    def observe(self, seconds: float, *values: str) -> None:
        """Note one duration."""
        with self._lock:
            self._series.setdefault(values, _Series()).take(seconds)

    @contextmanager
    def timing(self, *values: str) -> Iterator[None]:
        """Note how long the block took, however it ends."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.observe(time.perf_counter() - began, *values)

    def percentiles(self) -> dict[Labels, Percentiles]:
        """By labels."""
        with self._lock:
            return {key: series.percentiles() for key, series in sorted(self._series.items())}

    def family(self) -> Family:
        """As Prometheus reads it."""
        with self._lock:
            known = sorted(self._series.items())
            rows = [row for key, series in known for row in self._rows(key, series)]
        return Family(self.name, self.help, "histogram", rows)

    def _rows(self, key: Labels, series: _Series) -> Iterator[tuple[str, dict[str, str], float]]:
        labels = dict(zip(self.labels, key, strict=True))
        for limit, count in zip(BUCKETS_S, series.buckets, strict=True):
            yield "_bucket", {**labels, "le": f"{limit:g}"}, count
        yield "_bucket", {**labels, "le": "+Inf"}, series.count
        yield "_sum", labels, series.total
        yield "_count", labels, series.count


class Level:
    """A number that goes up and down, e.g. of open streams."""

    def __init__(self, name: str, help: str) -> None:  # noqa: A002 - Prometheus' own word
        self.name, self.help = name, help
        self._lock = threading.Lock()
        self.value = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count one while the block lasts."""
        self._move(1)
        try:
            yield
        finally:
            self._move(-1)

    def _move(self, by: int) -> None:
        with self._lock:
            self.value += by

    def family(self) -> Family:
        """As Prometheus reads it."""
        return gauge(self.name, self.help, {(): self.value})


# -- what this process counts -----------------------------------------------------------------

STARTED_AT = time.time()

REQUESTS = Counter(
    "cdalake_http_requests_total", "Requests answered.", ("method", "route", "status")
)
REQUEST_SECONDS = Timings(
    "cdalake_http_request_duration_seconds", "From request to answer, streams apart.", ("route",)
)
STREAMS = Level("cdalake_sse_clients", "Streams of events that are open.")
STORE_SECONDS = Timings(
    "cdalake_store_call_duration_seconds",
    "Calls of object stores by this process; runs are processes of their own.",
    ("operation", "outcome"),
)
STORE_RETRIES = Counter(
    "cdalake_store_retries_total",
    "Requests to object stores that were sent again by this process.",
    ("operation", "cause"),
)
QUERY_SECONDS = Timings(
    "cdalake_database_query_duration_seconds", "Statements of the database.", ("kind",)
)
REFRESH_SECONDS = Timings(
    "cdalake_refresh_duration_seconds", "Looks at a connection's tables.", ("connection",)
)
REFRESH_FAILURES = Counter(
    "cdalake_refresh_failures_total", "Looks that ended with an error.", ("connection",)
)

OWN: tuple[Callable[[], Family], ...] = (
    REQUESTS.family,
    REQUEST_SECONDS.family,
    STREAMS.family,
    STORE_SECONDS.family,
    STORE_RETRIES.family,
    QUERY_SECONDS.family,
    REFRESH_SECONDS.family,
    REFRESH_FAILURES.family,
)


def own_families() -> list[Family]:
    """Everything this process counted."""
    return [family() for family in OWN]


def text_of(families: Iterable[Family]) -> str:
    """The exposition format; families without a sample are named all the same."""
    return "".join(line for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}\n"
    yield f"# TYPE {family.name} {family.kind}\n"
    for suffix, labels, value in family.samples:
        yield f"{family.name}{suffix}{_braces(labels)} {_number(value)}\n"


def _braces(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else repr(float(value))
