import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { compareRun, type GuidewireConfig, preflightGuidewireJob } from "@/api/generated";

/** Questions about one run, or about one that might be started. */

export const compareQuery = (id: string) =>
  queryOptions({
    queryKey: ["compare", id],
    queryFn: ({ signal }) => unwrap(compareRun({ signal, path: { run_id: id } })),
    staleTime: 60_000,
  });

export const preflightQuery = (config: GuidewireConfig) =>
  queryOptions({
    queryKey: ["preflight", config],
    queryFn: ({ signal }) => unwrap(preflightGuidewireJob({ signal, body: config })),
    staleTime: 15_000,
  });
