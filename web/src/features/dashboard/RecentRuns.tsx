import { ChartNoAxesGantt, Play } from "lucide-react";
import type { Dashboard } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { ChartCard } from "@/components/charts/ChartCard";
import { RunBars, RunLegend, runTable } from "@/components/charts/RunBars";
import { Card, Empty } from "@/components/Panel";
import { TableLink } from "@/components/TableLink";
import { useStartRun } from "@/lib/start-run";
import { useTimes } from "@/lib/time";

export function RecentRuns({ dashboard }: { dashboard: Dashboard }) {
  const times = useTimes();
  const { open } = useStartRun();
  const runs = dashboard.runs;
  if (runs.length === 0) {
    return (
      <Card title="Last 30 runs">
        <Empty
          icon={ChartNoAxesGantt}
          title="No runs yet"
          action={
            <ActionButton onClick={() => open()}>
              <Play aria-hidden /> Run now
            </ActionButton>
          }
        >
          The first run loads what the manifest offers.
        </Empty>
      </Card>
    );
  }
  return (
    <ChartCard
      title={runs.length === 1 ? "Last run" : `Last ${runs.length} runs`}
      note="height is duration"
      table={runTable(runs, times)}
      legend={<RunLegend runs={runs} />}
    >
      {(width) => <RunBars width={width} runs={runs} />}
    </ChartCard>
  );
}

export function SchemaChanges({ dashboard }: { dashboard: Dashboard }) {
  const times = useTimes();
  const changes = dashboard.schema_changes;
  return (
    <Card title="Schema changes" note="last 7 days" flush>
      {changes.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2 text-md">No table changed its columns.</p>
      ) : (
        <ul className="pb-1">
          {changes.slice(0, 5).map((change) => (
            <li
              key={`${change.connection}/${change.table}/${change.version}`}
              className="row-link flex min-h-9 items-center gap-3 border-line border-t px-4 py-1.5 text-md hover:bg-hover"
            >
              <TableLink
                name={change.table}
                connection={change.connection}
                search={{ tab: "schema" }}
                className="cover flex-none font-[550]"
              >
                {change.table}
              </TableLink>
              <span
                className="min-w-0 flex-1 truncate text-ink-2 text-sm"
                data-tip={change.summary}
              >
                {change.summary}
              </span>
              <span
                className="flex-none text-ink-2 text-sm tabular-nums"
                data-tip={times.full(change.timestamp)}
              >
                {times.day(change.timestamp)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
