import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { RetentionFacts } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Card } from "@/components/Panel";
import { count, plural } from "@/lib/format";
import { useCleanUp } from "./queries";

/** Which runs are forgotten, and a button that does not wait for the hour. */
export function OldRuns({ retention }: { retention: RetentionFacts }) {
  const [asking, setAsking] = useState(false);
  const { due } = retention;
  return (
    <Card
      title="Old runs"
      actions={
        <ActionButton needs="admin" size="s" disabled={due === 0} onClick={() => setAsking(true)}>
          <Trash2 aria-hidden /> Forget {due > 0 ? plural(due, "run") : "now"}
        </ActionButton>
      }
    >
      <p className="text-ink-2 text-md">{rule(retention)}</p>
      {asking && <AskFirst due={due} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function rule({ days, runs }: RetentionFacts): string {
  if (!days && !runs) {
    return "Every run is kept. CDALAKE_KEEP_RUN_DAYS or CDALAKE_KEEP_RUNS would forget old ones, once an hour.";
  }
  const parts = [
    days ? `older than ${plural(days, "day")}` : "",
    runs ? `beyond the newest ${count(runs)}` : "",
  ].filter(Boolean);
  return `Ended runs ${parts.join(" or ")} are forgotten once an hour, with their logs. The last run of each table stays.`;
}

function AskFirst({ due, onClose }: { due: number; onClose: () => void }) {
  const cleanUp = useCleanUp();
  return (
    <ConfirmDialog
      title={`Forget ${plural(due, "run")}?`}
      description="Their rows, tables and logs are removed for good. Delta tables and their history stay as they are."
      keep="Keep them"
      act={`Forget ${plural(due, "run")}`}
      busy={cleanUp.isPending}
      onAct={() => cleanUp.mutate(undefined, { onSettled: onClose })}
      onClose={onClose}
    />
  );
}
