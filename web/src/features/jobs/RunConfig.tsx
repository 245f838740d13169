import type { ReactNode } from "react";
import type { ProcessingJobStatus } from "@/api/generated";
import { CopyButton } from "@/components/CopyButton";
import { Card } from "@/components/Panel";
import { useTimes } from "@/lib/time";
import { triggerWord } from "@/lib/vocabulary";

const words = (key: string) => {
  const text = key.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const shown = (value: unknown): string => {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? value.join(", ") : "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const OWN = new Set<string>([
  "connection",
  "credential",
  "aws_access_key_id",
] satisfies (keyof ProcessingJobStatus["config"])[]);

/** What the run was asked to do. Secrets never get here. */
export function RunConfig({ run }: { run: ProcessingJobStatus }) {
  const times = useTimes();
  const config = Object.entries(run.config).filter(([key]) => !OWN.has(key));
  return (
    <Card title="Configuration">
      <dl className="grid gap-x-10 text-md m:grid-cols-2">
        <Pair label="Run id">
          <CopyButton text={run.run_id} label="run id" className="ml-0" />
        </Pair>
        <Pair label="Connection">{run.connection}</Pair>
        <Pair label="Credential">{run.config.credential}</Pair>
        <Pair label="Started by">
          {run.requested_by}, {triggerWord(run.trigger).toLowerCase()}
        </Pair>
        <Pair label="Asked for">{times.full(run.created_at)}</Pair>
        {config.map(([key, value]) => (
          <Pair key={key} label={words(key)}>
            {shown(value)}
          </Pair>
        ))}
      </dl>
    </Card>
  );
}

function Pair({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-3 border-line border-t py-1.5">
      <dt className="whitespace-nowrap text-ink-2">{label}</dt>
      <dd className="min-w-0 text-right tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
