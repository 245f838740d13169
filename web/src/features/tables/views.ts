import type { TablesSearch } from "@/lib/addresses";
import { readSetting, writeSetting } from "@/lib/storage";

/**
 * A view is an address with a name. Names are kept by this browser: what one shares is the link,
 * which holds everything, so that the server has nothing to keep, to protect or to clean up.
 */
export interface View {
  name: string;
  search: TablesSearch;
}

export const DEFAULT_VIEWS: readonly View[] = [
  { name: "Needs attention", search: { health: ["Failed", "Late", "Unknown"], sort: "health" } },
  { name: "Late", search: { health: ["Late"], sort: "-lag" } },
  { name: "Changed today", search: { changed: ["today"], sort: "-rows_today" } },
  { name: "Not loaded yet", search: { health: ["Not loaded"], sort: "name" } },
  { name: "Largest", search: { sort: "-size" } },
];

const SETTING = "table-views";
const MOST = 50;

export function savedViews(): View[] {
  try {
    const kept: unknown = JSON.parse(readSetting(SETTING) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

const isView = (value: unknown): value is View =>
  typeof value === "object" && value !== null && "name" in value && "search" in value;

/** Keep a view under a name; an older one of that name gives way. */
export function saveView(view: View): View[] {
  return keep([...savedViews().filter(({ name }) => name !== view.name), view].slice(-MOST));
}

export const forgetView = (name: string): View[] =>
  keep(savedViews().filter((view) => view.name !== name));

function keep(views: View[]): View[] {
  writeSetting(SETTING, JSON.stringify(views));
  return views;
}

/** An address without its empty parts and in one order, to tell whether two are the same. */
const bare = (search: TablesSearch) =>
  JSON.stringify(
    Object.entries(search)
      .filter(([, value]) => value !== undefined && value !== "" && String(value) !== "")
      .sort(([one], [other]) => one.localeCompare(other)),
  );

export const isSameView = (one: TablesSearch, other: TablesSearch): boolean =>
  bare(one) === bare(other);
