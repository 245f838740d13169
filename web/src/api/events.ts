import type { LogLine, ProcessingJobStatus } from "@/api/generated";

/** The stream leaves out what does not change. */
export type Progress = Omit<ProcessingJobStatus, "config">;

export interface RunEvents {
  onOpen: () => void;
  onSilence: () => void;
  onLines: (lines: LogLine[]) => void;
  onProgress: (status: Progress) => void;
  onEnd: () => void;
}

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
    stream.onopen = on.onOpen;
    stream.onerror = () => {
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
    listen<Progress>(stream, "progress", on.onProgress);
    stream.addEventListener("end", () => {
      stop();
      on.onEnd();
    });
  };
  const close = () => {
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
