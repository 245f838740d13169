import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { SlowTable, TrendDay, Trends as TrendsAnswer, TrendTotals } from "@/api/generated";
import { Segments } from "@/components/bits";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { DurationDays } from "@/components/charts/DurationDays";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Ask, Card, Empty, SkeletonBlock } from "@/components/Panel";
import { TableLink } from "@/components/TableLink";
import { PERIODS, type Period } from "@/lib/addresses";
import { big, count, duration, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { useOnly } from "./only";
import { trendsQuery } from "./queries";

const route = getRouteApi("/");

/** How it went over weeks, beside as long a time before. */
export function Trends() {
  const { days = "30", connection } = route.useSearch();
  const navigate = useNavigate({ from: "/" });
  const query = useQuery(trendsQuery(days, connection));
  return (
    <section aria-labelledby="trends" className="mt-8 grid gap-4 max-s:gap-3">
      <header className="flex flex-wrap items-center gap-3">
        <h2 id="trends" className="font-[620] text-[18px] tracking-[-.012em]">
          Trends
        </h2>
        <Segments<Period>
          label="Period"
          value={days}
          onChange={(next) =>
            void navigate({ search: { connection, days: next }, replace: true, resetScroll: false })
          }
          options={PERIODS.map((value) => ({ value, label: `${value} days` }))}
        />
        <span className="text-ink-2 text-sm">UTC days, today included</span>
      </header>
      <Ask query={query} loading={<Loading />}>
        {(trends) => <Told trends={trends} />}
      </Ask>
    </section>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the trends" className="-m-4 grid animate-appear gap-4">
      <SkeletonBlock className="h-24" />
      <SkeletonBlock className="h-56" />
    </div>
  );
}

function Told({ trends }: { trends: TrendsAnswer }) {
  return (
    <>
      <Totals trends={trends} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 max-s:gap-3 m:grid-cols-2">
        <RowsPerDay days={trends.by_day} />
        <RunsPerDay days={trends.by_day} />
        <Durations days={trends.by_day} />
        <Slowest trends={trends} />
      </div>
    </>
  );
}

interface Figure {
  label: string;
  value: string;
  note: ReactNode;
}

function Totals({ trends: { totals, before, days } }: { trends: TrendsAnswer }) {
  const figures: Figure[] = [
    { label: "Rows", value: big(totals.rows), note: change(totals.rows, before.rows) },
    { label: "Runs", value: count(totals.runs), note: change(totals.runs, before.runs) },
    { label: "Success rate", value: share(totals), note: `before ${share(before)}` },
    {
      label: "Duration, p50",
      value: duration(totals.p50_seconds),
      note: `before ${duration(before.p50_seconds)}`,
    },
    {
      label: "Duration, p95",
      value: duration(totals.p95_seconds),
      note: `before ${duration(before.p95_seconds)}`,
    },
    {
      label: "Mean time to recovery",
      value: duration(totals.mean_recovery_seconds),
      note: totals.recoveries
        ? `${plural(totals.recoveries, "recovery", "recoveries")}, before ${duration(before.mean_recovery_seconds)}`
        : "no table had to recover",
    },
  ];
  return (
    <dl
      aria-label={`The last ${days} days`}
      className="card grid grid-cols-2 overflow-hidden s:grid-cols-3 l:grid-cols-6"
    >
      {figures.map(({ label, value, note }) => (
        <div
          key={label}
          className="-mt-px -ml-px min-w-0 border-line border-t border-l px-4 py-3.5 max-s:px-3.5 max-s:py-2.5"
        >
          <dt className="truncate text-ink-2 text-sm">{label}</dt>
          <dd className="truncate font-semibold text-fact tabular-nums tracking-[-.012em]">
            {value}
          </dd>
          <dd className="truncate text-ink-2 text-sm tabular-nums">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

/** 99.8 %; never 100 while a run failed. */
function share({ success_rate, failed }: TrendTotals): string {
  if (success_rate === null) return "–";
  const exact = 100 * success_rate;
  const shown = failed ? Math.min(99.9, exact) : exact;
  return `${shown % 1 ? shown.toFixed(1) : shown} %`;
}

function change(now: number, before: number): string {
  if (!before) return "none before";
  const percent = Math.round((100 * (now - before)) / before);
  if (percent === 0) return "as many as before";
  return percent > 0 ? `${count(percent)} % more than before` : `${count(-percent)} % fewer`;
}

function RowsPerDay({ days }: { days: readonly TrendDay[] }) {
  return (
    <ChartCard
      title="Rows per day"
      table={{
        columns: ["Day", "Rows", "Commits"],
        rows: days.map((day) => [dayWords(day.day), count(day.rows), count(day.commits)]),
      }}
    >
      {(width) =>
        days.some((day) => day.rows > 0) ? (
          <StackedDays
            width={width}
            days={days.map((day) => ({
              day: day.day,
              values: [day.rows],
              note: plural(day.commits, "commit"),
            }))}
            series={[{ name: "Rows", color: "var(--d2)" }]}
            label="Rows committed per day"
            title="rows"
          />
        ) : (
          <Empty title="No rows in these days">What runs commit is counted here.</Empty>
        )
      }
    </ChartCard>
  );
}

const OUTCOMES = [
  { name: "Completed", color: "var(--d-rest)" },
  { name: "With errors or failed", color: "var(--fail-icon)" },
] as const;

function RunsPerDay({ days }: { days: readonly TrendDay[] }) {
  const only = useOnly();
  return (
    <ChartCard
      title="Runs per day"
      table={{
        columns: ["Day", "Completed", "With errors or failed"],
        rows: days.map((day) => [dayWords(day.day), count(day.completed), count(day.failed)]),
      }}
      legend={OUTCOMES.map(({ name, color }) => (
        <LegendItem key={name} color={color}>
          <Link
            to="/runs"
            search={{
              ...only,
              state: name === "Completed" ? ["completed"] : ["completed_with_errors", "failed"],
            }}
            className="underline-offset-[3px] hover:text-ink hover:underline"
          >
            {name}
          </Link>
        </LegendItem>
      ))}
    >
      {(width) =>
        days.some((day) => day.completed + day.failed > 0) ? (
          <StackedDays
            width={width}
            days={days.map((day) => ({ day: day.day, values: [day.completed, day.failed] }))}
            series={OUTCOMES}
            label="Runs per day by result"
            title="runs"
          />
        ) : (
          <Empty title="No run ended in these days">A cancelled run is not counted.</Empty>
        )
      }
    </ChartCard>
  );
}

function Durations({ days }: { days: readonly TrendDay[] }) {
  const known = days.some((day) => day.p50_seconds !== null);
  return (
    <ChartCard
      title="Duration of runs"
      note="per day"
      table={{
        columns: ["Day", "p50", "p95"],
        rows: days.map((day) => [
          dayWords(day.day),
          duration(day.p50_seconds),
          duration(day.p95_seconds),
        ]),
      }}
      legend={
        known && (
          <>
            <LegendItem color="var(--d2)">p50: half were quicker</LegendItem>
            <LegendItem color="var(--d1)">p95: the slowest twentieth begins</LegendItem>
          </>
        )
      }
    >
      {(width) =>
        known ? (
          <DurationDays width={width} days={days} />
        ) : (
          <Empty title="No run ended in these days">How long runs take is shown here.</Empty>
        )
      }
    </ChartCard>
  );
}

function Slowest({ trends }: { trends: TrendsAnswer }) {
  const times = useTimes();
  const { slowest, slowest_since: since } = trends;
  const longest = Math.max(0.1, ...slowest.map((each) => each.mean_seconds));
  return (
    <Card
      title="Slowest tables"
      note={since ? `mean time with work to do, since ${times.day(since)}` : undefined}
      flush
    >
      {slowest.length === 0 ? (
        <Empty title="No table had anything to do">Tables that were written are ranked here.</Empty>
      ) : (
        <ol className="pb-2">
          {slowest.map((slow) => (
            <Slow key={`${slow.connection}/${slow.table}`} slow={slow} longest={longest} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Slow({ slow, longest }: { slow: SlowTable; longest: number }) {
  return (
    <li className="row-link grid min-h-7 grid-cols-[minmax(90px,180px)_minmax(0,1fr)_auto_auto] items-center gap-3 px-4 text-sm hover:bg-hover max-s:min-h-9">
      <TableLink
        name={slow.table}
        connection={slow.connection}
        search={{ tab: "runs" }}
        className="cover truncate font-[550]"
        data-tip={`${plural(slow.runs, "run")}, the longest ${duration(slow.longest_seconds)}`}
      >
        {slow.table}
      </TableLink>
      <span aria-hidden className="h-2.5">
        <i
          className="block h-full rounded-r-[3px] bg-[var(--d2)]"
          style={{ width: `${Math.max(1, (100 * slow.mean_seconds) / longest)}%` }}
        />
      </span>
      <span className="text-right text-ink-2 tabular-nums">{duration(slow.mean_seconds)}</span>
      <span className="above">
        <Link to="/runs/$runId" params={{ runId: slow.last_run_id }} className="link mono">
          {shortId(slow.last_run_id)}
          <span className="sr-only">, last run of {slow.table}</span>
        </Link>
      </span>
    </li>
  );
}
