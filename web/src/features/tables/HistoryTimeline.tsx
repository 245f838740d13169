import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import type { TableDetail } from "@/api/generated";
import { historyQuery } from "@/api/queries";
import { ChartCard } from "@/components/charts/ChartCard";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Ask, Card, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { VersionsTable } from "./VersionsTable";

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
  const query = useInfiniteQuery(historyQuery(table, operation));
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
                <VersionsTable rows={rows} table={table} />
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
