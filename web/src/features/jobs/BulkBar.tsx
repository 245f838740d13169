import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleStop, RotateCw, X } from "lucide-react";
import { useState } from "react";
import type { BulkAnswer, ProcessingJobSummary } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { ActionButton } from "@/components/ActionButton";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useAnnounce } from "@/lib/announce";
import { plural, shortId } from "@/lib/format";
import { type BulkAction, canCancel, canRetry, changeMany } from "./run-filter";

/** What can be done with the runs that are chosen, each as far as it allows it. */
export function BulkBar({
  runs,
  onClear,
}: {
  runs: readonly ProcessingJobSummary[];
  onClear: () => void;
}) {
  const change = useBulk(onClear);
  const [asking, setAsking] = useState(false);
  const cancellable = runs.filter(canCancel).map((run) => run.run_id);
  const retryable = runs.filter(canRetry).map((run) => run.run_id);
  return (
    <section
      aria-label="Chosen runs"
      className="flex flex-wrap items-center gap-2 border-line border-b bg-sunken px-4 py-2"
    >
      <b role="status" className="mr-2 font-semibold text-md">
        {plural(runs.length, "run")} chosen
      </b>
      <ActionButton
        size="s"
        disabled={retryable.length === 0 || change.isPending}
        onClick={() => change.mutate({ action: "retry", runs: retryable })}
      >
        <RotateCw aria-hidden /> Retry failed tables of {retryable.length}
      </ActionButton>
      <ActionButton
        size="s"
        disabled={cancellable.length === 0 || change.isPending}
        onClick={() => setAsking(true)}
      >
        <CircleStop aria-hidden /> Cancel {cancellable.length}
      </ActionButton>
      <Button size="s" variant="ghost" className="ml-auto" onClick={onClear}>
        <X aria-hidden /> Choose none
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Cancel ${plural(cancellable.length, "run")}?`}
        description="What is committed stays; the next run goes on from there. No row is lost or doubled."
        className="max-w-[520px]"
        footer={
          <>
            <Button className="ml-auto" onClick={() => setAsking(false)}>
              Keep running
            </Button>
            <Button
              variant="primary"
              onClick={() => {
                setAsking(false);
                change.mutate({ action: "cancel", runs: cancellable });
              }}
            >
              Cancel {plural(cancellable.length, "run")}
            </Button>
          </>
        }
      >
        <ul className="px-6 py-4 font-mono text-md max-s:px-4">
          {cancellable.slice(0, 10).map((id) => (
            <li key={id}>{shortId(id)}</li>
          ))}
        </ul>
      </Dialog>
    </section>
  );
}

function useBulk(onDone: () => void) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: ({ action, runs }: { action: BulkAction; runs: readonly string[] }) =>
      changeMany(action, runs),
    onSuccess: (answer, { action }) => {
      const refused = answer.items.some((item) => !item.ok);
      say(outcome(answer, action), { tone: refused ? "fail" : "info" });
      onDone();
    },
    onError: (error) => say(toProblem(error).message, { tone: "fail" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

function outcome({ items }: BulkAnswer, action: BulkAction): string {
  const done = items.filter((item) => item.ok).length;
  const refused = items.filter((item) => !item.ok);
  const verb = action === "cancel" ? "asked to stop" : "tried again";
  const first = refused[0];
  const but = first
    ? ` ${plural(refused.length, "run")} refused: ${shortId(first.run_id)}: ${first.message}`
    : "";
  return `${plural(done, "run")} ${verb}.${but}`;
}
