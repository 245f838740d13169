import { useEffect, useState, useSyncExternalStore } from "react";
import { type ApiProblem, toProblem } from "@/api/problem";
import { fetchLogs, type LogFilter, pollEvery } from "@/api/queries";
import { LogStore } from "./log-store";
import type { LineListener } from "./use-run";

const PAGE = 2000;
/** A longer log is shown from here before its end; the start is one click away. */
const TAIL = 20_000;
const POLL_MS = 2000;

/** The lines a filter lets through. Unfiltered ones come by the stream, the others by asking. */
export function useLog(
  id: string,
  filter: LogFilter,
  active: boolean,
  listeners: Set<LineListener>,
  firstLine: number | null,
) {
  const [store] = useState(() => new LogStore());
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [fromStart, setFromStart] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useSyncExternalStore(store.subscribe, store.snapshot);
  const { level, table, q } = filter;
  const filtered = Boolean(level || table || q);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after an error
  useEffect(() => {
    const abort = new AbortController();
    const asked: LogFilter = { level, table, q };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running = false;
    store.reset(0);
    setProblem(null);

    const fetchNew = async () => {
      if (running) return;
      running = true;
      clearTimeout(timer);
      try {
        await readOn(store, (after, limit) => fetchLogs(id, after, limit, asked, abort.signal), {
          skipTo: filtered || fromStart ? 0 : firstLine ? firstLine - 200 : -TAIL,
        });
        setProblem(null);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(toProblem(error));
      } finally {
        running = false;
        if (!abort.signal.aborted && (active || !store.isLoaded)) {
          timer = setTimeout(() => void fetchNew(), pollEvery(POLL_MS));
        }
      }
    };
    const onLines: LineListener = (lines) => {
      if (filtered || running || !store.isLoaded || !store.addStreamed(lines)) void fetchNew();
    };
    listeners.add(onLines);
    void fetchNew();
    return () => {
      abort.abort();
      clearTimeout(timer);
      listeners.delete(onLines);
    };
  }, [id, level, table, q, filtered, active, listeners, store, firstLine, fromStart, attempt]);

  return {
    store,
    problem,
    retry: () => setAttempt((n) => n + 1),
    isTail: !filtered && !fromStart && (store.at(0)?.line ?? 1) > 1,
    showStart: () => setFromStart(true),
  };
}

/** Page after page until there is no more; a very long log begins near its end. */
async function readOn(
  store: LogStore,
  fetchPage: (after: number, limit: number) => ReturnType<typeof fetchLogs>,
  { skipTo }: { skipTo: number },
): Promise<void> {
  if (!store.isLoaded && skipTo !== 0) {
    const probe = await fetchPage(0, 1);
    const start = skipTo > 0 ? skipTo : probe.last_line + skipTo;
    if (start > 0) store.reset(start);
  }
  for (;;) {
    const before = store.offset;
    const page = await fetchPage(before, PAGE);
    store.add(page);
    if (page.next_offset <= before || page.next_offset >= page.last_line) return;
  }
}
