import { Flag, Play } from "lucide-react";
import { useRunTables } from "@/api/actions";
import type { ListedTable } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { MiniBar } from "@/components/bits";
import { Sparkline } from "@/components/charts/Sparkline";
import { StatusBadge } from "@/components/StatusIcon";
import { count, duration, lag, plural, short } from "@/lib/format";
import { useAge } from "@/lib/time";
import { healthWord } from "@/lib/vocabulary";

/** Half a bar is the limit: what is over it is seen at once. */
export function Lag({ table }: { table: ListedTable }) {
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

/** The health, and a flag where files are set aside; a held table says what it waits for. */
export function HealthCell({ table }: { table: ListedTable }) {
  const waits = table.error?.choices.length ? "\nOpen the table to choose." : "";
  return (
    <span className="inline-flex items-center gap-1.5">
      <StatusBadge word={healthWord(table.health)} tip={`${table.health_reason}${waits}`} />
      <AsideFlag table={table} />
    </span>
  );
}

/** Files of the table are left out. */
export function AsideFlag({ table }: { table: ListedTable }) {
  const files = table.quarantined_files;
  if (files === 0) return null;
  const words = `${plural(files, "file")} set aside`;
  return (
    <span data-tip={words} className="above inline-flex">
      <Flag aria-hidden className="size-3.5 text-fail-icon" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

export function Age({ at }: { at: string | null }) {
  return short(useAge(at, 10_000));
}

export function Trend({ table }: { table: ListedTable }) {
  if (table.rows_by_day.length === 0) return null;
  const shown = table.rows_by_day.map((rows) => count(rows)).join(", ");
  return (
    <span data-tip={`rows per UTC day, oldest first:\n${shown}`}>
      <Sparkline values={table.rows_by_day} width={66} label="Rows per day, 14 days" />
    </span>
  );
}

/** A run of this table alone. */
export function RunOne({ table }: { table: ListedTable }) {
  const run = useRunTables();
  // There is nothing to bring of a table that the manifest does not name.
  if (table.health === "Orphan") return null;
  return (
    <ActionButton
      variant="ghost"
      size="icon-s"
      className="above size-6!"
      aria-label={`Run ${table.name}`}
      data-tip="Run this table"
      disabled={run.isPending}
      onClick={() => run.mutate({ connection: table.connection, tables: [table.name] })}
    >
      <Play aria-hidden />
    </ActionButton>
  );
}
