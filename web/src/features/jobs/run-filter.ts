import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap, unwrapPage } from "@/api/client";
import {
  changeManyRuns,
  getRunFacets,
  listGuidewireJobs,
  type ProcessingJobSummary,
} from "@/api/generated";
import { pollEvery } from "@/api/queries";
import type { RunsSearch } from "@/lib/addresses";
import { ACTIVE, isActive } from "@/lib/vocabulary";

const PAGE = 100;
const BUSY_MS = 2000;
const IDLE_MS = 5000;
const DAY_MS = 86_400_000;

export const isNarrowed = (search: RunsSearch): boolean => Object.values(search).some(Boolean);

/** A span of days is counted back from the whole hour, so that it is one question for an hour. */
function sinceOf({ days, from }: RunsSearch): string | undefined {
  if (!days) return from;
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return new Date(hour - days * DAY_MS).toISOString();
}

function queryOf(search: RunsSearch) {
  const since = sinceOf(search);
  return {
    status: search.state ?? [],
    trigger: search.trigger ?? [],
    requested_by: search.who ?? [],
    connection: search.connection ?? [],
    action: search.action ?? [],
    ...(search.table ? { table: search.table } : {}),
    ...(since ? { since } : {}),
    ...(search.to ? { until: search.to } : {}),
  };
}

/** Runs that a filter lets through, newest first, page after page behind the last one seen. */
export const runsQuery = (search: RunsSearch) =>
  infiniteQueryOptions({
    queryKey: ["jobs", "list", search],
    queryFn: ({ signal, pageParam }) =>
      unwrapPage(
        listGuidewireJobs({
          signal,
          query: {
            ...queryOf(search),
            limit: PAGE,
            ...(pageParam === null ? {} : { before: pageParam }),
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.items.length, 0);
      return seen < last.total ? (last.items.at(-1)?.run_id ?? null) : null;
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      const busy = pages[0]?.items.some((run) => isActive(run.status));
      return pollEvery(pages.length > 2 ? 3 * IDLE_MS : busy ? BUSY_MS : IDLE_MS);
    },
  });

export const facetsQuery = () =>
  queryOptions({
    queryKey: ["jobs", "facets"],
    queryFn: ({ signal }) => unwrap(getRunFacets({ signal })),
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(IDLE_MS),
  });

export type BulkAction = "cancel" | "retry";

export const changeMany = (action: BulkAction, runs: readonly string[]) =>
  unwrap(changeManyRuns({ body: { action, run_ids: [...runs] } }));

export const canCancel = (run: ProcessingJobSummary): boolean =>
  isActive(run.status) && run.status !== "cancelling";

/** As far as the list knows; the server has the last word on each. */
export const canRetry = (run: ProcessingJobSummary): boolean =>
  !isActive(run.status) && run.status !== "completed";

/** Filters that many ask for. */
export const VIEWS: readonly { name: string; search: RunsSearch }[] = [
  { name: "All runs", search: {} },
  { name: "Going on", search: { state: ACTIVE } },
  { name: "Not well, 7 days", search: { state: ["failed", "completed_with_errors"], days: 7 } },
  { name: "Last 24 hours", search: { days: 1 } },
  { name: "Command line", search: { trigger: ["cli"] } },
];

export const isView = (search: RunsSearch, view: RunsSearch): boolean =>
  KEYS.every((key) => String(search[key] ?? "") === String(view[key] ?? ""));

const KEYS = [
  "state",
  "trigger",
  "who",
  "connection",
  "action",
  "table",
  "days",
  "from",
  "to",
] as const;
