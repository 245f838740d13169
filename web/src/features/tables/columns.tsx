import { ArrowDown, ArrowUp } from "lucide-react";
import type { SortKey } from "@/api/generated";

interface Column {
  label: string;
  sort?: SortKey;
  numeric?: boolean;
  width: string;
}

export const COLUMNS: readonly Column[] = [
  { label: "Health", sort: "health", width: "104px" },
  { label: "Name", sort: "name", width: "auto" },
  { label: "App", sort: "app", width: "84px" },
  { label: "Processing lag", sort: "lag", numeric: true, width: "136px" },
  { label: "Source age", sort: "source_age", numeric: true, width: "94px" },
  { label: "Rows", sort: "rows", numeric: true, width: "108px" },
  { label: "Today", sort: "rows_today", numeric: true, width: "86px" },
  { label: "Size", sort: "size", numeric: true, width: "80px" },
  { label: "Versions", sort: "versions", numeric: true, width: "80px" },
  { label: "Commit", sort: "last_updated", numeric: true, width: "78px" },
  { label: "Rows, 14 days", width: "116px" },
];

/** Numbers begin with the greatest, words with the first. Health begins with the worst. */
function nextSort(column: Column, current: SortKey): SortKey | undefined {
  const { sort } = column;
  if (!sort) return undefined;
  const down = `-${sort}` as SortKey;
  if (column.numeric) return current === down ? sort : down;
  return current === sort ? down : sort;
}

export function TableHead({ sort, onSort }: { sort: SortKey; onSort: (sort: SortKey) => void }) {
  const isDown = sort.startsWith("-");
  return (
    <>
      <colgroup>
        {COLUMNS.map((column) => (
          <col key={column.label} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map((column) => {
            const isThis = column.sort !== undefined && sort.replace("-", "") === column.sort;
            const next = nextSort(column, sort);
            const Icon = isDown ? ArrowDown : ArrowUp;
            return (
              <th
                key={column.label}
                scope="col"
                className={column.numeric ? "n" : undefined}
                aria-sort={isThis ? (isDown ? "descending" : "ascending") : undefined}
              >
                {next ? (
                  <button
                    type="button"
                    onClick={() => onSort(next)}
                    className="inline-flex min-h-6 items-center gap-1 font-[550] hover:text-ink"
                  >
                    {column.label}
                    {isThis && <Icon aria-hidden className="size-3" />}
                  </button>
                ) : (
                  column.label
                )}
              </th>
            );
          })}
        </tr>
      </thead>
    </>
  );
}
