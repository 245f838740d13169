import { Link } from "@tanstack/react-router";
import { ChevronRight, RotateCw } from "lucide-react";
import { useRetryRun } from "@/api/actions";
import type { Dashboard } from "@/api/generated";
import { PageHead } from "@/components/bits";
import { Button } from "@/components/ui/button";
import { sentence } from "@/lib/format";

/** The title is the answer. */
export function HeadLine({ dashboard }: { dashboard: Dashboard }) {
  const retry = useRetryRun();
  const failed = dashboard.health.find((facet) => facet.value === "Failed")?.count ?? 0;
  const lastFailed = dashboard.last_run?.tables_failed ?? 0;
  const canRetry = failed > 0 && lastFailed > 0 && !dashboard.active_run && dashboard.last_run;
  const run = dashboard.active_run ?? dashboard.last_run;
  return (
    <PageHead
      title={<span aria-live="polite">{dashboard.headline}</span>}
      actions={
        <>
          {canRetry && (
            <Button
              disabled={retry.isPending}
              onClick={() => dashboard.last_run && retry.mutate(dashboard.last_run.run_id)}
            >
              <RotateCw aria-hidden className="text-accent-ink" /> Retry {lastFailed} failed
            </Button>
          )}
          {run && (
            <Button asChild>
              <Link to="/runs/$runId" params={{ runId: run.run_id }}>
                {dashboard.active_run ? "Open run" : "Last run"} <ChevronRight aria-hidden />
              </Link>
            </Button>
          )}
        </>
      }
    >
      <p>{sentence(dashboard.subline)}</p>
    </PageHead>
  );
}
