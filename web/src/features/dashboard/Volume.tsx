import type { Dashboard } from "@/api/generated";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { dayWords, type Series, StackedDays } from "@/components/charts/StackedDays";
import { Empty } from "@/components/Panel";
import { count, plural } from "@/lib/format";

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

export function Volume({ dashboard }: { dashboard: Dashboard }) {
  const series = seriesOf(dashboard);
  const days = dashboard.volume.map((day) => ({
    day: day.day,
    values: series.map(({ name }) => day.rows_by_app[name] ?? 0),
    note: plural(day.commits, "commit"),
  }));
  return (
    <ChartCard
      title="Volume"
      note={`last ${days.length} days, UTC`}
      table={{
        columns: ["Day", ...series.map(({ name }) => name), "Commits"],
        rows: dashboard.volume.map((day) => [
          dayWords(day.day),
          ...series.map(({ name }) => count(day.rows_by_app[name] ?? 0)),
          count(day.commits),
        ]),
      }}
      legend={series.map(({ name, color }) => (
        <LegendItem key={name} color={color}>
          {name}
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
            label="Rows committed per day by application"
            title="rows per day"
          />
        )
      }
    </ChartCard>
  );
}
