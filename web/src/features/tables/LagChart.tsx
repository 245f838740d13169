import { useId } from "react";
import type { TableEvent, TableTimeline } from "@/api/generated";
import { type Frame, frame, Mark, Plot, YAxis } from "@/components/charts/Plot";
import { line, timeTicks } from "@/lib/chart";
import { duration, lag } from "@/lib/format";
import { type Times, useTimes } from "@/lib/time";
import { EVENTS, eventWord } from "./events";

const LANE = 30;

interface Spot {
  at: number;
  seconds: number;
  /** A run looked; else it is now. */
  isRun: boolean;
}

/** Processing lag when each run looked, with the limit, the times without runs, and the events. */
export function LagChart({
  width,
  timeline,
  limit,
  lagNow,
}: {
  width: number;
  timeline: TableTimeline;
  limit: number;
  /** What the manifest and the watermark say at this moment; no run had to look. */
  lagNow: number | null;
}) {
  const times = useTimes();
  const of = frame(width, 230, [22, 12, 24, 58]);
  const spots: Spot[] = timeline.lag
    .map((point) => ({ at: Date.parse(point.at), seconds: point.lag_seconds, isRun: true }))
    .sort((a, b) => a.at - b.at);
  if (lagNow !== null) {
    spots.push({ at: Date.parse(timeline.now), seconds: lagNow, isRun: false });
  }
  const from = Date.parse(timeline.since);
  const to = Math.max(from + 60_000, Date.parse(timeline.now));
  const ticks = timeTicks(Math.max(limit * 1.25, ...spots.map((spot) => spot.seconds)), 4);
  const max = ticks.at(-1) ?? limit;
  const x = (at: number) => of.left + ((at - from) / (to - from)) * of.innerWidth;
  const y = (seconds: number) => of.bottom - (seconds / max) * of.innerHeight;
  return (
    <>
      <Plot of={of} label="Processing lag over time">
        <Limit of={of} at={y(limit)} limit={limit} />
        <YAxis of={of} ticks={ticks} max={max} format={lag} title="processing lag" />
        <TimeAxis of={of} from={from} to={to} x={x} times={times} />
        <Pieces of={of} pieces={piecesOf(spots)} x={x} y={y} limit={y(limit)} />
        {spots.map((spot, index) => (
          <Dot
            key={`${spot.at} ${spot.isRun}`}
            spot={spot}
            first={index === 0}
            newest={index === spots.length - 1}
            small={spots.length > 60}
            x={x(spot.at)}
            y={y(spot.seconds)}
            over={spot.seconds > limit}
            times={times}
          />
        ))}
      </Plot>
      <EventLane width={width} events={timeline.events} of={of} x={x} times={times} />
    </>
  );
}

/** A pause much longer than usual between two runs is a gap: nobody looked, nothing is known. */
export function piecesOf(spots: readonly Spot[]): Spot[][] {
  const gaps = spots.slice(1).map((spot, index) => spot.at - (spots[index]?.at ?? spot.at));
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const pieces: Spot[][] = [];
  spots.forEach((spot, index) => {
    const pause = index === 0 ? Number.POSITIVE_INFINITY : (gaps[index - 1] ?? 0);
    if (index === 0 || pause > Math.max(4 * usual, 60_000)) pieces.push([]);
    pieces.at(-1)?.push(spot);
  });
  return pieces;
}

function Limit({ of, at, limit }: { of: Frame; at: number; limit: number }) {
  return (
    <g aria-hidden>
      <rect
        x={of.left}
        y={of.top}
        width={of.innerWidth}
        height={Math.max(0, at - of.top)}
        fill="var(--warn-bg)"
      />
      <line
        x1={of.left}
        x2={of.right}
        y1={at}
        y2={at}
        stroke="var(--warn-icon)"
        strokeWidth={1.5}
        strokeDasharray="5 4"
      />
      <text x={of.right - 4} y={of.top + 12} textAnchor="end" style={{ fill: "var(--warn)" }}>
        over limit ({duration(limit)})
      </text>
    </g>
  );
}

function TimeAxis({
  of,
  from,
  to,
  x,
  times,
}: {
  of: Frame;
  from: number;
  to: number;
  x: (at: number) => number;
  times: Times;
}) {
  const span = to - from;
  const steps = timeTicks(span / 1000, of.width < 520 ? 5 : 8).filter(
    (s) => s * 1000 < span * 0.97,
  );
  return (
    <g aria-hidden>
      {steps.map((step) => {
        const at = from + step * 1000;
        return (
          <text key={step} x={x(at)} y={of.height - 5} textAnchor={step === 0 ? "start" : "middle"}>
            {span > 2 * 86_400_000 ? times.day(at) : times.brief(at)}
          </text>
        );
      })}
    </g>
  );
}

function Pieces({
  of,
  pieces,
  x,
  y,
  limit,
}: {
  of: Frame;
  pieces: readonly Spot[][];
  x: (at: number) => number;
  y: (seconds: number) => number;
  limit: number;
}) {
  const clip = useId();
  const paths = pieces.map((piece) => line(piece.map((spot) => [x(spot.at), y(spot.seconds)])));
  return (
    <g aria-hidden>
      <clipPath id={clip}>
        <rect x={of.left} y={0} width={of.innerWidth} height={Math.max(0, limit)} />
      </clipPath>
      {pieces.map((piece, index) => {
        const [first, last] = [piece[0], piece.at(-1)];
        if (!first || !last) return null;
        const next = pieces[index + 1]?.[0];
        return (
          <g key={first.at}>
            <path
              d={`${paths[index]}L${x(last.at)} ${of.bottom}L${x(first.at)} ${of.bottom}Z`}
              fill="var(--d-fill)"
            />
            <path d={paths[index]} fill="none" stroke="var(--d-line)" strokeWidth={1.75} />
            <path
              d={paths[index]}
              fill="none"
              stroke="var(--warn-icon)"
              strokeWidth={2}
              clipPath={`url(#${clip})`}
            />
            {next && <Gap from={x(last.at)} to={x(next.at)} y={of.bottom} />}
          </g>
        );
      })}
    </g>
  );
}

function Gap({ from, to, y }: { from: number; to: number; y: number }) {
  return (
    <>
      <line
        x1={from + 3}
        x2={to - 3}
        y1={y - 3}
        y2={y - 3}
        stroke="var(--ink-3)"
        strokeDasharray="1 4"
        strokeLinecap="round"
      />
      {to - from > 60 && (
        <text x={(from + to) / 2} y={y - 9} textAnchor="middle">
          no runs
        </text>
      )}
    </>
  );
}

function Dot({
  spot,
  first,
  newest,
  small,
  x,
  y,
  over,
  times,
}: {
  spot: Spot;
  first: boolean;
  newest: boolean;
  small: boolean;
  x: number;
  y: number;
  over: boolean;
  times: Times;
}) {
  const behind = spot.seconds ? `${duration(spot.seconds)} behind` : "caught up";
  return (
    <Mark first={first} tip={`${times.full(spot.at)}${spot.isRun ? "" : ", now"}\n${behind}`}>
      <circle cx={x} cy={y} r={small ? 4 : 10} fill="transparent" />
      {(newest || !small) && (
        <circle
          cx={x}
          cy={y}
          r={newest ? 4 : 2.5}
          fill={over ? "var(--warn-icon)" : "var(--d-line)"}
        />
      )}
      {newest && spot.seconds > 0 && (
        <text
          aria-hidden
          x={x - 9}
          y={y - 6}
          textAnchor="end"
          style={{ fontWeight: 600, fill: "var(--ink)" }}
        >
          {duration(spot.seconds)}
        </text>
      )}
    </Mark>
  );
}

/** What happened meanwhile, on the same axis. */
function EventLane({
  width,
  events,
  of,
  x,
  times,
}: {
  width: number;
  events: readonly TableEvent[];
  of: Frame;
  x: (at: number) => number;
  times: Times;
}) {
  const lane = frame(width, LANE, [0, 12, 0, 58]);
  const shown = events.filter((event) => x(Date.parse(event.at)) >= of.left);
  return (
    <Plot of={lane} label="Events">
      <rect
        aria-hidden
        x={lane.left}
        y={5}
        width={lane.innerWidth}
        height={20}
        rx={4}
        fill="var(--track)"
      />
      <text aria-hidden x={lane.left - 8} y={19} textAnchor="end">
        events
      </text>
      {shown.map((event, index) => {
        const { color, path } = EVENTS[event.kind] ?? EVENTS.other;
        const version = event.version === null ? "" : `, version ${event.version}`;
        return (
          <Mark
            key={`${event.kind} ${event.at} ${event.version}`}
            first={index === 0}
            tip={`${eventWord(event.kind)}${version}\n${times.full(event.at)}\n${event.text}`}
            transform={`translate(${x(Date.parse(event.at))} 15)`}
          >
            <rect x={-9} y={-11} width={18} height={22} fill="transparent" />
            <path
              d={path}
              fill={event.kind === "failed" ? "none" : color}
              stroke={color}
              strokeWidth={2}
            />
          </Mark>
        );
      })}
    </Plot>
  );
}
