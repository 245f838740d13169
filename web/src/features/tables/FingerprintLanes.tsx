import type { FingerprintInterval, SchemaVersion } from "@/api/generated";
import { ChartCard } from "@/components/charts/ChartCard";
import { frame, Mark, Plot } from "@/components/charts/Plot";
import { Empty } from "@/components/Panel";
import { timeTicks } from "@/lib/chart";
import { count, plural } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { type Times, useTimes } from "@/lib/time";
import type { Pair } from "./schema-diff";

const LANE = 26;

interface Lane extends FingerprintInterval {
  from: number;
  to: number;
  /** The schema that was in force at the end of the interval; none of its own where null. */
  schema: SchemaVersion | null;
}

/** A fingerprint is an interval in time: each ends where the next begins. */
function lanesOf(
  all: readonly FingerprintInterval[],
  versions: readonly SchemaVersion[],
  now: number,
): Lane[] {
  const dated = all
    .filter((each) => each.since !== null)
    .map((each) => ({ ...each, from: Date.parse(each.since ?? "") }))
    .sort((a, b) => a.from - b.from);
  return dated.map((each, index) => ({
    ...each,
    to: dated[index + 1]?.from ?? now,
    schema: versions.find((version) => version.fingerprint === each.fingerprint) ?? null,
  }));
}

export function FingerprintLanes({
  fingerprints,
  versions,
  pair,
  onPick,
}: {
  fingerprints: readonly FingerprintInterval[];
  versions: readonly SchemaVersion[];
  pair: Pair;
  onPick: (version: number) => void;
}) {
  const times = useTimes();
  const now = useNow(60_000);
  const lanes = lanesOf(fingerprints, versions, now);
  return (
    <ChartCard
      title="Fingerprints in time"
      note="one lane per schema version of CDA; pick two to compare"
      table={{
        columns: ["Fingerprint", `Since (${times.label})`, "Read up to", "Current", "Columns"],
        rows: fingerprints.map((each) => [
          each.fingerprint,
          each.since ? times.full(each.since) : "unknown",
          each.watermark ? times.full(each.watermark) : "nothing read",
          each.is_current ? "yes" : "no",
          count(versions.find((v) => v.fingerprint === each.fingerprint)?.column_count),
        ]),
      }}
    >
      {(width) =>
        lanes.length === 0 ? (
          <Empty title="No fingerprint known">
            The manifest names them once the table is exported.
          </Empty>
        ) : (
          <Lanes width={width} lanes={lanes} times={times} pair={pair} onPick={onPick} />
        )
      }
    </ChartCard>
  );
}

function Lanes({
  width,
  lanes,
  times,
  pair,
  onPick,
}: {
  width: number;
  lanes: readonly Lane[];
  times: Times;
  pair: Pair;
  onPick: (version: number) => void;
}) {
  const of = frame(width, lanes.length * LANE + 26, [0, 12, 26, width < 520 ? 92 : 132]);
  const begin = Math.min(...lanes.map((lane) => lane.from));
  const span = Math.max(60_000, Math.max(...lanes.map((lane) => lane.to)) - begin);
  const x = (at: number) => of.left + ((at - begin) / span) * of.innerWidth;
  const steps = timeTicks(span / 1000, width < 520 ? 3 : 6).filter((s) => s * 1000 <= span * 0.95);
  const label = (at: number) =>
    span > 200 * 86_400_000
      ? times.month(at)
      : span > 3 * 86_400_000
        ? times.day(at)
        : times.stamp(at);
  return (
    <Plot of={of} label="Fingerprints in time">
      <g aria-hidden>
        {steps.map((step) => {
          const at = begin + step * 1000;
          return (
            <g key={step}>
              <line x1={x(at)} x2={x(at)} y1={0} y2={of.bottom} stroke="var(--grid)" />
              <text x={x(at)} y={of.height - 8} textAnchor={step === 0 ? "start" : "middle"}>
                {label(at)}
              </text>
            </g>
          );
        })}
      </g>
      {lanes.map((lane, index) => {
        const y = index * LANE;
        return (
          <LaneBar
            key={lane.fingerprint}
            lane={lane}
            first={index === 0}
            y={y}
            x={x(lane.from)}
            width={Math.max(6, x(lane.to) - x(lane.from) - 2)}
            room={of.right}
            times={times}
            sign={signOf(lane, pair)}
            onPick={onPick}
          />
        );
      })}
    </Plot>
  );
}

const signOf = ({ schema }: Lane, { a, b }: Pair): "A" | "B" | null =>
  schema === null ? null : schema.version === b ? "B" : schema.version === a ? "A" : null;

/** 148 columns, +3 −1, 1 changed */
function wordsOf({ schema }: Lane): string {
  if (!schema) return "";
  const { added, removed, changed } = schema;
  const sums = [
    added.length ? `+${added.length}` : "",
    removed.length ? `−${removed.length}` : "",
    changed.length ? `${changed.length} changed` : "",
  ].filter(Boolean);
  return [plural(schema.column_count, "column"), ...sums].join(", ");
}

function LaneBar({
  lane,
  first,
  y,
  x,
  width,
  room,
  times,
  sign,
  onPick,
}: {
  lane: Lane;
  first: boolean;
  y: number;
  x: number;
  width: number;
  room: number;
  times: Times;
  sign: "A" | "B" | null;
  onPick: (version: number) => void;
}) {
  const words = wordsOf(lane);
  const pick = () => lane.schema && onPick(lane.schema.version);
  const end = x + Math.max(width, sign ? 18 : 0);
  const isInside = width > 34 + words.length * 6.2;
  const isRight = !isInside && end + words.length * 6.2 < room;
  return (
    <g>
      <Mark
        first={first}
        tip={tipOf(lane, words, times)}
        onClick={pick}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            pick();
          }
        }}
        {...(lane.schema ? { role: "button", "aria-pressed": sign !== null } : {})}
        style={lane.schema ? { cursor: "pointer" } : undefined}
      >
        <rect x={0} y={y} width={room} height={LANE} fill="none" pointerEvents="all" />
        <rect
          x={x}
          y={y + 3}
          width={width}
          height={18}
          rx={4}
          fill={sign === "B" ? "var(--d-line)" : sign === "A" ? "var(--d2)" : "var(--d-rest)"}
        />
      </Mark>
      {/* Beside the mark, whose name says all of it in words. */}
      <g aria-hidden pointerEvents="none">
        <text
          x={0}
          y={y + 16}
          style={{
            fontFamily: "var(--font-mono)",
            fontWeight: lane.is_current || sign ? 700 : 400,
            fill: lane.is_current || sign ? "var(--ink)" : "var(--ink-2)",
          }}
        >
          {lane.fingerprint.length > 14 ? `${lane.fingerprint.slice(0, 13)}…` : lane.fingerprint}
        </text>
        {sign && (
          <>
            <circle cx={x + 11} cy={y + 12} r={7} fill="var(--surface)" />
            <text
              x={x + 11}
              y={y + 16}
              textAnchor="middle"
              style={{ fontWeight: 700, fill: "var(--ink)" }}
            >
              {sign}
            </text>
          </>
        )}
        {words && !(isInside && sign) && (isInside || isRight || x > words.length * 6.2 + 140) && (
          <text
            x={isInside ? x + 8 : isRight ? end + 6 : x - 6}
            y={y + 16}
            textAnchor={isInside || isRight ? "start" : "end"}
            style={isInside ? { fill: "var(--ink)" } : undefined}
          >
            {words}
          </text>
        )}
      </g>
    </g>
  );
}

function tipOf(lane: Lane, words: string, times: Times): string {
  return [
    `${lane.fingerprint}${lane.is_current ? ", current" : ""}`,
    words,
    `since ${times.full(lane.from)}`,
    lane.watermark ? `read up to ${times.full(lane.watermark)}` : "nothing read",
    lane.schema ? "pick to compare" : "no version of its own",
  ]
    .filter(Boolean)
    .join("\n");
}
