"""Tables as the API shows them. Sizes in bytes, lags and ages in seconds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from cdalake.engine.spec import Action
from cdalake.models.base import Answer, Asked, ErrorInfo, UtcTime, WarningInfo


class Health(StrEnum):
    """Worst of run, lag and checks (product.md §2)."""

    HEALTHY = "Healthy"
    LATE = "Late"
    FAILED = "Failed"
    QUIET = "Quiet"
    NOT_LOADED = "Not loaded"
    ORPHAN = "Orphan"
    UNKNOWN = "Unknown"


class LagBand(StrEnum):
    """Processing lag, in bands."""

    UNDER_1M = "under_1m"
    UNDER_15M = "under_15m"
    UNDER_1H = "under_1h"
    UNDER_6H = "under_6h"
    OVER_6H = "over_6h"
    UNKNOWN = "unknown"


class ChangedBand(StrEnum):
    """When the last data commit was, counted in UTC; each table is in one band."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    EARLIER = "earlier"
    NEVER = "never"


class SizeBand(StrEnum):
    """Bytes of the active files, in bands."""

    UNDER_1MB = "under_1mb"
    UNDER_100MB = "under_100mb"
    UNDER_10GB = "under_10gb"
    OVER_10GB = "over_10gb"
    UNKNOWN = "unknown"


class RowBand(StrEnum):
    """Rows, in bands."""

    NONE = "none"
    UNDER_10K = "under_10k"
    UNDER_1M = "under_1m"
    UNDER_100M = "under_100m"
    OVER_100M = "over_100m"
    UNKNOWN = "unknown"


class TableSummary(Answer):
    """One table in short.

    `transaction_count` is version + 1; `size_bytes` and `row_count` are of the latest snapshot;
    `last_updated` is the time of the last *data* commit; None where unknown, with `unknown_reason`.
    """

    name: str
    connection: str
    path: str
    app: str
    is_typelist: bool
    health: Health
    health_reason: str
    transaction_count: int | None
    version: int | None
    last_updated: UtcTime | None
    size_bytes: int | None
    row_count: int | None
    file_count: int | None
    unknown_reason: str | None
    fingerprint: str | None
    fingerprint_count: int
    manifest_time: UtcTime | None
    watermark: UtcTime | None
    processing_lag_seconds: int | None
    source_age_seconds: int | None
    lag_limit_seconds: int
    rows_today: int | None
    rows_by_day: list[int] = Field(description="Rows committed per UTC day, 14 days, oldest first")
    last_run_id: str | None
    last_run_status: str | None
    error: ErrorInfo | None
    error_since: UtcTime | None
    quarantined_files: int = Field(description="Files that are left out until they are released")


class TableFacet(Answer):
    """How many tables a filter value has, over the other filters."""

    value: str
    count: int


class ListedTable(TableSummary):
    """One row of the list of tables."""

    matched_columns: list[str] = Field(description="Columns that the words of the search found")


class TableList(Answer):
    """A page of tables; `total` is the number of rows after the filter."""

    tables: list[ListedTable]
    total: int
    total_tables: int
    total_rows: int | None
    total_bytes: int
    is_similar: bool = Field(description="Nothing matches as it is written; these come near")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last")
    health: list[TableFacet]
    apps: list[TableFacet]
    connections: list[TableFacet]
    lags: list[TableFacet]
    changes: list[TableFacet]
    sizes: list[TableFacet]
    row_counts: list[TableFacet]
    as_of: UtcTime | None
    error: ErrorInfo | None = Field(description="Why the listing is old or partial, else null")


class NamedTables(Answer):
    """Names of the tables of one connection; `orphans` are those no run can bring."""

    connection: str
    names: list[str]
    orphans: list[str]


class ColumnSchema(Answer):
    """A column of the Delta schema."""

    name: str
    type: str
    nullable: bool
    role: Literal["key", "cda", "business"]
    masked: bool
    comment: str | None


class Transaction(Answer):
    """A version of the table. `user`: commitInfo.userName, else userId, else engine, else null."""

    version: int
    timestamp: UtcTime
    operation: str
    user: str | None
    engine: str | None
    run_id: str | None
    watermark: UtcTime | None
    rows: int | None = Field(description="In the files it added; null when the log does not say")
    net_rows: int | None = Field(
        description="Rows added less rows removed; null when the log does not say both"
    )
    files_added: int | None
    files_removed: int | None
    bytes_added: int | None
    bytes_removed: int | None = Field(description="null when the log does not say")
    metrics: dict[str, int | str] | None = Field(
        description="commitInfo.operationMetrics, whoever wrote it; null when there is none"
    )
    schema_changed: bool
    data_change: bool
    parameters: dict[str, Any]


class HistoryPage(Answer):
    """Versions, newest first. `next_before` is the keyset cursor of the next page, or null."""

    history: list[Transaction]
    total: int
    next_before: int | None
    operations: list[TableFacet] = Field(description="Versions of each operation, unfiltered")


class FingerprintInterval(Answer):
    """One schema version of CDA: since when it is written, and what we read of it."""

    fingerprint: str
    since: UtcTime | None
    watermark: UtcTime | None
    is_current: bool


class SchemaChange(Answer):
    """What one version changed in the schema; order alone is no change."""

    version: int
    timestamp: UtcTime
    added: list[str]
    removed: list[str]
    changed: list[str] = Field(description="'name: old type -> new type'")


class SchemaVersion(SchemaChange):
    """A version that brought a schema of its own; `fingerprint` is the one read last then."""

    run_id: str | None
    watermark: UtcTime | None
    fingerprint: str | None
    column_count: int


class SchemaVersions(Answer):
    """Versions that brought a schema, newest first; `as_of` is when the log was last read."""

    versions: list[SchemaVersion]
    as_of: UtcTime | None


class TableSchema(Answer):
    """The schema in force at `version`, from the metadata of `since_version`."""

    version: int
    since_version: int
    since: UtcTime
    columns: list[ColumnSchema]
    as_of: UtcTime | None


class ColumnNulls(Answer):
    """How much of a column is null; `unknown_reason` says why `nulls` and `share` are."""

    name: str
    nulls: int | None
    share: float | None = Field(description="0 to 1")
    unknown_reason: str | None


class TableNulls(Answer):
    """Nulls of one version, from the statistics of its files; `error` says why there are none."""

    version: int | None
    rows: int | None
    columns: list[ColumnNulls]
    error: ErrorInfo | None


class Sample(Answer):
    """Rows of one version, read live; `error` says why there are none."""

    view: str = Field("raw", description="raw, current or history")
    version: int | None = Field(description="Of the Delta table that was read")
    columns: list[str]
    masked_columns: list[str]
    rows: list[dict[str, Any]]
    error: ErrorInfo | None


class DayPoint(Answer):
    """Rows and commits of one UTC day (``YYYY-MM-DD``)."""

    day: str
    rows: int
    commits: int


class LagPoint(Answer):
    """Processing lag when a run looked."""

    at: UtcTime
    lag_seconds: int
    run_id: str


class TimelineDay(DayPoint):
    """A day with the commits that changed no data, e.g. OPTIMIZE."""

    other_commits: int


class TableEvent(Answer):
    """Something that happened: ``schema``, ``optimize``, ``vacuum``, ``restore`` or ``failed``."""

    at: UtcTime
    kind: str
    text: str
    version: int | None
    run_id: str | None


class TableTimeline(Answer):
    """One table over the last `days` days; lag since `since`, of up to 500 runs."""

    days: int
    since: UtcTime
    now: UtcTime
    lag: list[LagPoint]
    by_day: list[TimelineDay]
    events: list[TableEvent]


class Snippet(Answer):
    """How an engine reads the table."""

    engine: str
    text: str


class TableRun(Answer):
    """How this table ended in one run."""

    run_id: str
    action: Action
    attempt: int
    status: str
    started_at: UtcTime | None
    finished_at: UtcTime | None
    duration_seconds: float | None
    rows: int
    files: int
    folders: int
    version: int | None
    error: ErrorInfo | None


class Hold(Answer):
    """Why a table waits for a person, and what they can choose."""

    error: ErrorInfo
    since: UtcTime | None
    run_id: str | None


class QuarantinedFile(Answer):
    """A file of the export that is left out, as ``fingerprint/folder/name``."""

    key: str
    reason: str


class CurrentChecks(Answer):
    """The current table against its raw table at `raw_version`; `wrong` counts by kind."""

    is_right: bool
    is_behind: bool = Field(False, description="The raw table has newer rows than that version")
    raw_version: int
    rows: int | None
    expected_rows: int | None
    wrong: dict[str, int]


class Checks(Answer):
    """What a verification counted: `missing` of the export, `gone` from the table's folder.

    `difference` is rows less records; null where that means nothing. Of each kind the first 20 are
    named. `folders` counts folders by how their rows compare with their batch metrics.
    """

    files: int
    rows: int | None
    records: int
    difference: int | None
    missing: int
    missing_files: list[str]
    gone: int
    gone_files: list[str]
    changed: int
    changed_files: list[str]
    unexplained_rows: int
    folders: dict[str, int] = Field(description="ok, mismatch, missing, corrupt or unknown")
    mismatched_folders: list[str]
    current: CurrentChecks | None = Field(description="Null where there is no current table")


class Verification(Answer):
    """The newest verification of a table; a repair counts before it mends.

    `version` is of the table as the run left it; null where there was none.
    """

    run_id: str
    version: int | None
    action: Action
    status: str
    finished_at: UtcTime
    checks: Checks
    error: ErrorInfo | None


class PlanRequest(Asked):
    """POST /api/tables/{name}/plan: what would be done; see `GuidewireConfig` for the fields.

    Of each list of files the first `limit` are named.
    """

    action: Action
    since: int | None = Field(None, ge=0, lt=2**53)
    files: list[Annotated[str, Field(max_length=1024)]] | None = Field(None, max_length=1000)
    limit: int = Field(200, ge=0, le=10_000)


class PlannedTable(Answer):
    """What a run would do to one table; nothing was written.

    `reads` are keys of files of the export, `takes_out` paths of files of the table.
    """

    connection: str
    table: str
    action: Action
    folders: int
    files: int
    bytes: int
    commits: int
    first_folder: UtcTime | None
    last_folder: UtcTime | None
    reads: list[str]
    removed_files: int
    removed_rows: int | None = Field(description="Null where the log does not say")
    takes_out: list[str]
    does: list[str] = Field(description="What it comes to, in sentences; none for a sync")
    checks: Checks | None
    warnings: list[WarningInfo]
    error: ErrorInfo | None = Field(description="Why it cannot be done, or what verify found")


class ManifestPanel(Answer):
    """What the manifest says of the table and what is still to do.

    Pending folders, files and bytes are counted in the background, as of `pending_as_of`; null
    where they are not known, and `pending` says why.
    """

    manifest_time: UtcTime | None
    manifest_time_ms: str | None
    watermark: UtcTime | None
    watermark_ms: str | None
    newest_change: UtcTime | None = Field(
        description="When the newest change in the table was made in the source's database"
    )
    total_processed_records: int | None
    data_files_path: str | None
    source_folder: str | None = Field(
        description="The table's folder, relative to the source; null where it is not in there"
    )
    pending: str | None = Field(description="A sentence, e.g. 'caught up' or why it is unknown")
    pending_folders: int | None
    pending_files: int | None
    pending_bytes: int | None
    pending_as_of: UtcTime | None


class TableDetail(TableSummary):
    """One table with everything its page shows first.

    `history` holds the newest 100 versions, `sample_data` up to 10 rows read live within 2 s.
    """

    table_schema: list[ColumnSchema] = Field(alias="schema")
    history: list[Transaction]
    history_total: int
    sample_data: list[dict[str, Any]]
    sample_error: ErrorInfo | None
    masked_columns: list[str]
    fingerprints: list[FingerprintInterval]
    schema_changes: list[SchemaChange]
    manifest: ManifestPanel
    volume: list[DayPoint]
    lag: list[LagPoint]
    runs: list[TableRun]
    warnings: list[WarningInfo]
    hold: Hold | None = Field(description="Null while the table needs nobody's choice")
    quarantine: list[QuarantinedFile]
    verification: Verification | None = Field(description="Null before the first")
    layout: str | None
    snippet: str
    snippets: list[Snippet]
    schema_as_of: UtcTime | None = Field(description="When the log was last read")
    as_of: UtcTime | None
