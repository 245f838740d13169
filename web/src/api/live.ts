import type { QueryClient } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { type Changes, getChanges } from "@/api/generated";
import { liveness } from "@/api/liveness";

/**
 * One stream of the page tells what changed; the queries that it makes old are asked again, and no
 * others. While it is silent each query is asked at its own pace instead.
 *
 *   queryOptions({ queryKey, queryFn, ...live(byRuns, 2000) })
 */

type ChangedBy = (changes: Changes) => boolean;

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: { changedBy?: ChangedBy };
  }
}

export const byAnything: ChangedBy = () => true;
export const byRuns: ChangedBy = ({ runs, progress }) => runs.length + progress.length > 0;
export const byRun =
  (id: string): ChangedBy =>
  ({ runs, progress }) =>
    runs.includes(id) || progress.includes(id);
export const byTables: ChangedBy = ({ tables }) => tables.length > 0;
/** Of this name in any connection; a run that starts or ends may be one of its. */
export const byTable =
  (name: string): ChangedBy =>
  ({ tables, runs }) =>
    runs.length > 0 || tables.some((table) => table.name === null || table.name === name);

/** While the server is silent everything waits for the same next try. */
export const pollEvery = (ms: number): number =>
  liveness.get().failures > 0 ? liveness.backoff() : ms;

/** When to ask again by oneself: not at all while the stream tells. */
export const polled = (ms: number): number | false => (isOpen ? false : pollEvery(ms));

/** A query that follows the stream, and polls without it. */
export const live = (changedBy: ChangedBy, everyMs: number) => ({
  meta: { changedBy },
  refetchInterval: () => polled(everyMs),
});

/** Proxies cut streams; a new one within this time is no silence. */
const GRACE_MS = 3000;
/** The server says something every five seconds. */
const DEAF_MS = 15_000;
/** A busy run changes all the time; the page is asked anew at most so often. */
const PACE_MS = 1000;

let isOpen = false;
const fetchChanges = (after: number): Promise<Changes> => unwrap(getChanges({ query: { after } }));

/** Follow what changes until the returned function is called; `onServer` hears of a new server. */
export function followChanges(
  client: QueryClient,
  onServer: () => void,
  ask = fetchChanges,
): () => void {
  const refresher = new Refresher(client);
  let stream: EventSource | null = null;
  let last: number | null = null;
  let server: string | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    clearTimeout(timer);
    if (stream || document.hidden) return;
    stream = new EventSource(last === null ? "/api/events" : `/api/events?after=${last}`);
    stream.addEventListener("changes", (event) => {
      heard();
      take(JSON.parse(event.data));
    });
    stream.addEventListener("tick", heard);
    stream.onerror = () => {
      if (stream?.readyState === EventSource.CLOSED) return again();
      listen(GRACE_MS);
      void probe();
    };
    listen(DEAF_MS);
  };
  const take = (changes: Changes) => {
    last = changes.last_id;
    if (server !== null && server !== changes.server) onServer();
    server = changes.server;
    refresher.take(changes);
  };
  /** The stream was cut, which is usual; is the server there? What changed meanwhile comes too. */
  const probe = async () => {
    const asked = stream;
    const answer = last === null ? null : await ask(last).catch(() => null);
    if (stream !== asked) return;
    if (answer) take(answer);
    else again();
  };
  const heard = () => {
    failures = 0;
    isOpen = true;
    liveness.answered();
    listen(DEAF_MS);
  };
  const listen = (ms: number) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(again, ms);
  };
  const again = () => {
    close();
    isOpen = false;
    // From here on each query asks by itself; asked once, it knows.
    if (!document.hidden) refresher.askAll();
    failures += 1;
    timer = setTimeout(open, Math.min(15_000, 1000 * 2 ** failures));
  };
  const close = () => {
    clearTimeout(watchdog);
    stream?.close();
    stream = null;
  };
  // Six connections per host is all a browser has: a hidden tab gives its own back.
  const onVisibility = () => {
    clearTimeout(timer);
    close();
    isOpen = false;
    open();
  };

  const onRecovery = liveness.onRecovery(open);
  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    onRecovery();
    clearTimeout(timer);
    close();
    isOpen = false;
    refresher.stop();
  };
}

/** Asks again what changed: at once, then once a second at most. */
class Refresher {
  private waiting: Changes[] = [];
  /** Queries that were being answered when they changed: the answer may be from before. */
  private readonly late = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  take(changes: Changes): void {
    if (!changes.everything && !hasNews(changes)) return;
    this.waiting.push(changes);
    this.timer ??= setTimeout(this.refresh, 0);
  }

  askAll(): void {
    void this.client.refetchQueries(
      { type: "active", predicate: (query) => query.meta?.changedBy !== undefined },
      { cancelRefetch: false },
    );
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private readonly refresh = () => {
    const { waiting } = this;
    this.waiting = [];
    const old = this.client.getQueryCache().findAll({
      predicate: ({ meta, queryHash }) =>
        this.late.has(queryHash) || waiting.some((changes) => isOld(meta?.changedBy, changes)),
    });
    const busy = old.filter((query) => query.state.fetchStatus === "fetching");
    this.late.clear();
    for (const query of busy) this.late.add(query.queryHash);
    const ready = new Set(old.filter((query) => !busy.includes(query)));
    void this.client.invalidateQueries({ predicate: (query) => ready.has(query) });
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.waiting.length > 0 || this.late.size > 0) this.refresh();
    }, PACE_MS);
  };
}

const isOld = (changedBy: ChangedBy | undefined, changes: Changes): boolean =>
  changedBy !== undefined && (changes.everything || changedBy(changes));

const hasNews = ({ runs, progress, tables, connections }: Changes): boolean =>
  runs.length + progress.length + tables.length + connections.length > 0;
