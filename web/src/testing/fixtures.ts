import type {
  Checks,
  ClusterInfo,
  ColumnSchema,
  ComparedTable,
  Configuration,
  ConnectionInfo,
  ConnectionStatus,
  ConnectionTestResult,
  Dashboard,
  ErrorInfo,
  Health,
  HistoryPage,
  Hold,
  Latency,
  LeaseFacts,
  ListedTable,
  LogLine,
  LogPage,
  PlannedTable,
  ProcessingJobStatus,
  ProcessingJobSummary,
  ProcessingResult,
  RunComparison,
  RunConfig,
  SchemaVersion,
  SchemaVersions,
  SlowTable,
  SystemStatus,
  TableDetail,
  TableList,
  TableNulls,
  TableSchema,
  TableTimeline,
  Transaction,
  Trends,
  TrendTotals,
  Verification,
} from "@/api/generated";

/** Answers of the server, complete and believable; a test says only what it is about. */

export const NOW = Date.now();
export const CONNECTION = "prod-east";
export const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
export const dayAgo = (days: number): string =>
  new Date(NOW - days * 86_400_000).toISOString().slice(0, 10);

export function makeError(
  over: Pick<ErrorInfo, "code" | "message" | "hint"> & Partial<ErrorInfo>,
): ErrorInfo {
  return { choices: [], subject: null, ...over };
}

export const DENIED = makeError({
  code: "ACCESS_DENIED",
  message: "The role may list s3://acme-cda/cc_note/ but may not read files in it.",
  hint: "Ask the owner of the bucket for s3:GetObject on this path, then press Retry.",
});

export function makeTable(over: Partial<ListedTable> = {}): ListedTable {
  return {
    name: "cc_claim",
    connection: CONNECTION,
    path: "s3://acme-lake/guidewire/cc_claim",
    app: "ClaimCenter",
    is_typelist: false,
    health: "Healthy",
    health_reason: "caught up",
    transaction_count: 4212,
    version: 4211,
    last_updated: ago(300),
    size_bytes: 12_400_000_000,
    row_count: 48_213_904,
    file_count: 1842,
    unknown_reason: null,
    fingerprint: "6f0c3a1e9d",
    fingerprint_count: 4,
    manifest_time: ago(720),
    watermark: ago(720),
    processing_lag_seconds: 0,
    source_age_seconds: 720,
    lag_limit_seconds: 3600,
    rows_today: 18_432,
    rows_by_day: [4, 5, 4, 5, 2, 2, 7, 5, 5, 5, 5, 2, 3, 1].map((n) => n * 4000),
    last_run_id: "20261123-094630-8c42",
    last_run_status: "ok",
    error: null,
    error_since: null,
    quarantined_files: 0,
    matched_columns: [],
    ...over,
  };
}

export function makeTableList(over: Partial<TableList> = {}): TableList {
  const tables = over.tables ?? [makeTable()];
  return {
    tables,
    total: tables.length,
    total_tables: tables.length,
    total_rows: tables.reduce((sum, table) => sum + (table.row_count ?? 0), 0),
    total_bytes: tables.reduce((sum, table) => sum + (table.size_bytes ?? 0), 0),
    health: facet(tables.map((table) => table.health)),
    apps: facet(tables.map((table) => table.app)),
    connections: facet(tables.map((table) => table.connection)),
    lags: [],
    changes: [],
    sizes: [],
    row_counts: [],
    is_similar: false,
    next_cursor: null,
    as_of: ago(4),
    error: null,
    ...over,
  };
}

function facet(values: readonly string[]) {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}

export const COLUMNS: ColumnSchema[] = [
  { name: "id", type: "long", nullable: false, role: "key", masked: false, comment: null },
  {
    name: "claimnumber",
    type: "string",
    nullable: true,
    role: "business",
    masked: false,
    comment: null,
  },
  {
    name: "lossdate",
    type: "timestamp",
    nullable: true,
    role: "business",
    masked: false,
    comment: null,
  },
  {
    name: "reportedbyemail",
    type: "string",
    nullable: true,
    role: "business",
    masked: true,
    comment: null,
  },
  {
    name: "reserve",
    type: "decimal(18,2)",
    nullable: true,
    role: "business",
    masked: false,
    comment: null,
  },
  {
    name: "gwcbi___operation",
    type: "integer",
    nullable: true,
    role: "cda",
    masked: false,
    comment: null,
  },
];

export function makeVersion(version: number, over: Partial<Transaction> = {}): Transaction {
  return {
    version,
    timestamp: ago(900 * (4212 - version)),
    operation: "WRITE",
    user: "service",
    engine: "cdalake/0.1.0",
    run_id: "20261123-094630-8c42",
    watermark: ago(900 * (4212 - version) + 600),
    rows: 1834,
    net_rows: 1834,
    files_added: 2,
    files_removed: 0,
    bytes_added: 12_100_000,
    bytes_removed: 0,
    metrics: null,
    schema_changed: false,
    data_change: true,
    parameters: {},
    ...over,
  };
}

export function makeTableDetail(over: Partial<TableDetail> = {}): TableDetail {
  const { matched_columns: _, ...base } = makeTable();
  return {
    ...base,
    schema: COLUMNS,
    history: Array.from({ length: 12 }, (_, index) =>
      makeVersion(4211 - index, index === 3 ? { operation: "OPTIMIZE", rows: 0 } : {}),
    ),
    history_total: 4212,
    sample_data: [],
    sample_error: null,
    masked_columns: ["reportedbyemail"],
    fingerprints: [
      {
        fingerprint: "1b7e02c9",
        since: ago(86_400 * 550),
        watermark: ago(86_400 * 340),
        is_current: false,
      },
      {
        fingerprint: "c40dd81f",
        since: ago(86_400 * 340),
        watermark: ago(86_400 * 220),
        is_current: false,
      },
      {
        fingerprint: "6f0c3a1e9d",
        since: ago(86_400 * 220),
        watermark: ago(720),
        is_current: true,
      },
    ],
    schema_changes: [
      {
        version: 3102,
        timestamp: ago(86_400 * 220),
        added: ["litigationreserve_cur", "telematicsdeviceid"],
        removed: [],
        changed: ["assignmentdate_seq: integer -> long"],
      },
    ],
    manifest: {
      manifest_time: base.manifest_time,
      manifest_time_ms: "1795426800000",
      watermark: base.watermark,
      watermark_ms: "1795426800000",
      newest_change: ago(95),
      total_processed_records: 48_213_904,
      data_files_path: "s3://acme-cda-prod/cda/cc_claim/",
      source_folder: "claims/cc_claim",
      pending: "caught up",
      pending_folders: 0,
      pending_files: 0,
      pending_bytes: 0,
      pending_as_of: null,
    },
    volume: base.rows_by_day.map((rows, index) => ({
      day: dayAgo(13 - index),
      rows,
      commits: Math.round(rows / 1800),
    })),
    lag: Array.from({ length: 40 }, (_, index) => ({
      at: ago((40 - index) * 1800),
      lag_seconds: index > 30 && index < 34 ? 5000 : ((index * 977) % 2600) + 100,
      run_id: `20261123-094630-8c${index}`,
    })),
    runs: [
      {
        run_id: "20261123-094630-8c42",
        action: "sync",
        attempt: 1,
        status: "ok",
        started_at: ago(400),
        finished_at: ago(300),
        duration_seconds: 100,
        rows: 18_432,
        files: 6,
        folders: 3,
        version: 4211,
        error: null,
      },
    ],
    warnings: [],
    hold: null,
    quarantine: [],
    verification: null,
    layout: "copy",
    snippet: "import polars as pl\ndf = pl.read_delta('s3://acme-lake/guidewire/cc_claim')",
    snippets: [
      {
        engine: "Polars",
        text: "import polars as pl\n\ndf = pl.read_delta('s3://acme-lake/guidewire/cc_claim')\n",
      },
      {
        engine: "DuckDB",
        text: "SELECT * FROM delta_scan('s3://acme-lake/guidewire/cc_claim') LIMIT 100;\n",
      },
    ],
    schema_as_of: ago(70),
    as_of: ago(4),
    ...over,
  };
}

export const HELD = makeError({
  code: "CHANGED_OUTSIDE",
  message:
    "cc_claim was changed by others since our newest commit. Version 4212 (RESTORE), which is not ours, changed rows.",
  hint: "Choose: accept it as it is, re-read the export from a time on (resync), or rebuild it.",
  choices: ["accept", "resync", "rebuild"],
});

export const makeHold = (over: Partial<Hold> = {}): Hold => ({
  error: HELD,
  since: ago(2040),
  run_id: "20261123-094630-8c42",
  ...over,
});

export const makeChecks = (over: Partial<Checks> = {}): Checks => ({
  files: 8_410,
  rows: 48_213_904,
  records: 48_213_904,
  difference: 0,
  missing: 0,
  missing_files: [],
  gone: 0,
  gone_files: [],
  changed: 0,
  changed_files: [],
  unexplained_rows: 0,
  folders: { ok: 4210 },
  mismatched_folders: [],
  current: null,
  ...over,
});

export const makeVerification = (over: Partial<Verification> = {}): Verification => ({
  run_id: "20261123-030000-1f0e",
  version: 4211,
  action: "verify",
  status: "ok",
  finished_at: ago(24_000),
  checks: makeChecks(),
  error: null,
  ...over,
});

export const makePlan = (over: Partial<PlannedTable> = {}): PlannedTable => ({
  connection: CONNECTION,
  table: "cc_claim",
  action: "rebuild",
  folders: 3,
  files: 3,
  bytes: 40_000_000,
  commits: 1,
  first_folder: ago(90_000),
  last_folder: ago(3600),
  reads: ["3ca1b9/1795420000000/part-0.parquet", "3ca1b9/1795423600000/part-0.parquet"],
  removed_files: 2,
  removed_rows: 18_432,
  takes_out: ["3ca1b9/1795420000000/part-0.parquet"],
  does: [],
  checks: null,
  warnings: [],
  error: null,
  ...over,
});

export function makeTimeline(days = 7, over: Partial<TableTimeline> = {}): TableTimeline {
  const lag = makeTableDetail().lag;
  return {
    days,
    since: ago(days * 86_400),
    now: ago(0),
    lag,
    by_day: Array.from({ length: days }, (_, index) => ({
      day: dayAgo(days - 1 - index),
      rows: 16_000 + ((index * 977) % 5) * 900,
      commits: 9 + (index % 4),
      other_commits: index === 1 ? 1 : 0,
    })),
    events: [
      {
        at: ago(70_000),
        kind: "schema",
        text: "added litigationreserve_cur",
        version: 4102,
        run_id: "20261123-094630-8c41",
      },
      { at: ago(50_000), kind: "optimize", text: "OPTIMIZE", version: 4150, run_id: null },
      {
        at: ago(9000),
        kind: "failed",
        text: "failed: The role may not read files in cc_note.",
        version: null,
        run_id: "20261123-094630-8c40",
      },
    ],
    ...over,
  };
}

export function makeHistory(over: Partial<HistoryPage> = {}): HistoryPage {
  return {
    history: makeTableDetail().history,
    total: 4212,
    next_before: null,
    operations: [
      { value: "OPTIMIZE", count: 12 },
      { value: "WRITE", count: 4200 },
    ],
    ...over,
  };
}

export function makeSchemas(over: Partial<SchemaVersions> = {}): SchemaVersions {
  const version = (
    number: number,
    days: number,
    column_count: number,
    fingerprint: string,
    change: Partial<SchemaVersion> = {},
  ): SchemaVersion => ({
    version: number,
    timestamp: ago(86_400 * days),
    run_id: "20261123-094630-8c42",
    watermark: ago(86_400 * days + 600),
    fingerprint,
    column_count,
    added: [],
    removed: [],
    changed: [],
    ...change,
  });
  return {
    versions: [
      version(3102, 220, 6, "6f0c3a1e9d", {
        added: ["reserve"],
        changed: ["lossdate: string -> timestamp"],
      }),
      version(1900, 340, 5, "c40dd81f", { added: ["reportedbyemail"] }),
      version(0, 550, 4, "1b7e02c9"),
    ],
    as_of: ago(70),
    ...over,
  };
}

export function makeNulls(over: Partial<TableNulls> = {}): TableNulls {
  return {
    version: 4211,
    rows: 48_213_904,
    columns: COLUMNS.map(({ name }, index) => ({
      name,
      nulls: index * 4_821_390,
      share: (index * 4_821_390) / 48_213_904,
      unknown_reason: null,
    })),
    error: null,
    ...over,
  };
}

export function makeSchema(version: number, over: Partial<TableSchema> = {}): TableSchema {
  return {
    version,
    since_version: version,
    since: ago(86_400 * 220),
    columns: COLUMNS,
    as_of: ago(70),
    ...over,
  };
}

export function makeRun(over: Partial<ProcessingJobSummary> = {}): ProcessingJobSummary {
  const id = over.run_id ?? "20261123-094630-8c42";
  return {
    job_id: id,
    run_id: id,
    status: "completed",
    connection: CONNECTION,
    trigger: "page",
    requested_by: "ana.kovac",
    attempt: 1,
    created_at: ago(912),
    start_time: ago(910),
    end_time: ago(398),
    total_tables: 480,
    tables_processed: 480,
    tables_failed: 0,
    tables_ok: 349,
    tables_no_change: 131,
    tables_running: 0,
    tables_pending: 0,
    progress_percent: 100,
    bytes_percent: 100,
    bytes_done: 18_400_000_000,
    bytes_total: 18_400_000_000,
    rows: 318_253,
    commits: 349,
    duration_seconds: 512,
    error_message: null,
    error: null,
    action: "sync",
    selection: "all tables",
    waiting_reason: null,
    ...over,
  };
}

export function makeResult(over: Partial<ProcessingResult> = {}): ProcessingResult {
  return {
    table: "cc_claim",
    status: "ok",
    process_start_time: ago(900),
    process_finish_time: ago(800),
    process_start_watermark: 1_795_420_000_000,
    process_finish_watermark: 1_795_426_800_000,
    manifest_records: 48_213_904,
    errors: null,
    warnings: null,
    duration_seconds: 100,
    folders: 3,
    files: 6,
    files_done: 6,
    rows: 18_432,
    bytes: 40_000_000,
    bytes_done: 40_000_000,
    commits: 1,
    version: 4211,
    attempt: 1,
    error: null,
    warning_details: [],
    ...over,
  };
}

export function makeConfig(over: Partial<RunConfig> = {}): RunConfig {
  return {
    connection: CONNECTION,
    source: "s3://acme-cda-prod/cda",
    target: "s3://acme-lake/guidewire",
    table_names: null,
    exceptions: null,
    largest_tables_first_count: null,
    parallel: true,
    commit_per_folder: false,
    action: "sync",
    since: null,
    files: [],
    layout: "copy",
    current: false,
    schema_change: "merge",
    rebase: null,
    workers: 8,
    runner: "threads",
    ray_address: null,
    lookback_seconds: 0,
    settle_seconds: 0,
    credential: "profile acme",
    aws_access_key_id: null,
    ...over,
  };
}

export function makeJob(over: Partial<ProcessingJobStatus> = {}): ProcessingJobStatus {
  const results = over.results ?? [
    makeResult(),
    makeResult({ table: "cc_exposure", status: "no_change", rows: 0, commits: 0 }),
  ];
  return {
    ...makeRun({ total_tables: results.length, tables_processed: results.length }),
    results,
    error_groups: [],
    config: makeConfig(),
    warnings: [],
    last_line: 0,
    can_cancel: false,
    can_retry: false,
    heartbeat_at: null,
    process_alive: null,
    usual: null,
    cluster: null,
    manifest_sha256: "9f86d081884c7d65",
    ...over,
  };
}

export function makeCluster(over: Partial<ClusterInfo> = {}): ClusterInfo {
  const node = { name: "10.0.0.6 (a1b2c3)", is_alive: true, cpus: 4 };
  return {
    address: "10.0.0.5:6379",
    told_at: ago(2),
    nodes: [
      { ...node, memory_used: 3 * 1024 ** 3, memory_total: 8 * 1024 ** 3 },
      {
        ...node,
        name: "10.0.0.7 (d4e5f6)",
        is_alive: false,
        memory_used: null,
        memory_total: null,
      },
    ],
    cpus: 4,
    cpus_used: 3,
    tasks_running: 3,
    tasks_pending: 12,
    ...over,
  };
}

export function makeLine(line: number, over: Partial<LogLine> = {}): LogLine {
  return {
    line,
    at: ago(900 - line),
    level: "info",
    kind: "log",
    table: "cc_claim",
    message: `line ${line} of the log`,
    attempt: 1,
    ...over,
  };
}

export const makeLogPage = (lines: LogLine[]): LogPage => ({
  lines,
  next_offset: lines.at(-1)?.line ?? 0,
  last_line: lines.at(-1)?.line ?? 0,
  is_final: true,
});

export function makeTrends(days = 30, over: Partial<Trends> = {}): Trends {
  const totals: TrendTotals = {
    rows: 268_000_000,
    commits: 61_200,
    runs: 2871,
    completed: 2860,
    failed: 9,
    success_rate: 0.9969,
    p50_seconds: 512,
    p95_seconds: 790,
    recoveries: 4,
    mean_recovery_seconds: 2760,
  };
  return {
    days,
    totals,
    before: { ...totals, rows: 252_000_000, runs: 2871, mean_recovery_seconds: 4980 },
    by_day: Array.from({ length: days }, (_, index) => ({
      day: dayAgo(days - 1 - index),
      rows: index === 3 ? 0 : 8_000_000 + ((index * 977) % 5) * 900_000,
      commits: 2000,
      completed: index === 3 ? 0 : 96,
      failed: index === 4 ? 3 : 0,
      p50_seconds: index === 3 ? null : 500 + ((index * 37) % 60),
      p95_seconds: index === 3 ? null : 700 + ((index * 53) % 160),
    })),
    slowest: [
      slow("pc_policyperiod", 310),
      slow("cc_transactionline", 204),
      slow("bc_invoiceitem", 77),
    ],
    slowest_since: ago(86_400 * 6),
    as_of: ago(20),
    ...over,
  };
}

const slow = (table: string, mean: number): SlowTable => ({
  table,
  connection: CONNECTION,
  runs: 96,
  mean_seconds: mean,
  longest_seconds: mean * 2,
  last_run_id: "20261123-094630-8c42",
});

export function makeDashboard(over: Partial<Dashboard> = {}): Dashboard {
  return {
    total_tables: 480,
    last_processing_time: ago(398),
    status: "connected",
    s3_bucket: "s3://acme-lake/guidewire",
    headline: "3 tables failed and 9 are late, of 480",
    subline: "last run 26 min ago ended with errors",
    health: [
      { value: "Healthy", count: 403 },
      { value: "Quiet", count: 61 },
      { value: "Late", count: 9 },
      { value: "Failed", count: 3 },
      { value: "Not loaded", count: 4 },
    ],
    attention: [
      attention("cc_note", "Failed", "Access denied on 14 files in the source", 3840),
      attention("bc_invoiceitem", "Failed", "Schema conflict on amount_cur", 2040),
      attention("pc_policyperiod", "Late", "2 h 51 min behind, limit 60 min", 6660),
      attention("pc_patransaction", "Late", "2 h 08 min behind, limit 60 min", 4080),
      attention("cc_transactionline", "Late", "1 h 58 min behind, limit 60 min", 3480),
    ],
    attention_total: 12,
    retry: [
      {
        connection: CONNECTION,
        run_id: "20261123-094630-8c42",
        tables: ["bc_invoiceitem", "cc_document", "cc_note"],
      },
    ],
    freshness: [
      bar("under 1 min", 0, 60, 194),
      bar("1 min to 5 min", 60, 300, 189),
      bar("5 min to 15 min", 300, 900, 40),
      bar("15 min to 30 min", 900, 1800, 35),
      bar("30 min to 1 h", 1800, 3600, 6),
      bar("1 h to 2 h", 3600, 7200, 10),
      bar("2 h to 6 h", 7200, 21_600, 2),
      bar("6 h to 1 d", 21_600, 86_400, 0),
      bar("over 1 d", 86_400, null, 0),
    ],
    most_behind: (
      [
        ["pc_policyperiod", 10_260, "Late"],
        ["pc_patransaction", 7680, "Late"],
        ["cc_transactionline", 7080, "Late"],
        ["bc_invoice", 6720, "Late"],
        ["cc_note", 5520, "Failed"],
        ["cc_activity", 5040, "Late"],
        ["bc_invoiceitem", 3720, "Failed"],
        ["pc_personalvehicle", 3120, "Healthy"],
        ["cc_exposure", 2820, "Healthy"],
      ] as [string, number, Health][]
    ).map(([table, lag_seconds, health]) => ({
      table,
      lag_seconds,
      health,
      connection: CONNECTION,
    })),
    lag_limit_seconds: 3600,
    volume: [10, 11, 10, 11, 2, 2, 15, 10, 10, 10, 11, 3, 3, 5].map((millions, index) => ({
      day: dayAgo(13 - index),
      rows_by_app: {
        PolicyCenter: millions * 440_000,
        ClaimCenter: millions * 320_000,
        BillingCenter: millions * 240_000,
      },
      commits_by_app: {
        PolicyCenter: millions * 14,
        ClaimCenter: millions * 10,
        BillingCenter: millions * 7,
      },
      commits: millions * 31,
    })),
    rows_today: 4_810_000,
    rows_by_day: [10, 11, 10, 11, 2, 2, 15, 10, 10, 10, 11, 3, 3, 5].map((n) => n * 1_000_000),
    runs: Array.from({ length: 30 }, (_, index) => ({
      run_id: `20261123-0916${index}-8c${20 + index}`,
      status:
        index === 15
          ? "failed"
          : index === 9 || index > 26
            ? "completed_with_errors"
            : index === 23
              ? "cancelled"
              : "completed",
      started_at: ago((30 - index) * 1800),
      duration_seconds: index === 15 ? 21 : index === 9 ? 780 : 430 + ((index * 83) % 160),
      tables_failed: index === 15 ? 480 : index === 9 || index > 26 ? 3 : 0,
    })),
    active_run: null,
    last_run: makeRun({ status: "completed_with_errors", tables_failed: 3, tables_ok: 346 }),
    schema_changes: [
      {
        table: "cc_claim",
        connection: CONNECTION,
        version: 4102,
        timestamp: ago(200_000),
        summary: "2 columns added: litigationreserve_cur, telematicsdeviceid",
      },
      {
        table: "bc_invoiceitem",
        connection: CONNECTION,
        version: 3981,
        timestamp: ago(90_000),
        summary: "amount_cur: integer -> long",
      },
    ],
    connections: [makeStatus()],
    paused: [],
    as_of: ago(4),
    version: "0.1.0",
    ...over,
  };
}

const attention = (table: string, health: Health, why: string, seconds: number) => ({
  table,
  connection: CONNECTION,
  health,
  why,
  hint: null,
  since: ago(seconds),
  run_id: "20261123-094630-8c42",
  choices: [],
  action: health === "Failed" ? ("retry" as const) : ("run" as const),
});

const bar = (label: string, lower: number, upper: number | null, count: number) => ({
  label,
  lower,
  upper,
  count,
  over_limit: lower >= 3600,
});

const latency = (name: string, p95_ms: number): Latency => ({
  name,
  count: 1204,
  p50_ms: p95_ms / 4,
  p95_ms,
  p99_ms: p95_ms * 2,
  worst_ms: p95_ms * 4,
});

export function makeLease(over: Partial<LeaseFacts> = {}): LeaseFacts {
  return {
    host: "monitor-1",
    pid: 4242,
    is_this: true,
    duty: "stand_by",
    name: null,
    until: "2026-11-23T09:30:12.000Z",
    ...over,
  };
}

export function makeSystem(over: Partial<SystemStatus> = {}): SystemStatus {
  return {
    version: "0.1.0",
    python: "3.12.4",
    platform: "Linux x86_64",
    libraries: [{ name: "deltalake", version: "1.6.6" }],
    started_at: "2026-11-23T06:00:00.000Z",
    uptime_seconds: 12_600,
    database: { kind: "sqlite", size_bytes: 48_200_000, revision: "0012" },
    disk: { free_bytes: 120_000_000_000, total_bytes: 512_000_000_000 },
    process: { cpu_seconds: 84.2, memory_bytes: 214_000_000, threads: 12, streams: 2 },
    threads: [
      { name: "reconciler", is_working: true },
      { name: "refresher", is_working: true },
    ],
    leases: [makeLease({ duty: "index", name: "prod-east" }), makeLease()],
    indexes: [
      {
        connection: "prod-east",
        as_of: "2026-11-23T09:29:48.000Z",
        age_seconds: 12,
        looks: latency("prod-east", 820),
        failures: 0,
      },
    ],
    runs: {
      by_state: { completed: 96, completed_with_errors: 4, running: 1, pending: 2 },
      success_rate: 0.96,
      duration: latency("run", 184_000),
      table_duration: latency("table", 2400),
    },
    requests: [latency("/api/tables", 42), latency("/api/dashboard", 610)],
    store_calls: [latency("list ok", 31)],
    queries: [latency("select", 2.4)],
    retention: { days: 0, runs: 0, due: 0 },
    ...over,
  };
}

export function makeConfiguration(over: Partial<Configuration> = {}): Configuration {
  const setting = (group: string, name: string, value: string, origin: string) => ({
    group,
    name,
    value,
    origin,
  });
  return {
    aws_access_key_id: "****7QXF",
    aws_region: "eu-central-1",
    s3_bucket: "acme-lake/guidewire",
    manifest_location: "s3://acme-cda/prod",
    processing_mode: "parallel",
    guidewire_package_version: "0.1.0",
    ray_settings: {
      dedup_logs: true,
      dedup_logs_origin: "default",
      runner: "threads",
      address: null,
      origin: "default",
      is_installed: false,
    },
    connection: CONNECTION,
    connections: [CONNECTION],
    settings: [
      setting("Server", "home", "/var/lib/cdalake", "environment CDALAKE_HOME"),
      setting("Server", "port", "8000", "default"),
      setting("Stores", "access key id", "****7QXF", "environment AWS_ACCESS_KEY_ID"),
      setting(
        `Connection ${CONNECTION}`,
        "source",
        "s3://acme-cda/prod",
        "/etc/cdalake.toml [connections.prod]",
      ),
      setting(`Connection ${CONNECTION}`, "credential", "profile guidewire", "page"),
      setting(`Connection ${CONNECTION}`, "workers", "8", "default"),
    ],
    ...over,
  };
}
/** A run beside nothing; with `before`, beside that. */
export function makeComparison(over: Partial<RunComparison> = {}): RunComparison {
  return {
    run_id: "20261123-094630-8c42",
    before: null,
    now: makeRun(),
    slower: [],
    faster: [],
    new_failures: [],
    mended: [],
    only_before: [],
    only_now: [],
    config: [],
    ...over,
  };
}

export const makeCompared = (over: Partial<ComparedTable> = {}): ComparedTable => ({
  table: "cc_claim",
  status_before: "ok",
  status_now: "ok",
  seconds_before: 1,
  seconds_now: 4,
  rows_before: 10,
  rows_now: 12,
  ...over,
});

export function makeStatus(over: Partial<ConnectionStatus> = {}): ConnectionStatus {
  return {
    name: CONNECTION,
    source: "s3://acme-cda-prod/cda",
    target: "s3://acme-lake/guidewire",
    credential: "environment (AWS_*)",
    engine: "threads",
    workers: 8,
    schema_change: "merge",
    source_ok: true,
    target_ok: true,
    source_ms: 84,
    target_ms: 61,
    error: null,
    checked_at: ago(10),
    ...over,
  };
}

export function makeConnection(over: Partial<ConnectionInfo> = {}): ConnectionInfo {
  return {
    name: CONNECTION,
    source: "s3://acme-cda/prod",
    target: "s3://acme-lake/guidewire",
    credential: "profile guidewire",
    values: {
      source: "s3://acme-cda/prod",
      target: "s3://acme-lake/guidewire",
      credential: "profile:guidewire",
    },
    origin: "page",
    is_editable: true,
    revision: "rev-1",
    changed_at: ago(3600),
    changed_by: "ana",
    tables: 480,
    loaded: 471,
    health: { Healthy: 462, Late: 6, Failed: 3, "Not loaded": 9 },
    manifest_time: ago(240),
    manifest_read_at: ago(3),
    source_ok: true,
    target_ok: true,
    source_ms: 84,
    target_ms: 61,
    error: null,
    checked_at: ago(3),
    pause: null,
    ...over,
  };
}

export function makeTest(over: Partial<ConnectionTestResult> = {}): ConnectionTestResult {
  const step = (name: string, title: string, sentence: string) => ({
    name,
    title,
    sentence,
    state: "ok",
    seconds: 0.042,
    code: null,
    hint: null,
  });
  return {
    ok: true,
    seconds: 0.21,
    steps: [
      step("source.list", "List the source", "s3://acme-cda/prod can be listed: 480 folders."),
      step("source.manifest", "Read the manifest", "The manifest names 480 tables."),
      step("target.write", "Write to the target", "The store would take a write."),
    ],
    ...over,
  };
}
