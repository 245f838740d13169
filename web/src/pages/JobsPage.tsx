import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChartNoAxesGantt, FilterX } from "lucide-react";
import { useState } from "react";
import type { ProcessingJobSummary } from "@/api/generated";
import { jobsQuery } from "@/api/queries";
import { PageHead } from "@/components/bits";
import { ChartCard } from "@/components/charts/ChartCard";
import { median, RunBars, RunLegend, runTable } from "@/components/charts/RunBars";
import { FirstRun } from "@/components/FirstRun";
import { Ask, AskInCard, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { ActiveRunCard } from "@/features/jobs/ActiveRunCard";
import { BulkBar } from "@/features/jobs/BulkBar";
import { JobsStats, toMark } from "@/features/jobs/JobsStats";
import { JobsTable } from "@/features/jobs/JobsTable";
import { PauseRuns } from "@/features/jobs/PauseRuns";
import { RunFilters } from "@/features/jobs/RunFilters";
import { facetsQuery, runsQuery } from "@/features/jobs/run-filter";
import type { RunsSearch } from "@/lib/addresses";
import { count, duration, plural } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useTimes } from "@/lib/time";
import { isActive } from "@/lib/vocabulary";

const route = getRouteApi("/runs");

export function JobsPage() {
  useTitle("Runs");
  const all = useQuery(jobsQuery());
  return (
    <>
      <PageHead title="Runs" actions={<PauseRuns />}>
        <p>{all.data ? sentence(all.data) : "Every execution, newest first."}</p>
      </PageHead>
      <AskInCard query={all} loading={<Skeleton rows={8} height={20} />}>
        {({ items }) => (
          <div className="grid gap-4 max-s:gap-3">
            <Runs runs={items} />
          </div>
        )}
      </AskInCard>
    </>
  );
}

function sentence({ items, total }: { items: readonly ProcessingJobSummary[]; total: number }) {
  const active = items.filter((run) => isActive(run.status)).length;
  const kept = `${plural(total, "run")} kept`;
  return active ? `${active} going on, ${kept}.` : `None going on, ${kept}.`;
}

function Runs({ runs }: { runs: readonly ProcessingJobSummary[] }) {
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
      <FilteredList />
    </>
  );
}

function FilteredList() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/runs" });
  const view = (next: RunsSearch) => void navigate({ search: next, replace: true });
  const facets = useQuery(facetsQuery());
  const found = useInfiniteQuery(runsQuery(search));
  return (
    <section aria-label="List of runs">
      <RunFilters
        search={search}
        facets={facets.data}
        onChange={(next) => view({ ...search, ...next })}
        onView={view}
      />
      <div className="card overflow-hidden">
        <Ask query={found} loading={<Skeleton rows={8} height={20} />}>
          {({ pages }) => {
            const total = pages.at(-1)?.total ?? 0;
            const runs = pages.flatMap((page) => page.items);
            return runs.length > 0 ? (
              <Listed runs={runs} total={total} more={found} />
            ) : (
              <NoMatch onClear={() => view({})} />
            );
          }}
        </Ask>
      </div>
    </section>
  );
}

function Listed({
  runs,
  total,
  more,
}: {
  runs: readonly ProcessingJobSummary[];
  total: number;
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const picked = runs.filter((run) => chosen.has(run.run_id));
  return (
    <>
      {picked.length > 0 && <BulkBar runs={picked} onClear={() => setChosen(new Set())} />}
      <JobsTable runs={runs} chosen={chosen} onChoose={setChosen} />
      {(more.hasNextPage || runs.length < total) && (
        <p
          role="status"
          className="flex flex-wrap items-center gap-3 border-line border-t px-4 py-2 text-ink-2 text-sm"
        >
          The newest {count(runs.length)} of {plural(total, "run")}.
          <Button
            size="s"
            disabled={more.isFetchingNextPage}
            onClick={() => void more.fetchNextPage()}
          >
            {more.isFetchingNextPage ? "Loading…" : "Show older ones"}
          </Button>
        </p>
      )}
    </>
  );
}

function NoRuns() {
  return (
    <div className="card">
      <Empty icon={ChartNoAxesGantt} title="No runs yet" action={<FirstRun />}>
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
      title="No run matches"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  );
}
