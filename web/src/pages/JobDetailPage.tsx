import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, CircleStop, Play, RotateCw, SearchX, TriangleAlert } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useRetryRun } from "@/api/actions";
import type { ProcessingJobStatus } from "@/api/generated";
import { fromInfo, toProblem } from "@/api/problem";
import { ActionButton } from "@/components/ActionButton";
import { PageHead } from "@/components/bits";
import { NearestRuns } from "@/components/Nearest";
import { Ask, Card, Empty, Problem, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { CancelDialog } from "@/features/jobs/CancelDialog";
import { ClusterCard } from "@/features/jobs/ClusterCard";
import { ErrorGroups } from "@/features/jobs/ErrorGroups";
import { JobStatusBadge } from "@/features/jobs/JobStatusBadge";
import { LogViewer } from "@/features/jobs/LogViewer";
import { ResultsTable } from "@/features/jobs/ResultsTable";
import { RunConfig } from "@/features/jobs/RunConfig";
import { RunProgress } from "@/features/jobs/RunProgress";
import { useRun } from "@/features/jobs/use-run";
import type { RunSearch } from "@/lib/addresses";
import { plural, sentence, shortId } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useStartRun, type Wish } from "@/lib/start-run";
import { useTimes } from "@/lib/time";
import { actionWord, isActive, runWord, type SchemaChange, triggerWord } from "@/lib/vocabulary";

const route = getRouteApi("/runs/$runId");

// Below the fold, and large: they come when the rest is there.
const TimeLine = lazy(async () => ({
  default: (await import("@/features/jobs/TimeLine")).TimeLine,
}));
const Comparison = lazy(async () => ({
  default: (await import("@/features/jobs/Comparison")).Comparison,
}));

function Later({ title, children }: { title: string; children: ReactNode }) {
  const waiting = (
    <Card title={title}>
      <Skeleton rows={5} />
    </Card>
  );
  return <Suspense fallback={waiting}>{children}</Suspense>;
}

export function JobDetailPage() {
  const { runId } = route.useParams();
  // Another run is another page: nothing of the last one may stay.
  return <RunPage key={runId} runId={runId} />;
}

function RunPage({ runId }: { runId: string }) {
  const search = route.useSearch();
  const { query, active, listeners } = useRun(runId);
  const run = query.data;
  useTitle(run ? `${runWord(run.status).word}, run ${shortId(runId)}` : `Run ${shortId(runId)}`);
  if (!run && query.error && toProblem(query.error).status === 404) return <NoSuchRun id={runId} />;
  return (
    <>
      <Head runId={runId} run={run} />
      <div className={run ? undefined : "card"}>
        <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
          {(found) => (
            <div className="grid gap-4 max-s:gap-3">
              <Panels run={found} />
              <LogViewer
                source={{ runId, active, listeners }}
                search={search}
                attempts={found.attempt}
              />
              <Later title="Compared with the run before">
                <Comparison runId={runId} ended={!active} />
              </Later>
              {!found.error && <RunConfig run={found} />}
            </div>
          )}
        </Ask>
      </div>
    </>
  );
}

function Panels({ run }: { run: ProcessingJobStatus }) {
  const { state, sort, from, to } = route.useSearch();
  const navigate = useNavigate({ from: "/runs/$runId" });
  const set = (next: RunSearch) =>
    void navigate({
      search: (old) => ({ ...old, ...next }),
      replace: true,
      hash: true,
      resetScroll: false,
    });
  const onState = (next: string | undefined) => set({ state: next ?? "" });
  return (
    <>
      {run.error && (
        <div className="card">
          <Problem problem={fromInfo(run.error, errorTitle(run.error.code))} />
        </div>
      )}
      {/* What it was asked for is the first thing to look at where it did nothing. */}
      {run.error && <RunConfig run={run} />}
      <Outcome run={run} />
      <RunProgress run={run} state={state} onState={onState} />
      <ClusterCard run={run} />
      <ErrorGroups run={run} />
      <Warnings run={run} />
      <Later title="Time line">
        <TimeLine run={run} stretch={{ from, to }} onStretch={set} />
      </Later>
      <ResultsTable
        run={run}
        state={state}
        sort={sort}
        onSort={(next) => set({ sort: next })}
        onClear={() => onState(undefined)}
      />
    </>
  );
}

const errorTitle = (code: string) =>
  code === "RUN_NOT_STARTED" ? "The run could not start" : "The run could not do its work";

/** What a cancelled run did and left; said in the dialog before, and here after. */
function Outcome({ run }: { run: ProcessingJobStatus }) {
  if (run.status !== "cancelled" && run.status !== "cancelling") return null;
  const committed = run.results.filter((each) => each.commits > 0).length;
  const untouched = run.results.filter((each) => !each.process_start_time).length;
  const running = run.results.filter((each) => each.status === "running").length;
  const stopped = run.results.filter(
    (each) => each.status === "cancelled" && each.process_start_time,
  ).length;
  return (
    <p role="status" className="card px-4 py-3 text-md">
      {plural(committed, "table")} committed something, kept.{" "}
      {run.status === "cancelling"
        ? `${plural(running, "table")} still running, to stop at the next folder.`
        : `${plural(stopped, "table")} stopped at a safe point.`}{" "}
      {plural(untouched, "table")} not started. The next run goes on from there.
    </p>
  );
}

function Warnings({ run }: { run: ProcessingJobStatus }) {
  if (run.warnings.length === 0) return null;
  return (
    <Card title={plural(run.warnings.length, "warning")} note="the run went on">
      <ul className="grid gap-2 text-md">
        {run.warnings.slice(0, 20).map((warning) => (
          <li key={`${warning.code} ${warning.message}`} className="flex gap-2">
            <TriangleAlert aria-hidden className="mt-px size-4 flex-none text-warn-icon" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {warning.message}{" "}
              <code className="font-mono text-axis text-ink-2">{warning.code}</code>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Head({ runId, run }: { runId: string; run: ProcessingJobStatus | undefined }) {
  const times = useTimes();
  return (
    <PageHead
      title={`Run ${shortId(runId)}`}
      badge={
        run && (
          <span aria-live="polite">
            <JobStatusBadge status={run.status} pill />
          </span>
        )
      }
      crumbs={
        <>
          <Link to="/runs" className="hover:text-ink hover:underline">
            Runs
          </Link>
          <ChevronRight aria-hidden className="size-3 text-ink-3" />
          <span className="font-mono" aria-current="page">
            {shortId(runId)}
          </span>
        </>
      }
      actions={run && <Actions run={run} />}
    >
      {run && (
        <p>
          {run.action !== "sync" && (
            <>
              <strong className="font-semibold text-ink">{actionWord(run.action)}</strong>
              {", "}
            </>
          )}
          {run.action === "sync"
            ? triggerWord(run.trigger)
            : triggerWord(run.trigger).toLowerCase()}
          , {run.requested_by}
          {run.start_time ? `, started ${times.full(run.start_time)}` : ", waiting to start"}.{" "}
          {sentence(run.selection)} {run.waiting_reason && sentence(run.waiting_reason)}
        </p>
      )}
    </PageHead>
  );
}

function Actions({ run }: { run: ProcessingJobStatus }) {
  const [asking, setAsking] = useState(false);
  const retry = useRetryRun();
  const { open } = useStartRun();
  const active = isActive(run.status);
  return (
    <>
      {run.can_retry && (
        <ActionButton disabled={retry.isPending} onClick={() => retry.mutate(run.run_id)}>
          <RotateCw aria-hidden className="text-accent-ink" />
          {run.tables_failed > 0 ? `Retry ${run.tables_failed} failed` : "Retry"}
        </ActionButton>
      )}
      {active && (
        <ActionButton disabled={!run.can_cancel} onClick={() => setAsking(true)}>
          <CircleStop aria-hidden /> {run.status === "cancelling" ? "Cancelling…" : "Cancel run"}
        </ActionButton>
      )}
      {!active && run.action === "sync" && (
        <ActionButton onClick={() => open(wishOf(run))}>
          <Play aria-hidden className="text-accent-ink" /> Run again
        </ActionButton>
      )}
      {asking && active && <CancelDialog run={run} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The same run once more, as far as the dialog can ask for it. */
const wishOf = ({ config }: ProcessingJobStatus): Wish => ({
  connection: config.connection,
  include: config.table_names ?? [],
  exclude: config.exceptions ?? [],
  commitPerFolder: config.commit_per_folder,
  largestFirst: config.largest_tables_first_count,
  parallel: config.parallel,
  schemaChange: config.schema_change as SchemaChange,
  // Said for the run that was; the next one asks again.
  confirmReplace: false,
});

function NoSuchRun({ id }: { id: string }) {
  return (
    <div className="card mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">Run not found</h1>
      <Empty
        icon={SearchX}
        title={`There is no run ${id}`}
        action={
          <Button asChild>
            <Link to="/runs">All runs</Link>
          </Button>
        }
      >
        It may belong to another home folder, or it was never started.
      </Empty>
      <NearestRuns to={id} />
    </div>
  );
}
