import { useMemo } from "react";
import type { ProcessingJobStatus, ProcessingResult } from "@/api/generated";
import { ProgressBar } from "@/components/bits";
import { rangeWords, remaining } from "@/lib/eta";
import { bytes, count, duration, percent, plural } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { type Times, useTimes } from "@/lib/time";
import { isActive } from "@/lib/vocabulary";
import { elapsedOf, progressOf } from "./progress";
import { StateChips } from "./StateChips";
import { Waffle } from "./Waffle";

/** How far the run is, by bytes and by tables, and when it will be over. */
export function RunProgress({
  run,
  state,
  onState,
}: {
  run: ProcessingJobStatus;
  state: string | undefined;
  onState: (state: string | undefined) => void;
}) {
  const now = useNow(1000);
  const times = useTimes();
  const done = progressOf(run);
  const active = isActive(run.status);
  const elapsed = elapsedOf(run, now);
  // The clock above ticks each second; the squares stay as they are until the run says more.
  const squares = useMemo(() => largestFirst(run.results), [run.results]);
  const byBytes = run.bytes_percent !== null && run.bytes_total > 0;
  return (
    <section className="card grid gap-4 p-4" aria-label="Progress">
      <div className="flex flex-wrap items-end gap-x-8 gap-y-3">
        <div className="mr-auto">
          <h2 className="text-ink-2 text-sm">{byBytes && active ? "Bytes" : "Progress"}</h2>
          <p className="font-[640] text-big tabular-nums tracking-[-.03em]">
            {percent(done)}{" "}
            <small className="font-medium text-[15px] text-ink-2 tracking-normal">
              {run.bytes_total > 0
                ? `${bytes(run.bytes_done)} of ${bytes(run.bytes_total)}`
                : `${count(run.tables_processed)} of ${plural(run.total_tables, "table")}`}
            </small>
          </p>
        </div>
        <dl className="grid grid-cols-[repeat(3,auto)] gap-x-8 max-s:w-full max-s:gap-x-4">
          {active ? (
            <TimeLeft run={run} elapsed={elapsed} now={now} times={times} />
          ) : (
            <Figure
              label="Ended"
              value={run.end_time ? times.clock(run.end_time) : "–"}
              note={run.end_time ? `${times.day(run.end_time)}, ${times.label}` : ""}
            />
          )}
          <Figure
            label={active ? "Elapsed" : "Took"}
            value={duration(elapsed)}
            note={sinceWords(run, times)}
          />
          <Figure
            label="Rows"
            value={count(run.rows)}
            note={
              elapsed && run.bytes_done
                ? `${bytes(run.bytes_done / Math.max(0.1, elapsed))}/s`
                : plural(run.commits, "version")
            }
          />
        </dl>
      </div>
      <ProgressBar
        percent={done}
        label={byBytes ? "Progress by bytes" : "Progress by tables"}
        moving={active}
      />
      <div className="grid gap-2.5">
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="mr-1 font-semibold text-md">{plural(run.total_tables, "table")}</h3>
          <StateChips results={run.results} state={state} onState={onState} />
          <span className="ml-auto text-ink-2 text-sm max-l:hidden">
            one square is one table, largest first
          </span>
        </div>
        <Waffle results={squares} connection={run.connection} />
      </div>
    </section>
  );
}

export const largestFirst = (results: readonly ProcessingResult[]): ProcessingResult[] =>
  [...results].sort((a, b) => b.bytes - a.bytes || a.table.localeCompare(b.table));

function TimeLeft({
  run,
  elapsed,
  now,
  times,
}: {
  run: ProcessingJobStatus;
  elapsed: number | null;
  now: number;
  times: Times;
}) {
  if (run.status === "cancelling") {
    return <Figure label="Time left" value="stopping" note="at the next folder" />;
  }
  const rest = run.bytes_total - run.bytes_done;
  const left = elapsed === null ? null : remaining(elapsed, progressOf(run), rest, run.usual);
  if (!left) return <Figure label="Time left" value="unknown" note={unknownBecause(run)} />;
  return (
    <Figure
      label="Time left"
      value={rangeWords(left)}
      note={`ends ${times.brief(now + left.low * 1000)} to ${times.brief(now + left.high * 1000)}`}
    />
  );
}

function unknownBecause(run: ProcessingJobStatus): string {
  if (run.status === "pending") return "it has not started";
  return run.usual ? "too early to say" : "too early, and no earlier run to go by";
}

/** How long such runs took before, for comparison with this one. */
function sinceWords(run: ProcessingJobStatus, times: Times): string {
  if (run.attempt > 1) return `attempt ${run.attempt}`;
  if (run.usual) return `usually ${duration(run.usual.seconds)}`;
  return run.start_time ? `since ${times.clock(run.start_time)}` : "not started";
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="tabular-nums">
      <dt className="text-ink-2 text-sm">{label}</dt>
      <dd className="whitespace-nowrap font-semibold text-[16px] leading-[22px]">{value}</dd>
      <dd className="whitespace-nowrap text-ink-2 text-sm max-s:whitespace-normal">{note}</dd>
    </div>
  );
}
