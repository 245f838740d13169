import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { getTrends } from "@/api/generated";
import { pollEvery } from "@/api/queries";
import type { Period } from "@/lib/addresses";

/** The server's own answer stands for a minute. */
export const trendsQuery = (days: Period, connection: string | undefined) =>
  queryOptions({
    queryKey: ["trends", connection ?? "", days],
    queryFn: ({ signal }) =>
      unwrap(getTrends({ signal, query: { days, ...(connection ? { connection } : {}) } })),
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(60_000),
  });
