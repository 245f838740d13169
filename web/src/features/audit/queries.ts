import { infiniteQueryOptions } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { listAudit } from "@/api/generated";
import type { AuditSearch } from "@/lib/addresses";

const DAY_MS = 86_400_000;
const PAGE = 100;

/** The filter as the API takes it; a period ends now. */
export function auditFilter({ who, action, subject, days }: AuditSearch, now = Date.now()) {
  return {
    ...(who ? { who } : {}),
    ...(action ? { action } : {}),
    ...(subject ? { subject } : {}),
    ...(days ? { since: new Date(now - Number(days) * DAY_MS).toISOString() } : {}),
  };
}

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", search],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        listAudit({
          signal,
          query: {
            ...auditFilter(search),
            limit: PAGE,
            ...(pageParam === null ? {} : { before: pageParam }),
          },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_before,
  });

/** The address of the same as a file. */
export const auditFile = (search: AuditSearch, format: "csv" | "json") =>
  `/api/audit/export?${new URLSearchParams({ ...auditFilter(search), format })}`;
