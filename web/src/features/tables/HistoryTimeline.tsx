import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import type { TableDetail, Transaction } from "@/api/generated";
import { historyQuery } from "@/api/queries";
import { Tag } from "@/components/bits";
import { ChartCard } from "@/components/charts/ChartCard";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Ask, Card, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { bytes, count, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";

/** Every version of the table, newest first, a hundred at a time. */
export function HistoryTimeline({
  table,
  operation,
  onOperation,
}: {
  table: TableDetail;
  operation: string | undefined;
  onOperation: (operation: string) => void;
}) {
  const query = useInfiniteQuery(historyQuery(table.name, operation));
  const operations = [...new Set(table.history.map((version) => version.operation))].sort();
  if (operation && !operations.includes(operation)) operations.push(operation);
  const rows = query.data?.pages.flatMap((page) => page.history) ?? [];
  const total = query.data?.pages[0]?.total ?? table.history_total;
  return (
    <div className="grid gap-4 max-s:gap-3">
      <CommitsChart table={table} />
      <Card
        title="Versions"
        note={
          query.data && rows.length < total
            ? `${count(rows.length)} of ${count(total)}`
            : count(total)
        }
        flush
        className="overflow-hidden"
        actions={
          operations.length > 0 && (
            <label className="flex items-center gap-2 text-[12.5px] text-ink-2">
              Operation
              <select
                value={operation ?? ""}
                onChange={(event) => onOperation(event.target.value)}
                className="h-8 rounded-m border border-control bg-surface px-2 text-md text-ink max-s:h-10"
              >
                <option value="">any</option>
                {operations.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
          )
        }
      >
        <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
          {() =>
            rows.length === 0 ? (
              <Empty
                icon={History}
                title={operation ? `No version by ${operation}` : "No version yet"}
                action={operation && <Button onClick={() => onOperation("")}>Show all</Button>}
              >
                {operation ? "" : "The first run writes version 0."}
              </Empty>
            ) : (
              <>
                <Versions rows={rows} name={table.name} />
                {query.hasNextPage && (
                  <div className="flex justify-center border-line border-t p-2">
                    <Button
                      size="s"
                      disabled={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      {query.isFetchingNextPage
                        ? "Loading…"
                        : `Older than version ${count(rows.at(-1)?.version)}`}
                    </Button>
                  </div>
                )}
              </>
            )
          }
        </Ask>
      </Card>
    </div>
  );
}

function CommitsChart({ table }: { table: TableDetail }) {
  const days = table.volume.map((day) => ({
    day: day.day,
    values: [day.commits],
    note: `${count(day.rows)} rows`,
  }));
  if (!table.volume.some((day) => day.commits > 0)) return null;
  return (
    <ChartCard
      title="Commits"
      note={`last ${days.length} days, UTC`}
      table={{
        columns: ["Day", "Commits", "Rows"],
        rows: table.volume.map((day) => [dayWords(day.day), count(day.commits), count(day.rows)]),
      }}
    >
      {(width) => (
        <StackedDays
          width={width}
          days={days}
          series={[{ name: "Commits", color: "var(--d2)" }]}
          label="Commits per day"
          title="commits per day"
          height={130}
        />
      )}
    </ChartCard>
  );
}

function Versions({ rows, name }: { rows: readonly Transaction[]; name: string }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="tbl" aria-label="Versions, newest first">
        <thead>
          <tr>
            <th scope="col" className="n">
              Version
            </th>
            <th scope="col">Committed</th>
            <th scope="col">Operation</th>
            <th scope="col" className="n">
              Rows
            </th>
            <th scope="col" className="n">
              Files
            </th>
            <th scope="col" className="n">
              Bytes
            </th>
            <th scope="col">Run</th>
            <th scope="col">CDA folder up to</th>
            <th scope="col">Who</th>
            <th scope="col">
              <span className="sr-only">Data</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((version) => (
            <Version key={version.version} version={version} name={name} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONE: Record<string, string> = {
  WRITE: "bg-info-bg text-info",
  OPTIMIZE: "bg-ok-bg text-ok",
  "SET SCHEMA": "bg-warn-bg text-warn",
};

function Version({ version, name }: { version: Transaction; name: string }) {
  const times = useTimes();
  const files = (version.files_added ?? 0) - (version.files_removed ?? 0);
  return (
    <tr>
      <td className="n font-semibold">{count(version.version)}</td>
      <td className="tabular-nums" data-tip={times.full(version.timestamp)}>
        {times.stamp(version.timestamp)}
      </td>
      <td>
        <span
          className={cn(
            "inline-flex h-5 items-center rounded-s px-[7px] font-semibold text-axis",
            TONE[version.operation] ?? "bg-mute-bg text-ink-2",
          )}
        >
          {version.operation}
        </span>{" "}
        {version.schema_changed && <Tag tone="warn">schema</Tag>}
      </td>
      <td className="n">
        {version.rows === null
          ? "–"
          : version.rows > 0
            ? `+${count(version.rows)}`
            : count(version.rows)}
      </td>
      <td
        className="n"
        data-tip={`${plural(version.files_added ?? 0, "file")} added, ${count(version.files_removed ?? 0)} removed`}
      >
        {files > 0 ? `+${count(files)}` : count(files)}
      </td>
      <td className="n">{bytes(version.bytes_added)}</td>
      <td>
        {version.run_id ? (
          <Link
            to="/runs/$runId"
            params={{ runId: version.run_id }}
            search={{ table: name }}
            className="link mono"
          >
            {shortId(version.run_id)}
          </Link>
        ) : (
          <span className="text-ink-2">–</span>
        )}
      </td>
      <td className="tabular-nums">
        {version.watermark ? (
          <>
            {times.stamp(version.watermark)}{" "}
            <span className="mono text-ink-2">{Date.parse(version.watermark)}</span>
          </>
        ) : (
          <span className="text-ink-2">–</span>
        )}
      </td>
      <td className="max-w-32 truncate text-ink-2">{version.user ?? version.engine ?? "–"}</td>
      <td className="n">
        <Link
          to="/tables/$name"
          params={{ name }}
          search={{ tab: "data", v: version.version }}
          className="link text-sm"
          resetScroll={false}
        >
          data<span className="sr-only"> at version {version.version}</span>
        </Link>
      </td>
    </tr>
  );
}
