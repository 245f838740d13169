import type { ProcessingJobStatus, ProcessingResult } from "@/api/generated";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { frame, Mark, Plot } from "@/components/charts/Plot";
import { Empty } from "@/components/Panel";
import { timeTicks } from "@/lib/chart";
import { count, duration, plural } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { type Times, useTimes } from "@/lib/time";
import { isActive, tableWord } from "@/lib/vocabulary";

const LANES = 24;
const LANE = 20;
const HEAD = 26;

const COLOR: Record<string, string> = {
  ok: "var(--d-line)",
  no_change: "var(--d-rest)",
  running: "var(--info-icon)",
  failed: "var(--fail-icon)",
  partial: "var(--warn-icon)",
  paused: "var(--warn-icon)",
};
const colorOf = (status: string) => COLOR[status] ?? "var(--mute-icon)";

/** When each table was worked on: the tables that took longest, in the order they began. */
export function TimeLine({ run }: { run: ProcessingJobStatus }) {
  const times = useTimes();
  const now = useNow(1000);
  const active = isActive(run.status);
  const end = active ? now : Date.parse(run.end_time ?? "") || now;
  const started = run.results.filter((result) => result.process_start_time);
  const lanes = longest(started, end);
  return (
    <ChartCard
      title="Time line"
      note={`${lanes.length < started.length ? `${lanes.length} longest of ${count(started.length)}` : plural(started.length, "table")}, ${times.label}`}
      table={tableOf(started, end, times)}
      legend={
        lanes.length > 0 &&
        [...new Set(lanes.map((lane) => lane.status))].map((status) => (
          <LegendItem key={status} color={colorOf(status)}>
            {tableWord(status).word}
          </LegendItem>
        ))
      }
    >
      {(width) =>
        lanes.length === 0 ? (
          <Empty title="No table has started">Each gets its line when its work begins.</Empty>
        ) : (
          <Gantt width={width} lanes={lanes} end={end} active={active} times={times} />
        )
      }
    </ChartCard>
  );
}

const from = (result: ProcessingResult) => Date.parse(result.process_start_time ?? "");
const until = (result: ProcessingResult, end: number) =>
  result.process_finish_time ? Date.parse(result.process_finish_time) : end;

function longest(results: readonly ProcessingResult[], end: number): ProcessingResult[] {
  return [...results]
    .sort((a, b) => weight(b, end) - weight(a, end))
    .slice(0, LANES)
    .sort((a, b) => from(a) - from(b));
}

/** What failed or still runs is always among the lanes. */
const weight = (result: ProcessingResult, end: number) =>
  until(result, end) -
  from(result) +
  (result.status === "failed" || result.status === "running" ? 1e9 : 0);

function Gantt({
  width,
  lanes,
  end,
  active,
  times,
}: {
  width: number;
  lanes: readonly ProcessingResult[];
  end: number;
  active: boolean;
  times: Times;
}) {
  const labelWidth = width < 520 ? 104 : 168;
  const of = frame(width, HEAD + lanes.length * LANE + 4, [HEAD, 14, 4, labelWidth]);
  const begin = Math.min(...lanes.map(from));
  const last = Math.max(end, ...lanes.map((lane) => until(lane, end)));
  const span = Math.max(200, last - begin);
  const x = (at: number) => of.left + ((at - begin) / span) * of.innerWidth;
  const steps = timeTicks(span / 1000, width < 520 ? 3 : 7).filter((s) => s * 1000 <= span * 0.97);
  return (
    <Plot of={of} label="Time line of tables">
      <g aria-hidden>
        {steps.map((step) => (
          <g key={step}>
            <line
              x1={x(begin + step * 1000)}
              x2={x(begin + step * 1000)}
              y1={HEAD - 4}
              y2={of.bottom}
              stroke="var(--grid)"
            />
            <text x={x(begin + step * 1000)} y={14} textAnchor={step === 0 ? "start" : "middle"}>
              {step === 0 ? times.clock(begin) : `+${duration(step)}`}
            </text>
          </g>
        ))}
      </g>
      {lanes.map((lane, index) => (
        <Lane
          key={lane.table}
          lane={lane}
          y={HEAD + index * LANE}
          x1={x(from(lane))}
          x2={x(until(lane, end))}
          labelWidth={labelWidth}
          right={of.right}
          first={index === 0}
          end={end}
          times={times}
        />
      ))}
      {active && (
        <line
          aria-hidden
          x1={x(end)}
          x2={x(end)}
          y1={HEAD - 6}
          y2={of.bottom}
          stroke="var(--ink)"
        />
      )}
    </Plot>
  );
}

function Lane({
  lane,
  y,
  x1,
  x2,
  labelWidth,
  right,
  first,
  end,
  times,
}: {
  lane: ProcessingResult;
  y: number;
  x1: number;
  x2: number;
  labelWidth: number;
  right: number;
  first: boolean;
  end: number;
  times: Times;
}) {
  const barWidth = Math.max(3, x2 - x1);
  const failed = lane.status === "failed";
  const beside = x1 + barWidth + 60 < right ? x1 + barWidth + 6 : x1 - 50;
  const most = Math.floor((labelWidth - 12) / 6.4);
  return (
    <Mark
      first={first}
      tip={`${lane.table}: ${tableWord(lane.status).word}\n${times.clock(from(lane))}, ${duration((until(lane, end) - from(lane)) / 1000)}\n${count(lane.rows)} rows, ${plural(lane.folders, "folder")}`}
    >
      <rect x={0} y={y} width={right} height={LANE} fill="none" pointerEvents="all" />
      <text x={0} y={y + 14} style={{ fill: "var(--ink)" }}>
        {lane.table.length > most ? `${lane.table.slice(0, most - 1)}…` : lane.table}
      </text>
      <rect x={x1} y={y + 5} width={barWidth} height={10} rx={2.5} fill={colorOf(lane.status)} />
      {failed && (
        <g>
          <path
            d={`M${beside + 1} ${y + 6}l7 7m0-7l-7 7`}
            stroke="var(--fail-icon)"
            strokeWidth={1.8}
          />
          <text x={beside + 12} y={y + 14} style={{ fill: "var(--fail)" }}>
            Failed
          </text>
        </g>
      )}
    </Mark>
  );
}

const tableOf = (results: readonly ProcessingResult[], end: number, times: Times) => ({
  columns: ["Table", `Start (${times.label})`, "Duration", "State"],
  rows: [...results]
    .sort((a, b) => from(a) - from(b))
    .map((result) => [
      result.table,
      times.clock(from(result)),
      duration((until(result, end) - from(result)) / 1000),
      tableWord(result.status).word,
    ]),
});
