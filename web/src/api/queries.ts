import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap, unwrapPage } from "@/api/client";
import { isFollowed } from "@/api/events";
import {
  cancelGuidewireJob,
  getDashboard,
  getGuidewireJob,
  getRunLogHits,
  getRunLogs,
  getTable,
  getTableSample,
  type Level,
  type ListedTable,
  listGuidewireJobs,
  listTableNames,
  listTables,
  type RunState,
  refreshTables,
  retryGuidewireJob,
  type StartJobRequest,
  startGuidewireJob,
} from "@/api/generated";
import { byAnything, byRun, byRuns, byTable, live, pollEvery, polled } from "@/api/live";
import { ApiProblem } from "@/api/problem";
import type { RowsView } from "@/lib/addresses";

/** Every question the page asks the server, with its key and how often it is asked again. */

const BUSY_MS = 2000;
const IDLE_MS = 5000;
export const PAGE_SIZE = 200;

export const dashboardQuery = (connection?: string) =>
  queryOptions({
    queryKey: ["dashboard", connection ?? ""],
    queryFn: ({ signal }) =>
      unwrap(getDashboard({ signal, query: connection ? { connection } : {} })),
    meta: { changedBy: byAnything },
    refetchInterval: (query) => polled(query.state.data?.active_run ? BUSY_MS : IDLE_MS),
  });

/** All names a run of the connection can bring, for counting what a glob would match. */
export const tableNamesQuery = (connection: string | null) =>
  queryOptions({
    queryKey: ["table-names", connection],
    queryFn: async ({ signal }) => {
      const all = await unwrap(listTableNames({ signal, query: { connection } }));
      return all.flatMap((each) => each.names);
    },
    staleTime: 60_000,
  });

export const tableQuery = (name: string, connection: string | undefined) =>
  queryOptions({
    queryKey: ["table", name, connection ?? ""],
    queryFn: async ({ signal }) => {
      if (name.startsWith("_")) throw notATable(name);
      const query = { sample: false, ...(connection ? { connection } : {}) };
      return unwrap(getTable({ signal, path: { name }, query }));
    },
    ...live(byTable(name), IDLE_MS),
  });

/** The API answers other questions at such addresses. */
const notATable = (name: string) =>
  new ApiProblem({
    status: 404,
    title: "It is not there",
    detail: `No table can be called ${name}: what begins with _ in a target is not a table.`,
    code: "TABLE_NOT_FOUND",
    hint: "Look for it in the list of tables.",
    requestId: null,
  });

/** Every connection's table of exactly this name. */
export const namesakesQuery = (name: string) =>
  queryOptions({
    queryKey: ["namesakes", name],
    queryFn: async ({ signal }) => {
      const found = await unwrap(
        listTables({ signal, query: { search: `name:${name}`, limit: 10_000 } }),
      );
      return found.tables.filter((table) => table.name === name);
    },
  });

/** Which table is meant, also where several connections have one of the name. */
export type TableKey = Pick<ListedTable, "name" | "connection">;

export const sampleQuery = (
  { name, connection }: TableKey,
  version: number | undefined,
  limit: number,
  view: RowsView = "raw",
  id?: string,
  activeOnly = false,
) =>
  queryOptions({
    queryKey: [
      "sample",
      connection,
      name,
      version ?? "latest",
      limit,
      view,
      id ?? null,
      activeOnly,
    ],
    queryFn: ({ signal }) =>
      unwrap(
        getTableSample({
          signal,
          path: { name },
          query: {
            limit,
            connection,
            view,
            ...(version === undefined ? {} : { version }),
            ...(id === undefined ? {} : { id }),
            ...(activeOnly ? { active_only: true } : {}),
          },
        }),
      ),
    staleTime: 30_000,
    // Rows of one view are no answer to another, not even for a moment.
    placeholderData: (old, query) =>
      old?.view === view && query?.queryKey.at(-1) === activeOnly ? old : undefined,
  });

/** The newest runs, with how many there are. */
export const jobsQuery = (status: readonly RunState[] = []) =>
  queryOptions({
    queryKey: ["jobs", status],
    queryFn: ({ signal }) =>
      unwrapPage(listGuidewireJobs({ signal, query: { limit: PAGE_SIZE, status: [...status] } })),
    placeholderData: keepPreviousData,
    ...live(byRuns, BUSY_MS),
  });

export const jobKey = (id: string) => ["job", id] as const;

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKey(id),
    queryFn: ({ signal }) => unwrap(getGuidewireJob({ signal, path: { job_id: id } })),
    staleTime: 0,
    meta: { changedBy: (changes) => byRun(id)(changes) && !isFollowed(id) },
  });

export { pollEvery, polled };

export interface LogFilter {
  level?: Level | undefined;
  table?: string | undefined;
  attempt?: number | undefined;
  since?: string | undefined;
  until?: string | undefined;
  q?: string | undefined;
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** What is set of a filter, and nothing empty. */
const given = <T extends object>(filter: T) =>
  Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== ""),
  ) as Given<T>;

export const fetchLogs = (
  id: string,
  after: number,
  limit: number,
  filter: LogFilter,
  signal: AbortSignal,
) =>
  unwrap(getRunLogs({ signal, path: { run_id: id }, query: { after, limit, ...given(filter) } }));

export const fetchLogHits = (id: string, after: number, filter: LogFilter, signal: AbortSignal) =>
  unwrap(getRunLogHits({ signal, path: { run_id: id }, query: { after, ...given(filter) } }));

/** Where the browser gets a run's log, results or manifest as a file. */
export function runFile(
  id: string,
  name: "logs/file" | "results" | "manifest",
  query: object = {},
): string {
  const search = new URLSearchParams(
    Object.entries(given(query)).map(([key, value]) => [key, String(value)]),
  );
  return `/api/runs/${encodeURIComponent(id)}/${name}${search.size ? `?${search}` : ""}`;
}

export const startRun = (body: StartJobRequest) => unwrap(startGuidewireJob({ body }));
export const retryRun = (id: string) => unwrap(retryGuidewireJob({ path: { job_id: id } }));
export const cancelRun = (id: string) => unwrap(cancelGuidewireJob({ path: { job_id: id } }));
export const refreshIndex = () => unwrap(refreshTables());
