import type { LogLine, ProcessingResult } from "@/api/generated";
import { tableWord } from "@/lib/vocabulary";

/** When one table was worked on; milliseconds. */
export interface Span {
  table: string;
  status: string;
  from: number;
  until: number;
  rows: number;
  folders: number;
  commits: number;
}

export interface Group {
  key: string;
  label: string;
  spans: readonly Span[];
}

/** A line of the chart. */
export type Row = { group: Group; isOpen: boolean } | { span: Span };

export type Grouping = "state" | "app";

/** More lanes than that nobody reads one by one. */
export const MOST_LANES = 500;

export function spansOf(results: readonly ProcessingResult[], end: number): Span[] {
  const spans = results.flatMap((result) => {
    if (!result.process_start_time) return [];
    const from = Date.parse(result.process_start_time);
    const until = result.process_finish_time ? Date.parse(result.process_finish_time) : end;
    const { table, status, rows, folders, commits } = result;
    return [{ table, status, rows, folders, commits, from, until: Math.max(from, until) }];
  });
  return spans.sort((a, b) => a.from - b.from || a.table.localeCompare(b.table));
}

const APPS: Record<string, string> = {
  cc: "ClaimCenter",
  pc: "PolicyCenter",
  bc: "BillingCenter",
  ab: "ContactManager",
};
const appOf = (table: string) => APPS[table.slice(0, 2).toLowerCase()] ?? "Other";

const STATES = ["failed", "partial", "paused", "running", "ok", "no_change"];
const rank = (status: string) => (STATES.indexOf(status) + STATES.length + 1) % (STATES.length + 1);

/** Spans by state, worst first, or by application. */
export function groupsOf(spans: readonly Span[], by: Grouping): Group[] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const key = by === "state" ? span.status : appOf(span.table);
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  return [...groups]
    .map(([key, members]) => ({
      key,
      label: by === "state" ? tableWord(key).word : key,
      spans: members,
    }))
    .sort((a, b) => (by === "state" ? rank(a.key) - rank(b.key) : a.label.localeCompare(b.label)));
}

/** What the chart shows: every lane, or groups of them and the lanes of those that are open. */
export function rowsOf(
  spans: readonly Span[],
  by: Grouping,
  open: ReadonlySet<string>,
): readonly Row[] {
  if (spans.length <= MOST_LANES) return spans.map((span) => ({ span }));
  return groupsOf(spans, by).flatMap((group): Row[] => {
    const isOpen = open.has(group.key);
    return [{ group, isOpen }, ...(isOpen ? group.spans.map((span) => ({ span })) : [])];
  });
}

/** The table that ended last, and since when it was the only one. */
export interface Tail {
  table: string;
  from: number;
  until: number;
}

/** The end of the run that only one table held up; null where several did. */
export function tailOf(spans: readonly Span[]): Tail | null {
  if (spans.length < 2) return null;
  const byEnd = [...spans].sort((a, b) => b.until - a.until);
  const [last, second] = byEnd;
  if (!last || !second || last.until === second.until) return null;
  const from = Math.max(second.until, last.from);
  return { table: last.table, from, until: last.until };
}

export interface Phase {
  name: string;
  from: number;
  until: number;
}

/** What a table was doing when, as its log lines tell. */
export function phasesOf(lines: readonly LogLine[], span: Span): Phase[] {
  const times = (kind: string) =>
    lines.filter((line) => line.kind === kind).map((line) => Date.parse(line.at));
  const planned = times("table_planned").at(-1);
  const commits = times("committed");
  const read = Math.max(span.from, ...times("progress"), commits[0] ?? 0);
  const phases: Phase[] = [];
  if (planned !== undefined && planned < span.from) {
    phases.push({ name: "Listed, waited for a worker", from: planned, until: span.from });
  }
  if (read > span.from) phases.push({ name: "Read and wrote", from: span.from, until: read });
  phases.push({
    name: commits.length > 0 ? "Committed" : "Finished",
    from: read,
    until: span.until,
  });
  return phases;
}
