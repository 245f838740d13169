import { FilterX, SearchX, TableProperties } from "lucide-react";
import type { TableList } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { FirstRun } from "@/components/FirstRun";
import { Empty, Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import type { Filter } from "./list-queries";

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
        <Key>k</Key> move, <Key>x</Key> select, <Key>Enter</Key> open, <Key>/</Key> search
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

/** Nothing is written like that; what is listed comes near. */
export function Similar({ text }: { text: string }) {
  return (
    <p role="status" className="mb-3 flex items-center gap-2 text-md">
      <SearchX aria-hidden className="size-4 text-ink-2" />
      Nothing matches “{text}” as it is written. These come near.
    </p>
  );
}

const FILTERS: Record<keyof Filter, string> = {
  q: "the words",
  health: "health",
  lag: "lag",
  changed: "last commit",
  since: "last commit since",
  size: "size",
  rows: "rows",
  app: "application",
  connection: "connection",
  has: "the column",
};

export function NoMatch({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const parts = (Object.keys(FILTERS) as (keyof Filter)[])
    .filter((name) => filter[name].length > 0)
    .map((name) => {
      const value: string | readonly string[] = filter[name];
      const said = typeof value === "string" ? `“${value}”` : value.join(" or ");
      return `${FILTERS[name]} ${said.replaceAll("_", " ")}`;
    });
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
  return (
    <div className="card">
      <Empty icon={TableProperties} title="No tables yet" action={<FirstRun />}>
        No manifest and no target names a table. When an export has its first one, a run brings it
        here.
      </Empty>
    </div>
  );
}
