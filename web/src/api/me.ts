import { queryOptions, useQuery } from "@tanstack/react-query";
import { unwrap } from "@/api/client";
import { getMe, type Role } from "@/api/generated";

/** Who reads this page, and what they may do. */

export const meQuery = () =>
  queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => unwrap(getMe({ signal })),
    staleTime: 60_000,
  });

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Why something is not allowed; null when it is. While nobody knows yet, the server decides. */
export function useForbidden(needed: Role): string | null {
  const me = useQuery(meQuery()).data;
  if (!me || RANK[me.role] >= RANK[needed]) return null;
  return `This needs the role ${needed}; yours is ${me.role}. An admin of this server can grant it.`;
}

/** Whether somebody of the one role may do what needs the other. */
export const may = (role: Role | undefined, needed: Role): boolean =>
  role !== undefined && RANK[role] >= RANK[needed];
