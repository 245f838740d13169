import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Grid3x3 } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { Matrix, MatrixCell, MatrixRow, MatrixRun, SortKey } from "@/api/generated";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { FILL, StatusIcon } from "@/components/StatusIcon";
import { TableLink } from "@/components/TableLink";
import { Button } from "@/components/ui/button";
import type { TablesSearch } from "@/lib/addresses";
import { cn } from "@/lib/cn";
import { count, duration, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { healthWord, runWord, tableWord } from "@/lib/vocabulary";
import { type Filter, MATRIX_TABLES, matrixQuery } from "./list-queries";

interface MatrixProps {
  filter: Filter;
  sort: SortKey;
  page: number;
  before: string;
  onChange: (next: TablesSearch) => void;
}

/** Tables times runs: a square says how the table ended there, and leads to it. */
export function MatrixView({ filter, sort, page, before, onChange }: MatrixProps) {
  const query = useQuery({
    ...matrixQuery(filter, sort, page, before),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="card">
      <Ask query={query} loading={<Skeleton rows={12} height={20} />}>
        {(matrix) => <Shown matrix={matrix} page={page} before={before} onChange={onChange} />}
      </Ask>
    </div>
  );
}

function Shown({
  matrix,
  page,
  before,
  onChange,
}: Omit<MatrixProps, "filter" | "sort"> & { matrix: Matrix }) {
  if (matrix.runs.length === 0) {
    return (
      <Empty icon={Grid3x3} title={before ? "No older runs" : "No runs yet"}>
        {before
          ? "Go back to the newest runs."
          : "After the first run each table has a square here for how it ended."}
      </Empty>
    );
  }
  return (
    <>
      <Grid matrix={matrix} />
      <Pager matrix={matrix} page={page} before={before} onChange={onChange} />
    </>
  );
}

/** Arrows walk the squares; one of them is in the Tab order. */
function Grid({ matrix }: { matrix: Matrix }) {
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const here = event.target instanceof Element && event.target.closest("td[data-at]");
    if (!step || !here) return;
    const [row = 0, column = 0] = (here.getAttribute("data-at") ?? "").split(",").map(Number);
    const next = nextCell(box.current, row, column, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the squares inside have the focus
    <div ref={box} className="overflow-x-auto" onKeyDown={onKeyDown}>
      <table className="tbl dense" aria-label="Tables by runs">
        <thead>
          <tr>
            <th scope="col" className="sticky left-0 z-1 min-w-56 max-s:min-w-36">
              Table
            </th>
            {matrix.runs.map((run) => (
              <RunHead key={run.run_id} run={run} />
            ))}
            {/* The rest of the width, so that few runs stand beside their tables. */}
            <td aria-hidden className="h-auto! w-full bg-sunken" />
          </tr>
        </thead>
        <tbody>
          {matrix.tables.map((row, index) => (
            <Row key={`${row.connection}/${row.name}`} row={row} at={index} runs={matrix.runs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The nearest square in a direction; empty places are passed over. */
function nextCell(
  box: HTMLElement | null,
  row: number,
  column: number,
  [down, right]: readonly [number, number],
): HTMLElement | null {
  for (let step = 1; step <= 200; step += 1) {
    const at = `${row + down * step},${column + right * step}`;
    const place = box?.querySelector(`td[data-at="${at}"]`);
    if (!place) return null;
    const link = place.querySelector<HTMLElement>("a");
    if (link) return link;
  }
  return null;
}

function RunHead({ run }: { run: MatrixRun }) {
  const times = useTimes();
  const word = runWord(run.status);
  const said = `Run ${shortId(run.run_id)}, ${word.word}, ${times.full(run.created_at)}`;
  return (
    <th scope="col" className="px-0! text-center!">
      <Link
        to="/runs/$runId"
        params={{ runId: run.run_id }}
        aria-label={said}
        data-tip={`${said}\n${duration(run.duration_seconds)}`}
        className="inline-grid size-7 place-items-center rounded-s hover:bg-hover"
      >
        <StatusIcon word={word} />
      </Link>
    </th>
  );
}

function Row({ row, at, runs }: { row: MatrixRow; at: number; runs: readonly MatrixRun[] }) {
  return (
    <tr>
      <th
        scope="row"
        className="sticky left-0 z-1 h-9! bg-surface! font-normal! text-ink! text-md!"
      >
        <span className="flex items-center gap-2">
          <StatusIcon word={healthWord(row.health)} />
          <span className="sr-only">{row.health}</span>
          <TableLink
            name={row.name}
            connection={row.connection}
            className="max-w-56 truncate font-[550] hover:underline max-s:max-w-24"
          >
            {row.name}
          </TableLink>
        </span>
      </th>
      {row.cells.map((cell, column) => {
        const run = runs[column];
        return (
          <td key={run?.run_id} data-at={`${at},${column}`} className="px-0! text-center">
            {cell && run ? (
              <Square row={row} cell={cell} run={run} />
            ) : (
              <span aria-hidden className="text-ink-3">
                ·
              </span>
            )}
          </td>
        );
      })}
      <td aria-hidden />
    </tr>
  );
}

function Square({ row, cell, run }: { row: MatrixRow; cell: MatrixCell; run: MatrixRun }) {
  const times = useTimes();
  const word = tableWord(cell.status);
  const facts = [
    word.word,
    cell.rows ? `${count(cell.rows)} rows` : "",
    cell.duration_seconds === null ? "" : duration(cell.duration_seconds),
    cell.error_code ?? "",
  ].filter(Boolean);
  const said = `${row.name} in run ${shortId(run.run_id)}: ${facts.join(", ")}`;
  return (
    <Link
      to="/runs/$runId"
      params={{ runId: run.run_id }}
      search={{ table: row.name }}
      aria-label={said}
      data-tip={`${said}\n${times.full(run.created_at)}`}
      className={cn(
        "inline-grid size-6 place-items-center rounded-s border hover:brightness-95",
        word.tone === "mute" && "border-dashed",
      )}
      style={{
        borderColor: FILL[word.tone],
        background: `color-mix(in srgb, ${FILL[word.tone]} 14%, transparent)`,
      }}
    >
      <StatusIcon word={word} className="size-3.5" />
    </Link>
  );
}

function Pager({
  matrix,
  page,
  before,
  onChange,
}: Omit<MatrixProps, "filter" | "sort"> & { matrix: Matrix }) {
  const pages = Math.max(1, Math.ceil(matrix.total / MATRIX_TABLES));
  const older = matrix.older;
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-2.5 text-sm">
      <span className="text-ink-2 tabular-nums" role="status">
        {plural(matrix.total, "table")}, page {page} of {pages}; {plural(matrix.runs.length, "run")}
        , new ones right
      </span>
      <span className="ml-auto flex flex-wrap gap-2">
        <Button size="s" disabled={page <= 1} onClick={() => onChange({ page: page - 1 })}>
          <ChevronLeft aria-hidden /> Tables before
        </Button>
        <Button size="s" disabled={page >= pages} onClick={() => onChange({ page: page + 1 })}>
          Tables after <ChevronRight aria-hidden />
        </Button>
        <Button size="s" disabled={!older} onClick={() => older && onChange({ before: older })}>
          <ChevronLeft aria-hidden /> Older runs
        </Button>
        <Button size="s" disabled={!before} onClick={() => onChange({ before: undefined })}>
          Newest runs <ChevronRight aria-hidden />
        </Button>
      </span>
    </div>
  );
}
