import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Columns2, Download, Play, RotateCw, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { newRequestId } from "@/api/actions";
import type { SortKey, TableRunsAnswer, TableRunsItem } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { ActionButton } from "@/components/ActionButton";
import { Problem } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useAnnounce } from "@/lib/announce";
import { count, plural, shortId } from "@/lib/format";
import { useShortcut } from "@/lib/shortcuts";
import type { Column } from "./columns";
import { exportHref, type Filter, matchingBody, startTables } from "./list-queries";
import type { Selection } from "./selection";

interface BulkBarProps {
  filter: Filter;
  sort: SortKey;
  total: number;
  columns: readonly Column[];
  selection: Selection;
}

/** What can be done with the ticked rows. */
export function BulkBar({ filter, sort, total, columns, selection }: BulkBarProps) {
  const [answer, setAnswer] = useState<TableRunsAnswer | null>(null);
  const start = useStartTables(filter, selection, setAnswer);
  useShortcut({
    keys: "Escape",
    group: "Tables",
    does: "Select none",
    act: selection.clear,
    off: selection.count === 0,
  });
  const fields = columns.flatMap((column) => column.fields);
  return (
    <>
      {selection.count > 0 && (
        <section
          aria-label="Selected tables"
          className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full items-center gap-1 overflow-x-auto rounded-l border border-line-2 bg-surface py-1.5 pr-1.5 pl-4 shadow-3 max-s:bottom-20"
        >
          <strong role="status" className="mr-2 flex-none font-semibold text-md tabular-nums">
            {count(selection.count)} selected
          </strong>
          {!selection.isAll && total > selection.count && (
            <Button variant="ghost" size="s" onClick={selection.all}>
              Select all {count(total)} matching
            </Button>
          )}
          <Act label="Run" disabled={start.isPending} onClick={() => start.mutate("run")}>
            <Play aria-hidden />
          </Act>
          <Act
            label="Retry failed"
            disabled={start.isPending}
            onClick={() => start.mutate("retry")}
          >
            <RotateCw aria-hidden />
          </Act>
          <CompareTwo selection={selection} />
          {selection.isAll && selection.named.length === 0 && (
            <Button asChild variant="ghost" size="s">
              <a href={exportHref(filter, sort, fields, "csv")} download>
                <Download aria-hidden /> Export
              </a>
            </Button>
          )}
          <Button variant="ghost" size="icon-s" aria-label="Select none" onClick={selection.clear}>
            <X aria-hidden />
          </Button>
        </section>
      )}
      {start.error && (
        <div className="card mt-3">
          <Problem problem={toProblem(start.error)} onRetry={() => start.mutate(start.variables)} />
        </div>
      )}
      {answer && <LeftOut answer={answer} onClose={() => setAnswer(null)} />}
    </>
  );
}

function Act({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <ActionButton variant="ghost" size="s" disabled={disabled} onClick={onClick}>
      {children} {label}
    </ActionButton>
  );
}

/** Two ticked tables can be put side by side. */
function CompareTwo({ selection }: { selection: Selection }) {
  const [a, b] = selection.named;
  const isTwo = !selection.isAll && selection.count === 2 && a && b;
  if (!isTwo) {
    return (
      <Button variant="ghost" size="s" disabled data-tip="Select two tables to compare them">
        <Columns2 aria-hidden /> Compare
      </Button>
    );
  }
  const search = { a: a.name, ac: a.connection, b: b.name, bc: b.connection };
  return (
    <Button asChild variant="ghost" size="s">
      <Link to="/compare" search={search}>
        <Columns2 aria-hidden /> Compare
      </Link>
    </Button>
  );
}

function useStartTables(
  filter: Filter,
  selection: Selection,
  onLeftOut: (answer: TableRunsAnswer) => void,
) {
  const client = useQueryClient();
  const { say } = useAnnounce();
  return useMutation({
    mutationFn: (action: "run" | "retry") =>
      startTables({
        action,
        request_id: newRequestId(),
        ...(selection.isAll
          ? matchingBody(filter, selection.named)
          : { tables: [...selection.named] }),
      }),
    onSuccess: (answer) => {
      for (const run of answer.runs) {
        say(`Run ${shortId(run.run_id)} of ${plural(run.tables, "table")} started.`);
      }
      if (answer.items.some((item) => item.error)) onLeftOut(answer);
      else selection.clear();
    },
    onSettled: () =>
      Promise.all(
        ["dashboard", "jobs", "tables", "matrix"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}

const SHOWN = 12;

/** Tables that were not taken, by reason: one that is left out is always named. */
function LeftOut({ answer, onClose }: { answer: TableRunsAnswer; onClose: () => void }) {
  const left = answer.items.filter((item) => item.error);
  const taken = answer.items.length - left.length;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${plural(left.length, "table")} left out`}
      description={
        taken > 0
          ? `${plural(taken, "table")} ${taken === 1 ? "is" : "are"} being run.`
          : "No run was started."
      }
      className="s:max-w-[560px]"
      footer={
        <>
          {answer.runs.map((run) => (
            <Button key={run.run_id} asChild>
              <Link to="/runs/$runId" params={{ runId: run.run_id }}>
                Open run {shortId(run.run_id)}
              </Link>
            </Button>
          ))}
          <Button variant="primary" className="ml-auto" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <ul className="grid gap-4 px-6 py-4 max-s:px-4">
        {[...byCode(left)].map(([code, items]) => (
          <li key={code}>
            <p className="text-md">
              <code className="mr-2 rounded-s bg-mute-bg px-1.5 font-mono text-axis text-ink-2">
                {code}
              </code>
              {items.length === 1
                ? items[0]?.error?.message
                : `${plural(items.length, "table")}: ${items
                    .slice(0, SHOWN)
                    .map((item) => item.name)
                    .join(", ")}${items.length > SHOWN ? " and more" : ""}`}
            </p>
            <p className="text-ink-2 text-sm">{items[0]?.error?.hint}</p>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function byCode(items: readonly TableRunsItem[]): Map<string, TableRunsItem[]> {
  const groups = new Map<string, TableRunsItem[]>();
  for (const item of items) {
    const code = item.error?.code ?? "";
    groups.set(code, [...(groups.get(code) ?? []), item]);
  }
  return groups;
}
