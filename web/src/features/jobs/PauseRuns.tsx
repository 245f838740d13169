import { useQuery } from "@tanstack/react-query";
import { CirclePause } from "lucide-react";
import { useState } from "react";
import { usePauseRuns } from "@/api/actions";
import { dashboardQuery } from "@/api/queries";
import { ActionButton } from "@/components/ActionButton";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useChosen } from "@/lib/chosen";

/** Lets no run of the connections in view begin, for as long as somebody works on them. */
export function PauseRuns() {
  const chosen = useChosen();
  const dashboard = useQuery(dashboardQuery()).data;
  const [asking, setAsking] = useState(false);
  const paused = new Set(dashboard?.paused.map(({ connection }) => connection));
  const names = (dashboard?.connections ?? [])
    .map(({ name }) => name)
    .filter((name) => !paused.has(name) && (chosen ?? name) === name);
  if (names.length === 0) return null;
  return (
    <>
      <ActionButton onClick={() => setAsking(true)}>
        <CirclePause aria-hidden /> Pause runs
      </ActionButton>
      {asking && <PauseDialog names={names} onClose={() => setAsking(false)} />}
    </>
  );
}

function PauseDialog({ names, onClose }: { names: readonly string[]; onClose: () => void }) {
  const pause = usePauseRuns();
  return (
    <ConfirmDialog
      title={`Pause the runs of ${names.join(", ")}?`}
      description="Runs that go on are not touched. New ones wait in the list, on every server, until somebody resumes them."
      keep="Do not pause"
      act={
        <>
          <CirclePause aria-hidden /> Pause runs
        </>
      }
      busy={pause.isPending}
      onAct={() => pause.mutate(names, { onSettled: onClose })}
      onClose={onClose}
    >
      <p className="px-6 py-4 text-base max-s:px-4">
        A sync from the command line does not wait here: it goes on beside them.
      </p>
    </ConfirmDialog>
  );
}
