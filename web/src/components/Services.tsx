import { Zap } from "lucide-react";
import type { ConnectionStatus, Dashboard } from "@/api/generated";
import { useLiveness } from "@/api/liveness";
import { StatusIcon } from "@/components/StatusIcon";
import { cn } from "@/lib/cn";
import type { Word } from "@/lib/vocabulary";

/** What the monitor stands on, each with what the last check said; the worst of all connections. */
export function Services({
  dashboard,
  isFolded,
}: {
  dashboard: Dashboard | undefined;
  isFolded: boolean;
}) {
  const { failures, latency } = useLiveness();
  const all = dashboard?.connections ?? [];
  const [first] = all;
  const api = failures > 0 ? "no answer" : latency === null ? "answers" : milliseconds(latency);
  const services = [
    { label: "API", ok: failures === 0, words: api },
    { label: "Source", ...worst(all, (each) => [each.source_ok, each.source_ms]) },
    { label: "Target", ...worst(all, (each) => [each.target_ok, each.target_ms]) },
  ];
  return (
    <div className="grid gap-[7px] border-line border-t px-2 pt-3 text-ink-2 text-sm">
      {first && !isFolded && (
        <span className="inline-flex h-[22px] items-center gap-1.5 justify-self-start rounded-full border border-ok-line bg-ok-bg px-2 font-[550] text-ok">
          <Zap aria-hidden className="size-[13px]" />
          {engineWords(first)}
        </span>
      )}
      <dl className="grid gap-[7px]">
        {services.map(({ label, ok, words }) => (
          <div
            key={label}
            data-tip={isFolded ? `${label}: ${words}` : undefined}
            className={cn("flex items-center gap-[7px]", isFolded && "justify-center")}
          >
            <dt className={isFolded ? "sr-only" : "flex-1"}>{label}</dt>
            <dd className="flex items-center gap-[5px] tabular-nums">
              <StatusIcon word={checkWord(ok)} className="size-3.5" />
              <span className={isFolded ? "sr-only" : undefined}>{words}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** One that does not answer hides behind none that does; of those that do the slowest counts. */
function worst(
  all: readonly ConnectionStatus[],
  of: (connection: ConnectionStatus) => [boolean | null, number | null],
): { ok: boolean | null; words: string } {
  if (all.length === 0) return { ok: null, words: "none yet" };
  const checks = all.map(of);
  const failed = checks.filter(([ok]) => ok === false).length;
  if (failed > 0) {
    return { ok: false, words: all.length > 1 ? `${failed} of ${all.length} silent` : "no answer" };
  }
  if (checks.some(([ok]) => ok === null)) return { ok: null, words: "not checked" };
  const slowest = Math.max(...checks.map(([, ms]) => ms ?? 0));
  return { ok: true, words: slowest > 0 ? milliseconds(slowest) : "answers" };
}

const milliseconds = (ms: number): string => (ms < 1 ? "< 1 ms" : `${Math.round(ms)} ms`);

export const engineWords = (connection: ConnectionStatus): string => {
  const engine = connection.engine.charAt(0).toUpperCase() + connection.engine.slice(1);
  return `${engine}, ${connection.workers} workers`;
};

const CHECK: Record<"yes" | "no" | "unknown", Word> = {
  yes: { word: "", tone: "ok", shape: "check" },
  no: { word: "", tone: "fail", shape: "octagon" },
  unknown: { word: "", tone: "mute", shape: "dashed" },
};

export const checkWord = (ok: boolean | null): Word =>
  CHECK[ok === null ? "unknown" : ok ? "yes" : "no"];
