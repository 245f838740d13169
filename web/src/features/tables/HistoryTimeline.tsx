import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { TableDetail, TableEvent, TimelineDay } from "@/api/generated";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Ask, Card, Empty, Skeleton, SkeletonBlock } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { eventWord } from "./events";
import { type HistoryFilter, historyQuery, timelineQuery } from "./queries";
import { VersionsTable } from "./VersionsTable";

/** Every version of the table, newest first; a page of a hundred is fetched as it is seen. */
export function HistoryTimeline({
  table,
  filter,
  onFilter,
}: {
  table: TableDetail;
  filter: HistoryFilter;
  onFilter: (filter: HistoryFilter) => void;
}) {
  return (
    <div className="grid gap-4 max-s:gap-3">
      <CommitsChart table={table} />
      <Versions table={table} filter={filter} onFilter={onFilter} />
    </div>
  );
}

function Versions({
  table,
  filter,
  onFilter,
}: {
  table: TableDetail;
  filter: HistoryFilter;
  onFilter: (filter: HistoryFilter) => void;
}) {
  const query = useInfiniteQuery(historyQuery(table, filter));
  const [first] = query.data?.pages ?? [];
  const rows = query.data?.pages.flatMap((page) => page.history) ?? [];
  const isNarrow = Boolean(filter.operation || filter.until || filter.version !== undefined);
  const all = () => onFilter({});
  return (
    <Card
      title="Versions"
      note={count(first?.total ?? table.history_total)}
      flush
      className="overflow-hidden"
      actions={
        <>
          <OperationField
            operations={first?.operations.map((facet) => facet.value) ?? []}
            value={filter.operation}
            onChange={(operation) => onFilter({ ...filter, operation })}
          />
          <JumpField
            key={`${filter.version} ${filter.until}`}
            filter={filter}
            onJump={(jump) => onFilter({ operation: filter.operation, ...jump })}
          />
          {isNarrow && (
            <Button size="s" variant="ghost" onClick={all}>
              Newest
            </Button>
          )}
        </>
      }
    >
      <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
        {() =>
          rows.length === 0 ? (
            <NoVersion filter={filter} onAll={isNarrow ? all : undefined} />
          ) : (
            <VersionsTable
              rows={rows}
              table={table}
              hasMore={query.hasNextPage}
              onMore={() => {
                if (!query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          )
        }
      </Ask>
    </Card>
  );
}

function NoVersion({ filter, onAll }: { filter: HistoryFilter; onAll: (() => void) | undefined }) {
  const title = !onAll
    ? "No version yet"
    : filter.operation
      ? `No version by ${filter.operation}`
      : "No version there";
  return (
    <Empty icon={History} title={title} action={onAll && <Button onClick={onAll}>Show all</Button>}>
      {onAll ? "Nothing matches what was asked for." : "The first run writes version 0."}
    </Empty>
  );
}

const FIELD =
  "h-8 rounded-m border border-control bg-surface px-2 text-md text-ink max-s:h-10 placeholder:text-ink-3";

function OperationField({
  operations,
  value,
  onChange,
}: {
  operations: readonly string[];
  value: string | undefined;
  onChange: (operation: string | undefined) => void;
}) {
  const shown = value && !operations.includes(value) ? [...operations, value] : operations;
  if (shown.length === 0) return null;
  return (
    <label className="flex items-center gap-2 text-[12.5px] text-ink-2">
      Operation
      <select
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
        className={FIELD}
      >
        <option value="">any</option>
        {shown.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

/** "4211" is a version; "2026-11-20", with or without a time, is a moment in the reader's zone. */
export function jumpOf(text: string, zone: "UTC" | "local"): HistoryFilter | null {
  const trimmed = text.trim();
  if (/^\d{1,15}$/.test(trimmed)) return { version: Number(trimmed) };
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(trimmed);
  if (!match) return null;
  const moment = new Date(`${match[1]}T${match[2] ?? "23:59:59.999"}${zone === "UTC" ? "Z" : ""}`);
  return Number.isNaN(moment.getTime()) ? null : { until: moment.toISOString() };
}

function JumpField({
  filter,
  onJump,
}: {
  filter: HistoryFilter;
  onJump: (jump: HistoryFilter) => void;
}) {
  const times = useTimes();
  const [text, setText] = useState(
    filter.version !== undefined
      ? String(filter.version)
      : (filter.until?.slice(0, 16).replace("T", " ") ?? ""),
  );
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const jump = text.trim() === "" ? {} : jumpOf(text, times.zone === "UTC" ? "UTC" : "local");
    setWrong(jump === null);
    if (jump) onJump(jump);
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-2">
      <input
        aria-label="Jump to version or date"
        aria-invalid={isWrong}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Version or date"
        data-tip={`A version, e.g. 42, or a date in ${times.label}, e.g. 2026-11-20 or 2026-11-20 08:30`}
        className={`${FIELD} w-40`}
      />
      <Button size="s" type="submit">
        Go
      </Button>
      {isWrong && (
        <span role="alert" className="text-fail text-sm">
          Write a version or YYYY-MM-DD
        </span>
      )}
    </form>
  );
}

function CommitsChart({ table }: { table: TableDetail }) {
  const query = useQuery(timelineQuery(table, "30"));
  if (table.version === null) return null;
  if (!query.data) {
    return (
      <Card title="Commits" note="last 30 days, UTC">
        <Ask query={query} loading={<SkeletonBlock className="h-[130px]" />}>
          {() => null}
        </Ask>
      </Card>
    );
  }
  const { by_day: days, events } = query.data;
  if (!days.some((day) => day.commits + day.other_commits > 0)) return null;
  return (
    <ChartCard
      title="Commits"
      note="last 30 days, UTC"
      table={{
        columns: ["Day", "With data", "Others", "Rows"],
        rows: days.map((day) => [
          dayWords(day.day),
          count(day.commits),
          count(day.other_commits),
          count(day.rows),
        ]),
      }}
      legend={SERIES.map(({ name, color }) => (
        <LegendItem key={name} color={color}>
          {name}
        </LegendItem>
      ))}
    >
      {(width) => (
        <StackedDays
          width={width}
          days={days.map((day) => ({
            day: day.day,
            values: [day.commits, day.other_commits],
            note: [plural(day.rows, "row"), ...eventsOf(day, events)].join("\n"),
          }))}
          series={SERIES}
          label="Commits per day"
          title="commits per day"
          height={130}
        />
      )}
    </ChartCard>
  );
}

const SERIES = [
  { name: "With data", color: "var(--d2)" },
  { name: "Others, e.g. optimize", color: "var(--d3)" },
] as const;

const eventsOf = (day: TimelineDay, events: readonly TableEvent[]) =>
  events
    .filter((event) => event.version !== null && event.at.startsWith(day.day))
    .map((event) => `${eventWord(event.kind)}: ${event.text}`);
