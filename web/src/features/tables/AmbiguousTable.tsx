import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Split } from "lucide-react";
import { namesakesQuery } from "@/api/queries";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { healthWord } from "@/lib/vocabulary";

/** Several connections have a table of this name: which one is meant? */
export function AmbiguousTable({ name }: { name: string }) {
  const query = useQuery(namesakesQuery(name));
  return (
    <div className="card mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">{name}</h1>
      <Empty icon={Split} title={`Several connections have a table “${name}”`}>
        Choose the one you mean.
      </Empty>
      <Ask query={query} loading={<Skeleton rows={2} height={20} />}>
        {(tables) => (
          <ul aria-label="Connections with this table">
            {tables.map((table) => (
              <li
                key={table.connection}
                className="row-link flex items-center gap-3 border-line border-t px-4 py-2.5 hover:bg-hover"
              >
                <StatusBadge word={healthWord(table.health)} />
                <Link
                  from="/tables/$name"
                  to="/tables/$name"
                  params={{ name }}
                  search={(old) => ({ ...old, connection: table.connection })}
                  className="cover font-[550]"
                >
                  {table.connection}
                </Link>
                <span className="min-w-0 flex-1 truncate text-right text-ink-2 text-sm">
                  {table.path}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Ask>
    </div>
  );
}
