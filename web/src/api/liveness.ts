import { useSyncExternalStore } from "react";

/** Whether the server answers, since when not, and when the next try is. One for the whole page. */
export interface Liveness {
  lastAnswer: number | null;
  failures: number;
  nextTry: number | null;
  /** How long the last answers took, the middle of them, in milliseconds. */
  latency: number | null;
}

let state: Liveness = { lastAnswer: null, failures: 0, nextTry: null, latency: null };
let took: readonly number[] = [];
const middle = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
const listeners = new Set<() => void>();
const recoveries = new Set<() => void>();

function set(next: Liveness): void {
  state = next;
  for (const listener of listeners) listener();
}

export const liveness = {
  get: (): Liveness => state,
  /** Milliseconds to wait before the next try: 1, 2, 4, 8, then 10 s. */
  backoff: (): number => Math.min(10_000, 1000 * 2 ** Math.max(0, state.failures - 1)),
  answered(ms?: number): void {
    const wasDown = state.failures > 0;
    if (ms !== undefined) took = [...took, ms].slice(-9);
    set({ lastAnswer: Date.now(), failures: 0, nextTry: null, latency: middle(took) });
    if (wasDown) for (const recover of recoveries) recover();
  },
  silent(): void {
    // Several requests fail together; they are one failure of the server.
    if (state.nextTry !== null && Date.now() < state.nextTry - 200) return;
    const failures = state.failures + 1;
    const wait = Math.min(10_000, 1000 * 2 ** (failures - 1));
    set({ ...state, failures, nextTry: Date.now() + wait });
  },
  onRecovery(act: () => void): () => void {
    recoveries.add(act);
    return () => recoveries.delete(act);
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLiveness = (): Liveness => useSyncExternalStore(subscribe, liveness.get);
