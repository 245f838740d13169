import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { SchemaChange } from "./vocabulary";

/** What a run is wished to bring; globs name tables, none of `include` means all. */
export interface Wish {
  connection: string | null;
  include: readonly string[];
  exclude: readonly string[];
  commitPerFolder: boolean;
  /** So many of the largest tables go first; null orders all by what is pending. */
  largestFirst: number | null;
  /** Several tables at a time. */
  parallel: boolean;
  /** What happens when columns change; null is what the connection says. */
  schemaChange: SchemaChange | null;
  /** Older rows may leave the tables, which `replace` asks for each run. */
  confirmReplace: boolean;
}

/** Who wants a run started; the dialog itself is a feature and is placed by the app. */
interface StartRun {
  /** What the dialog opens with; null while it is closed. */
  asked: Wish | null;
  open: (wish?: Partial<Wish>) => void;
  close: () => void;
}

const ALL: Wish = {
  connection: null,
  include: [],
  exclude: [],
  commitPerFolder: false,
  largestFirst: null,
  parallel: true,
  schemaChange: null,
  confirmReplace: false,
};

const StartRunContext = createContext<StartRun>({
  asked: null,
  open: () => undefined,
  close: () => undefined,
});

export function StartRunProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Wish | null>(null);
  const open = useCallback((wish: Partial<Wish> = {}) => setAsked({ ...ALL, ...wish }), []);
  const close = useCallback(() => setAsked(null), []);
  const value = useMemo(() => ({ asked, open, close }), [asked, open, close]);
  return <StartRunContext value={value}>{children}</StartRunContext>;
}

export const useStartRun = (): StartRun => useContext(StartRunContext);
