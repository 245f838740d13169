import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ConnectionStatus, Dashboard, Health } from "@/api/generated";
import { Sparkline } from "@/components/charts/Sparkline";
import { checkWord, engineWords } from "@/components/Services";
import { FILL, StatusBadge, StatusIcon } from "@/components/StatusIcon";
import { bigParts, count, duration, short } from "@/lib/format";
import { useAge } from "@/lib/time";
import { HEALTH_ORDER, healthWord, runWord, type Word } from "@/lib/vocabulary";
import { useOnly } from "./only";

export function Tiles({ dashboard }: { dashboard: Dashboard }) {
  return (
    <div className="grid grid-cols-2 gap-4 max-s:gap-3 l:grid-cols-[2.2fr_.9fr_.9fr_1.28fr]">
      <HealthTile dashboard={dashboard} />
      <LastRunTile dashboard={dashboard} />
      <RowsTile dashboard={dashboard} />
      <ConnectionTile connection={dashboard.connections[0]} />
    </div>
  );
}

const TILE = "card flex flex-col gap-1 px-4 py-3.5 max-s:px-3.5 max-s:py-3";
const VALUE =
  "whitespace-nowrap font-[620] text-tile tracking-[-.025em] tabular-nums max-s:text-[24px] max-s:leading-[30px]";
const UNIT = "ml-0.5 font-medium text-base text-ink-2 tracking-normal";

function Label({ children }: { children: ReactNode }) {
  return <h2 className="font-medium text-[12.5px] text-ink-2 leading-4">{children}</h2>;
}

function HealthTile({ dashboard }: { dashboard: Dashboard }) {
  const only = useOnly();
  const counts = new Map(dashboard.health.map((facet) => [facet.value, facet.count]));
  const present = HEALTH_ORDER.filter((health) => (counts.get(health) ?? 0) > 0);
  const inBar = [...present].sort((a, b) => order(a) - order(b));
  const good = (counts.get("Healthy") ?? 0) + (counts.get("Quiet") ?? 0);
  const total = dashboard.total_tables;
  return (
    <section className={`${TILE} max-l:col-span-2`}>
      <Label>Tables</Label>
      <div className={VALUE}>
        {count(total)}{" "}
        {total > 0 && <small className={UNIT}>{share(good, total)} healthy or quiet</small>}
      </div>
      <div aria-hidden className="mt-1.5 mb-2 flex h-2 gap-0.5">
        {inBar.map((health) => (
          <span
            key={health}
            className="min-w-1 rounded-[2px] first:rounded-l-[4px] last:rounded-r-[4px]"
            style={{ flexGrow: counts.get(health), background: barColor(healthWord(health)) }}
          />
        ))}
        {total === 0 && <span className="flex-1 rounded-full bg-track" />}
      </div>
      <ul className="-mb-1 flex flex-wrap gap-x-3">
        {inBar.map((health) => (
          <li key={health}>
            <Link
              to="/tables"
              search={{ ...only, health: [health as Health] }}
              className="inline-flex min-h-6 items-center gap-[5px] whitespace-nowrap text-ink-2 text-sm underline-offset-[3px] hover:text-ink hover:underline"
            >
              <StatusIcon word={healthWord(health)} className="size-[13px]" />
              <b className="font-semibold text-ink tabular-nums">{count(counts.get(health))}</b>
              {health}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const BAR_ORDER = ["Healthy", "Quiet", "Late", "Failed", "Not loaded", "Orphan", "Unknown"];
const order = (health: string) => BAR_ORDER.indexOf(health);
const barColor = (word: Word) => (word.tone === "mute" ? "var(--d-rest)" : FILL[word.tone]);

/** 96.7 %; never 100 while one is missing. */
function share(part: number, whole: number): string {
  const exact = (100 * part) / whole;
  const shown = part < whole ? Math.min(99.9, exact) : exact;
  return `${shown % 1 ? shown.toFixed(1) : shown} %`;
}

function LastRunTile({ dashboard }: { dashboard: Dashboard }) {
  const run = dashboard.last_run;
  const age = useAge(run?.end_time ?? run?.start_time, 5000);
  if (!run) {
    return (
      <section className={TILE}>
        <Label>Last finished run</Label>
        <div className={VALUE}>–</div>
        <p className="mt-auto text-ink-2 text-sm">No run yet</p>
      </section>
    );
  }
  const [value, ...unit] = short(age).split(" ");
  return (
    <section className={TILE}>
      <Label>Last finished run</Label>
      <div className={VALUE}>
        <Link
          to="/runs/$runId"
          params={{ runId: run.run_id }}
          className="underline-offset-4 hover:underline"
        >
          {value} <small className={UNIT}>{unit.join(" ")} ago</small>
        </Link>
      </div>
      <div className="mt-auto">
        <StatusBadge word={runWord(run.status)} />
      </div>
      <p className="text-ink-2 text-sm tabular-nums">
        {count(run.tables_ok + run.tables_no_change)} of {count(run.total_tables)},{" "}
        {duration(run.duration_seconds)}
      </p>
    </section>
  );
}

function RowsTile({ dashboard }: { dashboard: Dashboard }) {
  const only = useOnly();
  const [value, unit] = bigParts(dashboard.rows_today);
  const before = dashboard.rows_by_day.at(-8);
  return (
    <section className={TILE}>
      <Label>Rows today</Label>
      <div className={VALUE} data-tip={`${count(dashboard.rows_today)} rows since 00:00 UTC`}>
        <Link
          to="/tables"
          search={{ ...only, sort: "-rows_today" }}
          className="underline-offset-4 hover:underline"
        >
          {value} <small className={UNIT}>{unit}</small>
          <span className="sr-only"> rows today, by table</span>
        </Link>
      </div>
      <div className="mt-auto py-0.5">
        <Sparkline
          values={dashboard.rows_by_day}
          width={92}
          label={`Rows per day, last ${dashboard.rows_by_day.length} days`}
        />
      </div>
      <p className="text-ink-2 text-sm">
        {before ? `${compare(dashboard.rows_today, before)} a week ago` : "since 00:00 UTC"}
      </p>
    </section>
  );
}

function compare(now: number, before: number): string {
  const change = Math.round((100 * (now - before)) / before);
  if (change === 0) return "as much as";
  return change > 0 ? `${count(change)} % over` : `${count(-change)} % under`;
}

function ConnectionTile({ connection }: { connection: ConnectionStatus | undefined }) {
  return (
    <section className={`${TILE} min-w-0 max-s:col-span-2`}>
      <Label>
        Connection{" "}
        {connection ? (
          <Link
            to="/sources/$name"
            params={{ name: connection.name }}
            className="font-semibold text-ink underline-offset-[3px] hover:underline"
          >
            {connection.name}
          </Link>
        ) : (
          <b className="font-semibold text-ink">none yet</b>
        )}
      </Label>
      {connection && (
        <dl className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-1.5 text-[12.5px] leading-4">
          <Place label="Source" text={connection.source} ok={connection.source_ok} />
          <Place label="Target" text={connection.target} ok={connection.target_ok} />
          <Place label="Engine" text={engineWords(connection).toLowerCase()} ok={true} />
        </dl>
      )}
      {connection?.error && (
        <p className="mt-1 text-fail text-sm" data-tip={connection.error.hint}>
          {connection.error.message}
        </p>
      )}
    </section>
  );
}

function Place({ label, text, ok }: { label: string; text: string; ok: boolean | null }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="w-12 text-ink-2">{label}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-1.5">
        <StatusIcon word={checkWord(ok)} className="size-3.5" />
        {/* The end of a path tells places apart: cut its beginning. */}
        <span className="truncate [direction:rtl] text-left" data-tip={text}>
          <bdi>{text}</bdi>
        </span>
      </dd>
    </div>
  );
}
