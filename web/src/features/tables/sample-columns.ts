import type { TableDetail } from "@/api/generated";

/** Columns every Guidewire table has for its own housekeeping. */
const HOUSEKEEPING = new Set(
  "publicid beanversion createtime createuserid updatetime updateuserid retired loadcommandid archivepartition".split(
    " ",
  ),
);

/** When a state was valid, as the history has it. */
const SPAN = new Set(["valid_from", "valid_to", "is_current"]);
/** Where a row of a current table is from. */
const ORIGIN = new Set(["_cda_timestamp", "_cda_file"]);

/** So many columns are shown while nobody chose any. */
const SHOWN = 20;

/** The key, then what the table is about, then housekeeping, then CDA's columns. */
export function inOrder(names: readonly string[], table: TableDetail): string[] {
  const roles = new Map(table.schema.map((column) => [column.name, column.role]));
  const rank = (name: string) => {
    if (SPAN.has(name) && !roles.has(name)) return -1;
    if (ORIGIN.has(name)) return 4;
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
