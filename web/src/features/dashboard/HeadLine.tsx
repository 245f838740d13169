import { Link } from "@tanstack/react-router";
import { ChevronRight, RotateCw } from "lucide-react";
import { useLookAgain, useRetryFailed } from "@/api/actions";
import type { Dashboard } from "@/api/generated";
import { ActionButton, ActionLink } from "@/components/ActionButton";
import { PageHead } from "@/components/bits";
import { Button } from "@/components/ui/button";
import { count, sentence, short } from "@/lib/format";
import { useAge, useTimes } from "@/lib/time";

/** The title is the answer. */
export function HeadLine({ dashboard }: { dashboard: Dashboard }) {
  const run = dashboard.active_run ?? dashboard.last_run;
  return (
    <PageHead
      title={<span aria-live="polite">{dashboard.headline}</span>}
      actions={
        <>
          {!dashboard.active_run && <RetryButton dashboard={dashboard} />}
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
      <p className="tabular-nums">
        {sentence(dashboard.subline)} <AsOf at={dashboard.as_of} />
      </p>
    </PageHead>
  );
}

function RetryButton({ dashboard }: { dashboard: Dashboard }) {
  const retry = useRetryFailed();
  const failed = dashboard.retry.reduce((sum, offer) => sum + offer.tables.length, 0);
  if (failed === 0) return null;
  return (
    <ActionButton disabled={retry.isPending} onClick={() => retry.mutate(dashboard.retry)}>
      <RotateCw aria-hidden className="text-accent-ink" /> Retry {count(failed)} failed
    </ActionButton>
  );
}

/** How old the answer is, and the button that makes it new. */
function AsOf({ at }: { at: string | null }) {
  const times = useTimes();
  const age = useAge(at);
  const look = useLookAgain();
  return (
    <>
      {at && <span data-tip={times.full(at)}>As of {short(age)} ago.</span>}{" "}
      <ActionLink disabled={look.isPending} onClick={() => look.mutate()}>
        Look again
      </ActionLink>
    </>
  );
}
