import type { ColumnSchema } from "@/api/generated";

/** The two versions that are compared. */
export interface Pair {
  a?: number | undefined;
  b?: number | undefined;
}

export interface Difference {
  kind: "added" | "removed" | "changed";
  name: string;
  before: string | null;
  after: string | null;
}

const shapeOf = ({ type, nullable }: ColumnSchema): string =>
  nullable ? type : `${type}, not null`;

/** What makes schema B of schema A, by name: order alone is no difference. */
export function differences(a: readonly ColumnSchema[], b: readonly ColumnSchema[]): Difference[] {
  const before = new Map(a.map((column) => [column.name, shapeOf(column)]));
  const after = new Map(b.map((column) => [column.name, shapeOf(column)]));
  const found: Difference[] = [];
  for (const [name, shape] of after) {
    const old = before.get(name);
    if (old === undefined) found.push({ kind: "added", name, before: null, after: shape });
    else if (old !== shape) found.push({ kind: "changed", name, before: old, after: shape });
  }
  for (const [name, shape] of before) {
    if (!after.has(name)) found.push({ kind: "removed", name, before: shape, after: null });
  }
  return found;
}
