import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { newRequestId, useStartChoice } from "@/api/actions";
import type { PlanRequest, TableDetail } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { ActionButton } from "@/components/ActionButton";
import { Ask, Problem, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useDebounced } from "@/lib/hooks";
import { useTimes } from "@/lib/time";
import { type Asked, folderTime, planQuery, WORDS, watermarksOf } from "./choices";
import { DryRun } from "./DryRun";

/** Says what a choice would do, file by file, and does it only then. */
export function ChoiceDialog({
  table,
  asked,
  onClose,
}: {
  table: TableDetail;
  asked: Asked;
  onClose: () => void;
}) {
  const words = WORDS[asked.action];
  const navigate = useNavigate();
  const start = useStartChoice();
  // The same choice sent twice (a double click, a lost answer) is one run.
  const [requestId] = useState(newRequestId);
  const marks = watermarksOf(table);
  const [since, setSince] = useState(marks[0] ?? "");
  const body = bodyOf(asked, useDebounced(since, 400));
  const plan = useQuery(planQuery(table, body));
  const keep = useRef<HTMLButtonElement>(null);
  const isSettled = asked.action !== "resync" || body?.since === folderTime(since);
  const can = isSettled && plan.data !== undefined && plan.data.error === null;
  const submit = () => {
    if (!body || !can || start.isPending) return;
    const { action, since: from, files } = body;
    start.mutate(
      { table, action, since: from ?? null, files: files ?? null, requestId },
      {
        onSuccess: ({ run_id: runId }) => {
          onClose();
          void navigate({ to: "/runs/$runId", params: { runId } });
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${words.title}: ${table.name}`}
      description={words.what}
      className="max-w-[640px]"
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        keep.current?.focus();
      }}
      footer={
        <>
          <span className="text-ink-2 text-sm max-s:hidden">
            {body && can ? "Nothing has been written yet." : ""}
          </span>
          <Button ref={keep} className="ml-auto" onClick={onClose}>
            {words.act ? "Leave as it is" : "Close"}
          </Button>
          {words.act && (
            <ActionButton variant="primary" disabled={!can || start.isPending} onClick={submit}>
              {start.isPending ? "Starting…" : words.act}
            </ActionButton>
          )}
        </>
      }
    >
      {asked.action !== "wait" && (
        <>
          {asked.action === "resync" && (
            <SinceField value={since} marks={marks} onChange={setSince} />
          )}
          {asked.files && asked.files.length > 0 && (
            <ul aria-label="Files" className="px-6 pt-4 font-mono text-sm max-s:px-4">
              {asked.files.map((key) => (
                <li key={key} className="[overflow-wrap:anywhere]">
                  {key}
                </li>
              ))}
            </ul>
          )}
          <div aria-live="polite" aria-busy={plan.isFetching}>
            {body && (
              <Ask query={plan} loading={<Skeleton rows={4} />}>
                {(found) => <DryRun plan={found} />}
              </Ask>
            )}
          </div>
          {start.error && (
            <div className="border-line border-t">
              <Problem problem={toProblem(start.error)} onRetry={submit} />
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

function bodyOf({ action, files }: Asked, since: string): PlanRequest | null {
  if (action === "wait") return null;
  if (action !== "resync") return files ? { action, files: [...files] } : { action };
  const at = folderTime(since);
  return at === null ? null : { action, since: at };
}

const FIELD =
  "h-9 w-full rounded-m border border-control bg-surface px-2.5 font-mono text-md max-s:h-10";

/** From which folder on; the watermarks of the table's commits are the usual answers. */
function SinceField({
  value,
  marks,
  onChange,
}: {
  value: string;
  marks: readonly string[];
  onChange: (value: string) => void;
}) {
  const times = useTimes();
  const at = folderTime(value);
  const isBad = value !== "" && at === null;
  return (
    <div className="grid gap-3 border-line border-b px-6 py-4 max-s:px-4 s:grid-cols-2">
      <div className="grid content-start gap-1.5">
        <label htmlFor="since" className="font-[550] text-md">
          Read again from
        </label>
        <input
          id="since"
          value={value}
          spellCheck={false}
          aria-invalid={isBad || undefined}
          aria-describedby="since-note"
          placeholder="2026-11-26T03:00Z"
          onChange={(event) => onChange(event.target.value)}
          className={FIELD}
        />
        <p id="since-note" className={isBad ? "text-fail text-sm" : "text-ink-2 text-sm"}>
          {at === null
            ? "A folder timestamp: a time in UTC like 2026-11-26T03:00Z, or epoch milliseconds."
            : `${times.full(at)}, folder timestamp ${at}`}
        </p>
      </div>
      {marks.length > 0 && (
        <div className="grid content-start gap-1.5">
          <label htmlFor="marks" className="font-[550] text-md">
            Watermarks of this table
          </label>
          <select
            id="marks"
            value={marks.includes(value) ? value : ""}
            onChange={(event) => onChange(event.target.value)}
            className={FIELD}
          >
            <option value="" disabled>
              another time
            </option>
            {marks.map((mark) => (
              <option key={mark} value={mark}>
                {times.full(mark)}
              </option>
            ))}
          </select>
          <p className="text-ink-2 text-sm">Up to there earlier commits had read.</p>
        </div>
      )}
    </div>
  );
}
