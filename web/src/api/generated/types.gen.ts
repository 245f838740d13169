// @ts-nocheck
// Generated from openapi.json by `bun run gen`. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * Action
 *
 * What a run does to its tables.
 */
export type Action = 'sync' | 'verify' | 'repair' | 'accept' | 'resync' | 'rebuild' | 'quarantine' | 'release';

/**
 * Attention
 *
 * A table somebody should look at, and the button that mends it.
 */
export type Attention = {
    /**
     * Action
     */
    action: 'retry' | 'run' | 'choose' | 'open';
    /**
     * Choices
     *
     * What a person can choose, where the table waits
     */
    choices: Array<Choice>;
    /**
     * Connection
     */
    connection: string;
    health: Health;
    /**
     * Hint
     */
    hint: string | null;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Since
     */
    since: string | null;
    /**
     * Table
     */
    table: string;
    /**
     * Why
     */
    why: string;
};

/**
 * AuditEntry
 *
 * One action.
 */
export type AuditEntry = {
    /**
     * Action
     */
    action: string;
    /**
     * At
     */
    at: string;
    /**
     * Detail
     */
    detail: {
        [key: string]: unknown;
    };
    /**
     * Id
     */
    id: string;
    /**
     * Role
     */
    role: string;
    /**
     * Subject
     */
    subject: string;
    /**
     * Trigger
     */
    trigger: string;
    /**
     * Who
     */
    who: string;
};

/**
 * AuditPage
 *
 * GET /api/audit: newest first. `next_before` is the next page's `before`, or null.
 */
export type AuditPage = {
    /**
     * Entries
     */
    entries: Array<AuditEntry>;
    /**
     * Next Before
     */
    next_before: number | null;
};

/**
 * BulkAnswer
 *
 * What became of each.
 */
export type BulkAnswer = {
    /**
     * Items
     */
    items: Array<BulkItem>;
};

/**
 * BulkItem
 *
 * What became of one run of a bulk request.
 */
export type BulkItem = {
    error: ErrorInfo | null;
    /**
     * Message
     */
    message: string;
    /**
     * Ok
     */
    ok: boolean;
    /**
     * Run Id
     */
    run_id: string;
};

/**
 * BulkRequest
 *
 * POST /api/runs/bulk.
 */
export type BulkRequest = {
    /**
     * Action
     */
    action: 'cancel' | 'retry';
    /**
     * Run Ids
     */
    run_ids: Array<string>;
};

/**
 * ChangedBand
 *
 * When the last data commit was, counted in UTC; each table is in one band.
 */
export type ChangedBand = 'today' | 'this_week' | 'this_month' | 'earlier' | 'never';

/**
 * ChangedSetting
 *
 * A setting that differs between two runs, in words.
 */
export type ChangedSetting = {
    /**
     * Before
     */
    before: string;
    /**
     * Name
     */
    name: string;
    /**
     * Now
     */
    now: string;
};

/**
 * ChangedTable
 *
 * A table, or with no name every table of the connection.
 */
export type ChangedTable = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Name
     */
    name: string | null;
};

/**
 * Changes
 *
 * GET /api/changes, and the data of the event `changes`.
 *
 * Attributes:
 * last_id: ask for what comes after it next time.
 * everything: more changed than is remembered here: whatever was read may be old.
 * runs: runs that are new or reached another state.
 * progress: runs that went on.
 * tables: tables whose facts, history or lag are others now.
 * connections: connections that were checked or edited.
 * server: changes when the server was started anew; the page may be a newer one then.
 */
export type Changes = {
    /**
     * Connections
     */
    connections: Array<string>;
    /**
     * Everything
     */
    everything: boolean;
    /**
     * Last Id
     */
    last_id: number;
    /**
     * Progress
     */
    progress: Array<string>;
    /**
     * Runs
     */
    runs: Array<string>;
    /**
     * Server
     */
    server: string;
    /**
     * Tables
     */
    tables: Array<ChangedTable>;
};

/**
 * Checks
 *
 * What a verification counted: `missing` of the export, `gone` from the table's folder.
 *
 * `difference` is rows less records; null where that means nothing. Of each kind the first 20 are
 * named. `folders` counts folders by how their rows compare with their batch metrics.
 */
export type Checks = {
    /**
     * Changed
     */
    changed: number;
    /**
     * Changed Files
     */
    changed_files: Array<string>;
    /**
     * Null where there is no current table
     */
    current: CurrentChecks | null;
    /**
     * Difference
     */
    difference: number | null;
    /**
     * Files
     */
    files: number;
    /**
     * Folders
     *
     * ok, mismatch, missing, corrupt or unknown
     */
    folders: {
        [key: string]: number;
    };
    /**
     * Gone
     */
    gone: number;
    /**
     * Gone Files
     */
    gone_files: Array<string>;
    /**
     * Mismatched Folders
     */
    mismatched_folders: Array<string>;
    /**
     * Missing
     */
    missing: number;
    /**
     * Missing Files
     */
    missing_files: Array<string>;
    /**
     * Records
     */
    records: number;
    /**
     * Rows
     */
    rows: number | null;
    /**
     * Unexplained Rows
     */
    unexplained_rows: number;
};

/**
 * Choice
 *
 * What a person can do about a table that waits for one; each is an action of a run.
 */
export type Choice = 'accept' | 'resync' | 'rebuild' | 'repair' | 'quarantine' | 'wait';

/**
 * CleanUp
 *
 * POST /api/system/clean-up: the runs that were forgotten.
 */
export type CleanUp = {
    /**
     * Removed
     */
    removed: Array<string>;
};

/**
 * ClusterInfo
 *
 * A Ray cluster as the run that works on it told last.
 */
export type ClusterInfo = {
    /**
     * Address
     *
     * Null for a Ray of the run's own
     */
    address: string | null;
    /**
     * Cpus
     *
     * Of the nodes that live
     */
    cpus: number;
    /**
     * Cpus Used
     *
     * By this run or others
     */
    cpus_used: number;
    /**
     * Nodes
     */
    nodes: Array<ClusterNode>;
    /**
     * Tasks Pending
     */
    tasks_pending: number;
    /**
     * Tasks Running
     */
    tasks_running: number;
    /**
     * Told At
     */
    told_at: string;
};

/**
 * ClusterNode
 *
 * A node of a cluster. Memory in bytes, of its machine; null before a worker there told.
 */
export type ClusterNode = {
    /**
     * Cpus
     */
    cpus: number;
    /**
     * Is Alive
     */
    is_alive: boolean;
    /**
     * Memory Total
     */
    memory_total: number | null;
    /**
     * Memory Used
     */
    memory_used: number | null;
    /**
     * Name
     */
    name: string;
};

/**
 * ColumnNulls
 *
 * How much of a column is null; `unknown_reason` says why `nulls` and `share` are.
 */
export type ColumnNulls = {
    /**
     * Name
     */
    name: string;
    /**
     * Nulls
     */
    nulls: number | null;
    /**
     * Share
     *
     * 0 to 1
     */
    share: number | null;
    /**
     * Unknown Reason
     */
    unknown_reason: string | null;
};

/**
 * ColumnPair
 *
 * A column by its name, whatever the case, on both sides; null where it is not.
 */
export type ColumnPair = {
    a: ComparedColumn | null;
    b: ComparedColumn | null;
    difference: Difference;
    /**
     * Name
     */
    name: string;
};

/**
 * ColumnSchema
 *
 * A column of the Delta schema.
 */
export type ColumnSchema = {
    /**
     * Comment
     */
    comment: string | null;
    /**
     * Masked
     */
    masked: boolean;
    /**
     * Name
     */
    name: string;
    /**
     * Nullable
     */
    nullable: boolean;
    /**
     * Role
     */
    role: 'key' | 'cda' | 'business';
    /**
     * Type
     */
    type: string;
};

/**
 * ComparedColumn
 *
 * A column on one side.
 */
export type ComparedColumn = {
    /**
     * Name
     */
    name: string;
    /**
     * Nullable
     */
    nullable: boolean;
    /**
     * Type
     */
    type: string;
};

/**
 * ComparedSchema
 *
 * One side of a comparison.
 */
export type ComparedSchema = {
    /**
     * Columns
     */
    columns: number;
    /**
     * Connection
     */
    connection: string;
    /**
     * Latest Version
     */
    latest_version: number;
    /**
     * Name
     */
    name: string;
    /**
     * Schema Versions
     *
     * Versions that wrote a schema, newest first
     */
    schema_versions: Array<number>;
    /**
     * Timestamp
     *
     * When the version was written, where known
     */
    timestamp: string | null;
    /**
     * Version
     */
    version: number;
};

/**
 * ComparedTable
 *
 * A table in two runs.
 */
export type ComparedTable = {
    /**
     * Rows Before
     */
    rows_before: number | null;
    /**
     * Rows Now
     */
    rows_now: number | null;
    /**
     * Seconds Before
     */
    seconds_before: number | null;
    /**
     * Seconds Now
     */
    seconds_now: number | null;
    /**
     * Status Before
     */
    status_before: string | null;
    /**
     * Status Now
     */
    status_now: string | null;
    /**
     * Table
     */
    table: string;
};

/**
 * Comparison
 *
 * GET /api/compare: `columns` holds what differs first, then what is the same.
 */
export type Comparison = {
    a: ComparedSchema;
    /**
     * Added
     */
    added: number;
    b: ComparedSchema;
    /**
     * Changed
     */
    changed: number;
    /**
     * Columns
     */
    columns: Array<ColumnPair>;
    /**
     * Removed
     */
    removed: number;
    /**
     * Same
     */
    same: number;
};

/**
 * Configuration
 *
 * GET /api/config.
 */
export type Configuration = {
    /**
     * Aws Access Key Id
     */
    aws_access_key_id: string | null;
    /**
     * Aws Region
     */
    aws_region: string | null;
    /**
     * Connection
     */
    connection: string;
    /**
     * Connections
     */
    connections: Array<string>;
    /**
     * Guidewire Package Version
     */
    guidewire_package_version: string;
    /**
     * Manifest Location
     */
    manifest_location: string;
    /**
     * Processing Mode
     */
    processing_mode: 'parallel' | 'sequential';
    ray_settings: RaySettings;
    /**
     * S3 Bucket
     */
    s3_bucket: string;
    /**
     * Settings
     */
    settings: Array<SettingValue>;
};

/**
 * ConnectionChange
 *
 * What a change does; with `preview`, what it would do.
 */
export type ConnectionChange = {
    /**
     * Differences
     */
    differences: Array<ValueChange>;
    /**
     * Is Preview
     */
    is_preview: boolean;
    /**
     * Name
     */
    name: string;
    /**
     * Revision
     */
    revision: string | null;
};

/**
 * ConnectionInfo
 *
 * A connection with what is known of it.
 */
export type ConnectionInfo = {
    /**
     * Changed At
     */
    changed_at: string | null;
    /**
     * Changed By
     */
    changed_by: string | null;
    /**
     * Checked At
     */
    checked_at: string | null;
    /**
     * Credential
     *
     * Whose credentials are used, in words
     */
    credential: string;
    error: ErrorInfo | null;
    /**
     * Health
     */
    health: {
        [key: string]: number;
    };
    /**
     * Is Editable
     */
    is_editable: boolean;
    /**
     * Loaded
     *
     * Tables that are in the target
     */
    loaded: number;
    /**
     * Manifest Read At
     */
    manifest_read_at: string | null;
    /**
     * Manifest Time
     *
     * The newest of all entries
     */
    manifest_time: string | null;
    /**
     * Name
     */
    name: string;
    /**
     * Origin
     *
     * 'page', 'environment', or a file and its heading
     */
    origin: string;
    /**
     * Runs that have not begun wait while there is one
     */
    pause: PauseInfo | null;
    /**
     * Revision
     *
     * If-Match of the next change; null if not editable
     */
    revision: string | null;
    /**
     * Source
     */
    source: string;
    /**
     * Source Ms
     */
    source_ms: number | null;
    /**
     * Source Ok
     */
    source_ok: boolean | null;
    /**
     * Tables
     */
    tables: number;
    /**
     * Target
     */
    target: string;
    /**
     * Target Ms
     */
    target_ms: number | null;
    /**
     * Target Ok
     */
    target_ok: boolean | null;
    /**
     * Values
     *
     * The keys that were given
     */
    values: {
        [key: string]: boolean | string | number;
    };
};

/**
 * ConnectionStatus
 *
 * A connection and what the last cached check of it said.
 */
export type ConnectionStatus = {
    /**
     * Checked At
     */
    checked_at: string | null;
    /**
     * Credential
     */
    credential: string;
    /**
     * Engine
     */
    engine: string;
    error: ErrorInfo | null;
    /**
     * Name
     */
    name: string;
    /**
     * Schema Change
     *
     * What its runs do when columns change
     */
    schema_change: 'merge' | 'fail' | 'per_fingerprint' | 'replace';
    /**
     * Source
     */
    source: string;
    /**
     * Source Ms
     */
    source_ms: number | null;
    /**
     * Source Ok
     */
    source_ok: boolean | null;
    /**
     * Target
     */
    target: string;
    /**
     * Target Ms
     */
    target_ms: number | null;
    /**
     * Target Ok
     */
    target_ok: boolean | null;
    /**
     * Workers
     */
    workers: number;
};

/**
 * ConnectionTest
 *
 * POST /api/connections/test: a connection that need not be kept.
 */
export type ConnectionTest = {
    /**
     * Consent
     *
     * A probe object may be written, and removed again
     */
    consent?: boolean;
    values: ConnectionValues;
};

/**
 * ConnectionTestResult
 *
 * What came of a test, step by step.
 */
export type ConnectionTestResult = {
    /**
     * Ok
     */
    ok: boolean;
    /**
     * Seconds
     */
    seconds: number;
    /**
     * Steps
     */
    steps: Array<PreflightStep>;
};

/**
 * ConnectionValues
 *
 * The keys of a ``[connections.NAME]``; what is left out has its default.
 */
export type ConnectionValues = {
    /**
     * Credential
     *
     * environment, env:PREFIX_, profile:NAME, role or anonymous; never a key
     */
    credential?: string | null;
    /**
     * Current
     *
     * Keep a current table beside each raw one
     */
    current?: boolean | null;
    /**
     * Endpoint
     */
    endpoint?: string | null;
    /**
     * Lag Limit Seconds
     */
    lag_limit_seconds?: number | null;
    /**
     * Layout
     */
    layout?: 'copy' | 'zero_copy' | null;
    /**
     * Lookback Seconds
     */
    lookback_seconds?: number | null;
    /**
     * Ray Address
     *
     * HOST:PORT of a Ray cluster; null: one of each run's own. Never a token
     */
    ray_address?: string | null;
    /**
     * Rebase
     */
    rebase?: string | null;
    /**
     * Region
     */
    region?: string | null;
    /**
     * Rest Seconds
     */
    rest_seconds?: number | null;
    /**
     * Runner
     *
     * Where tables are worked at
     */
    runner?: 'threads' | 'ray' | null;
    /**
     * Schema Change
     *
     * With replace each run has to say confirm_replace
     */
    schema_change?: 'merge' | 'fail' | 'per_fingerprint' | 'replace' | null;
    /**
     * Settle Seconds
     */
    settle_seconds?: number | null;
    /**
     * Source
     *
     * Folder or URL that holds manifest.json
     */
    source: string;
    /**
     * Source Credential
     */
    source_credential?: string | null;
    /**
     * Source Endpoint
     */
    source_endpoint?: string | null;
    /**
     * Source Region
     */
    source_region?: string | null;
    /**
     * Target
     *
     * Folder or URL of the Delta tables
     */
    target: string;
    /**
     * Target Credential
     */
    target_credential?: string | null;
    /**
     * Target Endpoint
     */
    target_endpoint?: string | null;
    /**
     * Target Region
     */
    target_region?: string | null;
    /**
     * Workers
     */
    workers?: number | null;
};

/**
 * CurrentChecks
 *
 * The current table against its raw table at `raw_version`; `wrong` counts by kind.
 */
export type CurrentChecks = {
    /**
     * Expected Rows
     */
    expected_rows: number | null;
    /**
     * Is Behind
     *
     * The raw table has newer rows than that version
     */
    is_behind: boolean;
    /**
     * Is Right
     */
    is_right: boolean;
    /**
     * Raw Version
     */
    raw_version: number;
    /**
     * Rows
     */
    rows: number | null;
    /**
     * Wrong
     */
    wrong: {
        [key: string]: number;
    };
};

/**
 * Dashboard
 *
 * GET /api/dashboard: is anything wrong, and what.
 *
 * The first four fields are the design document's. `headline` is the answer in one sentence.
 */
export type Dashboard = {
    active_run: ProcessingJobSummary | null;
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Attention
     */
    attention: Array<Attention>;
    /**
     * Attention Total
     */
    attention_total: number;
    /**
     * Connections
     */
    connections: Array<ConnectionStatus>;
    /**
     * Freshness
     */
    freshness: Array<FreshnessBar>;
    /**
     * Headline
     */
    headline: string;
    /**
     * Health
     */
    health: Array<TableFacet>;
    /**
     * Lag Limit Seconds
     */
    lag_limit_seconds: number;
    /**
     * Last Processing Time
     */
    last_processing_time: string | null;
    last_run: ProcessingJobSummary | null;
    /**
     * Most Behind
     */
    most_behind: Array<LagBar>;
    /**
     * Paused
     */
    paused: Array<PausedRuns>;
    /**
     * Retry
     */
    retry: Array<RetryOffer>;
    /**
     * Rows By Day
     */
    rows_by_day: Array<number>;
    /**
     * Rows Today
     */
    rows_today: number;
    /**
     * Runs
     */
    runs: Array<RunBar>;
    /**
     * S3 Bucket
     */
    s3_bucket: string;
    /**
     * Schema Changes
     */
    schema_changes: Array<RecentSchemaChange>;
    /**
     * Status
     */
    status: 'connected' | 'disconnected';
    /**
     * Subline
     */
    subline: string;
    /**
     * Total Tables
     */
    total_tables: number;
    /**
     * Version
     */
    version: string;
    /**
     * Volume
     */
    volume: Array<VolumeDay>;
};

/**
 * DatabaseFacts
 *
 * The database of runs and index.
 */
export type DatabaseFacts = {
    /**
     * Kind
     */
    kind: string;
    /**
     * Revision
     */
    revision: string;
    /**
     * Size Bytes
     */
    size_bytes: number | null;
};

/**
 * DayPoint
 *
 * Rows and commits of one UTC day (``YYYY-MM-DD``).
 */
export type DayPoint = {
    /**
     * Commits
     */
    commits: number;
    /**
     * Day
     */
    day: string;
    /**
     * Rows
     */
    rows: number;
};

/**
 * Difference
 *
 * How a column of the first schema stands in the second.
 */
export type Difference = 'added' | 'removed' | 'type' | 'nullable' | 'same';

/**
 * DiskFacts
 *
 * The disk that holds the home.
 */
export type DiskFacts = {
    /**
     * Free Bytes
     */
    free_bytes: number;
    /**
     * Total Bytes
     */
    total_bytes: number;
};

/**
 * Duty
 *
 * What one of several servers does at a time, for as long as its lease lasts.
 */
export type Duty = 'index' | 'run' | 'clean_up' | 'stand_by' | 'other';

/**
 * ErrorGroup
 *
 * Failed tables of a run with the same cause.
 */
export type ErrorGroup = {
    /**
     * Choices
     *
     * What a person can do about it; empty: the hint says
     */
    choices: Array<Choice>;
    /**
     * Code
     */
    code: string;
    /**
     * Hint
     */
    hint: string;
    /**
     * Message
     */
    message: string;
    /**
     * Tables
     */
    tables: Array<string>;
    /**
     * Title
     */
    title: string;
};

/**
 * ErrorInfo
 *
 * A code, one sentence and the next step.
 *
 * Attributes:
 * choices: actions of a run that put it right; a person chooses one.
 * subject: what the choice is about, e.g. a file.
 */
export type ErrorInfo = {
    /**
     * Choices
     */
    choices: Array<Choice>;
    /**
     * Code
     */
    code: string;
    /**
     * Hint
     */
    hint: string;
    /**
     * Message
     */
    message: string;
    /**
     * Subject
     */
    subject: string | null;
};

/**
 * FingerprintInterval
 *
 * One schema version of CDA: since when it is written, and what we read of it.
 */
export type FingerprintInterval = {
    /**
     * Fingerprint
     */
    fingerprint: string;
    /**
     * Is Current
     */
    is_current: boolean;
    /**
     * Since
     */
    since: string | null;
    /**
     * Watermark
     */
    watermark: string | null;
};

/**
 * Format
 *
 * How an export is written.
 */
export type Format = 'csv' | 'json';

/**
 * FreshnessBar
 *
 * Tables whose processing lag falls between two bounds (seconds; the last has no upper).
 */
export type FreshnessBar = {
    /**
     * Count
     */
    count: number;
    /**
     * Label
     */
    label: string;
    /**
     * Lower
     */
    lower: number;
    /**
     * Over Limit
     */
    over_limit: boolean;
    /**
     * Upper
     */
    upper: number | null;
};

/**
 * GuidewireConfig
 *
 * What to run; an empty config runs every table of the default connection.
 *
 * With `aws_access_key_id` and `aws_secret_access_key`, where the server takes them,
 * `aws_manifest_location` and `aws_s3_bucket` say source and target; without them these and
 * `aws_region` may only repeat what the connection has.
 */
export type GuidewireConfig = {
    /**
     * All but sync and verify need table_names that are no globs
     */
    action?: Action;
    /**
     * Aws Access Key Id
     */
    aws_access_key_id?: null;
    /**
     * Aws Manifest Location
     */
    aws_manifest_location?: string | null;
    /**
     * Aws Region
     */
    aws_region?: string | null;
    /**
     * Aws S3 Bucket
     */
    aws_s3_bucket?: string | null;
    /**
     * Aws Secret Access Key
     */
    aws_secret_access_key?: null;
    /**
     * Commit Per Folder
     */
    commit_per_folder?: boolean;
    /**
     * Confirm Replace
     *
     * With replace: older rows leave the current snapshot of a table
     */
    confirm_replace?: boolean;
    /**
     * Connection
     */
    connection?: string | null;
    /**
     * Exceptions
     *
     * Globs to exclude
     */
    exceptions?: Array<string> | null;
    /**
     * Files
     *
     * Of quarantine and release: fingerprint/folder/name; release: null means all
     */
    files?: Array<string> | null;
    /**
     * Largest Tables First Count
     */
    largest_tables_first_count?: number | null;
    /**
     * Parallel
     */
    parallel?: boolean;
    /**
     * Ray Dedup Logs
     *
     * '0': with Ray, equal lines of several workers are all kept
     */
    ray_dedup_logs?: string | null;
    /**
     * Schema Change
     *
     * What to do when columns change; null means what the connection says
     */
    schema_change?: 'merge' | 'fail' | 'per_fingerprint' | 'replace' | null;
    /**
     * Show Progress
     *
     * Accepted, without effect
     */
    show_progress?: boolean;
    /**
     * Since
     *
     * Of resync: the first folder timestamp, epoch ms
     */
    since?: number | null;
    /**
     * Table Names
     *
     * Globs to include; null means all
     */
    table_names?: Array<string> | null;
};

/**
 * Health
 *
 * Worst of run, lag and checks (product.md §2).
 */
export type Health = 'Healthy' | 'Late' | 'Failed' | 'Quiet' | 'Not loaded' | 'Orphan' | 'Unknown';

/**
 * HealthStatus
 *
 * GET /health: from cached checks, never blocking.
 *
 * `checked_at` is when the connection that was asked longest ago was asked; null before all were.
 */
export type HealthStatus = {
    /**
     * Checked At
     */
    checked_at: string | null;
    /**
     * Database
     */
    database: boolean;
    /**
     * Databricks Connection
     */
    databricks_connection: boolean | null;
    /**
     * S3 Access
     */
    s3_access: boolean | null;
    /**
     * Status
     */
    status: 'healthy' | 'degraded';
    /**
     * Uptime Seconds
     */
    uptime_seconds: number;
    /**
     * Version
     */
    version: string;
};

/**
 * HistoryPage
 *
 * Versions, newest first. `next_before` is the keyset cursor of the next page, or null.
 */
export type HistoryPage = {
    /**
     * History
     */
    history: Array<Transaction>;
    /**
     * Next Before
     */
    next_before: number | null;
    /**
     * Operations
     *
     * Versions of each operation, unfiltered
     */
    operations: Array<TableFacet>;
    /**
     * Total
     */
    total: number;
};

/**
 * Hold
 *
 * Why a table waits for a person, and what they can choose.
 */
export type Hold = {
    error: ErrorInfo;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Since
     */
    since: string | null;
};

/**
 * IndexFacts
 *
 * How old a connection's part of the index is, and how long a look at it takes.
 */
export type IndexFacts = {
    /**
     * Age Seconds
     */
    age_seconds: number | null;
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Connection
     */
    connection: string;
    /**
     * Failures
     */
    failures: number;
    looks: Latency | null;
};

/**
 * JobLogs
 *
 * GET /api/jobs/{run_id}/logs: text lines after `offset`, and the number of the last one.
 */
export type JobLogs = {
    /**
     * Last Line
     */
    last_line: number;
    /**
     * Logs
     */
    logs: string;
    /**
     * Offset
     */
    offset: number;
};

/**
 * JobProgress
 *
 * Tables that reached a final state; percent by tables, 100 when the run is final.
 */
export type JobProgress = {
    /**
     * Percent Complete
     */
    percent_complete: number;
    /**
     * Tables Processed
     */
    tables_processed: number;
    /**
     * Total Tables
     */
    total_tables: number;
};

/**
 * JobRun
 *
 * GET /api/jobs/{run_id}.
 */
export type JobRun = {
    /**
     * End Time
     */
    end_time: string | null;
    /**
     * Job Id
     */
    job_id: string;
    progress: JobProgress;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Start Time
     */
    start_time: string | null;
    /**
     * Status
     */
    status: string;
};

/**
 * LagBand
 *
 * Processing lag, in bands.
 */
export type LagBand = 'under_1m' | 'under_15m' | 'under_1h' | 'under_6h' | 'over_6h' | 'unknown';

/**
 * LagBar
 *
 * One of the tables that are most behind.
 */
export type LagBar = {
    /**
     * Connection
     */
    connection: string;
    health: Health;
    /**
     * Lag Seconds
     */
    lag_seconds: number;
    /**
     * Table
     */
    table: string;
};

/**
 * LagPoint
 *
 * Processing lag when a run looked.
 */
export type LagPoint = {
    /**
     * At
     */
    at: string;
    /**
     * Lag Seconds
     */
    lag_seconds: number;
    /**
     * Run Id
     */
    run_id: string;
};

/**
 * Latency
 *
 * Percentiles of the newest 1,000; `count` is since the start.
 */
export type Latency = {
    /**
     * Count
     */
    count: number;
    /**
     * Name
     */
    name: string;
    /**
     * P50 Ms
     */
    p50_ms: number;
    /**
     * P95 Ms
     */
    p95_ms: number;
    /**
     * P99 Ms
     */
    p99_ms: number;
    /**
     * Worst Ms
     */
    worst_ms: number;
};

/**
 * LeaseFacts
 *
 * A server process has a duty to itself until then; it renews that as long as it lives.
 */
export type LeaseFacts = {
    duty: Duty;
    /**
     * Host
     */
    host: string;
    /**
     * Is This
     *
     * The server that answers
     */
    is_this: boolean;
    /**
     * Name
     *
     * Which connection or run
     */
    name: string | null;
    /**
     * Pid
     */
    pid: number;
    /**
     * Until
     */
    until: string;
};

/**
 * Level
 *
 * How much an event matters to a reader of the log.
 */
export type Level = 'info' | 'warning' | 'error';

/**
 * Library
 *
 * A library and its version.
 */
export type Library = {
    /**
     * Name
     */
    name: string;
    /**
     * Version
     */
    version: string;
};

/**
 * ListedTable
 *
 * One row of the list of tables.
 */
export type ListedTable = {
    /**
     * App
     */
    app: string;
    /**
     * Connection
     */
    connection: string;
    error: ErrorInfo | null;
    /**
     * Error Since
     */
    error_since: string | null;
    /**
     * File Count
     */
    file_count: number | null;
    /**
     * Fingerprint
     */
    fingerprint: string | null;
    /**
     * Fingerprint Count
     */
    fingerprint_count: number;
    health: Health;
    /**
     * Health Reason
     */
    health_reason: string;
    /**
     * Is Typelist
     */
    is_typelist: boolean;
    /**
     * Lag Limit Seconds
     */
    lag_limit_seconds: number;
    /**
     * Last Run Id
     */
    last_run_id: string | null;
    /**
     * Last Run Status
     */
    last_run_status: string | null;
    /**
     * Last Updated
     */
    last_updated: string | null;
    /**
     * Manifest Time
     */
    manifest_time: string | null;
    /**
     * Matched Columns
     *
     * Columns that the words of the search found
     */
    matched_columns: Array<string>;
    /**
     * Name
     */
    name: string;
    /**
     * Path
     */
    path: string;
    /**
     * Processing Lag Seconds
     */
    processing_lag_seconds: number | null;
    /**
     * Quarantined Files
     *
     * Files that are left out until they are released
     */
    quarantined_files: number;
    /**
     * Row Count
     */
    row_count: number | null;
    /**
     * Rows By Day
     *
     * Rows committed per UTC day, 14 days, oldest first
     */
    rows_by_day: Array<number>;
    /**
     * Rows Today
     */
    rows_today: number | null;
    /**
     * Size Bytes
     */
    size_bytes: number | null;
    /**
     * Source Age Seconds
     */
    source_age_seconds: number | null;
    /**
     * Transaction Count
     */
    transaction_count: number | null;
    /**
     * Unknown Reason
     */
    unknown_reason: string | null;
    /**
     * Version
     */
    version: number | null;
    /**
     * Watermark
     */
    watermark: string | null;
};

/**
 * LogHits
 *
 * Numbers of the lines that match. `next_offset` is where to go on until it is `last_line`.
 */
export type LogHits = {
    /**
     * Is Final
     */
    is_final: boolean;
    /**
     * Last Line
     */
    last_line: number;
    /**
     * Lines
     */
    lines: Array<number>;
    /**
     * Next Offset
     */
    next_offset: number;
};

/**
 * LogLine
 *
 * One line of a run's log; `line` counts from 1.
 */
export type LogLine = {
    /**
     * At
     */
    at: string;
    /**
     * Attempt
     *
     * Null in lines of older versions
     */
    attempt: number | null;
    /**
     * Kind
     */
    kind: string;
    /**
     * Level
     */
    level: string;
    /**
     * Line
     */
    line: number;
    /**
     * Message
     */
    message: string;
    /**
     * Table
     */
    table: string | null;
};

/**
 * LogLines
 *
 * GET /api/system/log: the server's newest lines, oldest first; without secrets.
 */
export type LogLines = {
    /**
     * Lines
     */
    lines: Array<{
        [key: string]: unknown;
    }>;
};

/**
 * LogPage
 *
 * Lines after an offset. `next_offset` is the offset of the next page; poll with it.
 */
export type LogPage = {
    /**
     * Is Final
     */
    is_final: boolean;
    /**
     * Last Line
     */
    last_line: number;
    /**
     * Lines
     */
    lines: Array<LogLine>;
    /**
     * Next Offset
     */
    next_offset: number;
};

/**
 * LoginRequest
 *
 * POST /api/login.
 */
export type LoginRequest = {
    /**
     * Token
     */
    token: string;
};

/**
 * ManifestEntryInfo
 *
 * An entry of the manifest as it was read last, and what became of it.
 */
export type ManifestEntryInfo = {
    /**
     * App
     */
    app: string;
    /**
     * Data Files Path
     */
    data_files_path: string | null;
    /**
     * Health
     */
    health: string;
    /**
     * Is Loaded
     */
    is_loaded: boolean;
    /**
     * Manifest Ms
     */
    manifest_ms: number | null;
    /**
     * Manifest Time
     */
    manifest_time: string | null;
    problem: ErrorInfo | null;
    /**
     * Records
     */
    records: number | null;
    /**
     * Schema History
     */
    schema_history: Array<ManifestVersion>;
    /**
     * Table
     */
    table: string;
    /**
     * Watermark
     */
    watermark: string | null;
    /**
     * Watermark Ms
     */
    watermark_ms: number | null;
};

/**
 * ManifestPage
 *
 * GET /api/connections/{name}/manifest.
 */
export type ManifestPage = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Entries
     */
    entries: Array<ManifestEntryInfo>;
    error: ErrorInfo | null;
    /**
     * New Since Yesterday
     */
    new_since_yesterday: number;
    /**
     * Not Loaded
     */
    not_loaded: number;
    /**
     * Read At
     */
    read_at: string | null;
    /**
     * Total
     *
     * Entries that match
     */
    total: number;
    /**
     * Total Entries
     */
    total_entries: number;
};

/**
 * ManifestPanel
 *
 * What the manifest says of the table and what is still to do.
 *
 * Pending folders, files and bytes are counted in the background, as of `pending_as_of`; null
 * where they are not known, and `pending` says why.
 */
export type ManifestPanel = {
    /**
     * Data Files Path
     */
    data_files_path: string | null;
    /**
     * Manifest Time
     */
    manifest_time: string | null;
    /**
     * Manifest Time Ms
     */
    manifest_time_ms: string | null;
    /**
     * Newest Change
     *
     * When the newest change in the table was made in the source's database
     */
    newest_change: string | null;
    /**
     * Pending
     *
     * A sentence, e.g. 'caught up' or why it is unknown
     */
    pending: string | null;
    /**
     * Pending As Of
     */
    pending_as_of: string | null;
    /**
     * Pending Bytes
     */
    pending_bytes: number | null;
    /**
     * Pending Files
     */
    pending_files: number | null;
    /**
     * Pending Folders
     */
    pending_folders: number | null;
    /**
     * Source Folder
     *
     * The table's folder, relative to the source; null where it is not in there
     */
    source_folder: string | null;
    /**
     * Total Processed Records
     */
    total_processed_records: number | null;
    /**
     * Watermark
     */
    watermark: string | null;
    /**
     * Watermark Ms
     */
    watermark_ms: string | null;
};

/**
 * ManifestVersion
 *
 * One fingerprint of a table and when it began.
 */
export type ManifestVersion = {
    /**
     * Fingerprint
     */
    fingerprint: string;
    /**
     * Since
     */
    since: string | null;
    /**
     * Since Ms
     */
    since_ms: number;
};

/**
 * Matrix
 *
 * GET /api/tables/_matrix: a page of tables, and runs from old to new.
 */
export type Matrix = {
    /**
     * Older
     *
     * `before_run` of the runs before these; null at the end
     */
    older: string | null;
    /**
     * Runs
     */
    runs: Array<MatrixRun>;
    /**
     * Tables
     */
    tables: Array<MatrixRow>;
    /**
     * Total
     */
    total: number;
};

/**
 * MatrixCell
 *
 * How the table stands or ended in the run.
 */
export type MatrixCell = {
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    /**
     * Error Code
     */
    error_code: string | null;
    /**
     * Rows
     */
    rows: number;
    /**
     * Status
     */
    status: string;
};

/**
 * MatrixRow
 *
 * A table; `cells` has one place a run, null where the run did not have the table.
 */
export type MatrixRow = {
    /**
     * Cells
     */
    cells: Array<MatrixCell | null>;
    /**
     * Connection
     */
    connection: string;
    health: Health;
    /**
     * Name
     */
    name: string;
};

/**
 * MatrixRun
 *
 * A column of the matrix.
 */
export type MatrixRun = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Status
     */
    status: string;
};

/**
 * Me
 *
 * GET /api/me: who asks.
 *
 * `has_login` is false where everybody on this machine is let in; `can_log_out` is true for who
 * logged in here, not for whom a proxy vouches.
 */
export type Me = {
    /**
     * Can Log Out
     */
    can_log_out: boolean;
    /**
     * Has Login
     */
    has_login: boolean;
    /**
     * Name
     */
    name: string;
    role: Role;
};

/**
 * Message
 *
 * A plain answer.
 */
export type Message = {
    /**
     * Message
     */
    message: string;
};

/**
 * NamedTables
 *
 * Names of the tables of one connection; `orphans` are those no run can bring.
 */
export type NamedTables = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Names
     */
    names: Array<string>;
    /**
     * Orphans
     */
    orphans: Array<string>;
};

/**
 * NewConnection
 *
 * POST /api/connections.
 */
export type NewConnection = {
    /**
     * Name
     */
    name: string;
    values: ConnectionValues;
};

/**
 * NewToken
 *
 * A token that was just made; nobody can ask for it again.
 */
export type NewToken = {
    /**
     * Name
     */
    name: string;
    role: Role;
    /**
     * Token
     */
    token: string;
};

/**
 * ObjectEntry
 *
 * An object of a store.
 */
export type ObjectEntry = {
    /**
     * Last Modified
     */
    last_modified: string;
    /**
     * Name
     */
    name: string;
    /**
     * Path
     */
    path: string;
    /**
     * Size
     */
    size: number;
};

/**
 * ObjectPage
 *
 * GET /api/connections/{name}/objects: one folder of a source or a target.
 */
export type ObjectPage = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Download Limit
     */
    download_limit: number;
    /**
     * Folders
     */
    folders: Array<string>;
    /**
     * Location
     */
    location: string;
    /**
     * Next After
     *
     * `after` of the next page, or null
     */
    next_after: string | null;
    /**
     * Objects
     */
    objects: Array<ObjectEntry>;
    /**
     * Oddities
     *
     * What is there and can be neither read nor shown
     */
    oddities: Array<string>;
    /**
     * Path
     */
    path: string;
    /**
     * Side
     */
    side: 'source' | 'target';
};

/**
 * PauseInfo
 *
 * Who paused the runs of a connection, and when.
 */
export type PauseInfo = {
    /**
     * At
     */
    at: string;
    /**
     * By
     */
    by: string;
};

/**
 * PausedRuns
 *
 * A pause, and whose runs it keeps from beginning; the connection may be gone by now.
 */
export type PausedRuns = {
    /**
     * At
     */
    at: string;
    /**
     * By
     */
    by: string;
    /**
     * Connection
     */
    connection: string;
};

/**
 * PendingWork
 *
 * What the chosen tables still have to bring, as last counted beside the requests.
 */
export type PendingWork = {
    /**
     * Bytes
     */
    bytes: number;
    /**
     * Folders
     */
    folders: number;
    /**
     * Tables
     */
    tables: number;
    /**
     * Waiting
     *
     * Those of them that wait for a person's choice
     */
    waiting: number;
};

/**
 * PlanRequest
 *
 * POST /api/tables/{name}/plan: what would be done; see `GuidewireConfig` for the fields.
 *
 * Of each list of files the first `limit` are named.
 */
export type PlanRequest = {
    action: Action;
    /**
     * Files
     */
    files?: Array<string> | null;
    /**
     * Limit
     */
    limit?: number;
    /**
     * Since
     */
    since?: number | null;
};

/**
 * PlannedTable
 *
 * What a run would do to one table; nothing was written.
 *
 * `reads` are keys of files of the export, `takes_out` paths of files of the table.
 */
export type PlannedTable = {
    action: Action;
    /**
     * Bytes
     */
    bytes: number;
    checks: Checks | null;
    /**
     * Commits
     */
    commits: number;
    /**
     * Connection
     */
    connection: string;
    /**
     * Does
     *
     * What it comes to, in sentences; none for a sync
     */
    does: Array<string>;
    /**
     * Why it cannot be done, or what verify found
     */
    error: ErrorInfo | null;
    /**
     * Files
     */
    files: number;
    /**
     * First Folder
     */
    first_folder: string | null;
    /**
     * Folders
     */
    folders: number;
    /**
     * Last Folder
     */
    last_folder: string | null;
    /**
     * Reads
     */
    reads: Array<string>;
    /**
     * Removed Files
     */
    removed_files: number;
    /**
     * Removed Rows
     *
     * Null where the log does not say
     */
    removed_rows: number | null;
    /**
     * Table
     */
    table: string;
    /**
     * Takes Out
     */
    takes_out: Array<string>;
    /**
     * Warnings
     */
    warnings: Array<WarningInfo>;
};

/**
 * Preflight
 *
 * POST /api/guidewire/jobs/preflight: whether a run would work. Nothing is started.
 */
export type Preflight = {
    /**
     * Can Start
     */
    can_start: boolean;
    /**
     * Connection
     */
    connection: string;
    /**
     * Pause
     *
     * Why it would wait until somebody resumes the runs
     */
    pause: string | null;
    /**
     * Null unless every table has been counted
     */
    pending: PendingWork | null;
    /**
     * Steps
     */
    steps: Array<PreflightStep>;
    /**
     * Tables Chosen
     *
     * Null where the manifest could not be read
     */
    tables_chosen: number | null;
    /**
     * Tables Total
     */
    tables_total: number | null;
    usual: Usual | null;
    /**
     * Waits For
     */
    waits_for: Array<WaitsFor>;
};

/**
 * PreflightStep
 *
 * One thing that was tried before a run; see `services.checks`.
 */
export type PreflightStep = {
    /**
     * Code
     */
    code: string | null;
    /**
     * Hint
     */
    hint: string | null;
    /**
     * Name
     */
    name: string;
    /**
     * Seconds
     */
    seconds: number;
    /**
     * Sentence
     */
    sentence: string;
    /**
     * State
     */
    state: string;
    /**
     * Title
     */
    title: string;
};

/**
 * ProblemDetails
 *
 * RFC 9457 problem details, as ``application/problem+json``.
 */
export type ProblemDetails = {
    /**
     * Code
     */
    code: string;
    /**
     * Detail
     */
    detail: string;
    /**
     * Hint
     */
    hint: string;
    /**
     * Request Id
     */
    request_id: string;
    /**
     * Status
     */
    status: number;
    /**
     * Title
     */
    title: string;
    /**
     * Type
     */
    type: string;
};

/**
 * ProcessFacts
 *
 * This process; runs are processes of their own.
 */
export type ProcessFacts = {
    /**
     * Cpu Seconds
     */
    cpu_seconds: number;
    /**
     * Memory Bytes
     */
    memory_bytes: number;
    /**
     * Streams
     */
    streams: number;
    /**
     * Threads
     */
    threads: number;
};

/**
 * ProcessingJobStatus
 *
 * GET /api/guidewire/jobs/{job_id}: the run with every table.
 */
export type ProcessingJobStatus = {
    action: Action;
    /**
     * Attempt
     */
    attempt: number;
    /**
     * Bytes Done
     */
    bytes_done: number;
    /**
     * Bytes Percent
     */
    bytes_percent: number | null;
    /**
     * Bytes Total
     */
    bytes_total: number;
    /**
     * Can Cancel
     */
    can_cancel: boolean;
    /**
     * Can Retry
     */
    can_retry: boolean;
    /**
     * Null unless Ray was begun for the run
     */
    cluster: ClusterInfo | null;
    /**
     * Commits
     */
    commits: number;
    config: RunConfig;
    /**
     * Connection
     */
    connection: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    /**
     * End Time
     */
    end_time: string | null;
    error: ErrorInfo | null;
    /**
     * Error Groups
     */
    error_groups: Array<ErrorGroup>;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Heartbeat At
     */
    heartbeat_at: string | null;
    /**
     * Job Id
     */
    job_id: string;
    /**
     * Last Line
     */
    last_line: number;
    /**
     * Manifest Sha256
     *
     * Of the manifest that the newest attempt was made from; null while there is none to be had
     */
    manifest_sha256: string | null;
    /**
     * Process Alive
     */
    process_alive: boolean | null;
    /**
     * Progress Percent
     */
    progress_percent: number;
    /**
     * Requested By
     */
    requested_by: string;
    /**
     * Results
     */
    results: Array<ProcessingResult>;
    /**
     * Rows
     */
    rows: number;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Selection
     *
     * In words: 'all tables', 'cc_* except cc_note'
     */
    selection: string;
    /**
     * Start Time
     */
    start_time: string | null;
    /**
     * Status
     */
    status: string;
    /**
     * Tables Failed
     */
    tables_failed: number;
    /**
     * Tables No Change
     */
    tables_no_change: number;
    /**
     * Tables Ok
     */
    tables_ok: number;
    /**
     * Tables Pending
     */
    tables_pending: number;
    /**
     * Tables Processed
     */
    tables_processed: number;
    /**
     * Tables Running
     */
    tables_running: number;
    /**
     * Total Tables
     */
    total_tables: number;
    /**
     * Trigger
     */
    trigger: string;
    /**
     * Null for a run that has ended, or without history
     */
    usual: Usual | null;
    /**
     * Waiting Reason
     *
     * Why a pending run does not start yet
     */
    waiting_reason: string | null;
    /**
     * Warnings
     */
    warnings: Array<WarningInfo>;
};

/**
 * ProcessingJobSummary
 *
 * A run in the list.
 */
export type ProcessingJobSummary = {
    action: Action;
    /**
     * Attempt
     */
    attempt: number;
    /**
     * Bytes Done
     */
    bytes_done: number;
    /**
     * Bytes Percent
     */
    bytes_percent: number | null;
    /**
     * Bytes Total
     */
    bytes_total: number;
    /**
     * Commits
     */
    commits: number;
    /**
     * Connection
     */
    connection: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    /**
     * End Time
     */
    end_time: string | null;
    error: ErrorInfo | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Job Id
     */
    job_id: string;
    /**
     * Progress Percent
     */
    progress_percent: number;
    /**
     * Requested By
     */
    requested_by: string;
    /**
     * Rows
     */
    rows: number;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Selection
     *
     * In words: 'all tables', 'cc_* except cc_note'
     */
    selection: string;
    /**
     * Start Time
     */
    start_time: string | null;
    /**
     * Status
     */
    status: string;
    /**
     * Tables Failed
     */
    tables_failed: number;
    /**
     * Tables No Change
     */
    tables_no_change: number;
    /**
     * Tables Ok
     */
    tables_ok: number;
    /**
     * Tables Pending
     */
    tables_pending: number;
    /**
     * Tables Processed
     */
    tables_processed: number;
    /**
     * Tables Running
     */
    tables_running: number;
    /**
     * Total Tables
     */
    total_tables: number;
    /**
     * Trigger
     */
    trigger: string;
    /**
     * Waiting Reason
     *
     * Why a pending run does not start yet
     */
    waiting_reason: string | null;
};

/**
 * ProcessingResult
 *
 * How one table stands or ended in the run. Watermarks are epoch milliseconds.
 */
export type ProcessingResult = {
    /**
     * Attempt
     */
    attempt: number;
    /**
     * Bytes
     */
    bytes: number;
    /**
     * Bytes Done
     */
    bytes_done: number;
    /**
     * Commits
     */
    commits: number;
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    error: ErrorInfo | null;
    /**
     * Errors
     */
    errors: Array<string> | null;
    /**
     * Files
     */
    files: number;
    /**
     * Files Done
     */
    files_done: number;
    /**
     * Folders
     */
    folders: number;
    /**
     * Manifest Records
     */
    manifest_records: number | null;
    /**
     * Process Finish Time
     */
    process_finish_time: string | null;
    /**
     * Process Finish Watermark
     */
    process_finish_watermark: number | null;
    /**
     * Process Start Time
     */
    process_start_time: string | null;
    /**
     * Process Start Watermark
     */
    process_start_watermark: number | null;
    /**
     * Rows
     */
    rows: number;
    /**
     * Status
     */
    status: string;
    /**
     * Table
     */
    table: string;
    /**
     * Version
     */
    version: number | null;
    /**
     * Warning Details
     */
    warning_details: Array<WarningInfo>;
    /**
     * Warnings
     */
    warnings: Array<string> | null;
};

/**
 * QuarantinedFile
 *
 * A file of the export that is left out, as ``fingerprint/folder/name``.
 */
export type QuarantinedFile = {
    /**
     * Key
     */
    key: string;
    /**
     * Reason
     */
    reason: string;
};

/**
 * RaySettings
 *
 * How runs of the connection use Ray.
 *
 * `origin` is where `runner` and `address` are set, `dedup_logs_origin` the same for `dedup_logs`.
 */
export type RaySettings = {
    /**
     * Address
     */
    address: string | null;
    /**
     * Dedup Logs
     */
    dedup_logs: boolean;
    /**
     * Dedup Logs Origin
     */
    dedup_logs_origin: string;
    /**
     * Is Installed
     */
    is_installed: boolean;
    /**
     * Origin
     */
    origin: string;
    /**
     * Runner
     */
    runner: string;
};

/**
 * RecentSchemaChange
 *
 * A schema change of the last seven days.
 */
export type RecentSchemaChange = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Summary
     */
    summary: string;
    /**
     * Table
     */
    table: string;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * Version
     */
    version: number;
};

/**
 * RetentionFacts
 *
 * Which runs are forgotten; 0 means none. `due` would be now.
 */
export type RetentionFacts = {
    /**
     * Days
     */
    days: number;
    /**
     * Due
     */
    due: number;
    /**
     * Runs
     */
    runs: number;
};

/**
 * RetryOffer
 *
 * Failed tables of a connection that one button tries again.
 *
 * `run_id` names the run whose next attempt does so; null when they failed in several runs, or
 * that run failed others that are well by now: then a new run of exactly these tables does.
 */
export type RetryOffer = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Tables
     */
    tables: Array<string>;
};

/**
 * Role
 *
 * What somebody may do; each role may do what the ones before it may.
 */
export type Role = 'viewer' | 'operator' | 'admin';

/**
 * RowBand
 *
 * Rows, in bands.
 */
export type RowBand = 'none' | 'under_10k' | 'under_1m' | 'under_100m' | 'over_100m' | 'unknown';

/**
 * RunBar
 *
 * One run in the strip of the last 30, oldest first.
 */
export type RunBar = {
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Started At
     */
    started_at: string | null;
    /**
     * Status
     */
    status: string;
    /**
     * Tables Failed
     */
    tables_failed: number;
};

/**
 * RunComparison
 *
 * GET /api/runs/{run_id}/compare: the run beside the one before of the same selection.
 */
export type RunComparison = {
    /**
     * Null when there is none
     */
    before: ProcessingJobSummary | null;
    /**
     * Config
     */
    config: Array<ChangedSetting>;
    /**
     * Faster
     */
    faster: Array<ComparedTable>;
    /**
     * Mended
     */
    mended: Array<ComparedTable>;
    /**
     * New Failures
     */
    new_failures: Array<ComparedTable>;
    now: ProcessingJobSummary;
    /**
     * Only Before
     */
    only_before: Array<string>;
    /**
     * Only Now
     */
    only_now: Array<string>;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Slower
     *
     * The most first
     */
    slower: Array<ComparedTable>;
};

/**
 * RunConfig
 *
 * What a run was asked to do, and with which limits of its connection.
 */
export type RunConfig = {
    action: Action;
    /**
     * Aws Access Key Id
     *
     * Last four characters of the key that came with the request; null without one
     */
    aws_access_key_id: string | null;
    /**
     * Commit Per Folder
     */
    commit_per_folder: boolean;
    /**
     * Connection
     */
    connection: string;
    /**
     * Credential
     *
     * Whose credentials the run uses, in words
     */
    credential: string;
    /**
     * Current
     *
     * Current tables are brought up to the raw ones too
     */
    current: boolean;
    /**
     * Exceptions
     */
    exceptions: Array<string> | null;
    /**
     * Files
     */
    files: Array<string>;
    /**
     * Largest Tables First Count
     */
    largest_tables_first_count: number | null;
    /**
     * Layout
     */
    layout: string;
    /**
     * Lookback Seconds
     */
    lookback_seconds: number;
    /**
     * Parallel
     */
    parallel: boolean;
    /**
     * Ray Address
     *
     * Null for a Ray of the run's own
     */
    ray_address: string | null;
    /**
     * Rebase
     */
    rebase: string | null;
    /**
     * Runner
     *
     * Where tables are worked at: threads or ray
     */
    runner: string;
    /**
     * Schema Change
     */
    schema_change: string;
    /**
     * Settle Seconds
     */
    settle_seconds: number;
    /**
     * Since
     */
    since: number | null;
    /**
     * Source
     */
    source: string;
    /**
     * Table Names
     */
    table_names: Array<string> | null;
    /**
     * Target
     */
    target: string;
    /**
     * Workers
     */
    workers: number;
};

/**
 * RunFacets
 *
 * GET /api/runs/facets: what runs can be filtered by, and how many have each.
 */
export type RunFacets = {
    /**
     * Actions
     */
    actions: {
        [key: string]: number;
    };
    /**
     * Connections
     */
    connections: {
        [key: string]: number;
    };
    /**
     * Requested By
     */
    requested_by: {
        [key: string]: number;
    };
    /**
     * States
     */
    states: {
        [key: string]: number;
    };
    /**
     * Triggers
     */
    triggers: {
        [key: string]: number;
    };
};

/**
 * RunFacts
 *
 * Runs by state, and of the newest 100 how many ended well; null without any.
 */
export type RunFacts = {
    /**
     * By State
     */
    by_state: {
        [key: string]: number;
    };
    duration: Latency | null;
    /**
     * Success Rate
     */
    success_rate: number | null;
    table_duration: Latency | null;
};

/**
 * RunJobRequest
 *
 * POST /api/jobs/run. `parameters` has the fields of GuidewireConfig.
 */
export type RunJobRequest = {
    /**
     * Parameters
     */
    parameters?: {
        [key: string]: unknown;
    };
};

/**
 * RunJobResponse
 *
 * `job_id` is the connection, `run_id` the run.
 */
export type RunJobResponse = {
    /**
     * Job Id
     */
    job_id: string;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Status
     */
    status: string;
};

/**
 * RunState
 *
 * State of a run (product.md §2).
 */
export type RunState = 'pending' | 'running' | 'cancelling' | 'completed' | 'completed_with_errors' | 'failed' | 'cancelled' | 'unknown';

/**
 * Sample
 *
 * Rows of one version, read live; `error` says why there are none.
 */
export type Sample = {
    /**
     * Columns
     */
    columns: Array<string>;
    error: ErrorInfo | null;
    /**
     * Masked Columns
     */
    masked_columns: Array<string>;
    /**
     * Rows
     */
    rows: Array<{
        [key: string]: unknown;
    }>;
    /**
     * Version
     *
     * Of the Delta table that was read
     */
    version: number | null;
    /**
     * View
     *
     * raw, current or history
     */
    view: string;
};

/**
 * SchemaChange
 *
 * What one version changed in the schema; order alone is no change.
 */
export type SchemaChange = {
    /**
     * Added
     */
    added: Array<string>;
    /**
     * Changed
     *
     * 'name: old type -> new type'
     */
    changed: Array<string>;
    /**
     * Removed
     */
    removed: Array<string>;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * Version
     */
    version: number;
};

/**
 * SchemaVersion
 *
 * A version that brought a schema of its own; `fingerprint` is the one read last then.
 */
export type SchemaVersion = {
    /**
     * Added
     */
    added: Array<string>;
    /**
     * Changed
     *
     * 'name: old type -> new type'
     */
    changed: Array<string>;
    /**
     * Column Count
     */
    column_count: number;
    /**
     * Fingerprint
     */
    fingerprint: string | null;
    /**
     * Removed
     */
    removed: Array<string>;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * Version
     */
    version: number;
    /**
     * Watermark
     */
    watermark: string | null;
};

/**
 * SchemaVersions
 *
 * Versions that brought a schema, newest first; `as_of` is when the log was last read.
 */
export type SchemaVersions = {
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Versions
     */
    versions: Array<SchemaVersion>;
};

/**
 * SettingValue
 *
 * One setting, its value as text, and where it comes from.
 */
export type SettingValue = {
    /**
     * Group
     */
    group: string;
    /**
     * Name
     */
    name: string;
    /**
     * Origin
     */
    origin: string;
    /**
     * Value
     */
    value: string;
};

/**
 * SizeBand
 *
 * Bytes of the active files, in bands.
 */
export type SizeBand = 'under_1mb' | 'under_100mb' | 'under_10gb' | 'over_10gb' | 'unknown';

/**
 * SlowTable
 *
 * A table with the time its runs took, where they had something to do.
 */
export type SlowTable = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Last Run Id
     */
    last_run_id: string;
    /**
     * Longest Seconds
     */
    longest_seconds: number;
    /**
     * Mean Seconds
     */
    mean_seconds: number;
    /**
     * Runs
     */
    runs: number;
    /**
     * Table
     */
    table: string;
};

/**
 * Snippet
 *
 * How an engine reads the table.
 */
export type Snippet = {
    /**
     * Engine
     */
    engine: string;
    /**
     * Text
     */
    text: string;
};

/**
 * SortKey
 *
 * Order of the list of tables; what is unknown always comes last.
 */
export type SortKey = 'name' | '-name' | 'lag' | '-lag' | 'source_age' | '-source_age' | 'rows' | '-rows' | 'rows_today' | '-rows_today' | 'size' | '-size' | 'files' | '-files' | 'versions' | '-versions' | 'health' | '-health' | 'app' | '-app' | 'last_updated' | '-last_updated' | 'match';

/**
 * StartJobRequest
 *
 * POST /api/guidewire/jobs/start. `request_id` makes a repeated start the same run.
 */
export type StartJobRequest = {
    config?: GuidewireConfig;
    /**
     * Request Id
     */
    request_id?: string | null;
};

/**
 * StartJobResponse
 *
 * The run that was started.
 */
export type StartJobResponse = {
    /**
     * Is New
     *
     * false for a retry, and where its `request_id` had started it before
     */
    is_new: boolean;
    /**
     * Job Id
     */
    job_id: string;
    /**
     * Message
     */
    message: string;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Status
     */
    status: string;
};

/**
 * StartedRun
 *
 * A run with exactly the tables that were asked for of one connection.
 */
export type StartedRun = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Status
     */
    status: string;
    /**
     * Tables
     */
    tables: number;
};

/**
 * SystemStatus
 *
 * GET /api/system.
 */
export type SystemStatus = {
    database: DatabaseFacts;
    /**
     * null while the home cannot be reached
     */
    disk: DiskFacts | null;
    /**
     * Indexes
     */
    indexes: Array<IndexFacts>;
    /**
     * Leases
     */
    leases: Array<LeaseFacts>;
    /**
     * Libraries
     */
    libraries: Array<Library>;
    /**
     * Platform
     */
    platform: string;
    process: ProcessFacts;
    /**
     * Python
     */
    python: string;
    /**
     * Queries
     */
    queries: Array<Latency>;
    /**
     * Requests
     */
    requests: Array<Latency>;
    retention: RetentionFacts;
    runs: RunFacts;
    /**
     * Started At
     */
    started_at: string;
    /**
     * Store Calls
     */
    store_calls: Array<Latency>;
    /**
     * Threads
     */
    threads: Array<ThreadFacts>;
    /**
     * Uptime Seconds
     */
    uptime_seconds: number;
    /**
     * Version
     */
    version: string;
};

/**
 * TableDetail
 *
 * One table with everything its page shows first.
 *
 * `history` holds the newest 100 versions, `sample_data` up to 10 rows read live within 2 s.
 */
export type TableDetail = {
    /**
     * App
     */
    app: string;
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Connection
     */
    connection: string;
    error: ErrorInfo | null;
    /**
     * Error Since
     */
    error_since: string | null;
    /**
     * File Count
     */
    file_count: number | null;
    /**
     * Fingerprint
     */
    fingerprint: string | null;
    /**
     * Fingerprint Count
     */
    fingerprint_count: number;
    /**
     * Fingerprints
     */
    fingerprints: Array<FingerprintInterval>;
    health: Health;
    /**
     * Health Reason
     */
    health_reason: string;
    /**
     * History
     */
    history: Array<Transaction>;
    /**
     * History Total
     */
    history_total: number;
    /**
     * Null while the table needs nobody's choice
     */
    hold: Hold | null;
    /**
     * Is Typelist
     */
    is_typelist: boolean;
    /**
     * Lag
     */
    lag: Array<LagPoint>;
    /**
     * Lag Limit Seconds
     */
    lag_limit_seconds: number;
    /**
     * Last Run Id
     */
    last_run_id: string | null;
    /**
     * Last Run Status
     */
    last_run_status: string | null;
    /**
     * Last Updated
     */
    last_updated: string | null;
    /**
     * Layout
     */
    layout: string | null;
    manifest: ManifestPanel;
    /**
     * Manifest Time
     */
    manifest_time: string | null;
    /**
     * Masked Columns
     */
    masked_columns: Array<string>;
    /**
     * Name
     */
    name: string;
    /**
     * Path
     */
    path: string;
    /**
     * Processing Lag Seconds
     */
    processing_lag_seconds: number | null;
    /**
     * Quarantine
     */
    quarantine: Array<QuarantinedFile>;
    /**
     * Quarantined Files
     *
     * Files that are left out until they are released
     */
    quarantined_files: number;
    /**
     * Row Count
     */
    row_count: number | null;
    /**
     * Rows By Day
     *
     * Rows committed per UTC day, 14 days, oldest first
     */
    rows_by_day: Array<number>;
    /**
     * Rows Today
     */
    rows_today: number | null;
    /**
     * Runs
     */
    runs: Array<TableRun>;
    /**
     * Sample Data
     */
    sample_data: Array<{
        [key: string]: unknown;
    }>;
    sample_error: ErrorInfo | null;
    /**
     * Schema
     */
    schema: Array<ColumnSchema>;
    /**
     * Schema As Of
     *
     * When the log was last read
     */
    schema_as_of: string | null;
    /**
     * Schema Changes
     */
    schema_changes: Array<SchemaChange>;
    /**
     * Size Bytes
     */
    size_bytes: number | null;
    /**
     * Snippet
     */
    snippet: string;
    /**
     * Snippets
     */
    snippets: Array<Snippet>;
    /**
     * Source Age Seconds
     */
    source_age_seconds: number | null;
    /**
     * Transaction Count
     */
    transaction_count: number | null;
    /**
     * Unknown Reason
     */
    unknown_reason: string | null;
    /**
     * Null before the first
     */
    verification: Verification | null;
    /**
     * Version
     */
    version: number | null;
    /**
     * Volume
     */
    volume: Array<DayPoint>;
    /**
     * Warnings
     */
    warnings: Array<WarningInfo>;
    /**
     * Watermark
     */
    watermark: string | null;
};

/**
 * TableEvent
 *
 * Something that happened: ``schema``, ``optimize``, ``vacuum``, ``restore`` or ``failed``.
 */
export type TableEvent = {
    /**
     * At
     */
    at: string;
    /**
     * Kind
     */
    kind: string;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Text
     */
    text: string;
    /**
     * Version
     */
    version: number | null;
};

/**
 * TableFacet
 *
 * How many tables a filter value has, over the other filters.
 */
export type TableFacet = {
    /**
     * Count
     */
    count: number;
    /**
     * Value
     */
    value: string;
};

/**
 * TableKey
 *
 * A table of a connection.
 */
export type TableKey = {
    /**
     * Connection
     */
    connection: string;
    /**
     * Name
     */
    name: string;
};

/**
 * TableList
 *
 * A page of tables; `total` is the number of rows after the filter.
 */
export type TableList = {
    /**
     * Apps
     */
    apps: Array<TableFacet>;
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Changes
     */
    changes: Array<TableFacet>;
    /**
     * Connections
     */
    connections: Array<TableFacet>;
    /**
     * Why the listing is old or partial, else null
     */
    error: ErrorInfo | null;
    /**
     * Health
     */
    health: Array<TableFacet>;
    /**
     * Is Similar
     *
     * Nothing matches as it is written; these come near
     */
    is_similar: boolean;
    /**
     * Lags
     */
    lags: Array<TableFacet>;
    /**
     * Next Cursor
     *
     * `cursor` of the next page; null on the last
     */
    next_cursor: string | null;
    /**
     * Row Counts
     */
    row_counts: Array<TableFacet>;
    /**
     * Sizes
     */
    sizes: Array<TableFacet>;
    /**
     * Tables
     */
    tables: Array<ListedTable>;
    /**
     * Total
     */
    total: number;
    /**
     * Total Bytes
     */
    total_bytes: number;
    /**
     * Total Rows
     */
    total_rows: number | null;
    /**
     * Total Tables
     */
    total_tables: number;
};

/**
 * TableNulls
 *
 * Nulls of one version, from the statistics of its files; `error` says why there are none.
 */
export type TableNulls = {
    /**
     * Columns
     */
    columns: Array<ColumnNulls>;
    error: ErrorInfo | null;
    /**
     * Rows
     */
    rows: number | null;
    /**
     * Version
     */
    version: number | null;
};

/**
 * TableRun
 *
 * How this table ended in one run.
 */
export type TableRun = {
    action: Action;
    /**
     * Attempt
     */
    attempt: number;
    /**
     * Duration Seconds
     */
    duration_seconds: number | null;
    error: ErrorInfo | null;
    /**
     * Files
     */
    files: number;
    /**
     * Finished At
     */
    finished_at: string | null;
    /**
     * Folders
     */
    folders: number;
    /**
     * Rows
     */
    rows: number;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Started At
     */
    started_at: string | null;
    /**
     * Status
     */
    status: string;
    /**
     * Version
     */
    version: number | null;
};

/**
 * TableRunsAnswer
 *
 * One run a connection, and one item a table.
 */
export type TableRunsAnswer = {
    /**
     * Items
     */
    items: Array<TableRunsItem>;
    /**
     * Runs
     */
    runs: Array<StartedRun>;
};

/**
 * TableRunsItem
 *
 * What became of one table: the run that brings it, or why there is none.
 */
export type TableRunsItem = {
    /**
     * Connection
     */
    connection: string;
    error: ErrorInfo | null;
    /**
     * Name
     */
    name: string;
    /**
     * Run Id
     */
    run_id: string | null;
};

/**
 * TableRunsRequest
 *
 * POST /api/tables/_run: either `tables`, or those that match but for `without`.
 *
 * `retry` takes only tables whose last run did not end well. `request_id` makes a repeated request
 * the same runs.
 */
export type TableRunsRequest = {
    /**
     * Action
     */
    action?: 'run' | 'retry';
    matching?: TablesMatching | null;
    /**
     * Request Id
     */
    request_id?: string | null;
    /**
     * Tables
     */
    tables?: Array<TableKey> | null;
    /**
     * Without
     */
    without?: Array<TableKey>;
};

/**
 * TableSchema
 *
 * The schema in force at `version`, from the metadata of `since_version`.
 */
export type TableSchema = {
    /**
     * As Of
     */
    as_of: string | null;
    /**
     * Columns
     */
    columns: Array<ColumnSchema>;
    /**
     * Since
     */
    since: string;
    /**
     * Since Version
     */
    since_version: number;
    /**
     * Version
     */
    version: number;
};

/**
 * TableState
 *
 * State of one table in a run (product.md §2).
 */
export type TableState = 'pending' | 'running' | 'ok' | 'no_change' | 'partial' | 'failed' | 'paused' | 'skipped' | 'cancelled';

/**
 * TableTimeline
 *
 * One table over the last `days` days; lag since `since`, of up to 500 runs.
 */
export type TableTimeline = {
    /**
     * By Day
     */
    by_day: Array<TimelineDay>;
    /**
     * Days
     */
    days: number;
    /**
     * Events
     */
    events: Array<TableEvent>;
    /**
     * Lag
     */
    lag: Array<LagPoint>;
    /**
     * Now
     */
    now: string;
    /**
     * Since
     */
    since: string;
};

/**
 * TablesMatching
 *
 * The filters of `GET /api/tables`.
 */
export type TablesMatching = {
    /**
     * App
     */
    app?: Array<string>;
    /**
     * Changed
     */
    changed?: Array<ChangedBand>;
    /**
     * Changed Since
     */
    changed_since?: string | null;
    /**
     * Column
     */
    column?: Array<string>;
    /**
     * Connection
     */
    connection?: Array<string>;
    /**
     * Health
     */
    health?: Array<Health>;
    /**
     * Lag
     */
    lag?: Array<LagBand>;
    /**
     * Rows
     */
    rows?: Array<RowBand>;
    /**
     * Search
     */
    search?: string;
    /**
     * Size
     */
    size?: Array<SizeBand>;
};

/**
 * TestConsent
 *
 * POST /api/connections/{name}/test.
 */
export type TestConsent = {
    /**
     * Consent
     *
     * A probe object may be written, and removed again
     */
    consent?: boolean;
};

/**
 * ThreadFacts
 *
 * A background thread.
 */
export type ThreadFacts = {
    /**
     * Is Working
     */
    is_working: boolean;
    /**
     * Name
     */
    name: string;
};

/**
 * TimelineDay
 *
 * A day with the commits that changed no data, e.g. OPTIMIZE.
 */
export type TimelineDay = {
    /**
     * Commits
     */
    commits: number;
    /**
     * Day
     */
    day: string;
    /**
     * Other Commits
     */
    other_commits: number;
    /**
     * Rows
     */
    rows: number;
};

/**
 * TokenInfo
 *
 * A token, without itself. `last_used` is exact to a minute.
 */
export type TokenInfo = {
    /**
     * Created At
     */
    created_at: string;
    /**
     * Created By
     */
    created_by: string;
    /**
     * Last Used
     */
    last_used: string | null;
    /**
     * Name
     */
    name: string;
    role: Role;
};

/**
 * TokenRequest
 *
 * POST /api/tokens.
 */
export type TokenRequest = {
    /**
     * Name
     */
    name: string;
    role: Role;
};

/**
 * Transaction
 *
 * A version of the table. `user`: commitInfo.userName, else userId, else engine, else null.
 */
export type Transaction = {
    /**
     * Bytes Added
     */
    bytes_added: number | null;
    /**
     * Bytes Removed
     *
     * null when the log does not say
     */
    bytes_removed: number | null;
    /**
     * Data Change
     */
    data_change: boolean;
    /**
     * Engine
     */
    engine: string | null;
    /**
     * Files Added
     */
    files_added: number | null;
    /**
     * Files Removed
     */
    files_removed: number | null;
    /**
     * Metrics
     *
     * commitInfo.operationMetrics, whoever wrote it; null when there is none
     */
    metrics: {
        [key: string]: number | string;
    } | null;
    /**
     * Net Rows
     *
     * Rows added less rows removed; null when the log does not say both
     */
    net_rows: number | null;
    /**
     * Operation
     */
    operation: string;
    /**
     * Parameters
     */
    parameters: {
        [key: string]: unknown;
    };
    /**
     * Rows
     *
     * In the files it added; null when the log does not say
     */
    rows: number | null;
    /**
     * Run Id
     */
    run_id: string | null;
    /**
     * Schema Changed
     */
    schema_changed: boolean;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * User
     */
    user: string | null;
    /**
     * Version
     */
    version: number;
    /**
     * Watermark
     */
    watermark: string | null;
};

/**
 * TrendDay
 *
 * One UTC day. `failed` counts runs that failed or ended with errors.
 */
export type TrendDay = {
    /**
     * Commits
     */
    commits: number;
    /**
     * Completed
     */
    completed: number;
    /**
     * Day
     */
    day: string;
    /**
     * Failed
     */
    failed: number;
    /**
     * P50 Seconds
     */
    p50_seconds: number | null;
    /**
     * P95 Seconds
     */
    p95_seconds: number | null;
    /**
     * Rows
     */
    rows: number;
};

/**
 * TrendTotals
 *
 * A whole period; cancelled runs are neither completed nor failed.
 */
export type TrendTotals = {
    /**
     * Commits
     */
    commits: number;
    /**
     * Completed
     */
    completed: number;
    /**
     * Failed
     */
    failed: number;
    /**
     * Mean Recovery Seconds
     */
    mean_recovery_seconds: number | null;
    /**
     * P50 Seconds
     */
    p50_seconds: number | null;
    /**
     * P95 Seconds
     */
    p95_seconds: number | null;
    /**
     * Recoveries
     *
     * Times a failed table was well again
     */
    recoveries: number;
    /**
     * Rows
     */
    rows: number;
    /**
     * Runs
     */
    runs: number;
    /**
     * Success Rate
     *
     * 0 to 1; null without a finished run
     */
    success_rate: number | null;
};

/**
 * Trends
 *
 * GET /api/trends: how it went over the last `days` days, beside as many days before them.
 */
export type Trends = {
    /**
     * As Of
     */
    as_of: string;
    before: TrendTotals;
    /**
     * By Day
     */
    by_day: Array<TrendDay>;
    /**
     * Days
     */
    days: number;
    /**
     * Slowest
     */
    slowest: Array<SlowTable>;
    /**
     * Slowest Since
     *
     * Oldest end of a table that `slowest` looked at; null when there was none
     */
    slowest_since: string | null;
    totals: TrendTotals;
};

/**
 * Usual
 *
 * How runs of the same target went, for an estimate of this one. Seconds and bytes a second.
 */
export type Usual = {
    /**
     * Fast Bytes Per Second
     */
    fast_bytes_per_second: number | null;
    /**
     * Runs
     */
    runs: number;
    /**
     * Seconds
     *
     * Median duration of runs of the same selection, or of all
     */
    seconds: number;
    /**
     * Slow Bytes Per Second
     */
    slow_bytes_per_second: number | null;
};

/**
 * ValueChange
 *
 * A value that a change gives, takes or replaces.
 */
export type ValueChange = {
    /**
     * After
     */
    after: boolean | string | number | null;
    /**
     * Before
     */
    before: boolean | string | number | null;
    /**
     * Key
     */
    key: string;
};

/**
 * Verification
 *
 * The newest verification of a table; a repair counts before it mends.
 *
 * `version` is of the table as the run left it; null where there was none.
 */
export type Verification = {
    action: Action;
    checks: Checks;
    error: ErrorInfo | null;
    /**
     * Finished At
     */
    finished_at: string;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Status
     */
    status: string;
    /**
     * Version
     */
    version: number | null;
};

/**
 * View
 *
 * What of a table is looked at.
 */
export type View = 'raw' | 'current' | 'history';

/**
 * VolumeDay
 *
 * Rows and commits of one UTC day, by application (PolicyCenter, ClaimCenter, ...).
 */
export type VolumeDay = {
    /**
     * Commits
     */
    commits: number;
    /**
     * Commits By App
     */
    commits_by_app: {
        [key: string]: number;
    };
    /**
     * Day
     */
    day: string;
    /**
     * Rows By App
     */
    rows_by_app: {
        [key: string]: number;
    };
};

/**
 * WaitsFor
 *
 * A run that the new one would wait for, and the tables both want, as far as known.
 */
export type WaitsFor = {
    /**
     * Reason
     */
    reason: string;
    /**
     * Run Id
     */
    run_id: string;
    /**
     * Tables
     */
    tables: Array<string>;
};

/**
 * WarningInfo
 *
 * A code and one sentence.
 */
export type WarningInfo = {
    /**
     * Code
     */
    code: string;
    /**
     * Message
     */
    message: string;
};

/**
 * GuidewireConfig
 *
 * What to run; an empty config runs every table of the default connection.
 *
 * With `aws_access_key_id` and `aws_secret_access_key`, where the server takes them,
 * `aws_manifest_location` and `aws_s3_bucket` say source and target; without them these and
 * `aws_region` may only repeat what the connection has.
 */
export type GuidewireConfigWritable = {
    /**
     * All but sync and verify need table_names that are no globs
     */
    action?: Action;
    /**
     * Aws Access Key Id
     */
    aws_access_key_id?: string | null;
    /**
     * Aws Manifest Location
     */
    aws_manifest_location?: string | null;
    /**
     * Aws Region
     */
    aws_region?: string | null;
    /**
     * Aws S3 Bucket
     */
    aws_s3_bucket?: string | null;
    /**
     * Aws Secret Access Key
     */
    aws_secret_access_key?: string | null;
    /**
     * Commit Per Folder
     */
    commit_per_folder?: boolean;
    /**
     * Confirm Replace
     *
     * With replace: older rows leave the current snapshot of a table
     */
    confirm_replace?: boolean;
    /**
     * Connection
     */
    connection?: string | null;
    /**
     * Exceptions
     *
     * Globs to exclude
     */
    exceptions?: Array<string> | null;
    /**
     * Files
     *
     * Of quarantine and release: fingerprint/folder/name; release: null means all
     */
    files?: Array<string> | null;
    /**
     * Largest Tables First Count
     */
    largest_tables_first_count?: number | null;
    /**
     * Parallel
     */
    parallel?: boolean;
    /**
     * Ray Dedup Logs
     *
     * '0': with Ray, equal lines of several workers are all kept
     */
    ray_dedup_logs?: string | null;
    /**
     * Schema Change
     *
     * What to do when columns change; null means what the connection says
     */
    schema_change?: 'merge' | 'fail' | 'per_fingerprint' | 'replace' | null;
    /**
     * Show Progress
     *
     * Accepted, without effect
     */
    show_progress?: boolean;
    /**
     * Since
     *
     * Of resync: the first folder timestamp, epoch ms
     */
    since?: number | null;
    /**
     * Table Names
     *
     * Globs to include; null means all
     */
    table_names?: Array<string> | null;
};

/**
 * StartJobRequest
 *
 * POST /api/guidewire/jobs/start. `request_id` makes a repeated start the same run.
 */
export type StartJobRequestWritable = {
    config?: GuidewireConfigWritable;
    /**
     * Request Id
     */
    request_id?: string | null;
};

export type ListAuditData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Before
         *
         * Only older ones
         */
        before?: number | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Who
         */
        who?: string | null;
        /**
         * Action
         */
        action?: string | null;
        /**
         * Subject
         *
         * A part of it
         */
        subject?: string | null;
        /**
         * Since
         *
         * From this moment on
         */
        since?: string | null;
        /**
         * Until
         *
         * Before this moment
         */
        until?: string | null;
    };
    url: '/api/audit';
};

export type ListAuditErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListAuditError = ListAuditErrors[keyof ListAuditErrors];

export type ListAuditResponses = {
    /**
     * Successful Response
     */
    200: AuditPage;
};

export type ListAuditResponse = ListAuditResponses[keyof ListAuditResponses];

export type ExportAuditData = {
    body?: never;
    path?: never;
    query?: {
        format?: Format;
        /**
         * Who
         */
        who?: string | null;
        /**
         * Action
         */
        action?: string | null;
        /**
         * Subject
         *
         * A part of it
         */
        subject?: string | null;
        /**
         * Since
         *
         * From this moment on
         */
        since?: string | null;
        /**
         * Until
         *
         * Before this moment
         */
        until?: string | null;
    };
    url: '/api/audit/export';
};

export type ExportAuditErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ExportAuditError = ExportAuditErrors[keyof ExportAuditErrors];

export type ExportAuditResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetChangesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * After
         *
         * `last_id` of the last answer; none: what changed just now
         */
        after?: number | null;
    };
    url: '/api/changes';
};

export type GetChangesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetChangesError = GetChangesErrors[keyof GetChangesErrors];

export type GetChangesResponses = {
    /**
     * Successful Response
     */
    200: Changes;
};

export type GetChangesResponse = GetChangesResponses[keyof GetChangesResponses];

export type CompareSchemasData = {
    body?: never;
    path?: never;
    query: {
        /**
         * A
         */
        a: string;
        /**
         * B
         */
        b: string;
        /**
         * A Connection
         */
        a_connection?: string | null;
        /**
         * B Connection
         */
        b_connection?: string | null;
        /**
         * A Version
         *
         * Default: the newest
         */
        a_version?: number | null;
        /**
         * B Version
         *
         * Default: the newest
         */
        b_version?: number | null;
    };
    url: '/api/compare';
};

export type CompareSchemasErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type CompareSchemasError = CompareSchemasErrors[keyof CompareSchemasErrors];

export type CompareSchemasResponses = {
    /**
     * Successful Response
     */
    200: Comparison;
};

export type CompareSchemasResponse = CompareSchemasResponses[keyof CompareSchemasResponses];

export type GetConfigData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Connection
         */
        connection?: string | null;
    };
    url: '/api/config';
};

export type GetConfigErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetConfigError = GetConfigErrors[keyof GetConfigErrors];

export type GetConfigResponses = {
    /**
     * Successful Response
     */
    200: Configuration;
};

export type GetConfigResponse = GetConfigResponses[keyof GetConfigResponses];

export type ListConnectionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/connections';
};

export type ListConnectionsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListConnectionsError = ListConnectionsErrors[keyof ListConnectionsErrors];

export type ListConnectionsResponses = {
    /**
     * Response List Connections
     *
     * Successful Response
     */
    200: Array<ConnectionInfo>;
};

export type ListConnectionsResponse = ListConnectionsResponses[keyof ListConnectionsResponses];

export type AddConnectionData = {
    body: NewConnection;
    path?: never;
    query?: {
        /**
         * Preview
         *
         * Say what would change, and change nothing
         */
        preview?: boolean;
    };
    url: '/api/connections';
};

export type AddConnectionErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type AddConnectionError = AddConnectionErrors[keyof AddConnectionErrors];

export type AddConnectionResponses = {
    /**
     * Successful Response
     */
    201: ConnectionChange;
};

export type AddConnectionResponse = AddConnectionResponses[keyof AddConnectionResponses];

export type TestValuesData = {
    body: ConnectionTest;
    path?: never;
    query?: never;
    url: '/api/connections/test';
};

export type TestValuesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type TestValuesError = TestValuesErrors[keyof TestValuesErrors];

export type TestValuesResponses = {
    /**
     * Successful Response
     */
    200: ConnectionTestResult;
};

export type TestValuesResponse = TestValuesResponses[keyof TestValuesResponses];

export type RemoveConnectionData = {
    body?: never;
    headers?: {
        /**
         * If-Match
         *
         * The revision that is to be changed
         */
        'if-match'?: string | null;
    };
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/connections/{name}';
};

export type RemoveConnectionErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RemoveConnectionError = RemoveConnectionErrors[keyof RemoveConnectionErrors];

export type RemoveConnectionResponses = {
    /**
     * Successful Response
     */
    200: ConnectionChange;
};

export type RemoveConnectionResponse = RemoveConnectionResponses[keyof RemoveConnectionResponses];

export type GetConnectionData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/connections/{name}';
};

export type GetConnectionErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetConnectionError = GetConnectionErrors[keyof GetConnectionErrors];

export type GetConnectionResponses = {
    /**
     * Successful Response
     */
    200: ConnectionInfo;
};

export type GetConnectionResponse = GetConnectionResponses[keyof GetConnectionResponses];

export type ReplaceConnectionData = {
    body: ConnectionValues;
    headers?: {
        /**
         * If-Match
         *
         * The revision that is to be changed
         */
        'if-match'?: string | null;
    };
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Preview
         *
         * Say what would change, and change nothing
         */
        preview?: boolean;
    };
    url: '/api/connections/{name}';
};

export type ReplaceConnectionErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ReplaceConnectionError = ReplaceConnectionErrors[keyof ReplaceConnectionErrors];

export type ReplaceConnectionResponses = {
    /**
     * Successful Response
     */
    200: ConnectionChange;
};

export type ReplaceConnectionResponse = ReplaceConnectionResponses[keyof ReplaceConnectionResponses];

export type GetManifestData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Search
         */
        search?: string;
        /**
         * Only
         */
        only?: 'new' | 'not_loaded' | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Offset
         */
        offset?: number;
    };
    url: '/api/connections/{name}/manifest';
};

export type GetManifestErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetManifestError = GetManifestErrors[keyof GetManifestErrors];

export type GetManifestResponses = {
    /**
     * Successful Response
     */
    200: ManifestPage;
};

export type GetManifestResponse = GetManifestResponses[keyof GetManifestResponses];

export type ListObjectsData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Side
         */
        side?: 'source' | 'target';
        /**
         * Path
         *
         * Below the side's location; no '..'
         */
        path?: string;
        /**
         * After
         *
         * `next_after` of the page before
         */
        after?: string;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/connections/{name}/objects';
};

export type ListObjectsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListObjectsError = ListObjectsErrors[keyof ListObjectsErrors];

export type ListObjectsResponses = {
    /**
     * Successful Response
     */
    200: ObjectPage;
};

export type ListObjectsResponse = ListObjectsResponses[keyof ListObjectsResponses];

export type DownloadObjectData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query: {
        /**
         * Path
         *
         * Below the side's location; no '..'
         */
        path: string;
        /**
         * Side
         */
        side?: 'source' | 'target';
    };
    url: '/api/connections/{name}/objects/content';
};

export type DownloadObjectErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type DownloadObjectError = DownloadObjectErrors[keyof DownloadObjectErrors];

export type DownloadObjectResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type PauseRunsData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/connections/{name}/pause';
};

export type PauseRunsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type PauseRunsError = PauseRunsErrors[keyof PauseRunsErrors];

export type PauseRunsResponses = {
    /**
     * Successful Response
     */
    200: Message;
};

export type PauseRunsResponse = PauseRunsResponses[keyof PauseRunsResponses];

export type ResumeRunsData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/connections/{name}/resume';
};

export type ResumeRunsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ResumeRunsError = ResumeRunsErrors[keyof ResumeRunsErrors];

export type ResumeRunsResponses = {
    /**
     * Successful Response
     */
    200: Message;
};

export type ResumeRunsResponse = ResumeRunsResponses[keyof ResumeRunsResponses];

export type TestConnectionData = {
    body: TestConsent;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/connections/{name}/test';
};

export type TestConnectionErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type TestConnectionError = TestConnectionErrors[keyof TestConnectionErrors];

export type TestConnectionResponses = {
    /**
     * Successful Response
     */
    200: ConnectionTestResult;
};

export type TestConnectionResponse = TestConnectionResponses[keyof TestConnectionResponses];

export type GetDashboardData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Connection
         *
         * Only this connection; all without it
         */
        connection?: string | null;
    };
    url: '/api/dashboard';
};

export type GetDashboardErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetDashboardError = GetDashboardErrors[keyof GetDashboardErrors];

export type GetDashboardResponses = {
    /**
     * Successful Response
     */
    200: Dashboard;
};

export type GetDashboardResponse = GetDashboardResponses[keyof GetDashboardResponses];

export type StartDemoData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/demo';
};

export type StartDemoErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type StartDemoError = StartDemoErrors[keyof StartDemoErrors];

export type StartDemoResponses = {
    /**
     * Successful Response
     */
    201: StartJobResponse;
};

export type StartDemoResponse = StartDemoResponses[keyof StartDemoResponses];

export type StreamChangesData = {
    body?: never;
    headers?: {
        /**
         * Last-Event-Id
         */
        'last-event-id'?: string | null;
    };
    path?: never;
    query?: {
        /**
         * After
         *
         * `last_id` of the last answer; none: what changed just now
         */
        after?: number | null;
    };
    url: '/api/events';
};

export type StreamChangesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type StreamChangesError = StreamChangesErrors[keyof StreamChangesErrors];

export type StreamChangesResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type ListGuidewireJobsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         */
        limit?: number;
        /**
         * Offset
         */
        offset?: number;
        /**
         * Before
         *
         * Id of the last run already seen
         */
        before?: string | null;
        /**
         * Status
         */
        status?: Array<RunState> | null;
        /**
         * Trigger
         */
        trigger?: Array<string> | null;
        /**
         * Requested By
         */
        requested_by?: Array<string> | null;
        /**
         * Connection
         */
        connection?: Array<string> | null;
        /**
         * Since
         *
         * Asked for then or later
         */
        since?: string | null;
        /**
         * Until
         */
        until?: string | null;
        /**
         * Table
         *
         * Only runs that had this table
         */
        table?: string | null;
        /**
         * Action
         *
         * What runs did
         */
        action?: Array<Action> | null;
    };
    url: '/api/guidewire/jobs';
};

export type ListGuidewireJobsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListGuidewireJobsError = ListGuidewireJobsErrors[keyof ListGuidewireJobsErrors];

export type ListGuidewireJobsResponses = {
    /**
     * Response List Guidewire Jobs
     *
     * Successful Response
     */
    200: Array<ProcessingJobSummary>;
};

export type ListGuidewireJobsResponse = ListGuidewireJobsResponses[keyof ListGuidewireJobsResponses];

export type PreflightGuidewireJobData = {
    body: GuidewireConfigWritable;
    path?: never;
    query?: never;
    url: '/api/guidewire/jobs/preflight';
};

export type PreflightGuidewireJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type PreflightGuidewireJobError = PreflightGuidewireJobErrors[keyof PreflightGuidewireJobErrors];

export type PreflightGuidewireJobResponses = {
    /**
     * Successful Response
     */
    200: Preflight;
};

export type PreflightGuidewireJobResponse = PreflightGuidewireJobResponses[keyof PreflightGuidewireJobResponses];

export type StartGuidewireJobData = {
    body: StartJobRequestWritable;
    path?: never;
    query?: never;
    url: '/api/guidewire/jobs/start';
};

export type StartGuidewireJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type StartGuidewireJobError = StartGuidewireJobErrors[keyof StartGuidewireJobErrors];

export type StartGuidewireJobResponses = {
    /**
     * Successful Response
     */
    201: StartJobResponse;
};

export type StartGuidewireJobResponse = StartGuidewireJobResponses[keyof StartGuidewireJobResponses];

export type CancelGuidewireJobData = {
    body?: never;
    path: {
        /**
         * Job Id
         */
        job_id: string;
    };
    query?: never;
    url: '/api/guidewire/jobs/{job_id}';
};

export type CancelGuidewireJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type CancelGuidewireJobError = CancelGuidewireJobErrors[keyof CancelGuidewireJobErrors];

export type CancelGuidewireJobResponses = {
    /**
     * Successful Response
     */
    202: Message;
};

export type CancelGuidewireJobResponse = CancelGuidewireJobResponses[keyof CancelGuidewireJobResponses];

export type GetGuidewireJobData = {
    body?: never;
    path: {
        /**
         * Job Id
         */
        job_id: string;
    };
    query?: never;
    url: '/api/guidewire/jobs/{job_id}';
};

export type GetGuidewireJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetGuidewireJobError = GetGuidewireJobErrors[keyof GetGuidewireJobErrors];

export type GetGuidewireJobResponses = {
    /**
     * Successful Response
     */
    200: ProcessingJobStatus;
};

export type GetGuidewireJobResponse = GetGuidewireJobResponses[keyof GetGuidewireJobResponses];

export type RetryGuidewireJobData = {
    body?: never;
    path: {
        /**
         * Job Id
         */
        job_id: string;
    };
    query?: never;
    url: '/api/guidewire/jobs/{job_id}/retry';
};

export type RetryGuidewireJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RetryGuidewireJobError = RetryGuidewireJobErrors[keyof RetryGuidewireJobErrors];

export type RetryGuidewireJobResponses = {
    /**
     * Successful Response
     */
    202: StartJobResponse;
};

export type RetryGuidewireJobResponse = RetryGuidewireJobResponses[keyof RetryGuidewireJobResponses];

export type RunJobData = {
    body: RunJobRequest;
    path?: never;
    query?: never;
    url: '/api/jobs/run';
};

export type RunJobErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RunJobError = RunJobErrors[keyof RunJobErrors];

export type RunJobResponses = {
    /**
     * Successful Response
     */
    201: RunJobResponse;
};

export type RunJobResponse2 = RunJobResponses[keyof RunJobResponses];

export type CancelJobRunData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: never;
    url: '/api/jobs/{run_id}';
};

export type CancelJobRunErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type CancelJobRunError = CancelJobRunErrors[keyof CancelJobRunErrors];

export type CancelJobRunResponses = {
    /**
     * Successful Response
     */
    202: Message;
};

export type CancelJobRunResponse = CancelJobRunResponses[keyof CancelJobRunResponses];

export type GetJobRunData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: never;
    url: '/api/jobs/{run_id}';
};

export type GetJobRunErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetJobRunError = GetJobRunErrors[keyof GetJobRunErrors];

export type GetJobRunResponses = {
    /**
     * Successful Response
     */
    200: JobRun;
};

export type GetJobRunResponse = GetJobRunResponses[keyof GetJobRunResponses];

export type GetJobLogsData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        /**
         * Offset
         *
         * Lines already seen
         */
        offset?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/jobs/{run_id}/logs';
};

export type GetJobLogsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetJobLogsError = GetJobLogsErrors[keyof GetJobLogsErrors];

export type GetJobLogsResponses = {
    /**
     * Successful Response
     */
    200: JobLogs;
};

export type GetJobLogsResponse = GetJobLogsResponses[keyof GetJobLogsResponses];

export type LogInData = {
    body: LoginRequest;
    path?: never;
    query?: never;
    url: '/api/login';
};

export type LogInErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type LogInError = LogInErrors[keyof LogInErrors];

export type LogInResponses = {
    /**
     * Successful Response
     */
    200: Me;
};

export type LogInResponse = LogInResponses[keyof LogInResponses];

export type LogOutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/logout';
};

export type LogOutErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type LogOutError = LogOutErrors[keyof LogOutErrors];

export type LogOutResponses = {
    /**
     * Successful Response
     */
    200: Message;
};

export type LogOutResponse = LogOutResponses[keyof LogOutResponses];

export type GetMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/me';
};

export type GetMeErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetMeError = GetMeErrors[keyof GetMeErrors];

export type GetMeResponses = {
    /**
     * Successful Response
     */
    200: Me;
};

export type GetMeResponse = GetMeResponses[keyof GetMeResponses];

export type ChangeManyRunsData = {
    body: BulkRequest;
    path?: never;
    query?: never;
    url: '/api/runs/bulk';
};

export type ChangeManyRunsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ChangeManyRunsError = ChangeManyRunsErrors[keyof ChangeManyRunsErrors];

export type ChangeManyRunsResponses = {
    /**
     * Successful Response
     */
    200: BulkAnswer;
};

export type ChangeManyRunsResponse = ChangeManyRunsResponses[keyof ChangeManyRunsResponses];

export type GetRunFacetsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/runs/facets';
};

export type GetRunFacetsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetRunFacetsError = GetRunFacetsErrors[keyof GetRunFacetsErrors];

export type GetRunFacetsResponses = {
    /**
     * Successful Response
     */
    200: RunFacets;
};

export type GetRunFacetsResponse = GetRunFacetsResponses[keyof GetRunFacetsResponses];

export type CompareRunData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: never;
    url: '/api/runs/{run_id}/compare';
};

export type CompareRunErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type CompareRunError = CompareRunErrors[keyof CompareRunErrors];

export type CompareRunResponses = {
    /**
     * Successful Response
     */
    200: RunComparison;
};

export type CompareRunResponse = CompareRunResponses[keyof CompareRunResponses];

export type StreamRunEventsData = {
    body?: never;
    headers?: {
        /**
         * Last-Event-Id
         */
        'last-event-id'?: string | null;
    };
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        /**
         * After
         */
        after?: number;
    };
    url: '/api/runs/{run_id}/events';
};

export type StreamRunEventsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type StreamRunEventsError = StreamRunEventsErrors[keyof StreamRunEventsErrors];

export type StreamRunEventsResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetRunLogsData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        /**
         * After
         *
         * Number of the last line already seen
         */
        after?: number;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Level
         *
         * That level and worse
         */
        level?: Level | null;
        /**
         * Table
         */
        table?: string | null;
        /**
         * Q
         */
        q?: string;
        /**
         * Attempt
         */
        attempt?: number | null;
        /**
         * Since
         */
        since?: string | null;
        /**
         * Until
         */
        until?: string | null;
    };
    url: '/api/runs/{run_id}/logs';
};

export type GetRunLogsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetRunLogsError = GetRunLogsErrors[keyof GetRunLogsErrors];

export type GetRunLogsResponses = {
    /**
     * Successful Response
     */
    200: LogPage;
};

export type GetRunLogsResponse = GetRunLogsResponses[keyof GetRunLogsResponses];

export type GetRunLogFileData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        /**
         * View
         *
         * Show it in the browser, do not save it
         */
        view?: boolean;
        /**
         * Level
         *
         * That level and worse
         */
        level?: Level | null;
        /**
         * Table
         */
        table?: string | null;
        /**
         * Q
         */
        q?: string;
        /**
         * Attempt
         */
        attempt?: number | null;
        /**
         * Since
         */
        since?: string | null;
        /**
         * Until
         */
        until?: string | null;
    };
    url: '/api/runs/{run_id}/logs/file';
};

export type GetRunLogFileErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetRunLogFileError = GetRunLogFileErrors[keyof GetRunLogFileErrors];

export type GetRunLogFileResponses = {
    /**
     * A file
     */
    200: unknown;
};

export type GetRunLogHitsData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        /**
         * After
         *
         * Number of the last line already seen
         */
        after?: number;
        /**
         * Level
         *
         * That level and worse
         */
        level?: Level | null;
        /**
         * Table
         */
        table?: string | null;
        /**
         * Q
         */
        q?: string;
        /**
         * Attempt
         */
        attempt?: number | null;
        /**
         * Since
         */
        since?: string | null;
        /**
         * Until
         */
        until?: string | null;
    };
    url: '/api/runs/{run_id}/logs/hits';
};

export type GetRunLogHitsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetRunLogHitsError = GetRunLogHitsErrors[keyof GetRunLogHitsErrors];

export type GetRunLogHitsResponses = {
    /**
     * Successful Response
     */
    200: LogHits;
};

export type GetRunLogHitsResponse = GetRunLogHitsResponses[keyof GetRunLogHitsResponses];

export type GetRunManifestData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: never;
    url: '/api/runs/{run_id}/manifest';
};

export type GetRunManifestErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetRunManifestError = GetRunManifestErrors[keyof GetRunManifestErrors];

export type GetRunManifestResponses = {
    /**
     * The document
     */
    200: unknown;
};

export type ExportRunResultsData = {
    body?: never;
    path: {
        /**
         * Run Id
         */
        run_id: string;
    };
    query?: {
        format?: Format;
        /**
         * Status
         */
        status?: Array<TableState> | null;
    };
    url: '/api/runs/{run_id}/results';
};

export type ExportRunResultsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ExportRunResultsError = ExportRunResultsErrors[keyof ExportRunResultsErrors];

export type ExportRunResultsResponses = {
    /**
     * A file
     */
    200: unknown;
};

export type GetSupportBundleData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/support-bundle';
};

export type GetSupportBundleErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetSupportBundleError = GetSupportBundleErrors[keyof GetSupportBundleErrors];

export type GetSupportBundleResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetSystemData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/system';
};

export type GetSystemErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetSystemError = GetSystemErrors[keyof GetSystemErrors];

export type GetSystemResponses = {
    /**
     * Successful Response
     */
    200: SystemStatus;
};

export type GetSystemResponse = GetSystemResponses[keyof GetSystemResponses];

export type CleanUpRunsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/system/clean-up';
};

export type CleanUpRunsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type CleanUpRunsError = CleanUpRunsErrors[keyof CleanUpRunsErrors];

export type CleanUpRunsResponses = {
    /**
     * Successful Response
     */
    200: CleanUp;
};

export type CleanUpRunsResponse = CleanUpRunsResponses[keyof CleanUpRunsResponses];

export type GetSystemLogData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/system/log';
};

export type GetSystemLogErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetSystemLogError = GetSystemLogErrors[keyof GetSystemLogErrors];

export type GetSystemLogResponses = {
    /**
     * Successful Response
     */
    200: LogLines;
};

export type GetSystemLogResponse = GetSystemLogResponses[keyof GetSystemLogResponses];

export type ListTablesData = {
    body?: never;
    path?: never;
    query?: {
        sort?: SortKey;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Offset
         */
        offset?: number;
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
        /**
         * Search
         *
         * Words that name, column or fingerprint contain; `name:`, `column:` or `fingerprint:` before a word narrows it
         */
        search?: string;
        /**
         * Health
         */
        health?: Array<Health> | null;
        /**
         * App
         */
        app?: Array<string> | null;
        /**
         * Connection
         */
        connection?: Array<string> | null;
        /**
         * Lag
         */
        lag?: Array<LagBand> | null;
        /**
         * Changed
         */
        changed?: Array<ChangedBand> | null;
        /**
         * Size
         */
        size?: Array<SizeBand> | null;
        /**
         * Rows
         */
        rows?: Array<RowBand> | null;
        /**
         * Column
         *
         * The table has this column
         */
        column?: Array<string> | null;
        /**
         * Changed Since
         *
         * UTC day of the last commit
         */
        changed_since?: string | null;
    };
    url: '/api/tables';
};

export type ListTablesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListTablesError = ListTablesErrors[keyof ListTablesErrors];

export type ListTablesResponses = {
    /**
     * Successful Response
     */
    200: TableList;
};

export type ListTablesResponse = ListTablesResponses[keyof ListTablesResponses];

export type ListColumnNamesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Search
         */
        search?: string;
        /**
         * Connection
         *
         * Only this connection's tables
         */
        connection?: string | null;
    };
    url: '/api/tables/_columns';
};

export type ListColumnNamesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListColumnNamesError = ListColumnNamesErrors[keyof ListColumnNamesErrors];

export type ListColumnNamesResponses = {
    /**
     * Response List Column Names
     *
     * Successful Response
     */
    200: Array<TableFacet>;
};

export type ListColumnNamesResponse = ListColumnNamesResponses[keyof ListColumnNamesResponses];

export type ExportTablesData = {
    body?: never;
    path?: never;
    query?: {
        sort?: SortKey;
        format?: Format;
        /**
         * Field
         *
         * Fields of a table, in this order; all by default
         */
        field?: Array<string> | null;
        /**
         * Search
         *
         * Words that name, column or fingerprint contain; `name:`, `column:` or `fingerprint:` before a word narrows it
         */
        search?: string;
        /**
         * Health
         */
        health?: Array<Health> | null;
        /**
         * App
         */
        app?: Array<string> | null;
        /**
         * Connection
         */
        connection?: Array<string> | null;
        /**
         * Lag
         */
        lag?: Array<LagBand> | null;
        /**
         * Changed
         */
        changed?: Array<ChangedBand> | null;
        /**
         * Size
         */
        size?: Array<SizeBand> | null;
        /**
         * Rows
         */
        rows?: Array<RowBand> | null;
        /**
         * Column
         *
         * The table has this column
         */
        column?: Array<string> | null;
        /**
         * Changed Since
         *
         * UTC day of the last commit
         */
        changed_since?: string | null;
    };
    url: '/api/tables/_export';
};

export type ExportTablesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ExportTablesError = ExportTablesErrors[keyof ExportTablesErrors];

export type ExportTablesResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetTableMatrixData = {
    body?: never;
    path?: never;
    query?: {
        sort?: SortKey;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Offset
         */
        offset?: number;
        /**
         * Runs
         */
        runs?: number;
        /**
         * Before Run
         *
         * Only runs older than this one
         */
        before_run?: string | null;
        /**
         * Search
         *
         * Words that name, column or fingerprint contain; `name:`, `column:` or `fingerprint:` before a word narrows it
         */
        search?: string;
        /**
         * Health
         */
        health?: Array<Health> | null;
        /**
         * App
         */
        app?: Array<string> | null;
        /**
         * Connection
         */
        connection?: Array<string> | null;
        /**
         * Lag
         */
        lag?: Array<LagBand> | null;
        /**
         * Changed
         */
        changed?: Array<ChangedBand> | null;
        /**
         * Size
         */
        size?: Array<SizeBand> | null;
        /**
         * Rows
         */
        rows?: Array<RowBand> | null;
        /**
         * Column
         *
         * The table has this column
         */
        column?: Array<string> | null;
        /**
         * Changed Since
         *
         * UTC day of the last commit
         */
        changed_since?: string | null;
    };
    url: '/api/tables/_matrix';
};

export type GetTableMatrixErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableMatrixError = GetTableMatrixErrors[keyof GetTableMatrixErrors];

export type GetTableMatrixResponses = {
    /**
     * Successful Response
     */
    200: Matrix;
};

export type GetTableMatrixResponse = GetTableMatrixResponses[keyof GetTableMatrixResponses];

export type ListTableNamesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Connection
         *
         * Only this connection's tables
         */
        connection?: string | null;
    };
    url: '/api/tables/_names';
};

export type ListTableNamesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListTableNamesError = ListTableNamesErrors[keyof ListTableNamesErrors];

export type ListTableNamesResponses = {
    /**
     * Response List Table Names
     *
     * Successful Response
     */
    200: Array<NamedTables>;
};

export type ListTableNamesResponse = ListTableNamesResponses[keyof ListTableNamesResponses];

export type RunTablesData = {
    body: TableRunsRequest;
    path?: never;
    query?: never;
    url: '/api/tables/_run';
};

export type RunTablesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RunTablesError = RunTablesErrors[keyof RunTablesErrors];

export type RunTablesResponses = {
    /**
     * Successful Response
     */
    202: TableRunsAnswer;
};

export type RunTablesResponse = RunTablesResponses[keyof RunTablesResponses];

export type RefreshTablesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/refresh';
};

export type RefreshTablesErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RefreshTablesError = RefreshTablesErrors[keyof RefreshTablesErrors];

export type RefreshTablesResponses = {
    /**
     * Successful Response
     */
    202: Message;
};

export type RefreshTablesResponse = RefreshTablesResponses[keyof RefreshTablesResponses];

export type GetTableData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
        /**
         * Sample
         *
         * false leaves `sample_data` empty
         */
        sample?: boolean;
    };
    url: '/api/tables/{name}';
};

export type GetTableErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableError = GetTableErrors[keyof GetTableErrors];

export type GetTableResponses = {
    /**
     * Successful Response
     */
    200: TableDetail;
};

export type GetTableResponse = GetTableResponses[keyof GetTableResponses];

export type GetTableHistoryData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Before
         *
         * Only versions below this one
         */
        before?: number | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Operation
         */
        operation?: string | null;
        /**
         * Until
         *
         * Only versions committed up to this moment
         */
        until?: string | null;
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/history';
};

export type GetTableHistoryErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableHistoryError = GetTableHistoryErrors[keyof GetTableHistoryErrors];

export type GetTableHistoryResponses = {
    /**
     * Successful Response
     */
    200: HistoryPage;
};

export type GetTableHistoryResponse = GetTableHistoryResponses[keyof GetTableHistoryResponses];

export type GetTableNullsData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/nulls';
};

export type GetTableNullsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableNullsError = GetTableNullsErrors[keyof GetTableNullsErrors];

export type GetTableNullsResponses = {
    /**
     * Successful Response
     */
    200: TableNulls;
};

export type GetTableNullsResponse = GetTableNullsResponses[keyof GetTableNullsResponses];

export type PlanTableData = {
    body: PlanRequest;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/plan';
};

export type PlanTableErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type PlanTableError = PlanTableErrors[keyof PlanTableErrors];

export type PlanTableResponses = {
    /**
     * Successful Response
     */
    200: PlannedTable;
};

export type PlanTableResponse = PlanTableResponses[keyof PlanTableResponses];

export type GetTableSampleData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Limit
         */
        limit?: number;
        /**
         * Version
         */
        version?: number | null;
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
        /**
         * raw: every change; current: the latest state of each id; history: each state with valid_from, valid_to and is_current
         */
        view?: View;
        /**
         * Id
         *
         * Only rows of this id
         */
        id?: string | null;
        /**
         * Active Only
         *
         * Of the current view: no rows whose `retired` is not 0
         */
        active_only?: boolean;
    };
    url: '/api/tables/{name}/sample';
};

export type GetTableSampleErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableSampleError = GetTableSampleErrors[keyof GetTableSampleErrors];

export type GetTableSampleResponses = {
    /**
     * Successful Response
     */
    200: Sample;
};

export type GetTableSampleResponse = GetTableSampleResponses[keyof GetTableSampleResponses];

export type GetTableSchemaData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Version
         */
        version?: number | null;
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/schema';
};

export type GetTableSchemaErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableSchemaError = GetTableSchemaErrors[keyof GetTableSchemaErrors];

export type GetTableSchemaResponses = {
    /**
     * Successful Response
     */
    200: TableSchema;
};

export type GetTableSchemaResponse = GetTableSchemaResponses[keyof GetTableSchemaResponses];

export type GetTableSchemasData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/schemas';
};

export type GetTableSchemasErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableSchemasError = GetTableSchemasErrors[keyof GetTableSchemasErrors];

export type GetTableSchemasResponses = {
    /**
     * Successful Response
     */
    200: SchemaVersions;
};

export type GetTableSchemasResponse = GetTableSchemasResponses[keyof GetTableSchemasResponses];

export type GetTableTimelineData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Days
         *
         * Length
         */
        days?: '1' | '7' | '30' | '90';
        /**
         * Connection
         *
         * Needed where several know the name
         */
        connection?: string | null;
    };
    url: '/api/tables/{name}/timeline';
};

export type GetTableTimelineErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTableTimelineError = GetTableTimelineErrors[keyof GetTableTimelineErrors];

export type GetTableTimelineResponses = {
    /**
     * Successful Response
     */
    200: TableTimeline;
};

export type GetTableTimelineResponse = GetTableTimelineResponses[keyof GetTableTimelineResponses];

export type ListTokensData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/tokens';
};

export type ListTokensErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type ListTokensError = ListTokensErrors[keyof ListTokensErrors];

export type ListTokensResponses = {
    /**
     * Response List Tokens
     *
     * Successful Response
     */
    200: Array<TokenInfo>;
};

export type ListTokensResponse = ListTokensResponses[keyof ListTokensResponses];

export type AddTokenData = {
    body: TokenRequest;
    path?: never;
    query?: never;
    url: '/api/tokens';
};

export type AddTokenErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type AddTokenError = AddTokenErrors[keyof AddTokenErrors];

export type AddTokenResponses = {
    /**
     * Successful Response
     */
    201: NewToken;
};

export type AddTokenResponse = AddTokenResponses[keyof AddTokenResponses];

export type RevokeTokenData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/tokens/{name}';
};

export type RevokeTokenErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type RevokeTokenError = RevokeTokenErrors[keyof RevokeTokenErrors];

export type RevokeTokenResponses = {
    /**
     * Successful Response
     */
    200: Message;
};

export type RevokeTokenResponse = RevokeTokenResponses[keyof RevokeTokenResponses];

export type GetTrendsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Days
         *
         * Length of the period
         */
        days?: '7' | '30' | '90';
        /**
         * Connection
         *
         * Only this connection; all without it
         */
        connection?: string | null;
    };
    url: '/api/trends';
};

export type GetTrendsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetTrendsError = GetTrendsErrors[keyof GetTrendsErrors];

export type GetTrendsResponses = {
    /**
     * Successful Response
     */
    200: Trends;
};

export type GetTrendsResponse = GetTrendsResponses[keyof GetTrendsResponses];

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};

export type GetHealthErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * Successful Response
     */
    200: HealthStatus;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type GetReadinessData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/ready';
};

export type GetReadinessErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetReadinessError = GetReadinessErrors[keyof GetReadinessErrors];

export type GetReadinessResponses = {
    /**
     * Successful Response
     */
    200: Message;
};

export type GetReadinessResponse = GetReadinessResponses[keyof GetReadinessResponses];

export type GetMetricsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/metrics';
};

export type GetMetricsErrors = {
    /**
     * Problem details (RFC 9457)
     */
    default: ProblemDetails;
};

export type GetMetricsError = GetMetricsErrors[keyof GetMetricsErrors];

export type GetMetricsResponses = {
    /**
     * Successful Response
     */
    200: string;
};

export type GetMetricsResponse = GetMetricsResponses[keyof GetMetricsResponses];
