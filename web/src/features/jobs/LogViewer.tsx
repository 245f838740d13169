import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ArrowDown, Search, WrapText } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Segments } from "@/components/bits";
import { Card, Problem, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { count, plural } from "@/lib/format";
import { useDebounced } from "@/lib/hooks";
import { LogLines } from "./LogLines";
import { DownloadButton, NoLines } from "./LogParts";
import { useLog } from "./use-log";
import type { LineListener } from "./use-run";

type LevelChoice = "all" | "warning" | "error";

interface LogViewerProps {
  runId: string;
  active: boolean;
  listeners: Set<LineListener>;
  level: "warning" | "error" | undefined;
  table: string | undefined;
  q: string | undefined;
}

/** The run's log: windowed, filtered by the server, following while the run goes on. */
export function LogViewer({ runId, active, listeners, level, table, q }: LogViewerProps) {
  const navigate = useNavigate({ from: "/runs/$runId" });
  const set = (next: {
    level?: "warning" | "error" | undefined;
    table?: string | undefined;
    q?: string | undefined;
  }) =>
    void navigate({
      search: (old) => ({ ...old, ...next }),
      replace: true,
      hash: true,
      resetScroll: false,
    });
  const [text, setText] = useState(q ?? "");
  const settled = useDebounced(text.trim());
  const linked = useLinkedLine();
  const latestSet = useRef(set);
  latestSet.current = set;
  useEffect(() => {
    if (settled !== (q ?? "")) latestSet.current({ q: settled });
  }, [settled, q]);
  const log = useLog(
    runId,
    { level: level ?? null, table: table ?? null, q: settled },
    active,
    listeners,
    linked,
  );
  const [follow, setFollow] = useState(active && linked === null);
  const [wrap, setWrap] = useState(true);
  const filtered = Boolean(level || table || settled);
  const { store } = log;
  return (
    <Card
      title="Log"
      note={
        <span role="status">
          {filtered
            ? `${plural(store.size, "line")} of ${count(store.last)}`
            : plural(store.last, "line")}
        </span>
      }
      flush
      className="overflow-hidden"
      actions={
        <>
          {table && (
            <Button size="s" onClick={() => set({ table: "" })}>
              {table} <span aria-hidden>×</span>
              <span className="sr-only">Show all tables</span>
            </Button>
          )}
          <label className="flex h-8 w-56 items-center gap-2 rounded-m border border-control bg-surface px-2.5 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10 max-s:w-full">
            <Search aria-hidden className="size-4 text-ink-3" />
            <span className="sr-only">Search the log</span>
            <input
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder="Search the log"
              className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
            />
          </label>
          <Segments<LevelChoice>
            label="Level"
            value={level ?? "all"}
            onChange={(next) => set({ level: next === "all" ? undefined : next })}
            options={[
              { value: "all", label: "All" },
              { value: "warning", label: "Warnings" },
              { value: "error", label: "Errors" },
            ]}
          />
          <Button
            size="s"
            aria-pressed={follow}
            className={cn(
              "rounded-full",
              follow && "border-ink shadow-[inset_0_0_0_1px_var(--ink)]",
            )}
            onClick={() => setFollow((on) => !on)}
          >
            <ArrowDown aria-hidden /> Follow
          </Button>
          <Button
            variant="ghost"
            size="icon-s"
            className="max-s:hidden"
            aria-pressed={wrap}
            aria-label="Wrap long lines"
            data-tip={wrap ? "one line each" : "wrap long lines"}
            onClick={() => setWrap((on) => !on)}
          >
            <WrapText aria-hidden />
          </Button>
          <DownloadButton runId={runId} lines={() => store.all()} />
        </>
      }
    >
      {log.problem ? (
        <Problem problem={log.problem} onRetry={log.retry} />
      ) : !store.isLoaded ? (
        <div className="p-4">
          <Skeleton rows={6} />
        </div>
      ) : store.size === 0 ? (
        <NoLines
          filtered={filtered}
          onClear={() => {
            setText("");
            set({ level: undefined, table: "", q: "" });
          }}
        />
      ) : (
        <>
          {log.isTail && (
            <p className="flex items-center gap-3 border-line border-t bg-sunken px-4 py-1.5 text-ink-2 text-sm">
              The log begins earlier.
              <Button size="s" onClick={log.showStart}>
                Load from line 1
              </Button>
            </p>
          )}
          <LogLines
            size={store.size}
            at={(index) => store.at(index)}
            indexOfLine={(line) => store.indexOfLine(line)}
            linked={linked}
            follow={follow}
            onFollow={setFollow}
            wrap={wrap}
            highlight={settled}
          />
        </>
      )}
    </Card>
  );
}

/** `#L123` in the address. */
function useLinkedLine(): number | null {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const match = /^L(\d+)$/.exec(hash);
  return match ? Number(match[1]) : null;
}
