import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import type { ReactNode } from "react";
import type { ComparedTable, RunComparison } from "@/api/generated";
import { Ask, Card, Empty, Skeleton } from "@/components/Panel";
import { TableLink } from "@/components/TableLink";
import { count, duration, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { tableWord } from "@/lib/vocabulary";
import { compareQuery } from "./queries";

/** The run beside the one before of the same selection. */
export function Comparison({ runId, ended }: { runId: string; ended: boolean }) {
  const query = useQuery({ ...compareQuery(runId), enabled: ended });
  return (
    <Card
      title="Compared with the run before"
      note={query.data?.before && <Before comparison={query.data} />}
    >
      {ended ? (
        <Ask query={query} loading={<Skeleton rows={3} />}>
          {(found) => (found.before ? <Differences found={found} /> : <Nothing />)}
        </Ask>
      ) : (
        <p className="text-ink-2 text-md">It is compared when it has ended.</p>
      )}
    </Card>
  );
}

function Nothing() {
  return (
    <Empty icon={GitCompareArrows} title="The first run of this selection">
      From the next one on you see here which tables became slower or faster, and what failed anew.
    </Empty>
  );
}

function Before({ comparison }: { comparison: RunComparison }) {
  const times = useTimes();
  const { before } = comparison;
  if (!before) return null;
  return (
    <>
      <Link
        to="/runs/$runId"
        params={{ runId: before.run_id }}
        className="font-mono text-ink underline"
      >
        {shortId(before.run_id)}
      </Link>
      , {times.stamp(before.start_time ?? before.created_at)} {times.label}, same selection
    </>
  );
}

function Differences({ found }: { found: RunComparison }) {
  const { before, now } = found;
  if (!before) return null;
  const same =
    !found.slower.length &&
    !found.faster.length &&
    !found.new_failures.length &&
    !found.mended.length &&
    !found.config.length;
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-2 text-md s:grid-cols-4">
        <Pair
          label="Duration"
          before={duration(before.duration_seconds)}
          now={duration(now.duration_seconds)}
        />
        <Pair label="Rows" before={count(before.rows)} now={count(now.rows)} />
        <Pair label="Tables" before={count(before.total_tables)} now={count(now.total_tables)} />
        <Pair label="Failed" before={count(before.tables_failed)} now={count(now.tables_failed)} />
      </dl>
      {same && <p className="text-ink-2 text-md">Nothing else differs.</p>}
      <div className="grid gap-x-8 gap-y-4 m:grid-cols-2">
        <TableList title="Failed anew" tables={found.new_failures} say={states} run={found} />
        <TableList title="Mended" tables={found.mended} say={states} run={found} />
        <TableList title="Slower" tables={found.slower} say={seconds} run={found} />
        <TableList title="Faster" tables={found.faster} say={seconds} run={found} />
      </div>
      {found.only_now.length + found.only_before.length > 0 && (
        <p className="text-ink-2 text-sm">
          {plural(found.only_now.length, "table")} new, {plural(found.only_before.length, "table")}{" "}
          no longer in it.
        </p>
      )}
      {found.config.length > 0 && <Settings found={found} />}
    </div>
  );
}

function Pair({ label, before, now }: { label: string; before: string; now: string }) {
  return (
    <div className="tabular-nums">
      <dt className="text-ink-2 text-sm">{label}</dt>
      <dd className="font-semibold">{now}</dd>
      <dd className="text-ink-2 text-sm">before {before}</dd>
    </div>
  );
}

const seconds = (table: ComparedTable) =>
  `${duration(table.seconds_before)} → ${duration(table.seconds_now)}`;
const states = (table: ComparedTable) =>
  `${table.status_before ? tableWord(table.status_before).word : "not in it"} → ${table.status_now ? tableWord(table.status_now).word : "not in it"}`;

function TableList({
  title,
  tables,
  say,
  run,
}: {
  title: string;
  tables: readonly ComparedTable[];
  say: (table: ComparedTable) => ReactNode;
  run: RunComparison;
}) {
  if (tables.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="font-semibold text-md">
        {title} <span className="font-normal text-ink-2">{count(tables.length)}</span>
      </h3>
      <ul className="mt-1">
        {tables.slice(0, 10).map((table) => (
          <li
            key={table.table}
            className="flex items-center justify-between gap-3 border-line border-t py-1.5 text-md tabular-nums"
          >
            <TableLink
              name={table.table}
              connection={run.now.connection}
              className="min-w-0 truncate font-[550] hover:underline"
            />
            <span className="whitespace-nowrap text-ink-2">{say(table)}</span>
          </li>
        ))}
      </ul>
      {tables.length > 10 && (
        <p className="text-ink-2 text-sm">and {count(tables.length - 10)} more</p>
      )}
    </section>
  );
}

function Settings({ found }: { found: RunComparison }) {
  return (
    <section aria-label="Changed settings">
      <h3 className="font-semibold text-md">Changed settings</h3>
      <ul className="mt-1">
        {found.config.map((setting) => (
          <li
            key={setting.name}
            className="flex flex-wrap justify-between gap-x-3 border-line border-t py-1.5 text-md"
          >
            <span className="text-ink-2">{setting.name.replaceAll("_", " ")}</span>
            <span className="[overflow-wrap:anywhere]">
              {setting.before} → {setting.now}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
