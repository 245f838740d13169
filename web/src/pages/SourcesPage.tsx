import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Database, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ConnectionInfo } from "@/api/generated";
import { may, meQuery } from "@/api/me";
import { PageHead } from "@/components/bits";
import { AskInCard, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { connectionsQuery } from "@/features/sources/queries";
import { SourceCard, stateOf } from "@/features/sources/SourceCard";
import { plural } from "@/lib/format";
import { useTitle } from "@/lib/hooks";

const ConnectionDialog = lazy(() =>
  import("@/features/sources/ConnectionDialog").then((module) => ({
    default: module.ConnectionDialog,
  })),
);

export function SourcesPage() {
  useTitle("Sources");
  const navigate = useNavigate();
  const query = useQuery(connectionsQuery());
  const isAdmin = may(useQuery(meQuery()).data?.role, "admin");
  const [adding, setAdding] = useState(false);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> Add connection
    </Button>
  );
  return (
    <>
      <PageHead title="Sources" actions={isAdmin && query.data && query.data.length > 0 && add}>
        <p>
          {query.data ? sentence(query.data) : "Where the exports are, and where their tables go."}
        </p>
      </PageHead>
      <AskInCard query={query} loading={<Skeleton rows={8} height={20} />}>
        {(all) =>
          all.length === 0 ? (
            <div className="card">
              <Empty icon={Database} title="No connection yet" action={isAdmin && add}>
                A connection names an export and the place of its tables. Add one here, or in
                cdalake.toml; cdalake demo brings one along.
              </Empty>
            </div>
          ) : (
            <ul className="grid gap-4 l:grid-cols-2">
              {all.map((connection) => (
                <li key={connection.name} className="min-w-0">
                  <SourceCard connection={connection} />
                </li>
              ))}
            </ul>
          )
        }
      </AskInCard>
      {adding && (
        <Suspense>
          <ConnectionDialog
            connection={null}
            onClose={() => setAdding(false)}
            onSaved={(name) => void navigate({ to: "/sources/$name", params: { name } })}
          />
        </Suspense>
      )}
    </>
  );
}

function sentence(all: readonly ConnectionInfo[]): string {
  const bad = all.filter((connection) => stateOf(connection).tone === "fail");
  if (all.length === 0) return "None is set up yet.";
  if (bad.length === 0) return `${plural(all.length, "connection")}, no trouble.`;
  return `${bad.length} of ${plural(all.length, "connection")} cannot be reached: ${bad
    .map((each) => each.name)
    .join(", ")}.`;
}
