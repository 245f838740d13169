import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

/** Who wants a run started; the dialog itself is a feature and is placed by the app. */
interface StartRun {
  /** Globs the dialog opens with; null while it is closed. */
  asked: readonly string[] | null;
  open: (tables?: readonly string[]) => void;
  close: () => void;
}

const StartRunContext = createContext<StartRun>({
  asked: null,
  open: () => undefined,
  close: () => undefined,
});

export function StartRunProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const open = useCallback((tables: readonly string[] = []) => setAsked(tables), []);
  const close = useCallback(() => setAsked(null), []);
  const value = useMemo(() => ({ asked, open, close }), [asked, open, close]);
  return <StartRunContext value={value}>{children}</StartRunContext>;
}

export const useStartRun = (): StartRun => useContext(StartRunContext);
