import { ArrowDown, ArrowUp } from "lucide-react";
import type { SortKey } from "@/api/generated";
import { type Column, NAME_WIDTH } from "./columns";
import type { Selection } from "./selection";

/** Numbers begin with the greatest, words with the first. Health begins with the worst. */
function nextSort(column: Column, current: SortKey): SortKey | undefined {
  const { sort } = column;
  if (!sort) return undefined;
  const down = `-${sort}` as SortKey;
  if (column.numeric) return current === down ? sort : down;
  return current === sort ? down : sort;
}

export const TICK_WIDTH = 40;
export const widthOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { width }) => sum + width, TICK_WIDTH);

export function TableHead({
  columns,
  sort,
  onSort,
  selection,
}: {
  columns: readonly Column[];
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  selection: Selection;
}) {
  return (
    <>
      <colgroup>
        <col style={{ width: TICK_WIDTH }} />
        {columns.map(({ id, width }) => (
          <col key={id} style={{ width: width === NAME_WIDTH ? "auto" : width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">
            <input
              ref={(box) => {
                if (box) box.indeterminate = selection.count > 0 && !selection.isAll;
              }}
              type="checkbox"
              className="tick align-middle"
              aria-label="Select all that match"
              checked={selection.isAll}
              onChange={() => (selection.count > 0 ? selection.clear() : selection.all())}
            />
          </th>
          {columns.map((column) => (
            <Header key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
    </>
  );
}

function Header({
  column,
  sort,
  onSort,
}: {
  column: Column;
  sort: SortKey;
  onSort: (sort: SortKey) => void;
}) {
  const isDown = sort.startsWith("-");
  const isThis = column.sort !== undefined && sort.replace("-", "") === column.sort;
  const next = nextSort(column, sort);
  const Icon = isDown ? ArrowDown : ArrowUp;
  return (
    <th
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
        <span className={column.id === "actions" ? "sr-only" : undefined}>{column.label}</span>
      )}
    </th>
  );
}
