import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import {
  getTableHistory,
  getTableNulls,
  getTableSchema,
  getTableSchemas,
  getTableTimeline,
} from "@/api/generated";
import { byTable, live, pollEvery } from "@/api/live";
import type { TableKey } from "@/api/queries";
import type { Span } from "@/lib/addresses";

/** Where the history begins and what of it is shown. */
export interface HistoryFilter {
  operation?: string | undefined;
  version?: number | undefined;
  until?: string | undefined;
}

export const historyQuery = (
  { name, connection }: TableKey,
  { operation, version, until }: HistoryFilter,
) =>
  infiniteQueryOptions({
    queryKey: ["history", connection, name, operation ?? "", version ?? "", until ?? ""],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        getTableHistory({
          signal,
          path: { name },
          query: {
            limit: 100,
            connection,
            ...(pageParam === null ? {} : { before: pageParam }),
            ...(operation ? { operation } : {}),
            ...(until ? { until } : {}),
          },
        }),
      ),
    initialPageParam: version === undefined ? null : version + 1,
    getNextPageParam: (last): number | null => last.next_before,
    placeholderData: keepPreviousData,
    meta: { changedBy: byTable(name) },
  });

export const timelineQuery = ({ name, connection }: TableKey, days: Span) =>
  queryOptions({
    queryKey: ["timeline", connection, name, days],
    queryFn: ({ signal }) =>
      unwrap(getTableTimeline({ signal, path: { name }, query: { days, connection } })),
    placeholderData: keepPreviousData,
    ...live(byTable(name), 5000),
  });

export const schemasQuery = ({ name, connection }: TableKey) =>
  queryOptions({
    queryKey: ["schemas", connection, name],
    queryFn: ({ signal }) =>
      unwrap(getTableSchemas({ signal, path: { name }, query: { connection } })),
    ...live(byTable(name), 15_000),
  });

/** A version's schema never changes. */
export const schemaQuery = ({ name, connection }: TableKey, version: number) =>
  queryOptions({
    queryKey: ["schema", connection, name, version],
    queryFn: ({ signal }) =>
      unwrap(getTableSchema({ signal, path: { name }, query: { version, connection } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Asked once for a version; of a large table it may take longer than an asker waits. */
export const nullsQuery = ({ name, connection }: TableKey, version: number | null) =>
  queryOptions({
    queryKey: ["nulls", connection, name, version],
    queryFn: ({ signal }) =>
      unwrap(getTableNulls({ signal, path: { name }, query: { connection } })),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) =>
      state.data?.error?.code === "STORE_TOO_SLOW" ? pollEvery(30_000) : false,
  });
