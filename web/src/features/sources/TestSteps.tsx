import type { ConnectionTestResult, PreflightStep } from "@/api/generated";
import { StatusIcon } from "@/components/StatusIcon";
import { duration } from "@/lib/format";
import type { Word } from "@/lib/vocabulary";

const STATES: Record<string, Word> = {
  ok: { word: "OK", tone: "ok", shape: "check" },
  warning: { word: "Warning", tone: "warn", shape: "triangle" },
  failed: { word: "Failed", tone: "fail", shape: "octagon" },
  skipped: { word: "Skipped", tone: "mute", shape: "skip" },
};
const UNKNOWN: Word = { word: "Unknown", tone: "mute", shape: "question" };

/** What came of a test: every step with its time, and what to do about the one that failed. */
export function TestSteps({ result }: { result: ConnectionTestResult }) {
  const failed = result.steps.filter((step) => step.state === "failed").length;
  return (
    <div role="status" className="grid gap-1">
      <p className="font-semibold text-md">
        {failed === 0
          ? `Everything works, tried in ${took(result.seconds)}.`
          : `${failed === 1 ? "One step" : `${failed} steps`} failed.`}
      </p>
      <ol className="grid">
        {result.steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </div>
  );
}

function took(seconds: number): string {
  if (seconds < 0.0005) return "< 1 ms";
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds);
}

function Step({ step }: { step: PreflightStep }) {
  const word = STATES[step.state] ?? UNKNOWN;
  return (
    <li className="grid grid-cols-[15px_minmax(0,1fr)_auto] gap-x-2 border-line border-t py-2 text-md">
      <StatusIcon word={word} className="mt-[3px]" />
      <div className="min-w-0">
        <span className="font-[550]">
          {step.title} <span className="sr-only">{word.word}</span>
        </span>
        {step.code && (
          <code className="ml-2 rounded-s bg-mute-bg px-1.5 font-mono font-semibold text-axis text-ink-2">
            {step.code}
          </code>
        )}
        <p className="text-ink-2 [overflow-wrap:anywhere]">{step.sentence}</p>
        {step.hint && <p className="[overflow-wrap:anywhere]">{step.hint}</p>}
      </div>
      <span className="text-ink-2 text-sm tabular-nums">
        {step.state === "skipped" ? "" : took(step.seconds)}
      </span>
    </li>
  );
}
