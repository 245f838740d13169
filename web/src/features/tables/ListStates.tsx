import { FilterX, Play, TableProperties } from "lucide-react";
import type { TableList } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import type { TableFilter } from "@/api/queries";
import { ActionButton } from "@/components/ActionButton";
import { Empty, Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { useStartRun } from "@/lib/start-run";
import { useTimes } from "@/lib/time";

/** An old or partial listing says so; it is never passed off as "no tables". */
export function ListingError({ list, onRetry }: { list: TableList; onRetry: () => void }) {
  const times = useTimes();
  if (!list.error) return null;
  const title = list.as_of
    ? `The listing is as of ${times.full(list.as_of)}`
    : "The tables could not be listed";
  return (
    <div className="card mb-3 border-warn-line bg-warn-bg">
      <Problem problem={fromInfo(list.error, title)} onRetry={onRetry} />
    </div>
  );
}

export function ListFoot({
  list,
  isFiltered,
  onClear,
}: {
  list: TableList;
  isFiltered: boolean;
  onClear: () => void;
}) {
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-3 text-ink-2 text-sm">
      <span role="status" className="tabular-nums">
        {isFiltered
          ? `${count(list.total)} of ${plural(list.total_tables, "table")}`
          : plural(list.total, "table")}
      </span>
      {isFiltered && (
        <Button variant="ghost" size="s" onClick={onClear}>
          <FilterX aria-hidden /> Clear filters
        </Button>
      )}
      <span aria-hidden className="ml-auto flex items-center gap-1 max-m:hidden">
        <Key>j</Key>
        <Key>k</Key> move, <Key>Enter</Key> open, <Key>/</Key> search
      </span>
    </div>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis leading-4">
      {children}
    </kbd>
  );
}

export function NoMatch({ filter, onClear }: { filter: TableFilter; onClear: () => void }) {
  const parts = [
    filter.search && `the name “${filter.search}”`,
    filter.health.length && `health ${filter.health.join(" or ")}`,
    filter.app.length && `application ${filter.app.join(" or ")}`,
  ].filter(Boolean);
  return (
    <div className="card">
      <Empty
        icon={FilterX}
        title="No table matches"
        action={<Button onClick={onClear}>Clear filters</Button>}
      >
        Nothing has {parts.join(" with ")}.
      </Empty>
    </div>
  );
}

export function NoTables() {
  const { open } = useStartRun();
  return (
    <div className="card">
      <Empty
        icon={TableProperties}
        title="No tables yet"
        action={
          <ActionButton variant="primary" onClick={() => open()}>
            <Play aria-hidden /> Run now
          </ActionButton>
        }
      >
        Manifest and target were read and name no table. When the export has its first one, a run
        brings it here.
      </Empty>
    </div>
  );
}
