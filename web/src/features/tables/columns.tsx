import type { ComponentType } from "react";
import type { ListedTable, SortKey } from "@/api/generated";
import { ConnectionNote, TableLink } from "@/components/TableLink";
import { bytes, count, short } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { Age, HealthCell, Lag, RunOne, Trend } from "./cells";

/** A column of the list; `fields` are what a file has of it. */
export interface Column {
  id: string;
  label: string;
  sort?: SortKey;
  numeric?: boolean;
  width: number;
  fields: readonly string[];
  /** Shown only when chosen. */
  extra?: boolean;
  Cell: ComponentType<{ table: ListedTable }>;
  className?: string;
}

export const NAME_WIDTH = 172;

export const COLUMNS: readonly Column[] = [
  {
    id: "health",
    label: "Health",
    sort: "health",
    width: 102,
    fields: ["health", "health_reason"],
    Cell: HealthCell,
  },
  {
    id: "name",
    label: "Name",
    sort: "name",
    width: NAME_WIDTH,
    fields: ["name", "connection", "path"],
    Cell: Name,
  },
  {
    id: "app",
    label: "App",
    sort: "app",
    width: 62,
    fields: ["app"],
    className: "truncate text-ink-2",
    Cell: ({ table }) => <span data-tip={table.app}>{table.app.replace(/Center$/, "")}</span>,
  },
  {
    id: "connection",
    label: "Connection",
    width: 110,
    fields: [],
    extra: true,
    className: "truncate text-ink-2",
    Cell: ({ table }) => table.connection,
  },
  {
    id: "lag",
    label: "Processing lag",
    sort: "lag",
    numeric: true,
    width: 128,
    fields: ["processing_lag_seconds", "watermark"],
    Cell: Lag,
  },
  {
    id: "source_age",
    label: "Source age",
    sort: "source_age",
    numeric: true,
    width: 80,
    fields: ["source_age_seconds", "manifest_time"],
    className: "text-ink-2",
    Cell: SourceAge,
  },
  {
    id: "rows",
    label: "Rows",
    sort: "rows",
    numeric: true,
    width: 94,
    fields: ["row_count"],
    Cell: ({ table }) => (
      <span data-tip={table.row_count === null ? table.unknown_reason : undefined}>
        {count(table.row_count)}
      </span>
    ),
  },
  {
    id: "rows_today",
    label: "Today",
    sort: "rows_today",
    numeric: true,
    width: 76,
    fields: ["rows_today"],
    Cell: ({ table }) => (
      <span className={table.rows_today ? undefined : "text-ink-2"}>
        {table.rows_today ? `+${count(table.rows_today)}` : count(table.rows_today)}
      </span>
    ),
  },
  {
    id: "size",
    label: "Size",
    sort: "size",
    numeric: true,
    width: 68,
    fields: ["size_bytes"],
    Cell: ({ table }) => bytes(table.size_bytes),
  },
  {
    id: "files",
    label: "Files",
    sort: "files",
    numeric: true,
    width: 74,
    fields: ["file_count"],
    extra: true,
    Cell: ({ table }) => count(table.file_count),
  },
  {
    id: "versions",
    label: "Versions",
    sort: "versions",
    numeric: true,
    width: 68,
    fields: ["transaction_count", "version"],
    Cell: ({ table }) => count(table.transaction_count),
  },
  {
    id: "last_updated",
    label: "Commit",
    sort: "last_updated",
    numeric: true,
    width: 62,
    fields: ["last_updated"],
    Cell: LastCommit,
  },
  {
    id: "fingerprint",
    label: "Fingerprint",
    width: 82,
    fields: ["fingerprint"],
    className: "mono text-ink-2",
    Cell: ({ table }) => (
      <span data-tip={table.fingerprint ?? undefined}>{table.fingerprint?.slice(0, 7) ?? "–"}</span>
    ),
  },
  {
    id: "trend",
    label: "14 days",
    width: 84,
    fields: ["rows_by_day"],
    Cell: Trend,
  },
  {
    id: "actions",
    label: "Actions",
    width: 48,
    fields: [],
    Cell: RunOne,
  },
];

const KNOWN = new Map(COLUMNS.map((column) => [column.id, column]));
export const DEFAULT_COLUMNS = COLUMNS.filter((column) => !column.extra).map(({ id }) => id);

/** The columns of these ids, in our order; the name is always there. */
export const columnsOf = (ids: readonly string[]): Column[] =>
  COLUMNS.filter(({ id }) => id === "name" || ids.includes(id));

export const isColumn = (id: string): boolean => KNOWN.has(id);

function Name({ table }: { table: ListedTable }) {
  const [matched, ...more] = table.matched_columns;
  return (
    <span className="flex items-center gap-2">
      <TableLink
        name={table.name}
        connection={table.connection}
        className="cover min-w-0 shrink-0 basis-auto truncate font-[550]"
        style={{ maxWidth: matched ? "60%" : "100%" }}
        data-tip={table.name.length > 22 ? table.name : undefined}
      >
        {table.name}
        <ConnectionNote connection={table.connection} />
      </TableLink>
      {matched && (
        <span
          className="above min-w-0 truncate rounded-s bg-info-bg px-1.5 font-[550] text-axis text-info leading-[18px]"
          data-tip={`columns that match:\n${table.matched_columns.slice(0, 20).join("\n")}`}
        >
          <span className="sr-only">Matching column </span>
          {matched}
          {more.length > 0 && ` +${more.length}`}
        </span>
      )}
    </span>
  );
}

function SourceAge({ table }: { table: ListedTable }) {
  const times = useTimes();
  const tip = table.manifest_time ? `manifest ${times.full(table.manifest_time)}` : undefined;
  return <span data-tip={tip}>{short(table.source_age_seconds)}</span>;
}

function LastCommit({ table }: { table: ListedTable }) {
  const times = useTimes();
  return (
    <span data-tip={table.last_updated ? times.full(table.last_updated) : undefined}>
      <Age at={table.last_updated} />
    </span>
  );
}
