import type { Action, Choice, ConnectionStatus, RunState } from "@/api/generated";

/** The product's words for health and state, each with the tone and the shape that carry it too. */

export type Tone = "ok" | "warn" | "fail" | "info" | "mute";
export type Shape =
  | "check"
  | "clock"
  | "octagon"
  | "moon"
  | "dashed"
  | "unlink"
  | "question"
  | "triangle"
  | "minus"
  | "spin"
  | "equal"
  | "pause"
  | "skip";

export interface Word {
  word: string;
  tone: Tone;
  shape: Shape;
}

const UNKNOWN: Word = { word: "Unknown", tone: "mute", shape: "question" };

const HEALTH: Record<string, Word> = {
  Healthy: { word: "Healthy", tone: "ok", shape: "check" },
  Late: { word: "Late", tone: "warn", shape: "clock" },
  Failed: { word: "Failed", tone: "fail", shape: "octagon" },
  Quiet: { word: "Quiet", tone: "mute", shape: "moon" },
  "Not loaded": { word: "Not loaded", tone: "mute", shape: "dashed" },
  Orphan: { word: "Orphan", tone: "mute", shape: "unlink" },
};

/** The order of the facets and of the health bar. */
export const HEALTH_ORDER = [
  "Failed",
  "Late",
  "Healthy",
  "Quiet",
  "Not loaded",
  "Orphan",
  "Unknown",
] as const;

const RUN: Record<RunState, Word> = {
  pending: { word: "Queued", tone: "mute", shape: "dashed" },
  running: { word: "Running", tone: "info", shape: "spin" },
  cancelling: { word: "Cancelling", tone: "info", shape: "spin" },
  unknown: { word: "Unknown", tone: "warn", shape: "question" },
  completed: { word: "Completed", tone: "ok", shape: "check" },
  completed_with_errors: { word: "With errors", tone: "warn", shape: "triangle" },
  failed: { word: "Failed", tone: "fail", shape: "octagon" },
  cancelled: { word: "Cancelled", tone: "mute", shape: "minus" },
};

const TABLE: Record<string, Word> = {
  pending: { word: "Queued", tone: "mute", shape: "dashed" },
  running: { word: "Running", tone: "info", shape: "spin" },
  ok: { word: "Written", tone: "ok", shape: "check" },
  no_change: { word: "No change", tone: "ok", shape: "equal" },
  partial: { word: "Partial", tone: "warn", shape: "triangle" },
  failed: { word: "Failed", tone: "fail", shape: "octagon" },
  paused: { word: "Paused", tone: "warn", shape: "pause" },
  skipped: { word: "Skipped", tone: "mute", shape: "skip" },
  cancelled: { word: "Cancelled", tone: "mute", shape: "minus" },
};

export const healthWord = (health: string): Word => HEALTH[health] ?? UNKNOWN;
export const runWord = (state: string): Word => RUN[state as RunState] ?? UNKNOWN;
export const tableWord = (state: string): Word => TABLE[state] ?? UNKNOWN;

export const RUN_STATES = Object.keys(RUN) as RunState[];

/** A silent one, too: it may live on a machine that cannot tell. */
export const ACTIVE: RunState[] = ["pending", "running", "cancelling", "unknown"];
export const isActive = (state: string): boolean => ACTIVE.some((each) => each === state);

/** Who or what began a run. */
export function triggerWord(trigger: string): string {
  const words: Record<string, string> = {
    cli: "Command line",
    page: "Page",
    api: "API",
    demo: "Demo",
  };
  return words[trigger] ?? trigger;
}

const ACTION: Record<Action, string> = {
  sync: "Sync",
  verify: "Verify",
  repair: "Repair",
  accept: "Accept",
  resync: "Re-sync",
  rebuild: "Rebuild",
  quarantine: "Set aside",
  release: "Release",
};

/** What a run does to its tables. */
export const actionWord = (action: Action): string => ACTION[action] ?? action;

export const ACTIONS = Object.keys(ACTION) as Action[];

const CHOICE: Record<Choice, string> = {
  accept: "Accept as it is",
  resync: "Re-sync from…",
  rebuild: "Rebuild",
  repair: "Repair",
  quarantine: "Set file aside",
  wait: "Wait",
};

/** What a person can do about a table that waits for one. */
export const choiceWord = (choice: Choice): string => CHOICE[choice] ?? choice;

export type SchemaChange = ConnectionStatus["schema_change"];

/** What may happen when the columns of an export change; the first is the default. */
export const SCHEMA_CHANGES: Record<SchemaChange, string> = {
  merge: "One table with the columns of all fingerprints; rows have null where theirs has none.",
  fail: "The table pauses before the first data that would change its columns, until somebody has looked.",
  per_fingerprint: "Each fingerprint has a table of its own, with a view over them all.",
  replace:
    "When a fingerprint begins, older rows leave the current version of the table; earlier versions keep them until VACUUM. Each run has to confirm it.",
};
