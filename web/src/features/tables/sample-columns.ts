import type { TableDetail } from "@/api/generated";

/** Columns every Guidewire table has for its own housekeeping. */
const HOUSEKEEPING = new Set(
  "publicid beanversion createtime createuserid updatetime updateuserid retired loadcommandid archivepartition".split(
    " ",
  ),
);

/** So many columns are shown while nobody chose any. */
const SHOWN = 20;

/** The key, then what the table is about, then housekeeping, then CDA's columns. */
export function inOrder(names: readonly string[], table: TableDetail): string[] {
  const roles = new Map(table.schema.map((column) => [column.name, column.role]));
  const rank = (name: string) => {
    if (roles.get(name) === "key") return 0;
    if (roles.get(name) === "cda") return 3;
    return HOUSEKEEPING.has(name) ? 2 : 1;
  };
  return [...names].sort((a, b) => rank(a) - rank(b));
}

/** What was chosen of the columns there are, in the order of the table; at first the foremost. */
export function shownColumns(all: readonly string[], chosen: readonly string[]): string[] {
  const found = all.filter((name) => chosen.includes(name));
  return found.length > 0 ? found : all.slice(0, SHOWN);
}
