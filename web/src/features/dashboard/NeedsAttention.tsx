import { Link } from "@tanstack/react-router";
import { ChevronRight, CircleCheck, CircleHelp, Play, RotateCw } from "lucide-react";
import { useRetryRun, useRunTables } from "@/api/actions";
import type { Attention, Dashboard } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Card, Empty } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { ConnectionNote, TableLink } from "@/components/TableLink";
import { Button } from "@/components/ui/button";
import { plural, sentence, short } from "@/lib/format";
import { useAge } from "@/lib/time";
import { choiceWord, healthWord } from "@/lib/vocabulary";
import { useOnly } from "./only";

export function NeedsAttention({ dashboard }: { dashboard: Dashboard }) {
  const only = useOnly();
  const { attention, attention_total: total } = dashboard;
  return (
    <Card
      title="Needs attention"
      note={attention.length > 0 ? "worst first" : undefined}
      flush
      actions={
        total > 0 && (
          <Button asChild variant="ghost" size="s">
            <Link
              to="/tables"
              search={{ ...only, health: ["Failed", "Late", "Unknown"], sort: "health" }}
            >
              All {total} <ChevronRight aria-hidden />
            </Link>
          </Button>
        )
      }
    >
      {attention.length === 0 ? (
        <Nothing dashboard={dashboard} />
      ) : (
        <ul>
          {attention.map((item) => (
            <Item
              key={`${item.connection}/${item.table}`}
              item={item}
              busy={dashboard.active_run !== null}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

const WELL = ["Healthy", "Quiet"];

/** Nothing failed or late is not yet all well. */
function Nothing({ dashboard }: { dashboard: Dashboard }) {
  const others = dashboard.health.filter(({ value, count }) => count > 0 && !WELL.includes(value));
  const isRead = dashboard.status === "connected";
  if (isRead && others.length === 0) return <AllWell dashboard={dashboard} />;
  return (
    <Empty icon={CircleHelp} title="No table is known to be late or failed">
      {!isRead && "Source or target could not be looked at: what is shown may be old. "}
      {others.length > 0 &&
        `${others.map(({ value, count }) => `${count} ${value.toLowerCase()}`).join(", ")}.`}
    </Empty>
  );
}

function AllWell({ dashboard }: { dashboard: Dashboard }) {
  const age = useAge(dashboard.as_of);
  return (
    <Empty icon={CircleCheck} title="All is well">
      Every one of {plural(dashboard.total_tables, "table")} is fresh or quiet.
      {age !== null && ` Last checked ${short(age)} ago.`}
    </Empty>
  );
}

function Item({ item, busy }: { item: Attention; busy: boolean }) {
  const age = useAge(item.since, 30_000);
  return (
    <li className="row-link grid min-h-[46px] grid-cols-[88px_minmax(0,1fr)_auto_84px] items-center gap-3 border-line border-t py-1 pr-2.5 pl-4 hover:bg-hover max-s:grid-cols-[minmax(0,1fr)_auto] max-s:gap-x-2.5 max-s:gap-y-0.5 max-s:py-2">
      <StatusBadge word={healthWord(item.health)} />
      <div className="min-w-0 max-s:col-start-1 max-s:row-start-2">
        <TableLink
          name={item.table}
          connection={item.connection}
          className="cover block truncate font-[550]"
        >
          {item.table}
          <ConnectionNote connection={item.connection} />
        </TableLink>
        <p
          className="truncate text-ink-2 text-sm max-s:line-clamp-2 max-s:whitespace-normal"
          data-tip={[sentence(item.why), item.hint].filter(Boolean).join("\n")}
        >
          {sentence(item.why)}
        </p>
      </div>
      <span className="whitespace-nowrap text-right text-ink-2 text-sm tabular-nums max-s:col-start-2 max-s:row-start-1">
        {age !== null && `for ${short(age)}`}
      </span>
      <span className="above flex justify-end max-s:col-start-2 max-s:row-start-2">
        <Action item={item} busy={busy} />
      </span>
    </li>
  );
}

function Action({ item, busy }: { item: Attention; busy: boolean }) {
  const retry = useRetryRun();
  const run = useRunTables();
  const name = <span className="sr-only">{item.table}</span>;
  if (item.action === "retry" && item.run_id) {
    const id = item.run_id;
    return (
      <ActionButton size="s" disabled={busy || retry.isPending} onClick={() => retry.mutate(id)}>
        <RotateCw aria-hidden /> Retry {name}
      </ActionButton>
    );
  }
  if (item.action === "choose") {
    return (
      <Button asChild size="s">
        <TableLink
          name={item.table}
          connection={item.connection}
          data-tip={`The table waits for you: ${item.choices.map(choiceWord).join(", ")}`}
        >
          Choose {name} <ChevronRight aria-hidden />
        </TableLink>
      </Button>
    );
  }
  if (item.action === "open") {
    return (
      <Button asChild variant="ghost" size="s">
        <TableLink name={item.table} connection={item.connection}>
          Open {name} <ChevronRight aria-hidden />
        </TableLink>
      </Button>
    );
  }
  return (
    <ActionButton
      variant="ghost"
      size="s"
      disabled={busy || run.isPending}
      onClick={() => run.mutate({ connection: item.connection, tables: [item.table] })}
    >
      <Play aria-hidden /> Run {name}
    </ActionButton>
  );
}
