import { Link } from "@tanstack/react-router";
import { ChartNoAxesGantt, Play } from "lucide-react";
import type { TableDetail } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Card, Empty } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { count, duration, shortId } from "@/lib/format";
import { useStartRun } from "@/lib/start-run";
import { useTimes } from "@/lib/time";
import { actionWord, tableWord } from "@/lib/vocabulary";

/** How the table ended in each run that looked at it. */
export function TableRuns({ table }: { table: TableDetail }) {
  const times = useTimes();
  const { open } = useStartRun();
  if (table.runs.length === 0) {
    return (
      <div className="card">
        <Empty
          icon={ChartNoAxesGantt}
          title="No run has looked at this table"
          action={
            <ActionButton
              onClick={() => open({ connection: table.connection, include: [table.name] })}
            >
              <Play aria-hidden /> Run this table
            </ActionButton>
          }
        />
      </div>
    );
  }
  return (
    <Card
      title="Runs"
      note={`${count(table.runs.length)} newest`}
      flush
      className="overflow-hidden"
    >
      <div className="relative overflow-x-auto">
        <table className="tbl" aria-label="Runs of this table">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Run</th>
              <th scope="col">What</th>
              <th scope="col">Start</th>
              <th scope="col" className="n">
                Folders
              </th>
              <th scope="col" className="n">
                Files
              </th>
              <th scope="col" className="n">
                Rows
              </th>
              <th scope="col" className="n">
                Version
              </th>
              <th scope="col" className="n">
                Duration
              </th>
              <th scope="col">Error</th>
              <th scope="col">
                <span className="sr-only">Log</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {table.runs.map((run) => (
              <tr key={`${run.run_id} ${run.attempt}`} className="row-link">
                <td>
                  <StatusBadge word={tableWord(run.status)} />
                </td>
                <td>
                  <Link
                    to="/runs/$runId"
                    params={{ runId: run.run_id }}
                    search={{ table: table.name }}
                    className="cover mono font-semibold"
                  >
                    {shortId(run.run_id)}
                  </Link>
                  {run.attempt > 1 && <span className="text-ink-2">, attempt {run.attempt}</span>}
                </td>
                <td>{actionWord(run.action)}</td>
                <td
                  className="tabular-nums"
                  data-tip={run.started_at ? times.full(run.started_at) : undefined}
                >
                  {run.started_at ? times.stamp(run.started_at) : "–"}
                </td>
                <td className="n">{count(run.folders)}</td>
                <td className="n">{count(run.files)}</td>
                <td className="n">{run.rows ? `+${count(run.rows)}` : "0"}</td>
                <td className="n">{count(run.version)}</td>
                <td className="n">{duration(run.duration_seconds)}</td>
                <td className="max-w-80 truncate" data-tip={run.error?.message}>
                  {run.error ? (
                    <span className="text-fail">{run.error.message}</span>
                  ) : (
                    <span className="text-ink-2">–</span>
                  )}
                </td>
                <td className="above n">
                  <Link
                    to="/runs/$runId"
                    params={{ runId: run.run_id }}
                    search={{ table: table.name, attempt: run.attempt }}
                    hash="log"
                    className="link text-sm"
                  >
                    log<span className="sr-only"> of run {shortId(run.run_id)}</span>
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
