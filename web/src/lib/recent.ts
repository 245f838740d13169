import { readSetting, writeSetting } from "@/lib/storage";

/** Where the reader was last: tables and runs, the newest first, in this browser only. */

const KEPT = 6;
const PLACE = /^\/(tables|runs)\/([^/?#]+)$/;

export interface Visited {
  kind: "table" | "run";
  name: string;
  connection?: string;
}

export function recent(): Visited[] {
  try {
    const found: unknown = JSON.parse(readSetting("recent") ?? "[]");
    return Array.isArray(found) ? found.filter(isVisited) : [];
  } catch {
    return [];
  }
}

function isVisited(value: unknown): value is Visited {
  if (typeof value !== "object" || value === null) return false;
  const { kind, name } = value as Partial<Visited>;
  return (kind === "table" || kind === "run") && typeof name === "string";
}

/** Remember a page's address, if it is one of those. */
export function remember(path: string, connection: string | undefined): void {
  const [, place, raw] = PLACE.exec(path) ?? [];
  if (!place || !raw) return;
  const visited: Visited = {
    kind: place === "tables" ? "table" : "run",
    name: decodeURIComponent(raw),
    ...(connection ? { connection } : {}),
  };
  const isOther = (each: Visited) => JSON.stringify(each) !== JSON.stringify(visited);
  writeSetting("recent", JSON.stringify([visited, ...recent().filter(isOther)].slice(0, KEPT)));
}
