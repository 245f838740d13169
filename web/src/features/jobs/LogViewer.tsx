import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ArrowDown, WrapText } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { LogFilter } from "@/api/queries";
import { Segments } from "@/components/bits";
import { Card, Problem, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import type { RunSearch } from "@/lib/addresses";
import { cn } from "@/lib/cn";
import { count, plural } from "@/lib/format";
import { LogFilters } from "./LogFilters";
import { LogLines } from "./LogLines";
import { NoLines, SaveLog } from "./LogParts";
import { LogSearch } from "./LogSearch";
import { isFiltered, type LogSource, useHits, useLog } from "./use-log";

type LevelChoice = "all" | "warning" | "error";
type LogSearchParams = Pick<RunSearch, "level" | "table" | "attempt" | "from" | "to" | "q">;

export const NO_FILTER: LogSearchParams = {
  level: undefined,
  table: "",
  attempt: undefined,
  from: undefined,
  to: undefined,
  q: "",
};

/** The run's log: windowed, filtered and searched by the server, following while it goes on. */
export function LogViewer({
  source,
  search,
  attempts,
}: {
  source: LogSource;
  search: LogSearchParams;
  attempts: number;
}) {
  const set = useSetSearch();
  const filter: LogFilter = {
    level: search.level,
    table: search.table,
    attempt: search.attempt,
    since: search.from,
    until: search.to,
  };
  const q = search.q ?? "";
  const log = useLog(source, filter);
  const found = useHits(source, q ? { ...filter, q } : {});
  const linked = useLinkedLine();
  const [target, setTarget] = useState(linked === null ? null : { line: linked });
  useEffect(() => setTarget(linked === null ? null : { line: linked }), [linked]);
  const [follow, setFollow] = useState(source.active && linked === null && !q);
  const [wrap, setWrap] = useState(true);
  const { store } = log;
  const go = (line: number) => {
    setFollow(false);
    setTarget({ line });
  };
  return (
    <Card
      title="Log"
      note={<span role="status">{sizeWords(store.size, filter, store.hits?.last ?? 0)}</span>}
      flush
      className="overflow-hidden"
      actions={
        <>
          <LogSearch
            q={q}
            hits={found.list}
            problem={found.problem}
            current={target?.line ?? null}
            onSearch={(next) => set({ q: next })}
            onGo={go}
          />
          <Segments<LevelChoice>
            label="Level"
            value={search.level ?? "all"}
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
          <SaveLog runId={source.runId} filter={{ ...filter, q: q || undefined }} />
        </>
      }
    >
      <LogFilters search={search} attempts={attempts} onChange={set} />
      {log.problem ? (
        <Problem problem={log.problem} onRetry={log.retry} />
      ) : !log.isLoaded ? (
        <div className="p-4">
          <Skeleton rows={6} />
        </div>
      ) : store.size === 0 ? (
        <NoLines filtered={isFiltered(filter)} onClear={() => set(NO_FILTER)} />
      ) : (
        <LogLines
          store={store}
          size={store.size}
          onShow={log.show}
          linked={linked}
          target={target}
          follow={follow}
          onFollow={setFollow}
          wrap={wrap}
          highlight={q}
        />
      )}
    </Card>
  );
}

function sizeWords(size: number, filter: LogFilter, last: number): string {
  return isFiltered(filter) ? `${plural(size, "line")} of ${count(last)}` : plural(size, "line");
}

function useSetSearch(): (next: LogSearchParams) => void {
  const navigate = useNavigate({ from: "/runs/$runId" });
  const latest = useRef(navigate);
  latest.current = navigate;
  return (next) =>
    void latest.current({
      search: (old) => ({ ...old, ...next }),
      replace: true,
      hash: true,
      resetScroll: false,
    });
}

/** `#L123` in the address. */
function useLinkedLine(): number | null {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const match = /^L(\d+)$/.exec(hash);
  return match ? Number(match[1]) : null;
}
