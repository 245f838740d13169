import { frame, Mark, Plot, YAxis } from "@/components/charts/Plot";
import { ticks, topBar } from "@/lib/chart";
import { axis, count } from "@/lib/format";

export interface Series {
  name: string;
  color: string;
}

export interface Day {
  /** YYYY-MM-DD, a day in UTC */
  day: string;
  values: readonly number[];
  /** More lines of the tooltip. */
  note?: string;
}

const dayShape = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
export const dayWords = (day: string): string => dayShape.format(new Date(`${day}T00:00:00Z`));

/** Bars of days, stacked by series. The last day is still going on, so it is paler. */
export function StackedDays({
  width,
  days,
  series,
  label,
  title,
  height = 196,
}: {
  width: number;
  days: readonly Day[];
  series: readonly Series[];
  label: string;
  title: string;
  height?: number;
}) {
  const of = frame(width, height, [22, 4, 22, 42]);
  const highest = Math.max(0, ...days.map((day) => sum(day.values)));
  const marks = ticks(highest, 4);
  const max = marks.at(-1) ?? 1;
  const step = of.innerWidth / Math.max(1, days.length);
  const every = Math.max(1, Math.ceil(56 / step));
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Plot of={of} label={label}>
      <YAxis of={of} ticks={marks} max={max} format={axis} title={title} />
      {days.map((day, index) => {
        const barWidth = Math.min(step * 0.68, 40);
        const x = of.left + (index + 0.5) * step - barWidth / 2;
        const isToday = day.day === today;
        const fromEnd = days.length - 1 - index;
        return (
          <Mark key={day.day} first={index === 0} tip={tipOf(day, series, isToday)}>
            <rect
              x={x - 2}
              y={of.top}
              width={barWidth + 4}
              height={of.innerHeight}
              fill="none"
              pointerEvents="all"
            />
            <g opacity={isToday ? 0.6 : 1}>
              <Stack
                day={day}
                series={series}
                x={x}
                width={barWidth}
                base={of.bottom}
                scale={of.innerHeight / max}
              />
            </g>
            {fromEnd % every === 0 && (
              <text
                aria-hidden
                x={x + barWidth / 2}
                y={of.height - 5}
                textAnchor={fromEnd === 0 && step < 40 ? "end" : "middle"}
                dx={fromEnd === 0 && step < 40 ? barWidth / 2 : 0}
              >
                {isToday ? "today" : dayWords(day.day)}
              </text>
            )}
          </Mark>
        );
      })}
    </Plot>
  );
}

function Stack({
  day,
  series,
  x,
  width,
  base,
  scale,
}: {
  day: Day;
  series: readonly Series[];
  x: number;
  width: number;
  base: number;
  scale: number;
}) {
  const top = day.values.findLastIndex((value) => value > 0);
  let y = base;
  return day.values.map((value, index) => {
    if (value <= 0) return null;
    const height = Math.max(1.5, value * scale);
    y -= height;
    const gap = index > 0 && height > 3 ? 1 : 0;
    return (
      <path
        key={series[index]?.name ?? index}
        d={topBar(x, y, width, height - gap, index === top ? 3 : 0)}
        fill={series[index]?.color ?? "var(--d-rest)"}
      />
    );
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function tipOf(day: Day, series: readonly Series[], isToday: boolean): string {
  const lines = [`${dayWords(day.day)}${isToday ? " (until now)" : ""}`];
  day.values.forEach((value, index) => {
    lines.push(`${series[index]?.name ?? ""} ${count(value)}`.trim());
  });
  if (day.note) lines.push(day.note);
  return lines.join("\n");
}
