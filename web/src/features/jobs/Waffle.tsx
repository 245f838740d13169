import { useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import type { ProcessingResult } from "@/api/generated";
import { useWhere } from "@/components/TableLink";
import { cn } from "@/lib/cn";
import { bytes, count } from "@/lib/format";
import { tableWord } from "@/lib/vocabulary";

/** Classes, not styles: a browser works out a thousand squares of the same classes once. */
const FILLS: Record<string, string> = {
  ok: "bg-[color-mix(in_srgb,var(--ok-icon)_62%,var(--surface))]",
  no_change: "bg-[color-mix(in_srgb,var(--ok-icon)_24%,var(--surface))]",
  running: "bg-info-icon",
  pending: "bg-track",
  failed: "bg-fail-icon",
  partial: "bg-warn-icon",
  paused: "bg-warn-icon",
  cancelled: "bg-mute-icon",
  skipped: "bg-d-rest",
};

export const squareFill = (state: string) => FILLS[state] ?? "bg-track";

/** One square per table, largest first. The list below says the same in words. */
export const Waffle = memo(function Waffle({
  results,
  connection,
}: {
  results: readonly ProcessingResult[];
  connection: string;
}) {
  const where = useWhere();
  const navigate = useNavigate();
  const size = results.length > 200 ? "size-2.5" : results.length > 60 ? "size-3.5" : "size-5";
  return (
    // The squares repeat what the table of results says; they are for the eye and the mouse.
    <div
      aria-hidden
      className="flex flex-wrap gap-[3px]"
      onClick={(event) => {
        const name = (event.target as HTMLElement).dataset.table;
        if (name) {
          void navigate({ to: "/tables/$name", params: { name }, search: where(connection) });
        }
      }}
    >
      {results.map((result) => (
        <i
          key={result.table}
          data-table={result.table}
          data-tip={tipOf(result)}
          className={cn(
            "cursor-pointer rounded-[2px]",
            size,
            squareFill(result.status),
            result.status === "failed" && "grid place-items-center outline-2 outline-fail-line",
            result.status === "running" && "animate-pulse",
          )}
        >
          {result.status === "failed" && (
            <span className="pointer-events-none size-1/3 rounded-full bg-surface" />
          )}
        </i>
      ))}
    </div>
  );
});

function tipOf(result: ProcessingResult): string {
  const lines = [result.table, tableWord(result.status).word];
  if (result.bytes) lines.push(`${bytes(result.bytes_done)} of ${bytes(result.bytes)}`);
  if (result.rows) lines.push(`${count(result.rows)} rows`);
  if (result.error) lines.push(result.error.message);
  return lines.join("\n");
}
