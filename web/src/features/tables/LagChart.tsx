import { useId } from "react";
import type { LagPoint } from "@/api/generated";
import { frame, Mark, Plot, YAxis } from "@/components/charts/Plot";
import { line, timeTicks } from "@/lib/chart";
import { duration, lag } from "@/lib/format";
import { useTimes } from "@/lib/time";

/** Processing lag when each run looked, with the limit; over it the line turns amber. */
export function LagChart({
  width,
  points,
  limit,
}: {
  width: number;
  points: readonly LagPoint[];
  limit: number;
}) {
  const times = useTimes();
  const clip = useId();
  const of = frame(width, 230, [22, 12, 24, 58]);
  const sorted = [...points].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const first = Date.parse(sorted[0]?.at ?? "");
  const last = Date.parse(sorted.at(-1)?.at ?? "");
  const highest = Math.max(limit * 1.25, ...sorted.map((point) => point.lag_seconds));
  const ticks = timeTicks(highest, 4);
  const max = ticks.at(-1) ?? highest;
  const span = Math.max(60_000, last - first);
  const x = (at: number) =>
    sorted.length === 1
      ? of.left + of.innerWidth / 2
      : of.left + ((at - first) / span) * of.innerWidth;
  const y = (seconds: number) => of.bottom - (seconds / max) * of.innerHeight;
  const path = line(sorted.map((point) => [x(Date.parse(point.at)), y(point.lag_seconds)]));
  const every = Math.max(1, Math.ceil(sorted.length / (width < 520 ? 3 : 6)));
  const newest = sorted.at(-1);
  return (
    <Plot of={of} label="Processing lag over time">
      <rect
        aria-hidden
        x={of.left}
        y={of.top}
        width={of.innerWidth}
        height={Math.max(0, y(limit) - of.top)}
        fill="var(--warn-bg)"
      />
      <YAxis of={of} ticks={ticks} max={max} format={lag} title="processing lag" />
      <g aria-hidden>
        <line
          x1={of.left}
          x2={of.right}
          y1={y(limit)}
          y2={y(limit)}
          stroke="var(--warn-icon)"
          strokeWidth={1.5}
          strokeDasharray="5 4"
        />
        <text x={of.right - 4} y={y(limit) - 6} textAnchor="end" style={{ fill: "var(--warn)" }}>
          over limit ({duration(limit)})
        </text>
        <clipPath id={clip}>
          <rect x={of.left} y={0} width={of.innerWidth} height={y(limit)} />
        </clipPath>
        <path
          d={`${path}L${x(last)} ${of.bottom}L${x(first)} ${of.bottom}Z`}
          fill="var(--d-fill)"
        />
        <path
          d={path}
          fill="none"
          stroke="var(--d-line)"
          strokeWidth={1.75}
          strokeLinejoin="round"
        />
        <path
          d={path}
          fill="none"
          stroke="var(--warn-icon)"
          strokeWidth={2}
          clipPath={`url(#${clip})`}
        />
      </g>
      {sorted.map((point, index) => {
        const at = Date.parse(point.at);
        const over = point.lag_seconds > limit;
        return (
          <Mark
            key={`${point.run_id} ${point.at}`}
            first={index === 0}
            tip={`${times.full(at)}\n${point.lag_seconds ? `${duration(point.lag_seconds)} behind` : "caught up"}`}
          >
            <circle cx={x(at)} cy={y(point.lag_seconds)} r={10} fill="transparent" />
            <circle
              cx={x(at)}
              cy={y(point.lag_seconds)}
              r={point === newest ? 4 : 2.5}
              fill={over ? "var(--warn-icon)" : "var(--d-line)"}
            />
            {(index % every === 0 || point === newest) &&
              (sorted.length - 1 - index >= every || point === newest) && (
                <text
                  aria-hidden
                  x={x(at)}
                  y={of.height - 5}
                  textAnchor={
                    sorted.length === 1
                      ? "middle"
                      : index === 0
                        ? "start"
                        : point === newest
                          ? "end"
                          : "middle"
                  }
                >
                  {times.stamp(at)}
                </text>
              )}
          </Mark>
        );
      })}
    </Plot>
  );
}
