import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Dashboard, VolumeDay } from "@/api/generated";
import { Segments } from "@/components/bits";
import { ChartCard, type ChartTable, LegendItem } from "@/components/charts/ChartCard";
import { dayWords, type Series, StackedDays } from "@/components/charts/StackedDays";
import { Empty } from "@/components/Panel";
import { count, plural } from "@/lib/format";
import { useOnly } from "./only";

const COLORS = ["var(--d1)", "var(--d2)", "var(--d3)", "var(--d4)", "var(--d-rest)"];
const KNOWN = ["PolicyCenter", "ClaimCenter", "BillingCenter", "ContactManager"];

/** Applications keep their colour, whichever of them there are. */
function seriesOf(dashboard: Dashboard): Series[] {
  const names = new Set(dashboard.volume.flatMap((day) => Object.keys(day.rows_by_app)));
  const rank = (name: string) => (KNOWN.indexOf(name) + 1 || 99) - 1;
  return [...names]
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => ({
      name,
      color: COLORS[Math.min(rank(name), COLORS.length - 1)] ?? "var(--d-rest)",
    }));
}

type Measure = "rows" | "commits";
const MEASURES = [
  { value: "rows", label: "Rows" },
  { value: "commits", label: "Commits" },
] as const;
const of = (day: VolumeDay, measure: Measure) =>
  measure === "rows" ? day.rows_by_app : day.commits_by_app;

export function Volume({ dashboard }: { dashboard: Dashboard }) {
  const only = useOnly();
  const [measure, setMeasure] = useState<Measure>("rows");
  const series = seriesOf(dashboard);
  const days = dashboard.volume.map((day) => ({
    day: day.day,
    values: series.map(({ name }) => of(day, measure)[name] ?? 0),
    note:
      measure === "rows"
        ? plural(day.commits, "commit")
        : plural(
            Object.values(day.rows_by_app).reduce((sum, rows) => sum + rows, 0),
            "row",
          ),
  }));
  return (
    <ChartCard
      title="Volume"
      note={`last ${days.length} days, UTC`}
      actions={
        <Segments<Measure> label="Count" value={measure} onChange={setMeasure} options={MEASURES} />
      }
      table={tableOf(dashboard, series)}
      legend={series.map(({ name, color }) => (
        <LegendItem key={name} color={color}>
          <Link
            to="/tables"
            search={{ ...only, app: [name], sort: "-rows_today" }}
            className="underline-offset-[3px] hover:text-ink hover:underline"
          >
            {name}
          </Link>
        </LegendItem>
      ))}
    >
      {(width) =>
        series.length === 0 ? (
          <Empty title="No rows yet">What a run commits is counted here by day.</Empty>
        ) : (
          <StackedDays
            width={width}
            days={days}
            series={series}
            label={`${measure === "rows" ? "Rows committed" : "Commits"} per day by application`}
            title={`${measure} per day`}
          />
        )
      }
    </ChartCard>
  );
}

const tableOf = (dashboard: Dashboard, series: readonly Series[]): ChartTable => ({
  columns: ["Day", ...series.map(({ name }) => name), "Commits"],
  rows: dashboard.volume.map((day) => [
    dayWords(day.day),
    ...series.map(
      ({ name }) =>
        `${plural(day.rows_by_app[name] ?? 0, "row")}, ${plural(day.commits_by_app[name] ?? 0, "commit")}`,
    ),
    count(day.commits),
  ]),
});
