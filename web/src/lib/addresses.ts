import type { Health, RunState, SortKey } from "@/api/generated";

/** What a page keeps in its address. Anything unknown in there is dropped, not an error. */
export interface OverviewSearch {
  /** Length of the trends in days. */
  days?: Period | undefined;
}
export interface TablesSearch {
  q?: string | undefined;
  health?: Health[] | undefined;
  app?: string[] | undefined;
  sort?: SortKey | undefined;
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
