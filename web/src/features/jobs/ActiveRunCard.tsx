import { Link } from "@tanstack/react-router";
import type { ProcessingJobSummary } from "@/api/generated";
import { ProgressBar } from "@/components/bits";
import { bytes, count, percent, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { JobStatusBadge } from "./JobStatusBadge";
import { progressOf } from "./progress";

/** The run that goes on, at the head of the list. */
export function ActiveRunCard({ run }: { run: ProcessingJobSummary }) {
  const times = useTimes();
  const done = progressOf(run);
  return (
    <section className="card row-link grid gap-3 px-4 py-3.5" aria-label="Run that goes on">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <JobStatusBadge status={run.status} pill />
        <Link
          to="/runs/$runId"
          params={{ runId: run.run_id }}
          className="cover font-semibold text-base"
        >
          Run {shortId(run.run_id)}
        </Link>
        <span className="text-ink-2 text-md">
          {run.selection}
          {run.start_time && `, started ${times.clock(run.start_time)} ${times.label}`}
        </span>
        <span className="ml-auto text-ink-2 text-md tabular-nums">
          <b className="font-semibold text-ink">{percent(done)}</b>{" "}
          {run.bytes_total > 0 && `${bytes(run.bytes_done)} of ${bytes(run.bytes_total)}, `}
          {count(run.tables_processed)} of {count(run.total_tables)} tables
        </span>
      </div>
      <ProgressBar percent={done} label="Progress of the run" moving />
    </section>
  );
}
