import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { ProcessingJobStatus, ProcessingResult } from "@/api/generated";
import { runFile } from "@/api/queries";
import { Card, Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { useIsPhone } from "@/lib/hooks";
import { tableWord } from "@/lib/vocabulary";
import { STATE_ORDER } from "./progress";
import { ResultCards, ResultRow, shareOf } from "./ResultRows";

interface Column {
  key: string;
  label: string;
  numeric?: boolean;
  value: (result: ProcessingResult) => number | string;
}

const rank = (result: ProcessingResult) => {
  const order = ["failed", "partial", "paused", "running", "pending"];
  const index = order.indexOf(result.status);
  return index >= 0 ? index : order.length + STATE_ORDER.indexOf(result.status);
};

const COLUMNS: readonly Column[] = [
  { key: "state", label: "State", value: rank },
  { key: "table", label: "Table", value: (r) => r.table },
  { key: "progress", label: "Progress", numeric: true, value: (r) => shareOf(r) },
  { key: "folders", label: "Folders", numeric: true, value: (r) => r.folders },
  { key: "files", label: "Files", numeric: true, value: (r) => r.files },
  { key: "rows", label: "Rows", numeric: true, value: (r) => r.rows },
  { key: "bytes", label: "Bytes", numeric: true, value: (r) => r.bytes },
  { key: "version", label: "Version", numeric: true, value: (r) => r.version ?? -1 },
  { key: "duration", label: "Duration", numeric: true, value: (r) => r.duration_seconds ?? -1 },
];

const PAGE = 20;
const FEW = 60;
/** Height of the window that many rows scroll in. */
const BOX = 560;

/** Every table of the run; order and filter are in the address. */
export function ResultsTable({
  run,
  state,
  sort,
  onSort,
  onClear,
}: {
  run: ProcessingJobStatus;
  state: string | undefined;
  sort: string | undefined;
  onSort: (sort: string) => void;
  onClear: () => void;
}) {
  const isPhone = useIsPhone();
  const [shown, setShown] = useState(PAGE);
  const order = sort ?? "state";
  const rows = useMemo(() => sorted(run.results, state, order), [run.results, state, order]);
  const note = state
    ? `${plural(rows.length, "table")} ${tableWord(state).word.toLowerCase()}, of ${count(run.results.length)}`
    : plural(rows.length, "table");
  return (
    <Card
      title="Tables"
      note={note}
      flush
      className="overflow-hidden"
      actions={
        <>
          {state && (
            <Button size="s" onClick={onClear}>
              Show all
            </Button>
          )}
          {rows.length > 0 && <SaveResults runId={run.run_id} state={state} />}
          {run.manifest_sha256 && <SaveManifest runId={run.run_id} />}
        </>
      }
    >
      {rows.length === 0 ? (
        <NoRows run={run} filtered={state !== undefined} onClear={onClear} />
      ) : isPhone ? (
        <>
          <ResultCards rows={rows.slice(0, shown)} run={run} />
          {rows.length > shown && (
            <div className="flex justify-center border-line border-t p-2">
              <Button size="s" onClick={() => setShown((n) => n + 200)}>
                Show more of {count(rows.length)}
              </Button>
            </div>
          )}
        </>
      ) : (
        <Rows rows={rows} run={run} order={order} onSort={onSort} />
      )}
    </Card>
  );
}

/** Many rows are a window that scrolls; few are all there. */
function Rows({
  rows,
  run,
  order,
  onSort,
}: {
  rows: readonly ProcessingResult[];
  run: ProcessingJobStatus;
  order: string;
  onSort: (sort: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 37,
    overscan: 6,
    // Drawn at once: its own look at the box would lay out the page for rows it does not have yet.
    initialRect: { width: 0, height: BOX },
    enabled: rows.length > FEW,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const isWindow = rows.length > FEW;
  const shown = isWindow ? rows.slice(first?.index ?? 0, (last?.index ?? -1) + 1) : rows;
  return (
    <div
      ref={box}
      className="relative overflow-x-auto"
      style={isWindow ? { maxHeight: BOX, overflowY: "auto" } : {}}
    >
      <table className="tbl" aria-label="Tables of the run" aria-rowcount={rows.length + 1}>
        <thead className={isWindow ? "sticky top-0 z-10 bg-surface" : undefined}>
          <tr>
            {COLUMNS.map((column) => (
              <SortHead key={column.key} column={column} order={order} onSort={onSort} />
            ))}
            <th scope="col">
              <span className="sr-only">Log</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {isWindow && <Gap height={first?.start ?? 0} />}
          {shown.map((result) => (
            <ResultRow key={result.table} result={result} run={run} />
          ))}
          {isWindow && <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={COLUMNS.length + 1} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function SaveResults({ runId, state }: { runId: string; state: string | undefined }) {
  return (["csv", "json"] as const).map((format) => (
    <Button key={format} asChild size="s" variant="ghost">
      <a
        href={runFile(runId, "results", { format, status: state })}
        download
        data-tip={state ? "the tables shown, as a file" : "every table, as a file"}
      >
        <Download aria-hidden /> {format.toUpperCase()}
      </a>
    </Button>
  ));
}

function SaveManifest({ runId }: { runId: string }) {
  return (
    <Button asChild size="s" variant="ghost">
      <a
        href={runFile(runId, "manifest")}
        download
        data-tip="the manifest this run was made from, as CDA wrote it"
      >
        <Download aria-hidden /> Manifest
      </a>
    </Button>
  );
}

function sorted(results: readonly ProcessingResult[], state: string | undefined, order: string) {
  const descending = order.startsWith("-");
  const column = COLUMNS.find((each) => each.key === order.replace("-", "")) ?? COLUMNS[0];
  const value = column?.value ?? rank;
  return results
    .filter((result) => !state || result.status === state)
    .sort((a, b) => {
      const [left, right] = descending ? [value(b), value(a)] : [value(a), value(b)];
      return left < right ? -1 : left > right ? 1 : a.table.localeCompare(b.table);
    });
}

function SortHead({
  column,
  order,
  onSort,
}: {
  column: Column;
  order: string;
  onSort: (sort: string) => void;
}) {
  const isThis = order.replace("-", "") === column.key;
  const down = order.startsWith("-");
  const first = column.numeric ? `-${column.key}` : column.key;
  const next = !isThis ? first : down ? column.key : `-${column.key}`;
  const Icon = down ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={column.numeric ? "n" : undefined}
      aria-sort={isThis ? (down ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        onClick={() => onSort(next)}
        className="inline-flex min-h-6 items-center gap-1 font-[550] hover:text-ink aria-pressed:text-ink"
      >
        {column.label}
        {isThis && <Icon aria-hidden className="size-3" />}
      </button>
    </th>
  );
}

function NoRows({
  run,
  filtered,
  onClear,
}: {
  run: ProcessingJobStatus;
  filtered: boolean;
  onClear: () => void;
}) {
  if (filtered) {
    return (
      <Empty
        title="No table is in this state"
        action={<Button onClick={onClear}>Show all</Button>}
      />
    );
  }
  return <Empty title="No tables yet">{whyNone(run)}</Empty>;
}

function whyNone(run: ProcessingJobStatus): string {
  if (run.error) return "The run could not begin: see above.";
  if (run.status === "pending") return "The run has not begun yet.";
  return "The run is still reading the manifest.";
}
