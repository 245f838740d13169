import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { getTrends } from "@/api/generated";
import { pollEvery } from "@/api/queries";
import type { Period } from "@/lib/addresses";

/** The server's own answer stands for a minute. */
export const trendsQuery = (days: Period) =>
  queryOptions({
    queryKey: ["trends", days],
    queryFn: ({ signal }) => unwrap(getTrends({ signal, query: { days } })),
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(60_000),
  });
