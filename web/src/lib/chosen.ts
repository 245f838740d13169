import { useRouterState } from "@tanstack/react-router";
import { createContext, useContext, useState } from "react";

/** The connection the pages are narrowed to; undefined is all of them. */
export const Chosen = createContext<string | undefined>(undefined);
export const useChosen = (): string | undefined => useContext(Chosen);

const NARROWED: readonly string[] = ["/", "/tables", "/runs"];
/** Whether a page can be of one connection. */
export const isNarrowed = (path: string): boolean => NARROWED.includes(path);

/** The one connection an address names. */
export function chosenIn(search: object): string | undefined {
  const { connection } = search as { connection?: string | string[] };
  return Array.isArray(connection) && connection.length > 1 ? undefined : connection?.toString();
}

/** Of the address; pages that are of no connection keep the one that was chosen before them. */
export function useKept(): string | undefined {
  const location = useRouterState({ select: (state) => state.location });
  const [kept, keep] = useState<string | undefined>();
  const chosen = isNarrowed(location.pathname) ? chosenIn(location.search) : kept;
  if (chosen !== kept) keep(chosen);
  return chosen;
}

/** What an address of a page says to stay with the connection. */
export const narrowed = (to: string, chosen: string | undefined) =>
  (isNarrowed(to) && chosen ? { connection: chosen } : {}) as Record<never, never>;
