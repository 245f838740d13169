import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";

/** One sentence to the reader: seen as a note in the corner, heard as a polite live region. */

export interface Notice {
  id: number;
  text: string;
  tone: "info" | "fail";
  seen: boolean;
}

/** Between two sentences that are only heard. */
const QUIET_MS = 3000;

interface Announcer {
  notices: readonly Notice[];
  say: (text: string, options?: { tone?: Notice["tone"]; seen?: boolean }) => void;
  dismiss: (id: number) => void;
}

const AnnounceContext = createContext<Announcer>({
  notices: [],
  say: () => undefined,
  dismiss: () => undefined,
});

export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const next = useRef(1);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const dismiss = useCallback(
    (id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)),
    [],
  );
  const put = useCallback(
    (notice: Omit<Notice, "id">) => {
      const id = next.current++;
      setNotices((all) => [...all.slice(-3), { ...notice, id }]);
      const timer = setTimeout(() => dismiss(id), notice.tone === "fail" ? 12_000 : 5000);
      timers.current.add(timer);
    },
    [dismiss],
  );
  const heard = useRef<{ at: number; timer?: ReturnType<typeof setTimeout> }>({ at: 0 });
  const say = useCallback<Announcer["say"]>(
    (text, { tone = "info", seen = true } = {}) => {
      if (seen) return put({ text, tone, seen });
      // Who listens is told the newest now and then, not everything at once.
      clearTimeout(heard.current.timer);
      const wait = Math.max(0, heard.current.at + QUIET_MS - Date.now());
      const timer = setTimeout(() => {
        heard.current = { at: Date.now() };
        put({ text, tone, seen });
      }, wait);
      heard.current.timer = timer;
      timers.current.add(timer);
    },
    [put],
  );
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running) clearTimeout(timer);
    };
  }, []);
  const value = useMemo(() => ({ notices, say, dismiss }), [notices, say, dismiss]);
  return <AnnounceContext value={value}>{children}</AnnounceContext>;
}

export const useAnnounce = (): Announcer => useContext(AnnounceContext);
