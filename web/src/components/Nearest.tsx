import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { foundTablesQuery, newestRunsQuery } from "@/components/palette/queries";
import { StatusIcon } from "@/components/StatusIcon";
import { shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { healthWord, runWord } from "@/lib/vocabulary";

const FEW = 5;

/** Tables whose name comes near to what was asked for. */
export function NearestTables({ to: text }: { to: string }) {
  const { data } = useQuery(foundTablesQuery(text));
  const found = data?.tables.slice(0, FEW) ?? [];
  if (found.length === 0) return null;
  return (
    <section aria-label="Nearest tables" className="border-line border-t px-5 py-4 text-left">
      <h2 className="mb-1.5 font-semibold text-md">Did you mean</h2>
      <ul className="grid gap-1">
        {found.map(({ name, connection, health }) => (
          <li key={`${connection} ${name}`} className="flex items-center gap-2 text-md">
            <StatusIcon word={healthWord(health)} className="size-4" />
            <Link
              to="/tables/$name"
              params={{ name }}
              search={data && data.connections.length > 1 ? { connection } : {}}
              className="link"
            >
              {name}
            </Link>
            <span className="text-ink-2 text-sm">{health}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The newest runs, those first whose id shares most with what was asked for. */
export function NearestRuns({ to: id }: { to: string }) {
  const times = useTimes();
  const { data } = useQuery(newestRunsQuery());
  const found = (data ?? [])
    .toSorted((a, b) => shared(b.run_id, id) - shared(a.run_id, id))
    .slice(0, FEW);
  if (found.length === 0) return null;
  return (
    <section aria-label="Nearest runs" className="border-line border-t px-5 py-4 text-left">
      <h2 className="mb-1.5 font-semibold text-md">Did you mean</h2>
      <ul className="grid gap-1">
        {found.map(({ run_id, status, created_at }) => (
          <li key={run_id} className="flex items-center gap-2 text-md">
            <StatusIcon word={runWord(status)} className="size-4" />
            <Link to="/runs/$runId" params={{ runId: run_id }} className="link">
              Run {shortId(run_id)}
            </Link>
            <span className="text-ink-2 text-sm tabular-nums">
              {runWord(status).word}, {times.full(created_at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Letters in common from either end: ids begin with the date and end by chance. */
function shared(one: string, other: string): number {
  const from = (a: string, b: string) => [...a].findIndex((letter, at) => letter !== b[at]);
  const whole = (place: number) => (place < 0 ? one.length : place);
  const turned = (text: string) => [...text].toReversed().join("");
  return whole(from(one, other)) + 2 * whole(from(turned(one), turned(other)));
}
