import type { ListedTable } from "@/api/generated";
import { Sparkline } from "@/components/charts/Sparkline";
import { SkeletonBlock } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { ConnectionNote, TableLink } from "@/components/TableLink";
import { cn } from "@/lib/cn";
import { big } from "@/lib/format";
import { healthWord } from "@/lib/vocabulary";
import { AsideFlag, Lag } from "./cells";
import type { Column } from "./columns";
import type { Selection } from "./selection";

interface RowProps {
  table: ListedTable;
  index: number;
  selection: Selection;
}

/** A table in the list: a row, or on a phone a card. */
export function TableRow({ table, index, columns, selection }: RowProps & { columns: Column[] }) {
  const isChosen = selection.has(table);
  return (
    <tr className={cn("row-link", isChosen && "chosen")} data-row={index} aria-rowindex={index + 2}>
      <td>
        <Tick table={table} index={index} selection={selection} />
      </td>
      {columns.map(({ id, Cell, numeric, className }) => (
        <td key={id} className={cn(numeric && "n", className)}>
          <Cell table={table} />
        </td>
      ))}
    </tr>
  );
}

function Tick({ table, index, selection }: RowProps) {
  return (
    // The whole cell ticks: a box alone is too small to hit.
    <label className="above -m-2 grid size-8 cursor-pointer place-items-center">
      <input
        type="checkbox"
        className="tick"
        aria-label={`Select ${table.name}`}
        checked={selection.has(table)}
        onClick={(event) => selection.toggle(index, event.shiftKey)}
        onChange={() => undefined}
      />
    </label>
  );
}

export function TableCard({
  table,
  index,
  selection,
}: Omit<RowProps, "table"> & { table: ListedTable | undefined }) {
  if (!table) {
    return (
      <li className="grid h-[66px] content-center gap-2 border-line border-b px-3.5">
        <SkeletonBlock className="h-3.5 w-1/2" />
        <SkeletonBlock className="h-3 w-2/3" />
      </li>
    );
  }
  const rows = table.row_count === null ? "rows unknown" : `${big(table.row_count)} rows`;
  return (
    <li
      data-row={index}
      className={cn(
        "row-link grid h-[66px] grid-cols-[auto_minmax(0,1fr)_auto] content-center items-center gap-x-2 gap-y-0.5 border-line border-b pr-3.5 pl-2",
        selection.has(table) && "bg-info-bg",
      )}
    >
      <span className="row-span-2 pl-2">
        <Tick table={table} index={index} selection={selection} />
      </span>
      <TableLink
        name={table.name}
        connection={table.connection}
        className="cover truncate font-[550] text-md"
      >
        {table.name}
        <ConnectionNote connection={table.connection} />
      </TableLink>
      <span className="inline-flex items-center gap-1.5 justify-self-end">
        <AsideFlag table={table} />
        <StatusBadge word={healthWord(table.health)} />
      </span>
      <span className="flex min-w-0 items-center gap-2 text-ink-2 text-sm tabular-nums">
        <span className="truncate">
          {table.matched_columns[0]
            ? `has ${table.matched_columns.join(", ")}`
            : `${table.app.replace(/Center$/, "")}, ${rows}`}
        </span>
        <Sparkline values={table.rows_by_day} width={44} height={18} label="Rows, 14 days" />
      </span>
      <span className="justify-self-end text-sm">
        <Lag table={table} />
      </span>
    </li>
  );
}
