import { useQuery } from "@tanstack/react-query";
import type { SchemaVersions, TableDetail } from "@/api/generated";
import { Ask, Card, Skeleton } from "@/components/Panel";
import { count, short } from "@/lib/format";
import { useAge, useTimes } from "@/lib/time";
import { FingerprintLanes } from "./FingerprintLanes";
import { nullsQuery, schemasQuery } from "./queries";
import { SchemaDiff } from "./SchemaDiff";
import { SchemaTable } from "./SchemaTable";
import type { Pair } from "./schema-diff";

export function SchemaTab({
  table,
  pair,
  onPair,
}: {
  table: TableDetail;
  pair: Pair;
  onPair: (pair: Pair) => void;
}) {
  const query = useQuery(schemasQuery(table));
  const nulls = useQuery(nullsQuery(table, table.version));
  return (
    <div className="grid gap-4 max-s:gap-3">
      <FingerprintLanes
        fingerprints={table.fingerprints}
        versions={query.data?.versions ?? []}
        pair={query.data ? chosen(query.data, pair) : pair}
        onPick={(version) => onPair(picked(query.data ? chosen(query.data, pair) : pair, version))}
      />
      {table.version !== null && (
        <Ask query={query} loading={<Skeleton rows={4} />}>
          {(schemas) => <Compared table={table} schemas={schemas} pair={pair} onPair={onPair} />}
        </Ask>
      )}
      <SchemaTable
        columns={table.schema}
        nulls={nulls}
        reason={table.unknown_reason}
        note={<Age at={table.schema_as_of} version={table.version} />}
      />
    </div>
  );
}

function Age({ at, version }: { at: string | null; version: number | null }) {
  const times = useTimes();
  const age = useAge(at, 10_000);
  if (age === null || at === null) return null;
  return (
    <span data-tip={times.full(at)}>
      of version {count(version)}, read {short(age)} ago
    </span>
  );
}

/** What is compared while nobody chose: the last change. */
function chosen({ versions }: SchemaVersions, { a, b }: Pair): Pair {
  return { a: a ?? versions[1]?.version, b: b ?? versions[0]?.version };
}

/** A third version takes the place of the one that was chosen first. */
function picked({ a, b }: Pair, version: number): Pair {
  if (version === a || version === b) return { a, b };
  return b === undefined ? { a, b: version } : { a: b, b: version };
}

function Compared({
  table,
  schemas,
  pair,
  onPair,
}: {
  table: TableDetail;
  schemas: SchemaVersions;
  pair: Pair;
  onPair: (pair: Pair) => void;
}) {
  const { a, b } = chosen(schemas, pair);
  if (schemas.versions.length === 0) return null;
  if (a === undefined || b === undefined) {
    return (
      <Card title="Schema versions">
        <p className="text-ink-2 text-md">
          The columns have not changed since version {count(schemas.versions[0]?.version)}.
        </p>
      </Card>
    );
  }
  return <SchemaDiff table={table} versions={schemas.versions} a={a} b={b} onPair={onPair} />;
}
