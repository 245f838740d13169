import type { ProcessingJobSummary, ProcessingResult } from "@/api/generated";
import { isActive } from "@/lib/vocabulary";

/** Bytes say it better than tables; without bytes, tables. */
export function progressOf(run: ProcessingJobSummary): number {
  // The API says 100 of every run that has ended, whatever it did.
  if (!isActive(run.status)) return run.total_tables > 0 || run.status === "completed" ? 100 : 0;
  return run.bytes_percent ?? run.progress_percent;
}

/** Seconds a run has taken so far or took. */
export function elapsedOf(run: ProcessingJobSummary, now: number): number | null {
  if (!isActive(run.status)) return run.duration_seconds;
  if (!run.start_time) return null;
  return Math.max(0, (now - new Date(run.start_time).getTime()) / 1000);
}

const GROUPS = {
  ok: ["ok"],
  no_change: ["no_change"],
  running: ["running"],
  pending: ["pending"],
  failed: ["failed"],
  other: ["partial", "paused", "skipped", "cancelled"],
} as const;

export type StateCounts = ReadonlyMap<string, number>;

export function countStates(results: readonly ProcessingResult[]): StateCounts {
  const counts = new Map<string, number>();
  for (const result of results) counts.set(result.status, (counts.get(result.status) ?? 0) + 1);
  return counts;
}

export const STATE_ORDER: readonly string[] = Object.values(GROUPS).flat();
