import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { Dashboard } from "@/api/generated";
import { fromInfo, toProblem } from "@/api/problem";
import { dashboardQuery } from "@/api/queries";
import { PageHead } from "@/components/bits";
import { Ask, Problem, SkeletonBlock } from "@/components/Panel";
import { FirstSteps } from "@/features/dashboard/FirstSteps";
import { Freshness } from "@/features/dashboard/Freshness";
import { HeadLine } from "@/features/dashboard/HeadLine";
import { NeedsAttention } from "@/features/dashboard/NeedsAttention";
import { RecentRuns, SchemaChanges } from "@/features/dashboard/RecentRuns";
import { Tiles } from "@/features/dashboard/Tiles";
import { Volume } from "@/features/dashboard/Volume";
import { useChosen } from "@/lib/chosen";
import { useTitle } from "@/lib/hooks";

/** Below the first screen: fetched after what is urgent. */
const Trends = lazy(() =>
  import("@/features/dashboard/Trends").then(({ Trends }) => ({ default: Trends })),
);

export function DashboardPage() {
  useTitle(null);
  const query = useQuery(dashboardQuery(useChosen()));
  if (query.error && !query.data) {
    return (
      <>
        <PageHead title="Overview" />
        <div className="card">
          <Problem problem={toProblem(query.error)} onRetry={() => void query.refetch()} />
        </div>
      </>
    );
  }
  return (
    <Ask query={query} loading={<Loading />}>
      {(dashboard) => <Overview dashboard={dashboard} onRetry={() => void query.refetch()} />}
    </Ask>
  );
}

function Overview({ dashboard, onRetry }: { dashboard: Dashboard; onRetry: () => void }) {
  const connection = dashboard.connections[0];
  if (!connection) return <FirstSteps connected={false} />;
  const isFresh = dashboard.runs.length === 0 && dashboard.total_tables === 0 && !connection.error;
  if (isFresh) return <FirstSteps connected />;
  return (
    <div>
      <HeadLine dashboard={dashboard} />
      <div className="grid gap-4 max-s:gap-3">
        {dashboard.connections.map(
          ({ name, error }) =>
            error && (
              <div key={name} className="card">
                <Problem
                  problem={fromInfo(error, `Connection ${name} has a problem`)}
                  onRetry={onRetry}
                />
              </div>
            ),
        )}
        <Tiles dashboard={dashboard} />
        {/* Two columns that fill by themselves; one on small screens, most urgent first. */}
        <div className="flex flex-col gap-4 max-s:gap-3 m:grid m:grid-cols-[minmax(0,1.08fr)_minmax(0,1fr)] m:items-start">
          <div className="contents m:grid m:gap-4">
            <NeedsAttention dashboard={dashboard} />
            <div className="grid gap-4 max-m:order-2 max-s:gap-3">
              <Volume dashboard={dashboard} />
              <SchemaChanges dashboard={dashboard} />
            </div>
          </div>
          <div className="contents m:grid m:gap-4">
            <Freshness dashboard={dashboard} />
            <div className="max-m:order-1">
              <RecentRuns dashboard={dashboard} />
            </div>
          </div>
        </div>
      </div>
      <Suspense fallback={<div className="mt-8 min-h-96" />}>
        <Trends />
      </Suspense>
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the overview" className="-m-4 grid animate-appear gap-4">
      <SkeletonBlock className="h-7 w-[380px] max-w-full" />
      <SkeletonBlock className="h-4 w-[260px]" />
      <div className="grid gap-4 s:grid-cols-2 l:grid-cols-4">
        {[0, 1, 2, 3].map((tile) => (
          <SkeletonBlock key={tile} className="h-[138px]" />
        ))}
      </div>
      <div className="grid gap-4 m:grid-cols-2">
        <SkeletonBlock className="h-[420px]" />
        <SkeletonBlock className="h-[420px]" />
      </div>
    </div>
  );
}
