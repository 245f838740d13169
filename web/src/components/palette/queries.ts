import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { listColumnNames, listGuidewireJobs, listTables } from "@/api/generated";

/** What the palette asks: the server searches, the newest runs are few enough to look through. */

const MOST = 20;
const RUNS = 200;

export const foundTablesQuery = (text: string) =>
  queryOptions({
    queryKey: ["palette", "tables", text],
    queryFn: ({ signal }) =>
      unwrap(listTables({ signal, query: { search: text, sort: "match", limit: MOST } })),
    enabled: text !== "",
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });

export const foundColumnsQuery = (text: string) =>
  queryOptions({
    queryKey: ["palette", "columns", text],
    queryFn: ({ signal }) => unwrap(listColumnNames({ signal, query: { search: text } })),
    enabled: text.length > 1,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const newestRunsQuery = () =>
  queryOptions({
    queryKey: ["palette", "runs"],
    queryFn: ({ signal }) => unwrap(listGuidewireJobs({ signal, query: { limit: RUNS } })),
    staleTime: 5000,
  });
