import { useMutation } from "@tanstack/react-query";
import { Zap } from "lucide-react";
import { useId, useState } from "react";
import { toProblem } from "@/api/problem";
import { Card, Problem, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/switch";
import { tryConnection } from "./queries";
import { TestSteps } from "./TestSteps";

/** Tries a connection when asked to. Nothing is written without consent. */
export function ConnectionTest({ name, allowed }: { name: string; allowed: boolean }) {
  const [consent, setConsent] = useState(false);
  const test = useMutation({ mutationFn: () => tryConnection(name, consent) });
  const id = useId();
  return (
    <Card
      title="Test connection"
      actions={
        <Button disabled={!allowed || test.isPending} onClick={() => test.mutate()}>
          <Zap aria-hidden /> {test.isPending ? "Testing…" : "Test connection"}
        </Button>
      }
    >
      <div className="mb-3 flex items-center gap-3">
        <label htmlFor={id} className="flex-1 text-md">
          Write a probe object to the target
          <small id={`${id}-help`} className="block text-ink-2 text-sm">
            It is removed again at once. Without it the store is only asked whether it would take
            one.
          </small>
        </label>
        <Switch id={id} checked={consent} onChange={setConsent} describedBy={`${id}-help`} />
      </div>
      {!allowed && <p className="text-ink-2 text-md">Testing needs the role operator.</p>}
      {test.isPending && <Skeleton rows={5} />}
      {!test.isPending && test.error && (
        <Problem problem={toProblem(test.error)} onRetry={() => test.mutate()} className="px-0" />
      )}
      {!test.isPending && test.data && <TestSteps result={test.data} />}
      {test.isIdle && allowed && (
        <p className="text-ink-2 text-md">
          Name and endpoint, credentials, listing, manifest, one data file, and the target: each
          step with its time.
        </p>
      )}
    </Card>
  );
}
