"""How the server itself does: GET /api/system and what belongs to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from cdalake.models.base import Answer, UtcTime


class Library(Answer):
    """A library and its version."""

    name: str
    version: str


class Latency(Answer):
    """Percentiles of the newest 1,000; `count` is since the start."""

    name: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float


class DatabaseFacts(Answer):
    """The database of runs and index."""

    kind: str
    size_bytes: int | None
    revision: str


class DiskFacts(Answer):
    """The disk that holds the home."""

    free_bytes: int
    total_bytes: int


class ProcessFacts(Answer):
    """This process; runs are processes of their own."""

    cpu_seconds: float
    memory_bytes: int
    threads: int
    streams: int


class ThreadFacts(Answer):
    """A background thread."""

    name: str
    is_working: bool


class IndexFacts(Answer):
    """How old a connection's part of the index is, and how long a look at it takes."""

    connection: str
    as_of: UtcTime | None
    age_seconds: int | None
    looks: Latency | None
    failures: int


class RunFacts(Answer):
    """Runs by state, and of the newest 100 how many ended well; null without any."""

    by_state: dict[str, int]
    success_rate: float | None
    duration: Latency | None
    table_duration: Latency | None


class Duty(StrEnum):
    """What one of several servers does at a time, for as long as its lease lasts."""

    INDEX = "index"
    RUN = "run"
    CLEAN_UP = "clean_up"
    STAND_BY = "stand_by"
    OTHER = "other"


class LeaseFacts(Answer):
    """A server process has a duty to itself until then; it renews that as long as it lives."""

    host: str
    pid: int
    is_this: bool = Field(description="The server that answers")
    duty: Duty
    name: str | None = Field(description="Which connection or run")
    until: UtcTime


class RetentionFacts(Answer):
    """Which runs are forgotten; 0 means none. `due` would be now."""

    days: int
    runs: int
    due: int


class SystemStatus(Answer):
    """GET /api/system."""

    version: str
    python: str
    platform: str
    libraries: list[Library]
    started_at: UtcTime
    uptime_seconds: int
    database: DatabaseFacts
    disk: DiskFacts | None = Field(description="null while the home cannot be reached")
    process: ProcessFacts
    threads: list[ThreadFacts]
    leases: list[LeaseFacts]
    indexes: list[IndexFacts]
    runs: RunFacts
    requests: list[Latency]
    store_calls: list[Latency]
    queries: list[Latency]
    retention: RetentionFacts


class CleanUp(Answer):
    """POST /api/system/clean-up: the runs that were forgotten."""

    removed: list[str]


class LogLines(Answer):
    """GET /api/system/log: the server's newest lines, oldest first; without secrets."""

    lines: list[dict[str, Any]]
