import { useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import type { ProcessingResult } from "@/api/generated";
import { useWhere } from "@/components/TableLink";
import { cn } from "@/lib/cn";
import { bytes, count } from "@/lib/format";
import { tableWord } from "@/lib/vocabulary";

const FILLS: Record<string, string> = {
  ok: "color-mix(in srgb, var(--ok-icon) 62%, var(--surface))",
  no_change: "color-mix(in srgb, var(--ok-icon) 24%, var(--surface))",
  running: "var(--info-icon)",
  pending: "var(--track)",
  failed: "var(--fail-icon)",
  partial: "var(--warn-icon)",
  paused: "var(--warn-icon)",
  cancelled: "var(--mute-icon)",
  skipped: "var(--d-rest)",
};

export const squareStyle = (state: string) => ({ background: FILLS[state] ?? "var(--track)" });

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
  const size = results.length > 200 ? 10 : results.length > 60 ? 14 : 20;
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
            "grid cursor-pointer place-items-center rounded-[2px]",
            result.status === "failed" && "outline-2 outline-fail-line",
            result.status === "running" && "animate-pulse",
          )}
          style={{ width: size, height: size, ...squareStyle(result.status) }}
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
