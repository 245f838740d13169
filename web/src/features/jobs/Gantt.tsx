import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { timeTicks } from "@/lib/chart";
import { duration } from "@/lib/format";
import type { Times } from "@/lib/time";
import { GroupMark, LANE, LaneMark, type Scale } from "./LaneMark";
import type { Row, Tail } from "./spans";
import type { Stretch } from "./TimeLine";

const HEIGHT = 480;
const AXIS = 26;
const BEYOND = 8;
const MOVES: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 };

interface GanttProps {
  width: number;
  rows: readonly Row[];
  begin: number;
  end: number;
  active: boolean;
  tail: Tail | null;
  stretch: Stretch;
  times: Times;
  onChoose: (table: string) => void;
  onStretch: (next: Stretch) => void;
  onToggle: (group: string) => void;
}

/** A lane for each table; only those in sight are drawn. */
export function Gantt(props: GanttProps) {
  const { width, rows, begin, end, active, tail, times } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [at, setAt] = useState(0);
  const scale = scaleOf(width, begin, end);
  const height = rows.length * LANE + 4;
  const first = Math.max(0, Math.floor(top / LANE) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((top + HEIGHT) / LANE) + BEYOND);
  const current = Math.min(at, rows.length - 1);
  const walk = (event: KeyboardEvent) => {
    const by = MOVES[event.key];
    if (!by) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, current + by));
    setAt(next);
    const element = box.current;
    if (!element) return;
    const y = next * LANE;
    if (y < element.scrollTop) element.scrollTop = y;
    if (y + LANE > element.scrollTop + element.clientHeight) {
      element.scrollTop = y + LANE - element.clientHeight;
    }
    setTop(element.scrollTop);
    // It may have come into sight just now.
    requestAnimationFrame(() =>
      element.querySelector<SVGElement>("[data-mark][tabindex='0']")?.focus(),
    );
  };
  return (
    <>
      <Axis {...props} scale={scale} />
      <div
        ref={box}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        className="overflow-y-auto overflow-x-hidden"
        style={{ maxHeight: HEIGHT }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: an svg cannot be a fieldset */}
        <svg
          role="group"
          aria-label="Time line of tables"
          width={width}
          height={height}
          className="block"
          onKeyDown={walk}
        >
          <Grid {...props} scale={scale} height={height} />
          {tail && (
            <rect
              aria-hidden
              x={scale.x(tail.from)}
              width={Math.max(1, scale.x(tail.until) - scale.x(tail.from))}
              y={0}
              height={height}
              fill="var(--warn-icon)"
              opacity={0.1}
            />
          )}
          {rows.slice(first, last).map((row, offset) => {
            const index = first + offset;
            const y = index * LANE;
            const focusable = index === current || (current < first && index === first);
            return "span" in row ? (
              <LaneMark
                key={row.span.table}
                span={row.span}
                y={y}
                scale={scale}
                isLast={row.span.table === tail?.table}
                focusable={focusable}
                times={times}
                onChoose={() => {
                  setAt(index);
                  props.onChoose(row.span.table);
                }}
              />
            ) : (
              <GroupMark
                key={row.group.key}
                group={row.group}
                isOpen={row.isOpen}
                y={y}
                scale={scale}
                focusable={focusable}
                onToggle={() => props.onToggle(row.group.key)}
              />
            );
          })}
          {active && (
            <line
              aria-hidden
              x1={scale.x(end)}
              x2={scale.x(end)}
              y1={0}
              y2={height}
              stroke="var(--ink)"
            />
          )}
        </svg>
      </div>
    </>
  );
}

interface Scaled extends Scale {
  left: number;
  steps: readonly number[];
  at: (x: number) => number;
}

function scaleOf(width: number, begin: number, end: number): Scaled {
  const labelWidth = width < 520 ? 104 : 168;
  const right = width - 14;
  const span = Math.max(200, end - begin);
  const inner = right - labelWidth;
  const ticks = timeTicks(span / 1000, width < 520 ? 3 : 7);
  return {
    labelWidth,
    left: labelWidth,
    right,
    x: (moment) => labelWidth + ((moment - begin) / span) * inner,
    at: (x) => begin + Math.min(1, Math.max(0, (x - labelWidth) / inner)) * span,
    steps: ticks.filter((step) => step * 1000 <= span * 0.97),
  };
}

/** The time, and the place to draw a stretch of it. Lanes offer the same by key. */
function Axis({ width, begin, scale, times, stretch, onStretch }: GanttProps & { scale: Scaled }) {
  const [drawn, setDrawn] = useState<readonly [number, number] | null>(null);
  const place = (event: PointerEvent<SVGSVGElement>) =>
    scale.at(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const finish = () => {
    setDrawn(null);
    if (!drawn) return;
    const [from, to] = [Math.min(...drawn), Math.max(...drawn)];
    // A click without a way is no stretch: it takes the old one back.
    const isClick = scale.x(to) - scale.x(from) < 4;
    onStretch(
      isClick
        ? { from: undefined, to: undefined }
        : { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    );
  };
  const kept = chosenOf(stretch, scale);
  const [from, to] = drawn ? [Math.min(...drawn), Math.max(...drawn)] : (kept ?? [0, 0]);
  return (
    <svg
      aria-hidden
      width={width}
      height={AXIS}
      className="block cursor-col-resize touch-none select-none"
      data-tip="draw over a stretch of time to narrow the log to it"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture?.(event.pointerId);
        setDrawn([place(event), place(event)]);
      }}
      onPointerMove={(event) => drawn && setDrawn([drawn[0], place(event)])}
      onPointerUp={finish}
      onPointerCancel={() => setDrawn(null)}
    >
      <rect
        x={scale.left}
        y={0}
        width={scale.right - scale.left}
        height={AXIS - 4}
        fill="var(--sunken)"
        rx={4}
      />
      {(drawn || kept) && (
        <rect
          x={scale.x(from)}
          y={0}
          width={Math.max(2, scale.x(to) - scale.x(from))}
          height={AXIS - 4}
          fill="var(--info-icon)"
          opacity={0.25}
        />
      )}
      <text x={0} y={15}>
        {times.label}
      </text>
      {scale.steps.map((step) => (
        <text
          key={step}
          x={scale.x(begin + step * 1000)}
          y={15}
          textAnchor={step === 0 ? "start" : "middle"}
          dx={step === 0 ? 4 : 0}
        >
          {(scale.steps[1] ?? 1) >= 1 || step === 0
            ? times.clock(begin + step * 1000)
            : `+${duration(step)}`}
        </text>
      ))}
    </svg>
  );
}

function chosenOf({ from, to }: Stretch, scale: Scaled): readonly [number, number] | null {
  if (!from && !to) return null;
  return [
    from ? Date.parse(from) : scale.at(scale.left),
    to ? Date.parse(to) : scale.at(scale.right),
  ];
}

function Grid({ begin, scale, height, stretch }: GanttProps & { scale: Scaled; height: number }) {
  const chosen = chosenOf(stretch, scale);
  return (
    <g aria-hidden>
      {scale.steps.map((step) => (
        <line
          key={step}
          x1={scale.x(begin + step * 1000)}
          x2={scale.x(begin + step * 1000)}
          y1={0}
          y2={height}
          stroke="var(--grid)"
        />
      ))}
      {chosen && (
        <rect
          x={scale.x(chosen[0])}
          width={Math.max(1, scale.x(chosen[1]) - scale.x(chosen[0]))}
          y={0}
          height={height}
          fill="var(--info-icon)"
          opacity={0.08}
        />
      )}
    </g>
  );
}
