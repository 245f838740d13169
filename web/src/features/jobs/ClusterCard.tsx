import { Network } from "lucide-react";
import type { ClusterInfo, ClusterNode, ProcessingJobStatus } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { ProgressBar } from "@/components/bits";
import { Card, Empty, Problem, Skeleton } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { bytes, count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { isActive, type Word } from "@/lib/vocabulary";

/** The Ray cluster that the run works on; runs by threads have none. */
export function ClusterCard({ run }: { run: ProcessingJobStatus }) {
  const times = useTimes();
  if (run.config.runner !== "ray") return null;
  const { cluster } = run;
  const told =
    cluster && `${isActive(run.status) ? "" : "as it was, "}as of ${times.clock(cluster.told_at)}`;
  return (
    <Card title="Cluster" note={told}>
      {cluster ? <Data cluster={cluster} isOver={!isActive(run.status)} /> : <Without run={run} />}
    </Card>
  );
}

function Without({ run }: { run: ProcessingJobStatus }) {
  if (run.error?.code.startsWith("RAY_")) {
    return <Problem problem={fromInfo(run.error, "There is no cluster")} className="p-0" />;
  }
  if (isActive(run.status)) {
    return (
      <>
        <p className="mb-2 text-ink-2 text-md">
          Ray is started, or connected, once a table has something to bring.
        </p>
        <Skeleton rows={3} />
      </>
    );
  }
  return (
    <Empty icon={Network} title="Ray was not needed">
      No table had anything to bring, so the run neither started Ray nor connected to it.
    </Empty>
  );
}

function Data({ cluster, isOver }: { cluster: ClusterInfo; isOver: boolean }) {
  const verb = (of: number) => (isOver ? (of === 1 ? "was " : "were ") : "");
  const dead = cluster.nodes.filter((node) => !node.is_alive).length;
  const alive = cluster.nodes.length - dead;
  const memory = sumOf(cluster.nodes);
  const cpu = cluster.cpus > 0 ? (100 * cluster.cpus_used) / cluster.cpus : 0;
  return (
    <div className="grid gap-3">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-3 m:grid-cols-4">
        <Figure
          label="Nodes"
          value={`${count(alive)} ${verb(alive)}alive`}
          note={dead > 0 ? `${count(dead)} ${verb(dead)}dead` : `none ${verb(1)}dead`}
        />
        <Figure
          label="CPUs"
          value={`${number(cluster.cpus_used)} of ${number(cluster.cpus)}`}
          note={`${verb(2)}in use, by this run or others`}
        />
        <Figure
          label="Memory"
          value={memory ? `${bytes(memory.used)} of ${bytes(memory.total)}` : "unknown"}
          note={memory ? "of the machines that told" : "until a worker tells"}
        />
        <Figure
          label="Tasks"
          value={`${count(cluster.tasks_running)} ${verb(cluster.tasks_running)}running`}
          note={`${count(cluster.tasks_pending)} ${verb(cluster.tasks_pending)}pending`}
        />
      </dl>
      {!isOver && <ProgressBar percent={cpu} label="CPUs in use" thin />}
      <ul className="grid text-md" aria-label="Nodes">
        {cluster.nodes.map((node) => (
          <NodeLine key={node.name} node={node} isOver={isOver} />
        ))}
      </ul>
      <p className="text-ink-2 text-sm">
        {cluster.address ? `At ${cluster.address}` : "Started by the run, and ended with it"}
      </p>
    </div>
  );
}

const ALIVE: Word = { word: "Alive", tone: "ok", shape: "check" };
const WAS_ALIVE: Word = { word: "Was alive", tone: "mute", shape: "check" };
const DEAD: Word = { word: "Dead", tone: "fail", shape: "octagon" };

function NodeLine({ node, isOver }: { node: ClusterNode; isOver: boolean }) {
  const alive = isOver ? WAS_ALIVE : ALIVE;
  const word = node.is_alive ? alive : DEAD;
  return (
    <li className="flex flex-wrap items-center gap-x-3 border-line border-t py-1.5">
      <StatusIcon word={word} />
      <span className="min-w-0 [overflow-wrap:anywhere]">{node.name}</span>
      <span className="text-ink-2">{word.word}</span>
      <span className="ml-auto text-ink-2 tabular-nums">
        {plural(node.cpus, "CPU")}
        {node.memory_used !== null && node.memory_total !== null
          ? `, ${bytes(node.memory_used)} of ${bytes(node.memory_total)}`
          : ""}
      </span>
    </li>
  );
}

/** Memory of the living nodes that told; nodes of one machine tell the same, and count once. */
function sumOf(nodes: readonly ClusterNode[]): { used: number; total: number } | null {
  const machines = new Map<string, { used: number; total: number }>();
  for (const node of nodes) {
    if (node.is_alive && node.memory_used !== null && node.memory_total !== null) {
      const machine = node.name.split(" ")[0] ?? node.name;
      machines.set(machine, { used: node.memory_used, total: node.memory_total });
    }
  }
  if (machines.size === 0) return null;
  const all = [...machines.values()];
  const sum = (of: "used" | "total") => all.reduce((total, each) => total + each[of], 0);
  return { used: sum("used"), total: sum("total") };
}

const number = (value: number): string => count(Math.round(value * 10) / 10);

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className="tabular-nums">
      <dt className="text-ink-2 text-sm">{label}</dt>
      <dd className="font-semibold text-[16px] leading-[22px]">{value}</dd>
      <dd className="text-ink-2 text-sm">{note}</dd>
    </div>
  );
}
