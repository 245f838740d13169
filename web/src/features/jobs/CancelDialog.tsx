import { CircleStop } from "lucide-react";
import { useCancelRun } from "@/api/actions";
import type { ProcessingJobStatus } from "@/api/generated";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { plural, shortId } from "@/lib/format";
import { countStates } from "./progress";

/** What cancelling means right now, in numbers, before it is done. */
export function CancelDialog({ run, onClose }: { run: ProcessingJobStatus; onClose: () => void }) {
  const cancel = useCancelRun();
  const counts = countStates(run.results);
  const sum = (...states: string[]) =>
    states.reduce((total, state) => total + (counts.get(state) ?? 0), 0);
  const committed = run.results.filter((result) => result.commits > 0).length;
  const running = sum("running");
  const waiting = sum("pending");
  return (
    <ConfirmDialog
      title={`Cancel run ${shortId(run.run_id)}?`}
      description="What is committed stays; the next run goes on from there. No row is lost or doubled."
      keep="Keep running"
      act={
        <>
          <CircleStop aria-hidden /> Cancel run
        </>
      }
      busy={cancel.isPending}
      onAct={() => cancel.mutate(run.run_id, { onSettled: onClose })}
      onClose={onClose}
    >
      <ul className="grid gap-px px-6 py-4 text-base max-s:px-4">
        <Line n={committed} text={`${plural(committed, "table")} committed something, kept`} />
        <Line
          n={running}
          text={`${plural(running, "table")} running, ${running === 1 ? "it stops" : "they stop"} at the next folder`}
        />
        <Line
          n={waiting}
          text={`${plural(waiting, "table")} not started, left as ${waiting === 1 ? "it is" : "they are"}`}
        />
      </ul>
    </ConfirmDialog>
  );
}

function Line({ n, text }: { n: number; text: string }) {
  return (
    <li className={n === 0 ? "py-1 text-ink-2" : "py-1"}>
      {text.charAt(0).toUpperCase() + text.slice(1)}
    </li>
  );
}
