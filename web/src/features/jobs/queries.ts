import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { compareRun, type GuidewireConfig, preflightGuidewireJob } from "@/api/generated";
import { startRun } from "@/api/queries";
import type { Wish } from "@/lib/start-run";

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

/** A wish as the server takes it. */
export const configOf = (wish: Wish): GuidewireConfig => ({
  connection: wish.connection,
  table_names: wish.include.length ? [...wish.include] : null,
  exceptions: wish.exclude.length ? [...wish.exclude] : null,
  commit_per_folder: wish.commitPerFolder,
  largest_tables_first_count: wish.largestFirst,
  parallel: wish.parallel,
  schema_change: wish.schemaChange,
  confirm_replace: wish.confirmReplace,
});

export const startWished = (wish: Wish & { requestId: string }) =>
  startRun({ config: configOf(wish), request_id: wish.requestId });
