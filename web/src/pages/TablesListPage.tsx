import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { FilterX, Play, Search, TableProperties } from "lucide-react";
import { useEffect, useState } from "react";
import type { Health, SortKey, TableFacet, TableList as TableListAnswer } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { refreshIndex, type TableFilter, tablesQuery } from "@/api/queries";
import { Chip, PageHead } from "@/components/bits";
import { Ask, Empty, Problem, Skeleton } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { TableList } from "@/features/tables/TableList";
import type { TablesSearch } from "@/lib/addresses";
import { useAnnounce } from "@/lib/announce";
import { bytes, count, plural, short } from "@/lib/format";
import { useDebounced, useTitle } from "@/lib/hooks";
import { useStartRun } from "@/lib/start-run";
import { useAge, useTimes } from "@/lib/time";
import { HEALTH_ORDER, healthWord } from "@/lib/vocabulary";

const route = getRouteApi("/tables");

export function TablesListPage() {
  useTitle("Tables");
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/tables" });
  const set = (next: TablesSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  const filter: TableFilter = {
    search: search.q ?? "",
    health: search.health ?? [],
    app: search.app ?? [],
    sort: search.sort ?? "health",
  };
  const query = useQuery({ ...tablesQuery(filter), placeholderData: keepPreviousData });
  return (
    <>
      <Head list={query.data} />
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <SearchField value={filter.search} onChange={(q) => set({ q })} />
        {query.isPlaceholderData && <span className="text-ink-2 text-sm">searching…</span>}
      </div>
      {query.data && <Facets list={query.data} filter={filter} onChange={set} />}
      <div className={query.data ? undefined : "card"}>
        <Ask query={query} loading={<Skeleton rows={12} height={20} />}>
          {(list) => (
            <List
              list={list}
              filter={filter}
              onSort={(sort) => set({ sort })}
              onClear={() => set({ q: "", health: [], app: [] })}
              onRetry={() => void query.refetch()}
            />
          )}
        </Ask>
      </div>
    </>
  );
}

function Head({ list }: { list: TableListAnswer | undefined }) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  const refresh = useMutation({
    mutationFn: refreshIndex,
    onSuccess: () => {
      say("Looking at manifest and target again.");
      setTimeout(() => void client.invalidateQueries({ queryKey: ["tables"] }), 1500);
    },
  });
  const age = useAge(list?.as_of);
  return (
    <PageHead title="Tables">
      <p className="tabular-nums">
        {list
          ? `${plural(list.total_tables, "table")}, ${list.total_rows === null ? "rows not all known" : `${count(list.total_rows)} rows`}, ${bytes(list.total_bytes)}.`
          : "Every table of manifest and target."}
        {age !== null && ` Index read ${short(age)} ago. `}
        <button
          type="button"
          disabled={refresh.isPending}
          onClick={() => refresh.mutate()}
          className="link underline decoration-1"
        >
          Look again
        </button>
      </p>
    </PageHead>
  );
}

/** What is typed is searched once it has rested; the request of the text before is given up. */
function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text.trim(), 300);
  const [sent, setSent] = useState(value);
  useEffect(() => {
    if (settled === sent) return;
    setSent(settled);
    onChange(settled);
  }, [settled, sent, onChange]);
  // The address changed by other means (a link, Back, "Clear filters"): show what it says.
  useEffect(() => {
    setText((now) => (now.trim() === value ? now : value));
    setSent(value);
  }, [value]);
  return (
    <search className="w-full s:w-[420px]">
      <label className="flex h-8 items-center gap-2 rounded-m border border-control bg-surface pr-1.5 pl-2.5 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10">
        <Search aria-hidden className="size-4 text-ink-3" />
        <span className="sr-only">Search tables by name, column or fingerprint</span>
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
          placeholder="Table, column or fingerprint"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
        />
        <kbd
          aria-hidden
          className="rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis text-ink-2 leading-4 max-s:hidden"
        >
          /
        </kbd>
      </label>
    </search>
  );
}

const toggled = <T,>(all: readonly T[], one: T): T[] =>
  all.includes(one) ? all.filter((each) => each !== one) : [...all, one];

function Facets({
  list,
  filter,
  onChange,
}: {
  list: TableListAnswer;
  filter: TableFilter;
  onChange: (next: TablesSearch) => void;
}) {
  const counts = new Map(list.health.map((facet) => [facet.value, facet.count]));
  const healths = HEALTH_ORDER.filter(
    (health) => (counts.get(health) ?? 0) > 0 || filter.health.includes(health),
  ) as Health[];
  const apps: TableFacet[] = [...list.apps];
  for (const app of filter.app) {
    if (!apps.some((facet) => facet.value === app)) apps.push({ value: app, count: 0 });
  }
  return (
    <div className="mb-3 flex items-center gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap">
      {healths.map((health) => (
        <Chip
          key={health}
          pressed={filter.health.includes(health)}
          count={count(counts.get(health) ?? 0)}
          onPress={() => onChange({ health: toggled(filter.health, health) })}
        >
          <StatusIcon word={healthWord(health)} />
          {health}
        </Chip>
      ))}
      {apps.length > 1 && <span aria-hidden className="mx-1 h-5 w-px flex-none bg-line-2" />}
      {apps.length > 1 &&
        apps.map((app) => (
          <Chip
            key={app.value}
            pressed={filter.app.includes(app.value)}
            count={count(app.count)}
            onPress={() => onChange({ app: toggled(filter.app, app.value) })}
          >
            {app.value}
          </Chip>
        ))}
    </div>
  );
}

function List({
  list,
  filter,
  onSort,
  onClear,
  onRetry,
}: {
  list: TableListAnswer;
  filter: TableFilter;
  onSort: (sort: SortKey) => void;
  onClear: () => void;
  onRetry: () => void;
}) {
  const isFiltered = Boolean(filter.search || filter.health.length || filter.app.length);
  return (
    <>
      {list.error && <ListingError list={list} onRetry={onRetry} />}
      {list.total > 0 ? (
        <>
          <TableList filter={filter} total={list.total} onSort={onSort} />
          <ListFoot list={list} isFiltered={isFiltered} onClear={onClear} />
        </>
      ) : isFiltered ? (
        <NoMatch filter={filter} onClear={onClear} />
      ) : (
        !list.error && <NoTables />
      )}
    </>
  );
}

/** An old or partial listing says so; it is never passed off as "no tables". */
function ListingError({ list, onRetry }: { list: TableListAnswer; onRetry: () => void }) {
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

function ListFoot({
  list,
  isFiltered,
  onClear,
}: {
  list: TableListAnswer;
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

function NoMatch({ filter, onClear }: { filter: TableFilter; onClear: () => void }) {
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

function NoTables() {
  const { open } = useStartRun();
  return (
    <div className="card">
      <Empty
        icon={TableProperties}
        title="No tables yet"
        action={
          <Button variant="primary" onClick={() => open()}>
            <Play aria-hidden /> Run now
          </Button>
        }
      >
        Manifest and target were read and name no table. When the export has its first one, a run
        brings it here.
      </Empty>
    </div>
  );
}
