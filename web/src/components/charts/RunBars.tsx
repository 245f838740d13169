import { Link } from "@tanstack/react-router";
import { LegendItem } from "@/components/charts/ChartCard";
import { Baseline, frame, Plot, YAxis } from "@/components/charts/Plot";
import { timeTicks, topBar } from "@/lib/chart";
import { duration, plural, shortId } from "@/lib/format";
import { type Times, useTimes } from "@/lib/time";
import { isActive, runWord } from "@/lib/vocabulary";

export interface RunMark {
  run_id: string;
  status: string;
  started_at: string | null;
  duration_seconds: number | null;
  tables_failed: number;
}

/** Runs as bars, oldest first: height is duration, colour and shape the result. */
export function RunBars({
  width,
  runs,
  withAxis = false,
  height = 124,
}: {
  width: number;
  runs: readonly RunMark[];
  withAxis?: boolean;
  height?: number;
}) {
  const times = useTimes();
  const of = frame(width, height, [18, 4, 20, withAxis ? 50 : 4]);
  const longest = Math.max(0.1, ...runs.map((run) => run.duration_seconds ?? 0));
  const steps = timeTicks(longest, 5);
  const max = withAxis ? (steps.at(-1) ?? longest) : longest * 1.1;
  const slots = Math.max(runs.length, 12);
  const step = of.innerWidth / slots;
  const middle = median(runs);
  const y = (seconds: number) => of.bottom - (seconds / max) * of.innerHeight;
  return (
    <Plot of={of} label={`Duration of the last ${plural(runs.length, "run")}`}>
      {withAxis ? (
        <YAxis of={of} ticks={steps} max={max} format={(s) => (s ? duration(s) : "0")} />
      ) : (
        <Baseline of={of} />
      )}
      {runs.map((run, index) => (
        <RunBar
          key={run.run_id}
          run={run}
          x={of.left + (slots - runs.length + index + 0.5) * step}
          width={Math.min(step - (step > 12 ? 4 : 2), 26)}
          top={y(run.duration_seconds ?? 0)}
          base={of.bottom}
          first={index === 0}
          times={times}
        />
      ))}
      {withAxis && middle !== null && (
        <line
          x1={of.left}
          x2={of.right}
          y1={y(middle)}
          y2={y(middle)}
          stroke="var(--ink-3)"
          strokeDasharray="2 3"
          pointerEvents="none"
        />
      )}
      <Labels runs={runs} of={of} slots={slots} times={times} />
    </Plot>
  );
}

function RunBar({
  run,
  x,
  width,
  top,
  base,
  first,
  times,
}: {
  run: RunMark;
  x: number;
  width: number;
  top: number;
  base: number;
  first: boolean;
  times: Times;
}) {
  const y = Math.min(top, base - 4);
  const tip = tipOf(run, times);
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: run.run_id }}
      className="mark"
      data-mark=""
      data-tip={tip}
      aria-label={tip.replaceAll("\n", ", ")}
      tabIndex={first ? 0 : -1}
    >
      <rect
        x={x - width / 2 - 1}
        y={0}
        width={width + 2}
        height={base}
        fill="none"
        pointerEvents="all"
      />
      <path
        d={topBar(x - width / 2, y, width, base - y)}
        fill={runColor(run.status)}
        {...(run.status === "cancelled" ? { fillOpacity: 0.25, stroke: "var(--mute-icon)" } : {})}
      />
      <Sign status={run.status} x={x} y={y - 7} />
    </Link>
  );
}

/** Colour is never alone: a failed run has a cross, one with errors an exclamation mark. */
function Sign({ status, x, y }: { status: string; x: number; y: number }) {
  const isCross = status === "failed";
  if (!isCross && status !== "completed_with_errors") return null;
  return (
    <path
      d={isCross ? `M${x - 3} ${y - 3}l6 6m0 -6l-6 6` : `M${x} ${y - 4}v4m0 3.2v.1`}
      stroke={isCross ? "var(--fail-icon)" : "var(--warn-icon)"}
      strokeWidth={2}
      strokeLinecap="round"
      fill="none"
    />
  );
}

function Labels({
  runs,
  of,
  slots,
  times,
}: {
  runs: readonly RunMark[];
  of: ReturnType<typeof frame>;
  slots: number;
  times: Times;
}) {
  const first = runs[0];
  const last = runs.at(-1);
  if (!first) return null;
  const step = of.innerWidth / slots;
  const x = of.left + (slots - runs.length + 0.5) * step;
  const start = first.started_at ? times.stamp(first.started_at) : "";
  const end =
    last && isActive(last.status) ? "now" : last?.started_at ? times.stamp(last.started_at) : "";
  const room = of.right - x > 190;
  return (
    <g aria-hidden>
      {(runs.length === 1 || room) && runs.length > 1 && (
        <text x={Math.max(of.left, x - 13)} y={of.height - 4}>
          {start}
        </text>
      )}
      <text x={of.right} y={of.height - 4} textAnchor="end">
        {end}
      </text>
    </g>
  );
}

export const runColor = (status: string): string => {
  const tone = runWord(status).tone;
  return tone === "ok" ? "var(--d-rest)" : `var(--${tone}-icon)`;
};

/** Of the runs that ended well; a line over fewer than `least` would say nothing. */
export function median(runs: readonly RunMark[], least = 3): number | null {
  const done = runs
    .filter((run) => run.duration_seconds !== null && run.status.startsWith("completed"))
    .map((run) => run.duration_seconds ?? 0)
    .sort((a, b) => a - b);
  return done.length < least ? null : (done[Math.floor(done.length / 2)] ?? null);
}

function tipOf(run: RunMark, times: Times): string {
  const when = run.started_at ? times.full(run.started_at) : "not started";
  const failed = run.tables_failed ? `\n${plural(run.tables_failed, "table")} failed` : "";
  return `Run ${shortId(run.run_id)}, ${runWord(run.status).word.toLowerCase()}\n${when}, ${duration(run.duration_seconds)}${failed}`;
}

export const runTable = (runs: readonly RunMark[], times: Times) => ({
  columns: ["Run", `Start (${times.label})`, "Result", "Duration", "Failed"],
  rows: [...runs]
    .reverse()
    .map((run) => [
      shortId(run.run_id),
      run.started_at ? times.stamp(run.started_at) : "–",
      runWord(run.status).word,
      duration(run.duration_seconds),
      String(run.tables_failed),
    ]),
});

export function RunLegend({ runs }: { runs: readonly RunMark[] }) {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
  return [...counts].map(([status, n]) => (
    <LegendItem key={status} color={runColor(status)}>
      {n} {runWord(status).word.toLowerCase()}
    </LegendItem>
  ));
}
