import { Link } from "@tanstack/react-router";
import { OctagonX } from "lucide-react";
import type { ProcessingJobSummary } from "@/api/generated";
import { MiniBar } from "@/components/bits";
import { runColor } from "@/components/charts/RunBars";
import { bytes, count, duration, shortId } from "@/lib/format";
import { useIsPhone, useNow } from "@/lib/hooks";
import { useTimes } from "@/lib/time";
import { actionWord, triggerWord } from "@/lib/vocabulary";
import { JobStatusBadge } from "./JobStatusBadge";
import { elapsedOf } from "./progress";

type Chosen = ReadonlySet<string>;

interface JobsTableProps {
  runs: readonly ProcessingJobSummary[];
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

export function JobsTable({ runs, chosen, onChoose }: JobsTableProps) {
  const now = useNow(1000);
  const isPhone = useIsPhone();
  const longest = Math.max(1, ...runs.map((run) => elapsedOf(run, now) ?? 0));
  if (isPhone) return <JobsCards runs={runs} now={now} longest={longest} />;
  const all = runs.every((run) => chosen.has(run.run_id));
  return (
    <div className="relative overflow-x-auto">
      <table className="tbl" aria-label="Runs, newest first">
        <thead>
          <tr>
            <th scope="col" className="w-9">
              <input
                type="checkbox"
                className="block size-4 accent-info-icon"
                aria-label="Choose every run listed"
                checked={all}
                onChange={() => onChoose(new Set(all ? [] : runs.map((run) => run.run_id)))}
              />
            </th>
            <th scope="col">State</th>
            <th scope="col">Run</th>
            <th scope="col">Start</th>
            <th scope="col">What</th>
            <th scope="col">Trigger</th>
            <th scope="col" className="max-l:hidden">
              Who
            </th>
            <th scope="col" className="n">
              Tables
            </th>
            <th scope="col" className="n">
              Failed
            </th>
            <th scope="col" className="n">
              Rows
            </th>
            <th scope="col" className="n max-l:hidden">
              Bytes
            </th>
            <th scope="col" className="n">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row
              key={run.run_id}
              run={run}
              now={now}
              longest={longest}
              chosen={chosen.has(run.run_id)}
              onChoose={() => onChoose(toggled(chosen, run.run_id))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  run: ProcessingJobSummary;
  now: number;
  longest: number;
}

function toggled(chosen: Chosen, id: string): Chosen {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

function Row({
  run,
  now,
  longest,
  chosen,
  onChoose,
}: RowProps & { chosen: boolean; onChoose: () => void }) {
  const times = useTimes();
  const at = run.start_time ?? run.created_at;
  const seconds = elapsedOf(run, now);
  return (
    <tr className="row-link">
      <td>
        <input
          type="checkbox"
          className="above relative block size-4 accent-info-icon"
          aria-label={`Choose run ${run.run_id}`}
          checked={chosen}
          onChange={onChoose}
        />
      </td>
      <td data-tip={run.waiting_reason ?? undefined}>
        <JobStatusBadge status={run.status} />
      </td>
      <td>
        <Link
          to="/runs/$runId"
          params={{ runId: run.run_id }}
          className="cover mono font-semibold"
          aria-label={`Run ${run.run_id}`}
        >
          {shortId(run.run_id)}
        </Link>
      </td>
      <td className="tabular-nums" data-tip={times.full(at)}>
        {times.stamp(at)}
      </td>
      <td className="max-w-[180px] truncate" data-tip={whatWords(run)}>
        {whatWords(run)}
      </td>
      <td>
        {triggerWord(run.trigger)}
        {run.attempt > 1 && <span className="text-ink-2">, attempt {run.attempt}</span>}
      </td>
      <td className="max-w-[140px] truncate text-ink-2 max-l:hidden">{run.requested_by}</td>
      <td className="n">
        {count(run.tables_processed)} of {count(run.total_tables)}
      </td>
      <td className="n">
        <FailedCount failed={run.tables_failed} />
      </td>
      <td className="n">{run.rows ? `+${count(run.rows)}` : "0"}</td>
      <td className="n max-l:hidden">{bytes(run.bytes_done)}</td>
      <td className="n">
        <MiniBar share={(seconds ?? 0) / longest} color={runColor(run.status)} wide>
          {duration(seconds)}
        </MiniBar>
      </td>
    </tr>
  );
}

/** The tables, and what was done to them where it was no sync. */
const whatWords = ({ action, selection }: ProcessingJobSummary) =>
  action === "sync" ? selection : `${actionWord(action)}: ${selection}`;

function FailedCount({ failed }: { failed: number }) {
  if (failed === 0) return <span className="text-ink-2">0</span>;
  return (
    <span className="inline-flex items-center gap-1 font-[550] text-fail">
      <OctagonX aria-hidden className="size-3.5" /> {count(failed)} failed
    </span>
  );
}

function JobsCards({
  runs,
  now,
  longest,
}: {
  runs: readonly ProcessingJobSummary[];
  now: number;
  longest: number;
}) {
  const times = useTimes();
  return (
    <ul aria-label="Runs, newest first">
      {runs.map((run) => (
        <li
          key={run.run_id}
          className="row-link grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-line px-3.5 py-2.5 not-first:border-t"
        >
          <span className="min-w-0 truncate">
            <Link
              to="/runs/$runId"
              params={{ runId: run.run_id }}
              className="cover font-mono font-semibold text-sm"
              aria-label={`Run ${run.run_id}`}
            >
              {shortId(run.run_id)}
            </Link>{" "}
            <span className="text-ink-2 text-sm">
              {times.stamp(run.start_time ?? run.created_at)} {times.label}
            </span>
          </span>
          <span className="justify-self-end">
            <JobStatusBadge status={run.status} />
          </span>
          <span className="min-w-0 truncate text-ink-2 text-sm tabular-nums">
            {run.action !== "sync" && `${actionWord(run.action)}, `}
            {count(run.tables_processed)} of {count(run.total_tables)}
            {run.tables_failed > 0 ? `, ${count(run.tables_failed)} failed` : ""}, +
            {count(run.rows)} rows
          </span>
          <span className="text-sm">
            <MiniBar share={(elapsedOf(run, now) ?? 0) / longest} color={runColor(run.status)} wide>
              {duration(elapsedOf(run, now))}
            </MiniBar>
          </span>
        </li>
      ))}
    </ul>
  );
}
