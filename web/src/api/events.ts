import type { LogLine, ProcessingJobStatus, ProcessingResult } from "@/api/generated";

/** What differs from before: fields of the run, and fields of the tables named. */
export interface Progress {
  run: Partial<ProcessingJobStatus>;
  results: (Partial<ProcessingResult> & { table: string })[];
}

/** A run with what is new about it. */
export function withProgress(run: ProcessingJobStatus, news: Progress): ProcessingJobStatus {
  if (news.results.length === 0) return { ...run, ...news.run };
  const changed = new Map(news.results.map((row) => [row.table, row]));
  const known = run.results.map((row) => ({ ...row, ...changed.get(row.table) }));
  for (const row of run.results) changed.delete(row.table);
  // A table that was not there comes with all its fields.
  const added = [...changed.values()] as ProcessingResult[];
  return { ...run, ...news.run, results: [...known, ...added] };
}

export interface RunEvents {
  onOpen: () => void;
  onSilence: () => void;
  onLines: (lines: LogLine[]) => void;
  /** From now on changes are told: what was there before has to be read once. */
  onBase: () => void;
  onProgress: (news: Progress) => void;
  onEnd: () => void;
}

const followed = new Set<string>();
/** The run's own stream keeps it up to date. */
export const isFollowed = (id: string): boolean => followed.has(id);

/**
 * Follow a run. The browser reconnects by itself and names the last line it saw; a stream it gave
 * up (an error answer) is opened again here. Returns the way to stop.
 */
export function followRun(id: string, after: number, on: RunEvents): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let last = after;
  let stopped = false;

  const open = () => {
    if (stopped || document.hidden || source) return;
    const stream = new EventSource(`/api/runs/${encodeURIComponent(id)}/events?after=${last}`);
    source = stream;
    stream.onopen = () => {
      followed.add(id);
      on.onOpen();
    };
    stream.onerror = () => {
      followed.delete(id);
      on.onSilence();
      if (stream.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(open, 2000);
      }
    };
    listen<LogLine[]>(stream, "log", (lines) => {
      last = lines.at(-1)?.line ?? last;
      on.onLines(lines);
    });
    stream.addEventListener("base", on.onBase);
    listen<Progress>(stream, "progress", on.onProgress);
    stream.addEventListener("end", () => {
      stop();
      on.onEnd();
    });
  };
  const close = () => {
    followed.delete(id);
    source?.close();
    source = null;
  };
  // Six connections per host is all a browser has: a hidden tab gives its own back.
  const onVisibility = () => {
    clearTimeout(again);
    if (document.hidden) close();
    else open();
  };
  const stop = () => {
    stopped = true;
    clearTimeout(again);
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };

  document.addEventListener("visibilitychange", onVisibility);
  open();
  return stop;
}

function listen<T>(stream: EventSource, name: string, act: (data: T) => void): void {
  stream.addEventListener(name, (event) => {
    if (!(event instanceof MessageEvent) || typeof event.data !== "string") return;
    act(JSON.parse(event.data) as T);
  });
}
