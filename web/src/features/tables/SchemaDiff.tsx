import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, CircleMinus, CirclePlus, PencilRuler } from "lucide-react";
import type { ReactNode } from "react";
import type { SchemaVersion, TableDetail, TableSchema } from "@/api/generated";
import { Ask, Card, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural, shortId } from "@/lib/format";
import { type Times, useTimes } from "@/lib/time";
import { schemaQuery } from "./queries";
import { type Difference, differences, type Pair } from "./schema-diff";

/** Two versions side by side, each from its own metadata. */
export function SchemaDiff({
  table,
  versions,
  a,
  b,
  onPair,
}: {
  table: TableDetail;
  versions: readonly SchemaVersion[];
  a: number;
  b: number;
  onPair: (pair: Pair) => void;
}) {
  const before = useQuery(schemaQuery(table, a));
  const after = useQuery(schemaQuery(table, b));
  const hit = versions.find((each) => each.version === b)?.run_id;
  return (
    <Card
      title="Compare versions"
      note="order ignored"
      flush
      className="overflow-hidden"
      actions={
        <>
          {hit && (
            <span className="text-ink-2 text-sm">
              first run with B{" "}
              <Link to="/runs/$runId" params={{ runId: hit }} className="link mono">
                {shortId(hit)}
              </Link>
            </span>
          )}
          <VersionField
            label="A"
            value={a}
            versions={versions}
            onChange={(v) => onPair({ a: v, b })}
          />
          <Button
            size="icon-s"
            variant="ghost"
            aria-label="Swap A and B"
            data-tip="Swap A and B"
            onClick={() => onPair({ a: b, b: a })}
          >
            <ArrowLeftRight aria-hidden />
          </Button>
          <VersionField
            label="B"
            value={b}
            versions={versions}
            onChange={(v) => onPair({ a, b: v })}
          />
        </>
      }
    >
      <Ask query={before} loading={<Skeleton rows={4} />}>
        {(schemaA) => (
          <Ask query={after} loading={<Skeleton rows={4} />}>
            {(schemaB) => <Differences a={schemaA} b={schemaB} />}
          </Ask>
        )}
      </Ask>
    </Card>
  );
}

const nameOf = (each: SchemaVersion, times: Times) =>
  `${count(each.version)}, ${times.day(each.timestamp)}, ${plural(each.column_count, "column")}`;

function VersionField({
  label,
  value,
  versions,
  onChange,
}: {
  label: string;
  value: number;
  versions: readonly SchemaVersion[];
  onChange: (version: number) => void;
}) {
  const times = useTimes();
  return (
    <label className="flex items-center gap-2 text-[12.5px] text-ink-2">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-8 max-w-56 rounded-m border border-control bg-surface px-2 text-ink text-md max-s:h-10"
      >
        {!versions.some((each) => each.version === value) && (
          <option value={value}>{count(value)}</option>
        )}
        {versions.map((each) => (
          <option key={each.version} value={each.version}>
            {nameOf(each, times)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Differences({ a, b }: { a: TableSchema; b: TableSchema }) {
  const found = differences(a.columns, b.columns);
  if (found.length === 0) {
    return (
      <p className="border-line border-t px-4 py-4 text-ink-2 text-md">
        Version {count(a.version)} and version {count(b.version)} have the same{" "}
        {plural(b.columns.length, "column")}.
      </p>
    );
  }
  return (
    <div className="relative overflow-x-auto">
      <table
        className="tbl"
        aria-label={`${plural(found.length, "difference")} from version ${count(a.version)} to ${count(b.version)}`}
      >
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Column</th>
            <th scope="col">A, version {count(a.version)}</th>
            <th scope="col">B, version {count(b.version)}</th>
            <th scope="col">What it means</th>
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <tr key={`${each.kind} ${each.name}`}>
              <td>
                <Kind kind={each.kind} />
              </td>
              <td className="mono">{each.name}</td>
              <td className="mono">{each.before ?? "–"}</td>
              <td className="mono">{each.after ?? "–"}</td>
              <td className="text-ink-2">{MEANING[each.kind]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MEANING: Record<Difference["kind"], string> = {
  added: "null in older rows",
  changed: "older values are read as the new type",
  removed: "not in B; readers that name it fail",
};

const ICON: Record<Difference["kind"], ReactNode> = {
  added: <CirclePlus aria-hidden className="text-ok-icon" />,
  changed: <PencilRuler aria-hidden className="text-warn-icon" />,
  removed: <CircleMinus aria-hidden className="text-mute-icon" />,
};

function Kind({ kind }: { kind: Difference["kind"] }) {
  return (
    <span className="inline-flex items-center gap-1.5 font-[550] [&_svg]:size-[15px]">
      {ICON[kind]}
      {kind.charAt(0).toUpperCase() + kind.slice(1)}
    </span>
  );
}
