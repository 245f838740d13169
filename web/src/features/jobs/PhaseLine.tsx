import { useQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { toProblem } from "@/api/problem";
import { fetchLogs } from "@/api/queries";
import { Button } from "@/components/ui/button";
import { duration } from "@/lib/format";
import { useDebounced } from "@/lib/hooks";
import { useTimes } from "@/lib/time";
import { type Phase, phasesOf, type Span } from "./spans";

const COLORS = ["var(--mute-icon)", "var(--d2)", "var(--d1)"];
const LINES = 2000;

/** What one table was doing when, and the way to its lines. */
export function PhaseLine({
  runId,
  span,
  onLog,
}: {
  runId: string;
  span: Span;
  onLog: () => void;
}) {
  const times = useTimes();
  const table = useDebounced(span.table, 150);
  const query = useQuery({
    queryKey: ["phases", runId, table, span.status],
    queryFn: ({ signal }) => fetchLogs(runId, 0, LINES, { table }, signal),
    staleTime: 5000,
    enabled: table === span.table,
  });
  const phases = query.data ? phasesOf(query.data.lines, span) : [];
  return (
    <section
      aria-label={`Phases of ${span.table}`}
      className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t pt-3 text-sm"
    >
      <b className="font-semibold text-md">{span.table}</b>
      {query.error ? (
        <span className="text-ink-2">
          Its phases could not be read: {toProblem(query.error).message}
        </span>
      ) : (
        <ol aria-live="polite" className="flex flex-wrap gap-x-4 gap-y-1">
          {phases.map((phase, index) => (
            <PhaseItem
              key={phase.name}
              phase={phase}
              color={COLORS[index + 3 - phases.length] ?? COLORS[2]}
              at={times.clock(phase.from)}
            />
          ))}
        </ol>
      )}
      <Button size="s" className="ml-auto" onClick={onLog}>
        <ScrollText aria-hidden /> Its log in this time
      </Button>
    </section>
  );
}

function PhaseItem({ phase, color, at }: { phase: Phase; color: string | undefined; at: string }) {
  return (
    <li className="inline-flex items-center gap-1.5 text-ink-2 tabular-nums">
      <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: color }} />
      {phase.name}
      <b className="font-semibold text-ink">
        {duration(Math.max(0, phase.until - phase.from) / 1000)}
      </b>
      from {at}
    </li>
  );
}
