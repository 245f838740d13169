import { Copy, RotateCw } from "lucide-react";
import { useRetryRun } from "@/api/actions";
import type { ErrorGroup, ProcessingJobStatus } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Card } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { TableLink } from "@/components/TableLink";
import { Button } from "@/components/ui/button";
import { useAnnounce } from "@/lib/announce";
import { copyText } from "@/lib/clipboard";
import { plural } from "@/lib/format";
import { choiceWord, tableWord } from "@/lib/vocabulary";

const SHOWN = 24;

/** Failed tables by cause: what happened, how to fix it, one button. */
export function ErrorGroups({ run }: { run: ProcessingJobStatus }) {
  const { say } = useAnnounce();
  const groups = run.error_groups;
  if (groups.length === 0) return null;
  const failed = groups.reduce((sum, group) => sum + group.tables.length, 0);
  const copy = async () => {
    const text = groups.map(
      (group) =>
        `${group.code}: ${group.message}\nHow to fix: ${group.hint}\nTables: ${group.tables.join(", ")}`,
    );
    const done = await copyText(`Run ${run.run_id}\n\n${text.join("\n\n")}\n`);
    say(done ? "Copied for a ticket." : "The browser did not let us copy.", {
      tone: done ? "info" : "fail",
    });
  };
  return (
    <Card
      title={`${plural(failed, "table")} did not end well, ${plural(groups.length, "cause")}`}
      flush
      actions={
        <Button variant="ghost" size="s" onClick={() => void copy()}>
          <Copy aria-hidden /> Copy for a ticket
        </Button>
      }
    >
      {groups.map((group) => (
        <Group key={`${group.code} ${group.message}`} group={group} run={run} />
      ))}
    </Card>
  );
}

function Group({ group, run }: { group: ErrorGroup; run: ProcessingJobStatus }) {
  const retry = useRetryRun();
  return (
    <div className="grid gap-2 border-line border-t px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-2">
        <StatusIcon word={tableWord("failed")} />
        <h3 className="font-semibold text-fail text-md">{group.title}</h3>
        <code className="rounded-s bg-mute-bg px-1.5 font-mono font-semibold text-axis text-ink-2">
          {group.code}
        </code>
        <span className="text-ink-2 text-md">{plural(group.tables.length, "table")}</span>
        {run.can_retry && group.choices.length === 0 && (
          <ActionButton
            size="s"
            className="ml-auto"
            disabled={retry.isPending}
            data-tip="Tries every table of this run again that did not end well"
            onClick={() => retry.mutate(run.run_id)}
          >
            <RotateCw aria-hidden /> Retry
          </ActionButton>
        )}
      </div>
      <div className="grid gap-x-6 gap-y-2 text-md m:grid-cols-2">
        <div>
          <h4 className="font-semibold text-ink-2 text-sm">What happened</h4>
          <p className="[overflow-wrap:anywhere]">{group.message}</p>
        </div>
        <div>
          <h4 className="font-semibold text-ink-2 text-sm">How to fix</h4>
          <p className="[overflow-wrap:anywhere]">{group.hint}</p>
          {group.choices.length > 0 && (
            <p className="mt-1 text-ink-2">
              Open a table to choose: {group.choices.map(choiceWord).join(", ")}. Each says first
              what it would do.
            </p>
          )}
        </div>
      </div>
      <ul className="flex flex-wrap gap-1.5">
        {group.tables.slice(0, SHOWN).map((table) => (
          <li key={table}>
            <TableLink
              name={table}
              connection={run.connection}
              className="inline-flex h-[26px] items-center rounded-full border border-line-2 px-2.5 font-mono text-ink-2 text-sm hover:bg-hover hover:text-ink"
            >
              {table}
            </TableLink>
          </li>
        ))}
        {group.tables.length > SHOWN && (
          <li className="self-center text-ink-2 text-sm">and {group.tables.length - SHOWN} more</li>
        )}
      </ul>
    </div>
  );
}
