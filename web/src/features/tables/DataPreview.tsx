import { useQuery } from "@tanstack/react-query";
import { Copy, Lock, Rows3 } from "lucide-react";
import { useState } from "react";
import type { Sample, TableDetail } from "@/api/generated";
import { sampleQuery } from "@/api/queries";
import { Segments } from "@/components/bits";
import { Ask, Card, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import type { RowsView } from "@/lib/addresses";
import { useAnnounce } from "@/lib/announce";
import { copyText } from "@/lib/clipboard";
import { count, csv, plural } from "@/lib/format";
import { ColumnPicker } from "./ColumnPicker";
import { SampleTable } from "./SampleTable";
import { inOrder, shownColumns } from "./sample-columns";
import { type Look, ViewBar } from "./ViewBar";

type Limit = "10" | "50" | "100";

const TITLES: Record<RowsView, string> = {
  raw: "Sample",
  current: "Current state",
  history: "History",
};

const noteOf = (sample: Sample) =>
  `${plural(sample.rows.length, "row")} of version ${count(sample.version)}${
    sample.view === "current" ? " of the current table" : ""
  }`;

const hasRetired = (table: TableDetail) =>
  table.schema.some(({ name, masked }) => name.toLowerCase() === "retired" && !masked);

/** A few rows of one version, read live. What looks personal never leaves the server. */
export function DataPreview({
  table,
  version,
  onVersion,
  look,
  onLook,
  columns: chosen = [],
  onColumns,
}: {
  table: TableDetail;
  version: number | undefined;
  onVersion: (version: number | undefined) => void;
  look: Look;
  onLook: (next: Look) => void;
  columns: readonly string[] | undefined;
  onColumns: (columns: string[]) => void;
}) {
  const [limit, setLimit] = useState<Limit>("10");
  const { view, id, activeOnly } = look;
  const query = useQuery({
    ...sampleQuery(table, version, Number(limit), view, id, activeOnly),
    enabled: table.version !== null,
  });
  if (table.version === null) {
    return (
      <div className="card">
        <Empty icon={Rows3} title="No rows yet">
          The table is not loaded. Run it, and its rows are here.
        </Empty>
      </div>
    );
  }
  const masked = query.data?.masked_columns ?? table.masked_columns;
  const all = inOrder(query.data?.columns ?? [], table);
  const shown = shownColumns(all, chosen);
  return (
    <div className="grid gap-4 max-s:gap-3">
      {masked.length > 0 && (
        <p className="flex items-start gap-2.5 rounded-m border border-info-line bg-info-bg px-3 py-2.5 text-md">
          <Lock aria-hidden className="mt-0.5 size-[15px] flex-none text-info-icon" />
          <span className="min-w-0">
            {plural(masked.length, "column")} {masked.length === 1 ? "looks" : "look"} personal and{" "}
            {masked.length === 1 ? "is" : "are"} masked on the server:{" "}
            <code className="font-mono text-sm">{masked.join(", ")}</code>
          </span>
        </p>
      )}
      <ViewBar look={look} hasRetired={hasRetired(table)} onLook={onLook} />
      <Card
        title={TITLES[view]}
        note={query.data && !query.data.error ? noteOf(query.data) : undefined}
        flush
        className="overflow-hidden"
        actions={
          <>
            {view !== "current" && (
              <VersionField table={table} version={version} onVersion={onVersion} />
            )}
            <Segments<Limit>
              label="Rows"
              value={limit}
              onChange={setLimit}
              options={(["10", "50", "100"] as const).map((value) => ({ value, label: value }))}
            />
            {all.length > 0 && (
              <ColumnPicker all={all} shown={shown} masked={new Set(masked)} onChange={onColumns} />
            )}
            {query.data && <CsvButton sample={query.data} columns={shown} />}
          </>
        }
      >
        <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
          {(sample) => (
            <SampleTable
              sample={sample}
              table={table}
              columns={shown}
              look={look}
              onRetry={() => void query.refetch()}
            />
          )}
        </Ask>
      </Card>
    </div>
  );
}

function VersionField({
  table,
  version,
  onVersion,
}: {
  table: TableDetail;
  version: number | undefined;
  onVersion: (version: number | undefined) => void;
}) {
  return (
    <label className="flex items-center gap-2 text-[12.5px] text-ink-2">
      Version
      <select
        value={version ?? ""}
        onChange={(event) =>
          onVersion(event.target.value === "" ? undefined : Number(event.target.value))
        }
        className="h-8 max-w-40 rounded-m border border-control bg-surface px-2 text-ink text-md max-s:h-10"
      >
        <option value="">latest ({table.version})</option>
        {version !== undefined && !table.history.some((each) => each.version === version) && (
          <option value={version}>{version}</option>
        )}
        {table.history.map((each) => (
          <option key={each.version} value={each.version}>
            {each.version}
          </option>
        ))}
      </select>
    </label>
  );
}

function CsvButton({ sample, columns }: { sample: Sample; columns: readonly string[] }) {
  const { say } = useAnnounce();
  const copy = async () => {
    const done = await copyText(csv(columns, sample.rows));
    say(
      done
        ? `Copied ${plural(sample.rows.length, "row")} as CSV.`
        : "The browser did not let us copy.",
      {
        tone: done ? "info" : "fail",
      },
    );
  };
  return (
    <Button size="s" onClick={() => void copy()}>
      <Copy aria-hidden /> Copy as CSV
    </Button>
  );
}
