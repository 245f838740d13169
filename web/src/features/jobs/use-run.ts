import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { followRun, withProgress } from "@/api/events";
import type { LogLine, ProcessingJobStatus } from "@/api/generated";
import { liveness } from "@/api/liveness";
import { jobKey, jobQuery, polled } from "@/api/queries";
import { useAnnounce } from "@/lib/announce";
import { shortId } from "@/lib/format";
import { isActive, runWord } from "@/lib/vocabulary";

const POLL_MS = 2000;

export type LineListener = (lines: LogLine[]) => void;

/** A run that keeps itself up to date: by its stream, by polling while the stream is silent. */
export function useRun(id: string) {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const listeners = useRef(new Set<LineListener>());
  const query = useQuery({
    ...jobQuery(id),
    refetchInterval: (current) => {
      const status = current.state.data?.status;
      if (current.state.error && liveness.get().failures === 0) return false;
      if (status && !isActive(status)) return polled(10_000);
      return streaming ? false : polled(POLL_MS);
    },
  });
  const status = query.data?.status;
  const active = status !== undefined && isActive(status);

  useEffect(() => {
    if (!active) return;
    const after = client.getQueryData<ProcessingJobStatus>(jobKey(id))?.last_line ?? 0;
    const stop = followRun(id, after, {
      onOpen: () => {
        setStreaming(true);
        liveness.answered();
      },
      onSilence: () => setStreaming(false),
      onLines: (lines) => {
        liveness.answered();
        for (const listen of listeners.current) listen(lines);
      },
      onBase: () => void client.invalidateQueries({ queryKey: jobKey(id) }),
      onProgress: (news) => {
        liveness.answered();
        client.setQueryData<ProcessingJobStatus>(
          jobKey(id),
          (old) => old && withProgress(old, news),
        );
      },
      onEnd: () => {
        setStreaming(false);
        void client.invalidateQueries();
      },
    });
    return () => {
      setStreaming(false);
      stop();
    };
  }, [id, active, client]);

  useStateAnnouncement(id, status);
  return { query, active, listeners: listeners.current };
}

/** Say a change of state once, politely; the page itself shows it. */
function useStateAnnouncement(id: string, status: string | undefined): void {
  const { say } = useAnnounce();
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = status;
    if (before === undefined || status === undefined || before === status) return;
    say(`Run ${shortId(id)} is now ${runWord(status).word.toLowerCase()}.`, {
      seen: !isActive(status),
    });
  }, [id, status, say]);
}
