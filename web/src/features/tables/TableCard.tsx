import type { ListedTable } from "@/api/generated";
import { MiniBar } from "@/components/bits";
import { Sparkline } from "@/components/charts/Sparkline";
import { SkeletonBlock } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { ConnectionNote, TableLink } from "@/components/TableLink";
import { big, bytes, count, duration, lag, short } from "@/lib/format";
import { useAge, useTimes } from "@/lib/time";
import { healthWord } from "@/lib/vocabulary";

/** A table in the list: a row, or on a phone a card. */
export function TableRow({ table, index }: { table: ListedTable; index: number }) {
  const times = useTimes();
  return (
    <tr className="row-link" data-row={index} aria-rowindex={index + 2}>
      <td>
        <StatusBadge word={healthWord(table.health)} tip={table.health_reason} />
      </td>
      <td>
        <TableLink
          name={table.name}
          connection={table.connection}
          className="cover block truncate font-[550]"
          data-tip={table.name.length > 26 ? table.name : undefined}
        >
          {table.name}
          <ConnectionNote connection={table.connection} />
        </TableLink>
      </td>
      <td className="truncate text-ink-2" data-tip={table.app}>
        {table.app.replace(/Center$/, "")}
      </td>
      <td className="n">
        <Lag table={table} />
      </td>
      <td
        className="n text-ink-2"
        data-tip={table.manifest_time ? `manifest ${times.full(table.manifest_time)}` : undefined}
      >
        {short(table.source_age_seconds)}
      </td>
      <td
        className="n"
        data-tip={table.row_count === null ? (table.unknown_reason ?? undefined) : undefined}
      >
        {count(table.row_count)}
      </td>
      <td className={table.rows_today ? "n" : "n text-ink-2"}>
        {table.rows_today ? `+${count(table.rows_today)}` : count(table.rows_today)}
      </td>
      <td className="n">{bytes(table.size_bytes)}</td>
      <td className="n">{count(table.transaction_count)}</td>
      <td className="n" data-tip={table.last_updated ? times.full(table.last_updated) : undefined}>
        <Age at={table.last_updated} />
      </td>
      <td>
        <Trend table={table} />
      </td>
    </tr>
  );
}

export function TableCard({ table, index }: { table: ListedTable | undefined; index: number }) {
  if (!table) {
    return (
      <li className="grid h-[62px] content-center gap-2 border-line border-b px-3.5">
        <SkeletonBlock className="h-3.5 w-1/2" />
        <SkeletonBlock className="h-3 w-2/3" />
      </li>
    );
  }
  return (
    <li
      data-row={index}
      className="row-link grid h-[62px] grid-cols-[minmax(0,1fr)_auto] content-center items-center gap-x-3 gap-y-0.5 border-line border-b px-3.5"
    >
      <TableLink
        name={table.name}
        connection={table.connection}
        className="cover truncate font-[550] text-md"
      >
        {table.name}
        <ConnectionNote connection={table.connection} />
      </TableLink>
      <span className="justify-self-end">
        <StatusBadge word={healthWord(table.health)} />
      </span>
      <span className="truncate text-ink-2 text-sm tabular-nums">
        {table.app}, {table.row_count === null ? "rows unknown" : `${big(table.row_count)} rows`}
      </span>
      <span className="justify-self-end text-sm">
        <Lag table={table} />
      </span>
    </li>
  );
}

/** Half a bar is the limit: what is over it is seen at once. */
function Lag({ table }: { table: ListedTable }) {
  const seconds = table.processing_lag_seconds;
  if (seconds === null) return <span className="text-ink-2">–</span>;
  const color =
    table.health === "Failed"
      ? "var(--fail-icon)"
      : seconds > table.lag_limit_seconds
        ? "var(--warn-icon)"
        : "var(--d-line)";
  return (
    <span
      data-tip={`${seconds ? `${duration(seconds)} behind` : "caught up"}, limit ${duration(table.lag_limit_seconds)}`}
    >
      <MiniBar share={seconds / (2 * Math.max(1, table.lag_limit_seconds))} color={color}>
        {lag(seconds)}
      </MiniBar>
    </span>
  );
}

function Age({ at }: { at: string | null }) {
  return short(useAge(at, 10_000));
}

function Trend({ table }: { table: ListedTable }) {
  if (table.rows_by_day.length === 0) return null;
  const shown = table.rows_by_day.map((rows) => count(rows)).join(", ");
  return (
    <span data-tip={`rows per UTC day, oldest first:\n${shown}`}>
      <Sparkline values={table.rows_by_day} width={80} label="Rows per day, 14 days" />
    </span>
  );
}
