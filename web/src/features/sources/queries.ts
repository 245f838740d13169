import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import {
  addConnection,
  type ConnectionValues,
  getConnection,
  getManifest,
  listConnections,
  listObjects,
  removeConnection,
  replaceConnection,
  testConnection,
  testValues,
} from "@/api/generated";
import { liveness } from "@/api/liveness";

const PACE_MS = 5000;
const pace = () => (liveness.get().failures > 0 ? liveness.backoff() : PACE_MS);

export const connectionsQuery = () =>
  queryOptions({
    queryKey: ["connections"],
    queryFn: ({ signal }) => unwrap(listConnections({ signal })),
    refetchInterval: pace,
  });

export const connectionQuery = (name: string) =>
  queryOptions({
    queryKey: ["connections", name],
    queryFn: ({ signal }) => unwrap(getConnection({ signal, path: { name } })),
    refetchInterval: pace,
  });

/** A connection as it is edited; without `revision` it is a new one. */
export interface Draft {
  name: string;
  revision: string | null;
  values: ConnectionValues;
}

/** Keep a draft, or with `preview` say what that would change. */
export const saveConnection = (draft: Draft, preview: boolean) =>
  unwrap(
    draft.revision === null
      ? addConnection({ body: { name: draft.name, values: draft.values }, query: { preview } })
      : replaceConnection({
          path: { name: draft.name },
          headers: { "if-match": draft.revision },
          body: draft.values,
          query: { preview },
        }),
  );

export const dropConnection = (name: string, revision: string) =>
  unwrap(removeConnection({ path: { name }, headers: { "if-match": revision } }));

export const tryConnection = (name: string, consent: boolean) =>
  unwrap(testConnection({ path: { name }, body: { consent } }));

export const tryValues = (values: ConnectionValues) =>
  unwrap(testValues({ body: { values, consent: false } }));

export type Only = "new" | "not_loaded";
/** So many entries are shown at once; a longer manifest is searched. */
export const ENTRIES = 5000;

export const manifestQuery = (name: string, search: string, only: Only | undefined) =>
  queryOptions({
    queryKey: ["manifest", name, search, only ?? ""],
    queryFn: ({ signal }) =>
      unwrap(
        getManifest({
          signal,
          path: { name },
          query: { search, limit: ENTRIES, ...(only ? { only } : {}) },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: pace,
  });

export type Side = "source" | "target";

export const objectsQuery = (name: string, side: Side, path: string) =>
  infiniteQueryOptions({
    queryKey: ["objects", name, side, path],
    queryFn: ({ signal, pageParam }) =>
      unwrap(listObjects({ signal, path: { name }, query: { side, path, after: pageParam } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_after,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });

export const downloadAddress = (name: string, side: Side, path: string) =>
  `/api/connections/${encodeURIComponent(name)}/objects/content?${new URLSearchParams({ side, path })}`;
