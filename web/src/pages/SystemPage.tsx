import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { SystemStatus } from "@/api/generated";
import { Facts, PageHead } from "@/components/bits";
import { AskInCard, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { Latencies, ms } from "@/features/settings/system/Latencies";
import { OldRuns } from "@/features/settings/system/OldRuns";
import { systemQuery } from "@/features/settings/system/queries";
import { ServerLog } from "@/features/settings/system/ServerLog";
import { Servers } from "@/features/settings/system/Servers";
import { Indexes, Runs, Threads, Versions } from "@/features/settings/system/Workings";
import { bytes, count, duration, plural } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useTimes } from "@/lib/time";

const SLOW_MS = 500;
const WAITING = ["pending"];
const GOING = ["running", "cancelling"];

/** How the server itself does. */
export function SystemPage() {
  useTitle("System");
  const query = useQuery(systemQuery());
  return (
    <>
      <PageHead
        title="System"
        actions={
          <Button asChild>
            <a href="/api/support-bundle" download>
              <Download aria-hidden /> Support bundle
            </a>
          </Button>
        }
      >
        <p>
          How the server itself does. The support bundle has all of it as a file, without secrets
          and without rows.
        </p>
      </PageHead>
      <AskInCard query={query} loading={<Skeleton rows={10} height={20} />}>
        {(status) => (
          <div className="grid gap-4">
            <System status={status} />
          </div>
        )}
      </AskInCard>
    </>
  );
}

function System({ status }: { status: SystemStatus }) {
  return (
    <>
      <Head status={status} />
      <Latencies
        title="Requests"
        note="The newest 1,000 of each route; a p95 above 500 ms is marked"
        what="Route"
        latencies={status.requests}
        limitMs={SLOW_MS}
      />
      {/* Two stacks that fill by themselves: cards beside each other differ in height. */}
      <div className="grid gap-4 l:grid-cols-2 l:items-start">
        <div className="grid gap-4">
          <Latencies
            title="Store calls"
            note="By the server; runs do their own"
            what="Call"
            latencies={status.store_calls}
          />
          <Runs runs={status.runs} />
          <Indexes indexes={status.indexes} />
        </div>
        <div className="grid gap-4">
          <Latencies
            title="Database"
            note="Statements"
            what="Statement"
            latencies={status.queries}
          />
          <Threads threads={status.threads} />
          <Versions status={status} />
        </div>
      </div>
      <Servers leases={status.leases} />
      <OldRuns retention={status.retention} />
      <ServerLog />
    </>
  );
}

function Head({ status }: { status: SystemStatus }) {
  const times = useTimes();
  const sum = (states: readonly string[]) =>
    states.reduce((total, state) => total + (status.runs.by_state[state] ?? 0), 0);
  const worst = status.requests.reduce((most, each) => Math.max(most, each.p95_ms), 0);
  return (
    <Facts
      facts={[
        {
          label: "Up for",
          value: duration(status.uptime_seconds),
          tip: `since ${times.full(status.started_at)}`,
        },
        {
          label: "Slowest p95",
          value: status.requests.length ? ms(worst) : "–",
          note: `of ${count(status.requests.length)} routes`,
        },
        {
          label: "Runs",
          value: `${count(sum(GOING))} going`,
          note: `${count(sum(WAITING))} waiting`,
        },
        {
          label: "Memory",
          value: bytes(status.process.memory_bytes),
          note: plural(status.process.streams, "live stream"),
        },
        {
          label: "Database",
          value: bytes(status.database.size_bytes),
          note: status.database.kind,
        },
        {
          label: "Disk free",
          value: status.disk ? bytes(status.disk.free_bytes) : "–",
          note: status.disk ? `of ${bytes(status.disk.total_bytes)}` : "the home cannot be reached",
        },
      ]}
    />
  );
}
