import { Link } from "@tanstack/react-router";
import { Zap } from "lucide-react";
import type { ReactNode } from "react";
import type { ConnectionStatus, Dashboard } from "@/api/generated";
import { useLiveness } from "@/api/liveness";
import { Mark } from "@/components/Mark";
import { PLACES, type Place } from "@/components/places";
import { StatusIcon } from "@/components/StatusIcon";
import { count } from "@/lib/format";
import type { Word } from "@/lib/vocabulary";

export function Rail({ dashboard }: { dashboard: Dashboard | undefined }) {
  return (
    <>
      <Link to="/" className="mb-3.5 flex h-9 items-center gap-2.5 px-2">
        <Mark className="size-[26px] flex-none" />
        <span>
          <b className="block font-[620] text-md leading-4 tracking-[-.01em]">Connector Monitor</b>
          <small className="block text-axis text-ink-3">for Guidewire CDA</small>
        </span>
      </Link>
      <nav aria-label="Main">
        <ul className="grid gap-0.5">
          {PLACES.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: to === "/", includeSearch: false }}
                className="relative flex h-8 items-center gap-2.5 rounded-m px-2 font-medium text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:before:absolute aria-[current=page]:before:inset-y-[7px] aria-[current=page]:before:-left-3 aria-[current=page]:before:w-[3px] aria-[current=page]:before:rounded-r-[3px] aria-[current=page]:before:bg-accent aria-[current=page]:[&_svg]:text-accent-ink"
              >
                <Icon aria-hidden className="size-4" strokeWidth={1.75} />
                {label}
                <Count to={to} dashboard={dashboard} />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Services dashboard={dashboard} />
    </>
  );
}

function Count({ to, dashboard }: { to: Place["to"]; dashboard: Dashboard | undefined }) {
  if (!dashboard) return null;
  if (to === "/tables") {
    return <span className="ml-auto text-sm tabular-nums">{count(dashboard.total_tables)}</span>;
  }
  if (to === "/runs" && dashboard.active_run) {
    return (
      <span className="ml-auto flex items-center gap-1.5 text-info text-sm">
        <span aria-hidden className="size-2 rounded-full bg-info-icon" />1
        <span className="sr-only">going on</span>
      </span>
    );
  }
  return null;
}

/** What the monitor stands on, each with what the last check said. */
function Services({ dashboard }: { dashboard: Dashboard | undefined }) {
  const { failures } = useLiveness();
  const connection = dashboard?.connections[0];
  return (
    <div className="mt-auto grid gap-[7px] border-line border-t px-2 pt-3 text-ink-2 text-sm">
      {connection && (
        <span className="inline-flex h-[22px] items-center gap-1.5 justify-self-start rounded-full border border-ok-line bg-ok-bg px-2 font-[550] text-ok">
          <Zap aria-hidden className="size-[13px]" />
          {engineWords(connection)}
        </span>
      )}
      <dl className="grid gap-[7px]">
        <Service label="API" ok={failures === 0}>
          {failures === 0 ? "answers" : "no answer"}
        </Service>
        <Service label="Source" ok={connection?.source_ok ?? null}>
          {checkWords(connection?.source_ok ?? null, connection?.source_ms ?? null)}
        </Service>
        <Service label="Target" ok={connection?.target_ok ?? null}>
          {checkWords(connection?.target_ok ?? null, connection?.target_ms ?? null)}
        </Service>
      </dl>
    </div>
  );
}

export const engineWords = (connection: ConnectionStatus): string => {
  const engine = connection.engine.charAt(0).toUpperCase() + connection.engine.slice(1);
  return `${engine}, ${connection.workers} workers`;
};

function checkWords(ok: boolean | null, ms: number | null): string {
  if (ok === null) return "not checked";
  if (!ok) return "no answer";
  return ms === null ? "answers" : ms < 1 ? "< 1 ms" : `${Math.round(ms)} ms`;
}

const CHECK: Record<"yes" | "no" | "unknown", Word> = {
  yes: { word: "", tone: "ok", shape: "check" },
  no: { word: "", tone: "fail", shape: "octagon" },
  unknown: { word: "", tone: "mute", shape: "dashed" },
};

export const checkWord = (ok: boolean | null): Word =>
  CHECK[ok === null ? "unknown" : ok ? "yes" : "no"];

function Service({
  label,
  ok,
  children,
}: {
  label: string;
  ok: boolean | null;
  children: ReactNode;
}) {
  return (
    <div className="flex items-center gap-[7px]">
      <dt className="flex-1">{label}</dt>
      <dd className="flex items-center gap-[5px] tabular-nums">
        <StatusIcon word={checkWord(ok)} className="size-3.5" />
        {children}
      </dd>
    </div>
  );
}

/** The same places at the thumb, on small screens. */
export function TabBar({ dashboard }: { dashboard: Dashboard | undefined }) {
  return (
    <nav
      aria-label="Main, small screens"
      className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-line border-t bg-surface p-1 pb-[max(4px,env(safe-area-inset-bottom))] m:hidden"
    >
      {PLACES.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          className="relative grid min-h-12 justify-items-center gap-0.5 rounded-m py-1.5 font-[550] text-axis text-ink-2 aria-[current=page]:text-ink aria-[current=page]:[&_svg]:text-accent-ink"
        >
          <Icon aria-hidden className="size-5" strokeWidth={1.75} />
          {label}
          {to === "/runs" && dashboard?.active_run && (
            <span
              aria-hidden
              className="absolute top-1.5 left-[calc(50%+10px)] size-2 rounded-full bg-info-icon"
            />
          )}
        </Link>
      ))}
    </nav>
  );
}
