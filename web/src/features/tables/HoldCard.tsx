import { Link } from "@tanstack/react-router";
import { Hand } from "lucide-react";
import type { Choice, Hold, TableDetail } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Card } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { choiceWord } from "@/lib/vocabulary";
import { type Asked, HAPPENED } from "./choices";

const MEANS: Record<Choice, string> = {
  accept: "The rows are as they should be; new folders come on top.",
  resync: "The rows are wrong from a time on; folders from there are read again.",
  rebuild: "Start over: load the table anew from the whole export, in one commit.",
  repair: "Bring what is missing, and nothing twice.",
  quarantine: "Go on without the file until it is released.",
  wait: "Do nothing until the export comes back as it was.",
};

/** The table waits for a person: what happened, and what they can choose. */
export function HoldCard({
  table,
  hold,
  onChoose,
}: {
  table: TableDetail;
  hold: Hold;
  onChoose: (asked: Asked) => void;
}) {
  const times = useTimes();
  const { error } = hold;
  const files = error.subject ? { files: [error.subject] } : {};
  return (
    <div className="mb-4">
      <Card
        className="border-fail-line"
        title={HAPPENED[error.code] ?? "This table waits for your choice"}
        note={
          <>
            <code className="font-mono text-axis">{error.code}</code>
            {hold.since && `, since ${times.full(hold.since)}`}
            {hold.run_id && (
              <>
                {", "}
                <Link
                  to="/runs/$runId"
                  params={{ runId: hold.run_id }}
                  search={{ table: table.name }}
                  className="link underline"
                >
                  run {shortId(hold.run_id)}
                </Link>
              </>
            )}
          </>
        }
      >
        <div className="flex gap-2.5 text-md">
          <Hand aria-hidden className="mt-0.5 size-4 flex-none text-fail-icon" />
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <p>{error.message}</p>
            <p className="mt-0.5 text-ink-2">{error.hint}</p>
          </div>
        </div>
        <ul aria-label="Choices" className="mt-3 grid gap-x-6 gap-y-2.5 m:grid-cols-2">
          {error.choices.map((choice) => (
            <li key={choice} className="grid grid-cols-[136px_minmax(0,1fr)] items-center gap-3">
              {choice === "wait" ? (
                <Button onClick={() => onChoose({ action: "wait" })}>{choiceWord(choice)}</Button>
              ) : (
                <ActionButton
                  onClick={() =>
                    onChoose({ action: choice, ...(choice === "quarantine" ? files : {}) })
                  }
                >
                  {choiceWord(choice)}
                </ActionButton>
              )}
              <span className="text-ink-2 text-sm">{MEANS[choice]}</span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
