import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ConnectionInfo } from "@/api/generated";
import { Tag } from "@/components/bits";
import { StatusBadge } from "@/components/StatusIcon";
import { count, short } from "@/lib/format";
import { useAge } from "@/lib/time";
import { healthWord, type Word } from "@/lib/vocabulary";

/** Whether source and target answered the last look. */
export function stateOf(connection: ConnectionInfo): Word {
  const answers = [connection.source_ok, connection.target_ok];
  if (answers.includes(false)) {
    const what = connection.source_ok === false ? "Source" : "Target";
    return { word: `${what} does not answer`, tone: "fail", shape: "octagon" };
  }
  if (answers.includes(null)) return { word: "Not checked yet", tone: "mute", shape: "dashed" };
  return { word: "Connected", tone: "ok", shape: "check" };
}

export function SourceCard({ connection }: { connection: ConnectionInfo }) {
  return (
    <article className="card grid gap-3 p-4" aria-labelledby={`source-${connection.name}`}>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={`source-${connection.name}`} className="font-semibold text-base">
          <Link
            to="/sources/$name"
            params={{ name: connection.name }}
            className="text-info hover:underline"
          >
            {connection.name}
          </Link>
        </h2>
        <StatusBadge word={stateOf(connection)} />
        <span className="ml-auto">
          <OriginTag connection={connection} />
        </span>
      </header>
      <Places connection={connection} />
      {connection.error && (
        <p className="text-fail text-md [overflow-wrap:anywhere]">
          <code className="font-mono text-sm">{connection.error.code}</code>{" "}
          {connection.error.message} <span className="text-ink-2">{connection.error.hint}</span>
        </p>
      )}
      <Numbers connection={connection} />
    </article>
  );
}

export function OriginTag({ connection }: { connection: ConnectionInfo }) {
  if (connection.is_editable) return <Tag tone="info">Added on the page</Tag>;
  return <Tag>{connection.origin === "environment" ? "Environment" : "File"}, read-only</Tag>;
}

export function Places({ connection }: { connection: ConnectionInfo }) {
  return (
    <dl className="grid gap-1.5 text-md">
      <Place label="Source">
        <span className="font-mono text-[12.5px]">{connection.source}</span>
      </Place>
      <Place label="Target">
        <span className="font-mono text-[12.5px]">{connection.target}</span>
      </Place>
      <Place label="Credential">{connection.credential}</Place>
    </dl>
  );
}

function Place({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[84px_minmax(0,1fr)] gap-2">
      <dt className="text-ink-2">{label}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Numbers({ connection }: { connection: ConnectionInfo }) {
  const read = useAge(connection.manifest_read_at, 5000);
  const age = useAge(connection.manifest_time, 5000);
  const bad = ["Failed", "Late"].filter((health) => connection.health[health]);
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 border-line border-t pt-3 text-md">
      <Figure label="Tables">
        {count(connection.tables)}
        {connection.loaded < connection.tables && (
          <span className="text-ink-2">
            , {count(connection.tables - connection.loaded)} not loaded
          </span>
        )}
      </Figure>
      <Figure label="Manifest read">{read === null ? "not yet" : `${short(read)} ago`}</Figure>
      <Figure label="Manifest age">{age === null ? "unknown" : short(age)}</Figure>
      {bad.map((health) => (
        <Figure key={health} label={healthWord(health).word}>
          {count(connection.health[health])}
        </Figure>
      ))}
    </dl>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-2 text-sm">{label}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}
