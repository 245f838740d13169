import type {
  Action,
  ChangedBand,
  Health,
  LagBand,
  RowBand,
  RunState,
  SizeBand,
  SortKey,
} from "@/api/generated";

/** What a page keeps in its address. Anything unknown in there is dropped, not an error. */
export interface OverviewSearch {
  /** Length of the trends in days. */
  days?: Period | undefined;
  /** Only this one; all without it. */
  connection?: string | undefined;
}
export interface TablesSearch {
  q?: string | undefined;
  health?: Health[] | undefined;
  app?: string[] | undefined;
  connection?: string[] | undefined;
  lag?: LagBand[] | undefined;
  changed?: ChangedBand[] | undefined;
  size?: SizeBand[] | undefined;
  rows?: RowBand[] | undefined;
  /** Columns a table must have. */
  has?: string[] | undefined;
  /** A UTC day: the last data commit was then or later. */
  since?: string | undefined;
  sort?: SortKey | undefined;
  /** Columns of the list, when they are not those this browser remembers. */
  cols?: string[] | undefined;
  density?: Density | undefined;
  view?: "matrix" | undefined;
  /** Page of the matrix, from 1. */
  page?: number | undefined;
  /** Run the matrix ends before. */
  before?: string | undefined;
}
/** Two schemas: table, connection and version of each. */
export interface CompareSearch {
  a?: string | undefined;
  b?: string | undefined;
  ac?: string | undefined;
  bc?: string | undefined;
  av?: number | undefined;
  bv?: number | undefined;
}
export interface TableSearch {
  /** Given where several connections have a table of the name. */
  connection?: string | undefined;
  tab?: TableTab | undefined;
  op?: string | undefined;
  /** The version that is looked at: its rows, or where the history begins. */
  v?: number | undefined;
  /** The history begins at this moment. */
  until?: string | undefined;
  /** How long back the lag is shown, in days. */
  span?: Span | undefined;
  /** The two versions whose schemas are compared. */
  a?: number | undefined;
  b?: number | undefined;
  /** Columns of the sample, in their order. */
  cols?: string[] | undefined;
  /** What of the table its sample shows; every change where it is not said. */
  view?: Exclude<RowsView, "raw"> | undefined;
  /** The one id whose rows the sample shows. */
  id?: string | undefined;
  /** Retired rows are left out of the current view. */
  only?: "active" | undefined;
}
export interface ConfigurationSearch {
  connection?: string | undefined;
}
export interface SourceSearch {
  tab?: SourceTab | undefined;
  /** Words of the manifest's entries that are looked for. */
  q?: string | undefined;
  only?: "new" | "not_loaded" | undefined;
  side?: "target" | undefined;
  path?: string | undefined;
}
export interface RunsSearch {
  state?: RunState[] | undefined;
  trigger?: string[] | undefined;
  who?: string[] | undefined;
  connection?: string[] | undefined;
  /** What the runs did. */
  action?: Action[] | undefined;
  table?: string | undefined;
  /** The last so many days, or a span of dates. */
  days?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
}
export interface RunSearch {
  state?: string | undefined;
  sort?: string | undefined;
  level?: "warning" | "error" | undefined;
  table?: string | undefined;
  attempt?: number | undefined;
  /** A span of the run's time, ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

export const TABLE_TABS = ["overview", "schema", "history", "data", "runs"] as const;
export type TableTab = (typeof TABLE_TABS)[number];

export const ROWS_VIEWS = ["raw", "current", "history"] as const;
export type RowsView = (typeof ROWS_VIEWS)[number];

export const SOURCE_TABS = ["overview", "manifest", "objects"] as const;
export type SourceTab = (typeof SOURCE_TABS)[number];

export const PERIODS = ["7", "30", "90"] as const;
export type Period = (typeof PERIODS)[number];

export interface LoginSearch {
  /** Where one was when the server asked who one is. */
  to?: string | undefined;
}
/** A path of this page; never the address of another site. */
export const localPath = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])/.test(to) ? to : "/";

export interface AuditSearch {
  who?: string | undefined;
  action?: string | undefined;
  /** A part of it. */
  subject?: string | undefined;
  days?: AuditDays | undefined;
}
export const AUDIT_DAYS = ["1", "7", "30"] as const;
export type AuditDays = (typeof AUDIT_DAYS)[number];
export const SPANS = ["1", "7", "30", "90"] as const;
export type Span = (typeof SPANS)[number];

export const DENSITIES = ["dense", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];

export const LAG_BANDS: readonly LagBand[] = [
  "under_1m",
  "under_15m",
  "under_1h",
  "under_6h",
  "over_6h",
  "unknown",
];
export const CHANGED_BANDS: readonly ChangedBand[] = [
  "today",
  "this_week",
  "this_month",
  "earlier",
  "never",
];
export const SIZE_BANDS: readonly SizeBand[] = [
  "under_1mb",
  "under_100mb",
  "under_10gb",
  "over_10gb",
  "unknown",
];
export const ROW_BANDS: readonly RowBand[] = [
  "none",
  "under_10k",
  "under_1m",
  "under_100m",
  "over_100m",
  "unknown",
];
