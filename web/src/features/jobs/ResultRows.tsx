import { Link } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import type { ProcessingJobStatus, ProcessingResult } from "@/api/generated";
import { MiniBar } from "@/components/bits";
import { FILL } from "@/components/StatusIcon";
import { TableLink } from "@/components/TableLink";
import { Button } from "@/components/ui/button";
import { bytes, count, duration } from "@/lib/format";
import { tableWord } from "@/lib/vocabulary";
import { TableStateBadge } from "./JobStatusBadge";

/** How much of its bytes is done; all of them when it ended well. */
export function shareOf(result: ProcessingResult): number {
  if (result.status === "ok" || result.status === "no_change") return 1;
  return result.bytes > 0 ? Math.min(1, result.bytes_done / result.bytes) : 0;
}

export function ResultRow({ result, run }: { result: ProcessingResult; run: ProcessingJobStatus }) {
  const tone = tableWord(result.status).tone;
  const share = shareOf(result);
  return (
    <tr className="row-link">
      <td data-tip={result.error?.message ?? result.warning_details[0]?.message}>
        <TableStateBadge status={result.status} />
      </td>
      <td>
        <TableLink name={result.table} connection={run.connection} className="cover font-[550]" />
        {result.error && (
          <span className="ml-2 font-mono text-axis text-fail">{result.error.code}</span>
        )}
      </td>
      <td className="n">
        <MiniBar share={share} color={tone === "ok" ? "var(--d-rest)" : FILL[tone]}>
          {Math.floor(share * 100)} %
        </MiniBar>
      </td>
      <td className="n">{count(result.folders)}</td>
      <td className="n">
        {result.status === "running"
          ? `${count(result.files_done)} of ${count(result.files)}`
          : count(result.files)}
      </td>
      <td className="n">{result.rows ? `+${count(result.rows)}` : "0"}</td>
      <td className="n">{bytes(result.bytes)}</td>
      <td className="n">{count(result.version)}</td>
      <td className="n">{duration(result.duration_seconds)}</td>
      <td className="n">
        <LogLink runId={run.run_id} table={result.table} />
      </td>
    </tr>
  );
}

function LogLink({ runId, table }: { runId: string; table: string }) {
  return (
    <Button asChild variant="ghost" size="icon-s" className="above">
      <Link
        from="/runs/$runId"
        to="."
        params={{ runId }}
        search={(old) => ({ ...old, table })}
        resetScroll={false}
        aria-label={`Log of ${table}`}
        data-tip="its log lines"
      >
        <ScrollText aria-hidden />
      </Link>
    </Button>
  );
}

export function ResultCards({
  rows,
  run,
}: {
  rows: readonly ProcessingResult[];
  run: ProcessingJobStatus;
}) {
  return (
    <ul>
      {rows.map((result) => (
        <li
          key={result.table}
          className="row-link grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-line border-t px-3.5 py-2"
        >
          <TableLink
            name={result.table}
            connection={run.connection}
            className="cover truncate font-[550] text-md"
          />
          <TableStateBadge status={result.status} />
          <span className="text-ink-2 text-sm tabular-nums">
            {result.error
              ? result.error.code
              : `+${count(result.rows)} rows, ${duration(result.duration_seconds)}`}
          </span>
          <span className="justify-self-end">
            <LogLink runId={run.run_id} table={result.table} />
          </span>
        </li>
      ))}
    </ul>
  );
}
