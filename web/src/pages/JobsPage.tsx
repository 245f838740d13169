import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChartNoAxesGantt, FilterX, Play } from "lucide-react";
import type { ProcessingJobSummary, RunState } from "@/api/generated";
import { jobsQuery } from "@/api/queries";
import { ActionButton } from "@/components/ActionButton";
import { Chip, PageHead } from "@/components/bits";
import { ChartCard } from "@/components/charts/ChartCard";
import { median, RunBars, RunLegend, runTable } from "@/components/charts/RunBars";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { ActiveRunCard } from "@/features/jobs/ActiveRunCard";
import { JobsStats, toMark } from "@/features/jobs/JobsStats";
import { JobsTable } from "@/features/jobs/JobsTable";
import { count, duration, plural } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useStartRun } from "@/lib/start-run";
import { useTimes } from "@/lib/time";
import { isActive, RUN_STATES, runWord } from "@/lib/vocabulary";

const route = getRouteApi("/runs");

export function JobsPage() {
  useTitle("Runs");
  const all = useQuery(jobsQuery());
  return (
    <>
      <PageHead title="Runs">
        <p>{all.data ? sentence(all.data) : "Every execution, newest first."}</p>
      </PageHead>
      <div className="card empty:hidden has-[>[data-loaded]]:contents">
        <Ask query={all} loading={<Skeleton rows={8} height={20} />}>
          {({ items, total }) => (
            <div data-loaded className="grid gap-4 max-s:gap-3">
              <Runs runs={items} total={total} />
            </div>
          )}
        </Ask>
      </div>
    </>
  );
}

function sentence({ items, total }: { items: readonly ProcessingJobSummary[]; total: number }) {
  const active = items.filter((run) => isActive(run.status)).length;
  const kept = `${plural(total, "run")} kept`;
  return active ? `${active} going on, ${kept}.` : `None going on, ${kept}.`;
}

function Runs({ runs, total }: { runs: readonly ProcessingJobSummary[]; total: number }) {
  const times = useTimes();
  if (runs.length === 0) return <NoRuns />;
  const marks = runs.slice(0, 30).map(toMark).reverse();
  const middle = median(marks);
  return (
    <>
      {runs
        .filter((run) => isActive(run.status))
        .map((run) => (
          <ActiveRunCard key={run.run_id} run={run} />
        ))}
      <JobsStats runs={runs} />
      <ChartCard
        title="Duration"
        note={
          middle === null
            ? `last ${plural(marks.length, "run")}`
            : `last ${plural(marks.length, "run")}, dotted: median ${duration(middle)}`
        }
        table={runTable(marks, times)}
        legend={<RunLegend runs={marks} />}
      >
        {(width) => <RunBars width={width} runs={marks} withAxis height={190} />}
      </ChartCard>
      <FilteredList runs={runs} total={total} />
    </>
  );
}

function FilteredList({ runs, total }: { runs: readonly ProcessingJobSummary[]; total: number }) {
  const { state = [] } = route.useSearch();
  const navigate = useNavigate({ from: "/runs" });
  const set = (next: RunState[]) => void navigate({ search: { state: next }, replace: true });
  const filtered = useQuery({ ...jobsQuery(state), enabled: state.length > 0 });
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
  // Counted here are the runs that were sent; where there are more, a number would be wrong.
  const isAll = runs.length >= total;
  const shown = RUN_STATES.filter(
    (each) => !isAll || counts.has(each) || state.includes(each as RunState),
  ) as RunState[];
  return (
    <section aria-label="List of runs">
      <div className="mb-3 flex gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap">
        {shown.map((each) => (
          <Chip
            key={each}
            pressed={state.includes(each)}
            {...(isAll ? { count: String(counts.get(each) ?? 0) } : {})}
            onPress={() =>
              set(state.includes(each) ? state.filter((one) => one !== each) : [...state, each])
            }
          >
            <StatusIcon word={runWord(each)} />
            {runWord(each).word}
          </Chip>
        ))}
      </div>
      <div className="card overflow-hidden">
        {state.length === 0 ? (
          <Newest runs={runs} total={total} />
        ) : (
          <Ask query={filtered}>
            {(found) =>
              found.total ? (
                <Newest runs={found.items} total={found.total} />
              ) : (
                <NoMatch onClear={() => set([])} />
              )
            }
          </Ask>
        )}
      </div>
    </section>
  );
}

function Newest({ runs, total }: { runs: readonly ProcessingJobSummary[]; total: number }) {
  return (
    <>
      <JobsTable runs={runs} />
      {runs.length < total && (
        <p role="status" className="border-line border-t px-4 py-2 text-ink-2 text-sm">
          The newest {count(runs.length)} of {plural(total, "run")}.
        </p>
      )}
    </>
  );
}

function NoRuns() {
  const { open } = useStartRun();
  return (
    <div className="card">
      <Empty
        icon={ChartNoAxesGantt}
        title="No runs yet"
        action={
          <ActionButton variant="primary" onClick={() => open()}>
            <Play aria-hidden /> Run now
          </ActionButton>
        }
      >
        A run brings the tables up to the manifest. The first one loads them all; runs from the
        command line are listed here too.
      </Empty>
    </div>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Empty
      icon={FilterX}
      title="No run has this state"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}
