import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import {
  type ChangedBand,
  compareSchemas,
  getTableMatrix,
  type Health,
  type LagBand,
  type ListTablesData,
  listColumnNames,
  listTables,
  type RowBand,
  runTables,
  type SizeBand,
  type SortKey,
  type TableKey,
  type TableRunsRequest,
} from "@/api/generated";
import { byRuns, byTables, live } from "@/api/live";
import { PAGE_SIZE } from "@/api/queries";
import type { CompareSearch, TablesSearch } from "@/lib/addresses";

/** What the pages of many tables ask the server. */

const PACE_MS = 5000;
export const MATRIX_TABLES = 50;
export const MATRIX_RUNS = 30;

/** The filters of the list, as its address has them; nothing is left out. */
export interface Filter {
  q: string;
  since: string;
  health: Health[];
  app: string[];
  connection: string[];
  lag: LagBand[];
  changed: ChangedBand[];
  size: SizeBand[];
  rows: RowBand[];
  has: string[];
}

export type FacetName = Exclude<keyof Filter, "q" | "since" | "has">;

export const filterOf = (search: TablesSearch): Filter => ({
  q: search.q ?? "",
  since: search.since ?? "",
  health: search.health ?? [],
  app: search.app ?? [],
  connection: search.connection ?? [],
  lag: search.lag ?? [],
  changed: search.changed ?? [],
  size: search.size ?? [],
  rows: search.rows ?? [],
  has: search.has ?? [],
});

export const NO_FILTER = filterOf({});

export const isFiltered = (filter: Filter): boolean =>
  Object.values(filter).some((value) => value.length > 0);

/** Best match first while somebody searches, else the worst first. */
export const sortOf = (search: TablesSearch): SortKey =>
  search.sort ?? (search.q ? "match" : "health");

const asQuery = ({ q, since, has, ...facets }: Filter) => ({
  search: q,
  ...facets,
  column: has,
  ...(since ? { changed_since: since } : {}),
});

export const tablesQuery = (filter: Filter, sort: SortKey, page = 0) =>
  queryOptions({
    queryKey: ["tables", filter, sort, page],
    queryFn: ({ signal }) => {
      const part = { sort, limit: PAGE_SIZE, offset: page * PAGE_SIZE };
      const query: NonNullable<ListTablesData["query"]> = { ...asQuery(filter), ...part };
      return unwrap(listTables({ signal, query }));
    },
    ...live(byTables, PACE_MS),
  });

export const columnNamesQuery = (search: string) =>
  queryOptions({
    queryKey: ["column-names", search],
    queryFn: ({ signal }) => unwrap(listColumnNames({ signal, query: { search } })),
    staleTime: 60_000,
  });

export const matrixQuery = (filter: Filter, sort: SortKey, page: number, before: string) =>
  queryOptions({
    queryKey: ["matrix", filter, sort, page, before],
    queryFn: ({ signal }) =>
      unwrap(
        getTableMatrix({
          signal,
          query: {
            ...asQuery(filter),
            sort,
            limit: MATRIX_TABLES,
            offset: (page - 1) * MATRIX_TABLES,
            runs: MATRIX_RUNS,
            ...(before ? { before_run: before } : {}),
          },
        }),
      ),
    ...live(byRuns, PACE_MS),
  });

export const compareQuery = ({ a, b, ac, bc, av, bv }: CompareSearch) =>
  queryOptions({
    queryKey: ["compare", a, b, ac, bc, av, bv],
    queryFn: ({ signal }) =>
      unwrap(
        compareSchemas({
          signal,
          query: {
            a: a ?? "",
            b: b ?? "",
            ...(ac ? { a_connection: ac } : {}),
            ...(bc ? { b_connection: bc } : {}),
            ...(av === undefined ? {} : { a_version: av }),
            ...(bv === undefined ? {} : { b_version: bv }),
          },
        }),
      ),
    enabled: Boolean(a && b),
  });

export const startTables = (body: TableRunsRequest) => unwrap(runTables({ body }));

/** A request's body for everything that matches, but for some. */
export const matchingBody = (filter: Filter, without: readonly TableKey[]) => ({
  matching: asQuery(filter),
  without: [...without],
});

/** The address of a file with exactly what is filtered, sorted and shown. */
export function exportHref(
  filter: Filter,
  sort: SortKey,
  fields: readonly string[],
  format: "csv" | "json",
): string {
  const query = new URLSearchParams({ format, sort });
  for (const [name, value] of Object.entries(asQuery(filter))) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each) query.append(name, each);
    }
  }
  for (const field of fields) query.append("field", field);
  return `/api/tables/_export?${query}`;
}
