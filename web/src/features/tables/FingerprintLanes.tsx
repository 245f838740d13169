import type { FingerprintInterval } from "@/api/generated";
import { ChartCard } from "@/components/charts/ChartCard";
import { frame, Mark, Plot } from "@/components/charts/Plot";
import { Empty } from "@/components/Panel";
import { timeTicks } from "@/lib/chart";
import { useNow } from "@/lib/hooks";
import { type Times, useTimes } from "@/lib/time";

const LANE = 26;

interface Lane extends FingerprintInterval {
  from: number;
  to: number;
}

/** A fingerprint is an interval in time: each ends where the next begins. */
function lanesOf(all: readonly FingerprintInterval[], now: number): Lane[] {
  const dated = all
    .filter((each) => each.since !== null)
    .map((each) => ({ ...each, from: Date.parse(each.since ?? "") }))
    .sort((a, b) => a.from - b.from);
  return dated.map((each, index) => ({ ...each, to: dated[index + 1]?.from ?? now }));
}

export function FingerprintLanes({
  fingerprints,
}: {
  fingerprints: readonly FingerprintInterval[];
}) {
  const times = useTimes();
  const now = useNow(60_000);
  const lanes = lanesOf(fingerprints, now);
  return (
    <ChartCard
      title="Fingerprints in time"
      note="one lane per schema version of CDA"
      table={{
        columns: ["Fingerprint", `Since (${times.label})`, "Read up to", "Current"],
        rows: fingerprints.map((each) => [
          each.fingerprint,
          each.since ? times.full(each.since) : "unknown",
          each.watermark ? times.full(each.watermark) : "nothing read",
          each.is_current ? "yes" : "no",
        ]),
      }}
    >
      {(width) =>
        lanes.length === 0 ? (
          <Empty title="No fingerprint known">
            The manifest names them once the table is exported.
          </Empty>
        ) : (
          <Lanes width={width} lanes={lanes} times={times} />
        )
      }
    </ChartCard>
  );
}

function Lanes({ width, lanes, times }: { width: number; lanes: readonly Lane[]; times: Times }) {
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
          <Mark
            key={lane.fingerprint}
            first={index === 0}
            tip={`${lane.fingerprint}${lane.is_current ? ", current" : ""}\nsince ${times.full(lane.from)}\n${lane.watermark ? `read up to ${times.full(lane.watermark)}` : "nothing read"}`}
          >
            <text
              x={0}
              y={y + 16}
              style={{
                fontFamily: "var(--font-mono)",
                fontWeight: lane.is_current ? 700 : 400,
                fill: lane.is_current ? "var(--ink)" : "var(--ink-2)",
              }}
            >
              {lane.fingerprint.length > 14
                ? `${lane.fingerprint.slice(0, 13)}…`
                : lane.fingerprint}
            </text>
            <rect
              x={x(lane.from)}
              y={y + 3}
              width={Math.max(6, x(lane.to) - x(lane.from) - 2)}
              height={18}
              rx={4}
              fill={lane.is_current ? "var(--d-line)" : "var(--d-rest)"}
            />
          </Mark>
        );
      })}
    </Plot>
  );
}
