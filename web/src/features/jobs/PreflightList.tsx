import type { ReactNode } from "react";
import type { Preflight, PreflightStep, WaitsFor } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { Skeleton } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { plural, shortId } from "@/lib/format";
import type { Word } from "@/lib/vocabulary";

const WORDS: Record<string, Word> = {
  ok: { word: "Fine", tone: "ok", shape: "check" },
  warning: { word: "Note", tone: "warn", shape: "triangle" },
  failed: { word: "Failed", tone: "fail", shape: "octagon" },
  skipped: { word: "Not tried", tone: "mute", shape: "skip" },
};
const WAITS: Word = { word: "Waits", tone: "warn", shape: "clock" };
const UNKNOWN: Word = { word: "Unknown", tone: "mute", shape: "question" };

interface Asked {
  data: Preflight | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** What a run would do first, tried now: each step with what it saw. */
export function PreflightList({ query }: { query: Asked }) {
  return (
    <section aria-label="Preflight" aria-live="polite">
      <h3 className="mt-4 mb-1 font-semibold text-base">Preflight</h3>
      <Steps query={query} />
    </section>
  );
}

function Steps({ query }: { query: Asked }) {
  const { data, error } = query;
  if (data) {
    return (
      <ul>
        {data.steps.map((step) => (
          <StepItem key={step.name} step={step} />
        ))}
        {data.pause && (
          <Item word={WAITS} title="Runs are paused">
            {data.pause}
          </Item>
        )}
        {data.waits_for.map((wait) => (
          <WaitItem key={wait.run_id} wait={wait} />
        ))}
      </ul>
    );
  }
  if (!error) return <Skeleton rows={5} />;
  return (
    <div role="alert" className="grid justify-items-start gap-2 text-md">
      <p className="[overflow-wrap:anywhere]">
        It could not be tried: {toProblem(error).message} {toProblem(error).hint}
      </p>
      <Button size="s" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </div>
  );
}

function StepItem({ step }: { step: PreflightStep }) {
  return (
    <Item word={WORDS[step.state] ?? UNKNOWN} title={step.title} seconds={step.seconds}>
      {step.sentence} {step.state !== "ok" && step.hint}
      {step.code && <code className="ml-1 font-mono text-axis">{step.code}</code>}
    </Item>
  );
}

function WaitItem({ wait }: { wait: WaitsFor }) {
  const tables = wait.tables.length;
  const named = wait.tables.slice(0, 2).join(", ");
  const more = tables > 2 ? ` and ${tables - 2} more` : "";
  return (
    <Item
      word={WAITS}
      title={tables ? `${plural(tables, "table")} busy` : "Another run may want the same tables"}
    >
      {tables
        ? `${named}${more} in run ${shortId(wait.run_id)}; this run waits for it`
        : wait.reason}
    </Item>
  );
}

function Item({
  word,
  title,
  seconds,
  children,
}: {
  word: Word;
  title: string;
  seconds?: number;
  children: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[18px_minmax(0,1fr)_auto] gap-2 border-line py-2 text-md not-first:border-t">
      <span className="mt-px">
        <StatusIcon word={word} />
        <span className="sr-only">{word.word}: </span>
      </span>
      <span className="min-w-0">
        {title}
        <small className="block text-ink-2 text-sm [overflow-wrap:anywhere]">{children}</small>
      </span>
      {seconds !== undefined && seconds > 0 && (
        <span className="text-ink-2 text-sm tabular-nums">{Math.round(seconds * 1000)} ms</span>
      )}
    </li>
  );
}
