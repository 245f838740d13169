import type { IndexFacts, SystemStatus, ThreadFacts } from "@/api/generated";
import { Tag } from "@/components/bits";
import { Card, Empty } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { bytes, count, duration, plural, short } from "@/lib/format";
import { ms } from "./Latencies";

const OLD_S = 300;
const WORKS = { word: "Works", tone: "ok", shape: "check" } as const;
const ENDED = { word: "Ended", tone: "fail", shape: "octagon" } as const;

/** What works beside the requests. */
export function Threads({ threads }: { threads: readonly ThreadFacts[] }) {
  return (
    <Card title="Background work" flush>
      <Rows>
        {threads.map(({ name, is_working }) => (
          <Line key={name} label={name}>
            <StatusIcon word={is_working ? WORKS : ENDED} />
            <span className={is_working ? "" : "font-semibold text-fail"}>
              {is_working ? "Works" : "Ended: restart the server"}
            </span>
          </Line>
        ))}
      </Rows>
    </Card>
  );
}

/** How old what the pages show is, by connection. */
export function Indexes({ indexes }: { indexes: readonly IndexFacts[] }) {
  return (
    <Card title="Index of tables" note="Pages answer from it and never wait for a store" flush>
      {indexes.length === 0 ? (
        <Empty title="No connection yet" />
      ) : (
        <Rows>
          {indexes.map((index) => (
            <Line key={index.connection} label={index.connection}>
              <Age index={index} />
              {index.looks && (
                <span className="text-ink-2">
                  {plural(index.looks.count, "look")}, p95 {ms(index.looks.p95_ms)}
                </span>
              )}
              {index.failures > 0 && <Tag tone="warn">{count(index.failures)} failed</Tag>}
            </Line>
          ))}
        </Rows>
      )}
    </Card>
  );
}

function Age({ index }: { index: IndexFacts }) {
  if (index.age_seconds == null) return <Tag tone="warn">No complete look yet</Tag>;
  const isOld = index.age_seconds > OLD_S;
  return isOld ? (
    <Tag tone="warn">{short(index.age_seconds)} old</Tag>
  ) : (
    <span>{short(index.age_seconds)} old</span>
  );
}

/** Runs by state, and how the newest went. */
export function Runs({ runs }: { runs: SystemStatus["runs"] }) {
  const states = Object.entries(runs.by_state);
  const rate = runs.success_rate == null ? "–" : `${(runs.success_rate * 100).toFixed(1)} %`;
  return (
    <Card title="Runs" note="The newest 100 ended ones" flush>
      <Rows>
        <Line label="Ended well">{rate}</Line>
        <Line label="Duration of a run">
          {runs.duration
            ? `p50 ${duration(runs.duration.p50_ms / 1000)}, p95 ${duration(runs.duration.p95_ms / 1000)}`
            : "–"}
        </Line>
        <Line label="Duration of a table">
          {runs.table_duration
            ? `p50 ${ms(runs.table_duration.p50_ms)}, p95 ${ms(runs.table_duration.p95_ms)}`
            : "–"}
        </Line>
        <Line label="All runs by state">
          {states.length === 0
            ? "None yet"
            : states.map(([state, number]) => (
                <span key={state}>
                  {count(number)} {state.replaceAll("_", " ")}
                </span>
              ))}
        </Line>
      </Rows>
    </Card>
  );
}

/** Process, disk, versions. */
export function Versions({ status }: { status: SystemStatus }) {
  return (
    <Card title="Process and versions" flush>
      <Rows>
        <Line label="cdalake">{status.version}</Line>
        <Line label="Python">
          {status.python}, {status.platform}
        </Line>
        <Line label="Database">
          {status.database.kind}, schema {status.database.revision}
        </Line>
        <Line label="CPU used">{duration(status.process.cpu_seconds)}</Line>
        <Line label="Threads">{count(status.process.threads)}</Line>
        <Line label="Disk">
          {status.disk
            ? `${bytes(status.disk.free_bytes)} free of ${bytes(status.disk.total_bytes)}`
            : "–"}
        </Line>
        <Line label="Libraries">
          {status.libraries.map(({ name, version }) => (
            <span key={name} className="whitespace-nowrap">
              <span className="text-ink-2">{name}</span> {version}
            </span>
          ))}
        </Line>
      </Rows>
    </Card>
  );
}

function Rows({ children }: { children: React.ReactNode }) {
  return <dl>{children}</dl>;
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="grid min-h-10 grid-cols-[minmax(110px,1fr)_minmax(0,2fr)] items-center gap-x-4 border-line border-t px-4 py-1.5 text-md">
      <dt className="text-ink-2 [overflow-wrap:anywhere]">{label}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 tabular-nums">
        {children}
      </dd>
    </div>
  );
}
