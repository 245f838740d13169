"""Connections as the API shows and takes them; there is no secret in any of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from cdalake.models.base import Answer, Asked, ErrorInfo, UtcTime
from cdalake.models.guidewire import PreflightStep
from cdalake.settings import Layout, Runner, SchemaChange

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

Value = bool | str | int


class ConnectionValues(Asked):
    """The keys of a ``[connections.NAME]``; what is left out has its default."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=2048)

    source: str = Field(min_length=1, description="Folder or URL that holds manifest.json")
    target: str = Field(min_length=1, description="Folder or URL of the Delta tables")
    credential: str | None = Field(
        None, description="environment, env:PREFIX_, profile:NAME, role or anonymous; never a key"
    )
    region: str | None = None
    endpoint: str | None = None
    source_credential: str | None = None
    source_region: str | None = None
    source_endpoint: str | None = None
    target_credential: str | None = None
    target_region: str | None = None
    target_endpoint: str | None = None
    layout: Layout | None = None
    current: bool | None = Field(None, description="Keep a current table beside each raw one")
    schema_change: SchemaChange | None = Field(
        None, description="With replace each run has to say confirm_replace"
    )
    runner: Runner | None = Field(None, description="Where tables are worked at")
    ray_address: str | None = Field(
        None, description="HOST:PORT of a Ray cluster; null: one of each run's own. Never a token"
    )
    rebase: str | None = None
    workers: int | None = Field(None, ge=1, le=256)
    lookback_seconds: int | None = Field(None, ge=0)
    settle_seconds: int | None = Field(None, ge=0)
    rest_seconds: int | None = Field(None, ge=0)
    lag_limit_seconds: int | None = Field(None, ge=0)

    def given(self) -> dict[str, Any]:
        """The keys that have a value."""
        return {k: v for k, v in self.model_dump().items() if v not in (None, "")}


class NewConnection(Asked):
    """POST /api/connections."""

    name: str = Field(pattern=NAME)
    values: ConnectionValues


class ConnectionTest(Asked):
    """POST /api/connections/test: a connection that need not be kept."""

    values: ConnectionValues
    consent: bool = Field(False, description="A probe object may be written, and removed again")


class TestConsent(Asked):
    """POST /api/connections/{name}/test."""

    consent: bool = Field(False, description="A probe object may be written, and removed again")


class PauseInfo(Answer):
    """Who paused the runs of a connection, and when."""

    by: str
    at: UtcTime


class PausedRuns(PauseInfo):
    """A pause, and whose runs it keeps from beginning; the connection may be gone by now."""

    connection: str


class ConnectionInfo(Answer):
    """A connection with what is known of it."""

    name: str
    source: str
    target: str
    credential: str = Field(description="Whose credentials are used, in words")
    values: dict[str, Value] = Field(description="The keys that were given")
    origin: str = Field(description="'page', 'environment', or a file and its heading")
    is_editable: bool
    revision: str | None = Field(description="If-Match of the next change; null if not editable")
    changed_at: UtcTime | None
    changed_by: str | None
    tables: int
    loaded: int = Field(description="Tables that are in the target")
    health: dict[str, int]
    manifest_time: UtcTime | None = Field(description="The newest of all entries")
    manifest_read_at: UtcTime | None
    source_ok: bool | None
    target_ok: bool | None
    source_ms: float | None
    target_ms: float | None
    error: ErrorInfo | None
    checked_at: UtcTime | None
    pause: PauseInfo | None = Field(description="Runs that have not begun wait while there is one")


class ValueChange(Answer):
    """A value that a change gives, takes or replaces."""

    key: str
    before: Value | None
    after: Value | None


class ConnectionChange(Answer):
    """What a change does; with `preview`, what it would do."""

    name: str
    revision: str | None
    differences: list[ValueChange]
    is_preview: bool


class ConnectionTestResult(Answer):
    """What came of a test, step by step."""

    ok: bool
    seconds: float
    steps: list[PreflightStep]


class ManifestVersion(Answer):
    """One fingerprint of a table and when it began."""

    fingerprint: str
    since_ms: int
    since: UtcTime | None


class ManifestEntryInfo(Answer):
    """An entry of the manifest as it was read last, and what became of it."""

    table: str
    app: str
    manifest_ms: int | None
    manifest_time: UtcTime | None
    records: int | None
    data_files_path: str | None
    schema_history: list[ManifestVersion]
    is_loaded: bool
    watermark_ms: int | None
    watermark: UtcTime | None
    health: str
    problem: ErrorInfo | None


class ManifestPage(Answer):
    """GET /api/connections/{name}/manifest."""

    connection: str
    read_at: UtcTime | None
    entries: list[ManifestEntryInfo]
    total: int = Field(description="Entries that match")
    total_entries: int
    new_since_yesterday: int
    not_loaded: int
    error: ErrorInfo | None


class ObjectEntry(Answer):
    """An object of a store."""

    name: str
    path: str
    size: int
    last_modified: UtcTime


class ObjectPage(Answer):
    """GET /api/connections/{name}/objects: one folder of a source or a target."""

    connection: str
    side: Literal["source", "target"]
    location: str
    path: str
    folders: list[str]
    objects: list[ObjectEntry]
    oddities: list[str] = Field(description="What is there and can be neither read nor shown")
    next_after: str | None = Field(description="`after` of the next page, or null")
    download_limit: int
