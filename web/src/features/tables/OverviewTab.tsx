import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ManifestPanel, TableDetail } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { CopyButton } from "@/components/CopyButton";
import { ChartCard } from "@/components/charts/ChartCard";
import { dayWords, StackedDays } from "@/components/charts/StackedDays";
import { Card, Empty, Problem } from "@/components/Panel";
import { bytes, count, duration, plural, sentence, short } from "@/lib/format";
import { useAge, useTimes } from "@/lib/time";
import { LagChart } from "./LagChart";

export function OverviewTab({ table }: { table: TableDetail }) {
  return (
    <div className="grid gap-4 max-s:gap-3">
      {table.error && (
        <div className="card">
          <Problem problem={fromInfo(table.error, "What stops this table")} />
        </div>
      )}
      <Warnings table={table} />
      <LagCard table={table} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 max-s:gap-3 m:grid-cols-2">
        <RowsCard table={table} />
        <ManifestCard table={table} />
      </div>
    </div>
  );
}

function Warnings({ table }: { table: TableDetail }) {
  if (table.warnings.length === 0) return null;
  return (
    <Card title={plural(table.warnings.length, "warning")} note="the data is complete">
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

function LagCard({ table }: { table: TableDetail }) {
  const times = useTimes();
  return (
    <ChartCard
      title="Lag over time"
      note="as each run found it"
      table={{
        columns: [`Run looked at (${times.label})`, "Processing lag"],
        rows: [...table.lag]
          .reverse()
          .map((point) => [
            times.full(point.at),
            point.lag_seconds ? duration(point.lag_seconds) : "caught up",
          ]),
      }}
    >
      {(width) =>
        table.lag.length === 0 ? (
          <Empty title="No run has looked yet">
            Each run that looks at the table adds a point.
          </Empty>
        ) : (
          <LagChart width={width} points={table.lag} limit={table.lag_limit_seconds} />
        )
      }
    </ChartCard>
  );
}

function RowsCard({ table }: { table: TableDetail }) {
  const days = table.volume.map((day) => ({
    day: day.day,
    values: [day.rows],
    note: plural(day.commits, "commit"),
  }));
  const hasRows = table.volume.some((day) => day.rows > 0);
  return (
    <ChartCard
      title="Rows"
      note={`last ${days.length} days, UTC`}
      table={{
        columns: ["Day", "Rows", "Commits"],
        rows: table.volume.map((day) => [dayWords(day.day), count(day.rows), count(day.commits)]),
      }}
    >
      {(width) =>
        hasRows ? (
          <StackedDays
            width={width}
            days={days}
            series={[{ name: "Rows", color: "var(--d2)" }]}
            label="Rows committed per day"
            title="rows per day"
            height={250}
          />
        ) : (
          <Empty title="No rows in these days">
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
      <Snippet text={table.snippet} />
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

function Snippet({ text }: { text: string }) {
  return (
    <div className="relative mt-2">
      <pre className="overflow-x-auto rounded-m border border-line bg-sunken px-2.5 py-2 pr-10 font-mono text-sm leading-[18px]">
        {text}
      </pre>
      <CopyButton text={text} label="query" iconOnly className="absolute top-1 right-1" />
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
