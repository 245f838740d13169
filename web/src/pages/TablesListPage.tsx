import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Grid3x3, List as ListIcon } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { TableList as TableListAnswer } from "@/api/generated";
import { dashboardQuery, refreshIndex } from "@/api/queries";
import { ActionLink } from "@/components/ActionButton";
import { PageHead, Segments } from "@/components/bits";
import { Ask, Skeleton } from "@/components/Panel";
import { columnsOf, DEFAULT_COLUMNS, isColumn } from "@/features/tables/columns";
import { ListFoot, ListingError, NoMatch, NoTables, Similar } from "@/features/tables/ListStates";
import { ColumnChooser, Export, Views } from "@/features/tables/ListTools";
import {
  filterOf,
  isFiltered,
  NO_FILTER,
  sortOf,
  tablesQuery,
} from "@/features/tables/list-queries";
import { Facets, SearchField } from "@/features/tables/TableFilters";
import { TableList } from "@/features/tables/TableList";
import { DENSITIES, type Density, type TablesSearch } from "@/lib/addresses";
import { useAnnounce } from "@/lib/announce";
import { bytes, count, plural, short } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { readSetting, writeSetting } from "@/lib/storage";
import { useAge } from "@/lib/time";

const MatrixView = lazy(() =>
  import("@/features/tables/MatrixView").then((module) => ({ default: module.MatrixView })),
);

const route = getRouteApi("/tables");

export function TablesListPage() {
  useTitle("Tables");
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/tables" });
  const change = (next: TablesSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  // Another filter has other pages.
  const set = (next: TablesSearch) => change({ page: undefined, ...next });
  const filter = filterOf(search);
  const sort = sortOf(search);
  const shown = useShown(search, change);
  const columns = columnsOf(shown.ids);
  const query = useQuery({ ...tablesQuery(filter, sort), placeholderData: keepPreviousData });
  const isMatrix = search.view === "matrix";
  return (
    <>
      <Head list={query.data} />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchField value={filter.q} onChange={(q) => set({ q })} />
        {query.isPlaceholderData && <span className="text-ink-2 text-sm">searching…</span>}
        <div className="ml-auto flex flex-wrap items-center gap-2 max-s:ml-0">
          <Views search={search} />
          {!isMatrix && <ColumnChooser {...shown} chosen={shown.ids} />}
          <Export filter={filter} sort={sort} columns={columns} />
          <Segments
            label="Show as"
            value={isMatrix ? "matrix" : "list"}
            options={SHAPES}
            onChange={(shape) => set({ view: shape === "matrix" ? shape : undefined })}
          />
        </div>
      </div>
      {query.data && <Facets list={query.data} filter={filter} onChange={set} />}
      <div className={query.data ? undefined : "card"}>
        <Ask query={query} loading={<Skeleton rows={12} height={20} />}>
          {(list) => (
            <States
              list={list}
              search={search}
              onClear={() => set({ ...NO_FILTER })}
              onRetry={() => void query.refetch()}
            >
              {isMatrix ? (
                <Suspense fallback={<Skeleton rows={12} height={20} />}>
                  <MatrixView
                    filter={filter}
                    sort={sort}
                    page={search.page ?? 1}
                    before={search.before ?? ""}
                    onChange={change}
                  />
                </Suspense>
              ) : (
                <TableList
                  filter={filter}
                  sort={sort}
                  total={list.total}
                  columns={columns}
                  density={shown.density}
                  onSort={(next) => set({ sort: next })}
                />
              )}
            </States>
          )}
        </Ask>
      </div>
    </>
  );
}

const SHAPES = [
  {
    value: "list",
    label: (
      <>
        <ListIcon aria-hidden className="size-3.5" /> List
      </>
    ),
  },
  {
    value: "matrix",
    label: (
      <>
        <Grid3x3 aria-hidden className="size-3.5" /> Matrix
      </>
    ),
  },
] as const;

/** Columns and density: of the address, else those this browser remembers, else ours. */
function useShown(search: TablesSearch, change: (next: TablesSearch) => void) {
  const [kept, setKept] = useState(() => ({
    ids: readSetting("table-columns")?.split(",").filter(isColumn) ?? DEFAULT_COLUMNS,
    density: DENSITIES.find((each) => each === readSetting("table-density")) ?? "dense",
  }));
  return {
    ids: search.cols?.filter(isColumn) ?? kept.ids,
    density: search.density ?? kept.density,
    onColumns: (ids: readonly string[]) => {
      writeSetting("table-columns", ids.join(","));
      setKept((now) => ({ ...now, ids: [...ids] }));
      change({ cols: [...ids] });
    },
    onDensity: (density: Density) => {
      writeSetting("table-density", density);
      setKept((now) => ({ ...now, density }));
      change({ density });
    },
  };
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
          ? `${list.total < list.total_tables ? `${count(list.total)} of ` : ""}${plural(list.total_tables, "table")}, ${list.total_rows === null ? "rows not all known" : `${count(list.total_rows)} rows`}, ${bytes(list.total_bytes)}.`
          : "Every table of manifest and target."}
        {age !== null && ` Index read ${short(age)} ago.`}{" "}
        <ActionLink disabled={refresh.isPending} onClick={() => refresh.mutate()}>
          Look again
        </ActionLink>
      </p>
    </PageHead>
  );
}

/** An error is never passed off as "no tables", and no match never as either. */
function States({
  list,
  search,
  onClear,
  onRetry,
  children,
}: {
  list: TableListAnswer;
  search: TablesSearch;
  onClear: () => void;
  onRetry: () => void;
  children: ReactNode;
}) {
  const filter = filterOf(search);
  const filtered = isFiltered(filter);
  return (
    <>
      {list.error && <ListingError list={list} onRetry={onRetry} />}
      {list.is_similar && list.total > 0 && <Similar text={filter.q} />}
      {list.total > 0 ? (
        <>
          {children}
          {/* The matrix counts its tables itself. */}
          {(filtered || search.view !== "matrix") && (
            <ListFoot list={list} isFiltered={filtered} onClear={onClear} />
          )}
        </>
      ) : filtered ? (
        <NoMatch filter={filter} onClear={onClear} />
      ) : (
        !list.error && <NoTables />
      )}
    </>
  );
}
