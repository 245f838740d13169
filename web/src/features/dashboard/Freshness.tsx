import { Link } from "@tanstack/react-router";
import { CircleCheck, OctagonX } from "lucide-react";
import type { Dashboard, FreshnessBar, LagBand, LagBar } from "@/api/generated";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { Baseline, frame, Plot } from "@/components/charts/Plot";
import { Empty } from "@/components/Panel";
import { TableLink } from "@/components/TableLink";
import { timeTicks, topBar } from "@/lib/chart";
import { count, duration, lag, plural } from "@/lib/format";
import { useOnly } from "./only";

/** How far behind the tables are: all of them above, the worst of them below. */
export function Freshness({ dashboard }: { dashboard: Dashboard }) {
  const limit = duration(dashboard.lag_limit_seconds);
  const known = dashboard.freshness.some((bar) => bar.count > 0);
  return (
    <ChartCard
      title="Freshness"
      note="tables by processing lag, min"
      table={{
        columns: ["Processing lag", "Tables", "Limit"],
        rows: dashboard.freshness.map((bar) => [
          bar.label,
          count(bar.count),
          bar.over_limit ? `over ${limit}` : "within",
        ]),
      }}
      after={<MostBehind dashboard={dashboard} />}
    >
      {(width) =>
        known ? (
          <Histogram width={width} dashboard={dashboard} />
        ) : (
          <Empty title="No lag known yet">The first run measures it.</Empty>
        )
      }
    </ChartCard>
  );
}

function Histogram({ width, dashboard }: { width: number; dashboard: Dashboard }) {
  const only = useOnly();
  const bars = dashboard.freshness;
  const of = frame(width, 104, [16, 4, 18, 4]);
  const max = Math.max(1, ...bars.map((bar) => bar.count));
  const step = of.innerWidth / bars.length;
  const firstOver = bars.findIndex((bar) => bar.over_limit);
  const limitX = of.left + firstOver * step;
  return (
    <Plot of={of} label="Tables by processing lag">
      {bars.map((bar, index) => {
        const height = bar.count ? Math.max(3, (bar.count / max) * of.innerHeight) : 0;
        const x = of.left + index * step + 3;
        const y = of.bottom - height;
        const tip = `${plural(bar.count, "table")} with a lag of ${bar.label}${bar.over_limit ? ", over the limit" : ""}`;
        return (
          <g key={bar.label}>
            <Link
              to="/tables"
              search={{ ...only, lag: [bandOf(bar)], sort: "-lag" }}
              className="mark"
              data-mark=""
              data-tip={tip}
              aria-label={tip}
              tabIndex={index === 0 ? 0 : -1}
            >
              <rect
                x={x}
                y={0}
                width={step - 6}
                height={of.bottom}
                fill="none"
                pointerEvents="all"
              />
              <path
                d={topBar(x, y, step - 6, height)}
                fill={bar.over_limit ? "var(--warn-icon)" : "var(--d-line)"}
              />
            </Link>
            {/* Beside the link, whose name says both in words: axe wants no other text in it. */}
            <g aria-hidden pointerEvents="none">
              <text
                x={x + step / 2 - 3}
                y={y - 5}
                textAnchor="middle"
                style={{ fontWeight: 600, fill: "var(--ink)" }}
              >
                {bar.count}
              </text>
              <text x={x + step / 2 - 3} y={of.height - 4} textAnchor="middle">
                {shortLabel(bar)}
              </text>
            </g>
          </g>
        );
      })}
      <Baseline of={of} />
      {firstOver > 0 && (
        <g aria-hidden pointerEvents="none">
          <line
            x1={limitX}
            x2={limitX}
            y1={0}
            y2={of.bottom + 4}
            stroke="var(--warn-icon)"
            strokeWidth={1.5}
            strokeDasharray="4 3"
          />
          <text x={limitX + 6} y={9}>
            limit {duration(dashboard.lag_limit_seconds)}
          </text>
        </g>
      )}
    </Plot>
  );
}

/** The filter of the list that holds a bar's tables. */
function bandOf({ lower }: FreshnessBar): LagBand {
  if (lower < 60) return "under_1m";
  if (lower < 900) return "under_15m";
  if (lower < 3600) return "under_1h";
  return lower < 21_600 ? "under_6h" : "over_6h";
}

/** What fits under a bar: "<1", "15–30" (minutes), "2–6 h", ">1 d". */
function shortLabel({ lower, upper }: FreshnessBar): string {
  const [size, unit] = lower >= 86_400 ? [86_400, "d"] : lower >= 3600 ? [3600, "h"] : [60, ""];
  const from = Math.round(lower / size);
  if (upper === null) return `>${from}${unit}`;
  if (lower === 0) return `<${Math.round(upper / size)}${unit}`;
  const [end, endUnit] =
    upper >= 86_400 && unit === "h" ? [1, "d"] : [Math.round(upper / size), unit];
  return endUnit === unit ? `${from}–${end}${unit}` : `${from}h–${end}${endUnit}`;
}

const GRID = "grid grid-cols-[minmax(90px,148px)_minmax(0,1fr)_64px] gap-2.5";

function MostBehind({ dashboard }: { dashboard: Dashboard }) {
  const bars = dashboard.most_behind.filter((bar) => bar.lag_seconds > 0);
  const limit = dashboard.lag_limit_seconds;
  const longest = Math.max(limit * 1.2, ...bars.map((bar) => bar.lag_seconds));
  const ticks = timeTicks(longest, 3);
  const max = ticks.at(-1) ?? longest;
  return (
    <div className="mt-4">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-2 text-sm">
        <h3 className="font-semibold text-md">Most behind</h3>
        {bars.length > 0 && (
          <ul className="ml-auto flex gap-3.5 text-ink-2">
            <LegendItem color="var(--fail-icon)">Failed</LegendItem>
            <LegendItem color="var(--warn-icon)">Late</LegendItem>
            <LegendItem color="var(--d-line)">In limit</LegendItem>
          </ul>
        )}
      </div>
      {bars.length === 0 ? (
        <p className="flex items-center gap-1.5 py-2 text-ink-2 text-md">
          <CircleCheck aria-hidden className="size-4 text-ok-icon" /> No table is behind its
          manifest.
        </p>
      ) : (
        <>
          <div className="relative">
            <ul>
              {bars.map((bar) => (
                <Bar key={`${bar.connection}/${bar.table}`} bar={bar} max={max} limit={limit} />
              ))}
            </ul>
            <div aria-hidden className={`${GRID} pointer-events-none absolute inset-0`}>
              <span />
              <span className="relative">
                <i
                  className="absolute -top-0.5 bottom-0 border-warn-icon border-l-[1.5px] border-dashed"
                  style={{ left: `${(100 * limit) / max}%` }}
                />
              </span>
            </div>
          </div>
          <div aria-hidden className={`${GRID} mt-1 text-axis text-ink-2`}>
            <span />
            <span className="relative h-3.5">
              {ticks.map((tick) => (
                <span
                  key={tick}
                  className="absolute -translate-x-1/2 whitespace-nowrap first:translate-x-0 last:-translate-x-full"
                  style={{ left: `${(100 * tick) / max}%` }}
                >
                  {tick ? duration(tick) : "0"}
                </span>
              ))}
            </span>
          </div>
        </>
      )}
    </div>
  );
}

function Bar({ bar, max, limit }: { bar: LagBar; max: number; limit: number }) {
  const failed = bar.health === "Failed";
  const color = failed
    ? "var(--fail-icon)"
    : bar.lag_seconds > limit
      ? "var(--warn-icon)"
      : "var(--d-line)";
  return (
    <li>
      <TableLink
        name={bar.table}
        connection={bar.connection}
        data-tip={`${bar.table}: ${bar.health}\n${duration(bar.lag_seconds)} behind, limit ${duration(limit)}`}
        className={`${GRID} h-5 items-center rounded-s text-sm hover:bg-hover max-s:h-6`}
      >
        <span className="truncate text-right">{bar.table}</span>
        <span className="h-2.5">
          <i
            className="block h-full rounded-r-[3px]"
            style={{ width: `${Math.max(0.5, (100 * bar.lag_seconds) / max)}%`, background: color }}
          />
        </span>
        <span
          className={`flex items-center justify-end gap-1 whitespace-nowrap tabular-nums ${failed ? "text-fail" : "text-ink-2"}`}
        >
          {failed && <OctagonX aria-hidden className="size-3" />}
          {lag(bar.lag_seconds)}
        </span>
      </TableLink>
    </li>
  );
}
