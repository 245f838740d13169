import { frame, Mark, Plot, YAxis } from "@/components/charts/Plot";
import { dayWords } from "@/components/charts/StackedDays";
import { line, timeTicks } from "@/lib/chart";
import { duration } from "@/lib/format";

export interface DurationDay {
  day: string;
  p50_seconds: number | null;
  p95_seconds: number | null;
}

const LINES = [
  { key: "p50_seconds", name: "p50", color: "var(--d2)", width: 1.75 },
  { key: "p95_seconds", name: "p95", color: "var(--d1)", width: 1.75 },
] as const;

/** How long runs took, day by day; a day without a run breaks the line. */
export function DurationDays({ width, days }: { width: number; days: readonly DurationDay[] }) {
  const of = frame(width, 196, [22, 10, 22, 54]);
  const marks = timeTicks(Math.max(0.1, ...days.map((day) => day.p95_seconds ?? 0)), 4);
  const max = marks.at(-1) ?? 1;
  const step = of.innerWidth / Math.max(1, days.length);
  const every = Math.max(1, Math.ceil(52 / step));
  const x = (index: number) => of.left + (index + 0.5) * step;
  const y = (seconds: number) => of.bottom - (seconds / max) * of.innerHeight;
  return (
    <Plot of={of} label="Duration of runs per day">
      <YAxis of={of} ticks={marks} max={max} format={(s) => (s ? duration(s) : "0")} />
      {LINES.map(({ key, color, width: stroke }) => (
        <path
          key={key}
          aria-hidden
          d={pieces(days, key)
            .map((piece) => line(piece.map(([index, seconds]) => [x(index), y(seconds)])))
            .join("")}
          fill="none"
          stroke={color}
          strokeWidth={stroke}
          strokeLinejoin="round"
        />
      ))}
      {days.map((day, index) => (
        <Mark key={day.day} first={index === 0} tip={tipOf(day)}>
          <rect
            x={x(index) - step / 2}
            y={of.top}
            width={step}
            height={of.innerHeight}
            fill="none"
            pointerEvents="all"
          />
          {LINES.map(({ key, color }) => {
            const seconds = day[key];
            return (
              seconds !== null && (
                <circle key={key} cx={x(index)} cy={y(seconds)} r={2.5} fill={color} />
              )
            );
          })}
          {(days.length - 1 - index) % every === 0 && (
            <text
              aria-hidden
              x={x(index)}
              y={of.height - 5}
              textAnchor={index === days.length - 1 ? "end" : "middle"}
            >
              {dayWords(day.day)}
            </text>
          )}
        </Mark>
      ))}
    </Plot>
  );
}

type Key = (typeof LINES)[number]["key"];

/** Runs of days with a value, as (index, seconds). */
function pieces(days: readonly DurationDay[], key: Key): [number, number][][] {
  const found: [number, number][][] = [];
  let current: [number, number][] = [];
  days.forEach((day, index) => {
    const seconds = day[key];
    if (seconds === null) {
      current = [];
      return;
    }
    if (current.length === 0) found.push(current);
    current.push([index, seconds]);
  });
  return found;
}

function tipOf(day: DurationDay): string {
  if (day.p50_seconds === null) return `${dayWords(day.day)}\nno run`;
  return `${dayWords(day.day)}\np50 ${duration(day.p50_seconds)}\np95 ${duration(day.p95_seconds)}`;
}
