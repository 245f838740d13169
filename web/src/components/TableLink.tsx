import { useQuery } from "@tanstack/react-query";
import { Link, type LinkComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Dashboard } from "@/api/generated";
import { dashboardQuery } from "@/api/queries";
import type { TableSearch } from "@/lib/addresses";

const NONE: readonly string[] = [];
const namesOf = (dashboard: Dashboard) => dashboard.connections.map((each) => each.name);

/** The connections there are; the frame around the page keeps this answer fresh. */
const useConnections = (): readonly string[] =>
  useQuery({ ...dashboardQuery(), enabled: false, select: namesOf }).data ?? NONE;

/**
 * What an address says of a table's connection: nothing while there is one, and nothing of a
 * connection the server does not know (a run of two folders from the command line).
 */
export function useWhere(): (connection: string) => Pick<TableSearch, "connection"> {
  const known = useConnections();
  return (connection) => (known.length > 1 && known.includes(connection) ? { connection } : {});
}

/** A link to the page of a table, also where several connections have one of that name. */
export function TableLink({
  name,
  connection,
  search,
  children,
  ...rest
}: Omit<LinkComponentProps<"a">, "to" | "params" | "search" | "children"> & {
  name: string;
  connection: string;
  search?: TableSearch;
  children?: ReactNode;
}) {
  const where = useWhere();
  return (
    <Link
      to="/tables/$name"
      params={{ name }}
      search={{ ...search, ...where(connection) }}
      {...rest}
    >
      {children ?? name}
    </Link>
  );
}

/** The connection's name behind a table's, where there are several. */
export function ConnectionNote({ connection }: { connection: string }) {
  const several = useConnections().length > 1;
  if (!several) return null;
  return (
    <>
      {" "}
      <span className="font-normal text-ink-2 text-sm">{connection}</span>
    </>
  );
}
