import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type ApiProblem, toProblem } from "@/api/problem";
import { fetchLogHits, fetchLogs, type LogFilter, pollEvery } from "@/api/queries";
import { HitList, LogStore, PAGE } from "./log-store";
import type { LineListener } from "./use-run";

const POLL_MS = 2000;

export const isFiltered = (filter: LogFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined && value !== "");

/** A run whose log is read. */
export interface LogSource {
  runId: string;
  /** Lines may still come. */
  active: boolean;
  listeners: Set<LineListener>;
}

/** Lines that a filter lets through; null without a filter. */
export function useHits({ runId, active, listeners }: LogSource, filter: LogFilter) {
  const key = JSON.stringify(filter);
  const list = useMemo(() => (isFiltered(JSON.parse(key)) ? new HitList() : null), [key]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useSyncExternalStore(list?.subscribe ?? never, list?.snapshot ?? zero);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after an error
  useEffect(() => {
    setProblem(null);
    if (!list) return;
    const abort = new AbortController();
    const asked: LogFilter = JSON.parse(key);
    const look = repeated(abort.signal, active, async () => {
      try {
        do list.add(await fetchLogHits(runId, list.offset, asked, abort.signal));
        while (!list.isComplete);
        setProblem(null);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(toProblem(error));
      }
    });
    listeners.add(look);
    look();
    return () => {
      abort.abort();
      listeners.delete(look);
    };
  }, [list, key, runId, active, listeners, attempt]);

  return { list, problem, retry: () => setAttempt((n) => n + 1) };
}

/** What is to be seen of a log; lines are fetched where somebody looks. */
export function useLog(source: LogSource, filter: LogFilter) {
  const { runId, active, listeners } = source;
  const hits = useHits(source, filter);
  const store = useMemo(() => new LogStore(hits.list), [hits.list]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  useSyncExternalStore(store.subscribe, store.snapshot);
  const key = JSON.stringify(filter);

  // How long the log is, and that it has grown.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after an error
  useEffect(() => {
    setProblem(null);
    if (store.hits) return;
    const abort = new AbortController();
    const look = repeated(abort.signal, active, async () => {
      try {
        store.add(await fetchLogs(runId, store.last, PAGE, {}, abort.signal));
        setProblem(null);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(toProblem(error));
      }
    });
    const onLines: LineListener = (lines) => {
      if (store.isLoaded) store.addStreamed(lines);
      else look();
    };
    listeners.add(onLines);
    look();
    return () => {
      abort.abort();
      listeners.delete(onLines);
    };
  }, [store, runId, active, listeners, attempt]);

  const show = useCallback(
    (from: number, to: number) => {
      for (const page of store.missing(from, to)) {
        store.ask(page);
        void fetchPage(runId, store, page, JSON.parse(key))
          .catch((error: unknown) => setProblem(toProblem(error)))
          .finally(() => store.answered(page));
      }
    },
    [store, runId, key],
  );

  return {
    store,
    isLoaded: store.hits ? store.hits.isLoaded : store.isLoaded,
    problem: hits.problem ?? problem,
    retry: () => {
      hits.retry();
      setAttempt((n) => n + 1);
    },
    show,
  };
}

/** One page of the view; a filter may need several answers for it. */
async function fetchPage(runId: string, store: LogStore, page: number, filter: LogFilter) {
  const until = store.numberAt(Math.min(store.size, (page + 1) * PAGE) - 1);
  let after = store.numberAt(page * PAGE) - 1;
  while (after < until) {
    const answer = await fetchLogs(runId, after, PAGE, filter, new AbortController().signal);
    store.add(answer);
    if (answer.next_offset <= after) return;
    after = answer.next_offset;
  }
}

/** One look at a time; while lines may come, another one two seconds after the last. */
function repeated(signal: AbortSignal, active: boolean, act: () => Promise<void>): () => void {
  let running = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer));
  const look = () => {
    if (running || signal.aborted) return;
    running = true;
    clearTimeout(timer);
    void act().finally(() => {
      running = false;
      if (active && !signal.aborted) timer = setTimeout(look, pollEvery(POLL_MS));
    });
  };
  return look;
}

const never = () => () => undefined;
const zero = () => 0;
