import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { SortKey, TableList as TableListAnswer } from "@/api/generated";
import { dashboardQuery, refreshIndex, type TableFilter, tablesQuery } from "@/api/queries";
import { PageHead } from "@/components/bits";
import { Ask, Skeleton } from "@/components/Panel";
import { ListFoot, ListingError, NoMatch, NoTables } from "@/features/tables/ListStates";
import { Facets, SearchField } from "@/features/tables/TableFilters";
import { TableList } from "@/features/tables/TableList";
import type { TablesSearch } from "@/lib/addresses";
import { useAnnounce } from "@/lib/announce";
import { bytes, count, plural, short } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useAge } from "@/lib/time";

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
  // The list is read again when a table changed; the look that found none is the overview's to tell.
  const { data: asOf } = useQuery({ ...dashboardQuery(), select: (dashboard) => dashboard.as_of });
  const age = useAge(asOf ?? list?.as_of);
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
