import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ManifestPanel, TableDetail, TableEvent, TableTimeline } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { Segments } from "@/components/bits";
import { CopyButton } from "@/components/CopyButton";
import { ChartCard, type ChartTable } from "@/components/charts/ChartCard";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Ask, Card, Empty, Problem, SkeletonBlock } from "@/components/Panel";
import { SPANS, type Span } from "@/lib/addresses";
import { bytes, count, duration, plural, sentence, short } from "@/lib/format";
import { type Times, useAge, useTimes } from "@/lib/time";
import type { Asked } from "./choices";
import { EVENTS, eventWord } from "./events";
import { LagChart } from "./LagChart";
import { QuarantineCard } from "./QuarantineCard";
import { timelineQuery } from "./queries";
import { Reconciliation } from "./Reconciliation";

export function OverviewTab({
  table,
  days = "7",
  onDays,
  onChoose,
}: {
  table: TableDetail;
  days: Span | undefined;
  onDays: (days: Span) => void;
  onChoose: (asked: Asked) => void;
}) {
  return (
    <div className="grid gap-4 max-s:gap-3">
      {table.error && !table.hold && (
        <div className="card">
          <Problem problem={fromInfo(table.error, "What stops this table")} />
        </div>
      )}
      <QuarantineCard table={table} onChoose={onChoose} />
      <Warnings table={table} />
      {table.layout === "zero_copy" && <ZeroCopyNote />}
      <LagCard table={table} days={days} onDays={onDays} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 max-s:gap-3 m:grid-cols-2">
        <VolumeCard table={table} />
        <ManifestCard table={table} />
      </div>
      <Reconciliation table={table} />
    </div>
  );
}

const LACKS_FILES = new Set([
  "FOLDER_INCOMPLETE",
  "LATE_FILE",
  "MANIFEST_AHEAD",
  "PENDING_FILES",
  "QUARANTINED",
]);

/** Caught up, with nothing that stops it or is left out. */
const isComplete = (table: TableDetail) =>
  (table.health === "Healthy" || table.health === "Quiet") &&
  table.processing_lag_seconds === 0 &&
  table.quarantined_files === 0 &&
  !table.warnings.some((warning) => LACKS_FILES.has(warning.code));

function Warnings({ table }: { table: TableDetail }) {
  if (table.warnings.length === 0) return null;
  return (
    <Card
      title={plural(table.warnings.length, "warning")}
      note={isComplete(table) ? "the data is complete" : null}
    >
      <ul className="grid gap-2 text-md">
        {table.warnings.map((warning) => (
          <li key={`${warning.code} ${warning.message}`} className="flex gap-2">
            <TriangleAlert aria-hidden className="mt-px size-4 flex-none text-warn-icon" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {warning.message}{" "}
              <code className="font-mono text-axis text-ink-2">{warning.code}</code>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function ZeroCopyNote() {
  return (
    <Card title="Files stay in the export">
      <p className="text-md">
        The log points at the files of the export. Spark reads this table, and so do DuckDB, Polars
        and pyarrow through one dataset; their own Delta readers do not. Whoever reads it needs
        access to the export, which must keep its files as they are.
      </p>
    </Card>
  );
}

function LagCard({
  table,
  days,
  onDays,
}: {
  table: TableDetail;
  days: Span;
  onDays: (days: Span) => void;
}) {
  const query = useQuery(timelineQuery(table, days));
  const times = useTimes();
  const spans = (
    <Segments<Span>
      label="Time"
      value={days}
      onChange={onDays}
      options={SPANS.map((value) => ({ value, label: value === "1" ? "24 h" : `${value} d` }))}
    />
  );
  if (!query.data) {
    return (
      <Card title="Lag over time" actions={spans}>
        <Ask query={query} loading={<SkeletonBlock className="h-[230px]" />}>
          {() => null}
        </Ask>
      </Card>
    );
  }
  const timeline = query.data;
  return (
    <ChartCard
      title="Lag over time"
      note="as each run found it"
      actions={spans}
      table={tableOf(timeline, times)}
      legend={legendOf(timeline.events)}
    >
      {(width) =>
        timeline.lag.length + timeline.events.length === 0 ? (
          <NoLag table={table} />
        ) : (
          <LagChart
            width={width}
            timeline={timeline}
            limit={table.lag_limit_seconds}
            lagNow={table.processing_lag_seconds}
          />
        )
      }
    </ChartCard>
  );
}

function NoLag({ table }: { table: TableDetail }) {
  return table.runs.length === 0 ? (
    <Empty title="No run has looked yet">Each run that looks at the table adds a point.</Empty>
  ) : (
    <Empty title="No run looked in this time">Choose a longer time above.</Empty>
  );
}

function tableOf(timeline: TableTimeline, times: Times): ChartTable {
  const looked = timeline.lag.map((point) => ({
    at: point.at,
    what: point.lag_seconds ? `${duration(point.lag_seconds)} behind` : "caught up",
  }));
  const happened = timeline.events.map((event) => ({
    at: event.at,
    what: `${eventWord(event.kind)}: ${event.text}`,
  }));
  const rows = [...looked, ...happened].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return {
    columns: [`When (${times.label})`, "What"],
    rows: rows.map(({ at, what }) => [times.full(at), what]),
  };
}

function legendOf(events: readonly TableEvent[]): ReactNode {
  const kinds = [...new Set(events.map((event) => event.kind))];
  if (kinds.length === 0) return null;
  return kinds.map((kind) => {
    const { color, path, word } = EVENTS[kind] ?? EVENTS.other;
    return (
      <li key={kind} className="inline-flex items-center gap-[5px] whitespace-nowrap">
        <svg aria-hidden width={12} height={12} viewBox="-6 -6 12 12">
          <path d={path} fill={kind === "failed" ? "none" : color} stroke={color} strokeWidth={2} />
        </svg>
        {word}
      </li>
    );
  });
}

type Measure = "rows" | "commits";

function VolumeCard({ table }: { table: TableDetail }) {
  const [measure, setMeasure] = useState<Measure>("rows");
  const query = useQuery(timelineQuery(table, "30"));
  const choice = (
    <Segments<Measure>
      label="Count"
      value={measure}
      onChange={setMeasure}
      options={[
        { value: "rows", label: "Rows" },
        { value: "commits", label: "Commits" },
      ]}
    />
  );
  if (!query.data) {
    return (
      <Card title="Volume" note="last 30 days, UTC" actions={choice}>
        <Ask query={query} loading={<SkeletonBlock className="h-[330px]" />}>
          {() => null}
        </Ask>
      </Card>
    );
  }
  const byDay = query.data.by_day;
  return (
    <ChartCard
      title="Volume"
      note="last 30 days, UTC"
      actions={choice}
      table={{
        columns: ["Day", "Rows", "Commits"],
        rows: byDay.map((day) => [dayWords(day.day), count(day.rows), count(day.commits)]),
      }}
    >
      {(width) =>
        byDay.some((day) => day[measure] > 0) ? (
          <StackedDays
            width={width}
            days={byDay.map((day) => ({
              day: day.day,
              values: [day[measure]],
              note: measure === "rows" ? plural(day.commits, "commit") : plural(day.rows, "row"),
            }))}
            series={[{ name: measure === "rows" ? "Rows" : "Commits", color: "var(--d2)" }]}
            label={measure === "rows" ? "Rows committed per day" : "Commits per day"}
            title={`${measure} per day`}
            height={330}
          />
        ) : (
          <Empty title={`No ${measure} in these days`}>
            {table.row_count
              ? "What is in the table was committed earlier."
              : "Nothing is loaded yet."}
          </Empty>
        )
      }
    </ChartCard>
  );
}

function ManifestCard({ table }: { table: TableDetail }) {
  const times = useTimes();
  const { manifest } = table;
  return (
    <Card title="Manifest and watermark">
      <dl className="text-md">
        <Pair label="Manifest time">
          {manifest.manifest_time ? times.full(manifest.manifest_time) : "not in the manifest"}
          <Raw text={manifest.manifest_time_ms} />
        </Pair>
        <Pair label="Watermark">
          {manifest.watermark ? times.full(manifest.watermark) : "nothing loaded"}
          <Raw text={manifest.watermark_ms} />
        </Pair>
        <Pair label="Newest change in the source">
          {manifest.newest_change ? times.full(manifest.newest_change) : "its rows do not say"}
        </Pair>
        <Pair label="Pending">
          <Pending manifest={manifest} />
        </Pair>
        <Pair label="Records, says the manifest">{count(manifest.total_processed_records)}</Pair>
        {manifest.data_files_path && (
          <Pair label="Data files">
            <CopyButton text={manifest.data_files_path} label="path of the data files" />
          </Pair>
        )}
      </dl>
      <Snippets table={table} />
    </Card>
  );
}

/** Numbers where they were counted, the reason where they were not, and how old they are. */
function Pending({ manifest }: { manifest: ManifestPanel }) {
  const age = useAge(manifest.pending_as_of, 10_000);
  const { pending, pending_folders: folders, pending_files: files, pending_bytes: size } = manifest;
  return (
    <>
      {sentence(pending ?? "–").replace(/\.$/, "")}
      {folders !== null && folders > 0 && (
        <span className="block">
          {plural(files ?? 0, "file")}, {bytes(size)}
        </span>
      )}
      {age !== null && <span className="block text-ink-2 text-sm">counted {short(age)} ago</span>}
    </>
  );
}

function Snippets({ table }: { table: TableDetail }) {
  const engines = table.snippets.map(({ engine }) => engine);
  const [engine, setEngine] = useState(engines[0] ?? "");
  const text = table.snippets.find((each) => each.engine === engine)?.text ?? table.snippet;
  return (
    <div className="mt-3">
      <div className="mb-2 flex items-center gap-2 text-ink-2 text-sm">
        Read it with
        <Segments
          label="Engine"
          value={engine}
          onChange={setEngine}
          options={engines.map((value) => ({ value, label: value }))}
        />
      </div>
      <div className="relative">
        <pre className="rounded-m border border-line bg-sunken px-2.5 py-2 pr-10 font-mono text-sm leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text.trim()}
        </pre>
        <CopyButton text={text} label="query" iconOnly className="absolute top-1 right-1" />
      </div>
    </div>
  );
}

function Raw({ text }: { text: string | null }) {
  return text && <span className="block font-mono text-ink-2 text-sm">{text}</span>;
}

function Pair({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 border-line border-t py-[7px] first:border-t-0">
      <dt className="flex-none whitespace-nowrap text-ink-2">{label}</dt>
      <dd className="min-w-0 text-right tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
