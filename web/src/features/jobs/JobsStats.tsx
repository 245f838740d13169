import type { ReactNode } from "react";
import type { ProcessingJobSummary } from "@/api/generated";
import { median, type RunMark } from "@/components/charts/RunBars";
import { bigParts, count, duration, plural } from "@/lib/format";
import { isActive } from "@/lib/vocabulary";

/** The run list in four numbers. */
export function JobsStats({ runs }: { runs: readonly ProcessingJobSummary[] }) {
  const done = runs.filter((run) => !isActive(run.status));
  const clean = done.filter((run) => run.status === "completed").length;
  const rows = runs.reduce((sum, run) => sum + run.rows, 0);
  const [value, unit] = bigParts(rows);
  const middle = median(runs.map(toMark), 1);
  const longest = Math.max(0, ...done.map((run) => run.duration_seconds ?? 0));
  const commits = runs.reduce((sum, run) => sum + run.commits, 0);
  return (
    <div className="grid grid-cols-2 gap-4 max-s:gap-3 l:grid-cols-4">
      <Stat
        label="Without failures"
        note={`${count(clean)} of ${plural(done.length, "finished run")}`}
      >
        {done.length ? Math.floor((1000 * clean) / done.length) / 10 : "–"} <small>%</small>
      </Stat>
      <Stat label="Median duration" note={done.length ? `longest ${duration(longest)}` : ""}>
        <Units text={middle === null ? "–" : duration(middle)} />
      </Stat>
      <Stat label="Rows brought" note={`in ${plural(runs.length, "run")}`}>
        {value} <small>{unit}</small>
      </Stat>
      <Stat label="Versions written" note="Delta commits">
        {count(commits)}
      </Stat>
    </div>
  );
}

export const toMark = (run: ProcessingJobSummary): RunMark => ({
  run_id: run.run_id,
  status: run.status,
  started_at: run.start_time ?? run.created_at,
  duration_seconds: run.duration_seconds,
  tables_failed: run.tables_failed,
});

/** "8 min 32 s" with the units smaller than the numbers. */
export function Units({ text }: { text: string }) {
  return text
    .split(" ")
    .map((part, index) =>
      /\d|–/.test(part) ? `${index ? " " : ""}${part} ` : <small key={part}>{part}</small>,
    );
}

function Stat({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <section className="card flex flex-col gap-1 px-4 py-3.5 max-s:px-3.5 max-s:py-3">
      <h2 className="font-medium text-[12.5px] text-ink-2 leading-4">{label}</h2>
      <div className="whitespace-nowrap font-[620] text-tile tabular-nums tracking-[-.025em] max-s:text-[22px] max-s:leading-[30px] [&_small]:font-medium [&_small]:text-base [&_small]:text-ink-2 [&_small]:tracking-normal">
        {children}
      </div>
      <p className="mt-auto text-ink-2 text-sm">{note}</p>
    </section>
  );
}
