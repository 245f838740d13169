import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ConnectionInfo } from "@/api/generated";
import { may, meQuery } from "@/api/me";
import { Facts, PageHead } from "@/components/bits";
import { Ask, Card, Skeleton } from "@/components/Panel";
import { StatusBadge } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { Tabs } from "@/components/ui/tabs";
import { ConnectionTest } from "@/features/sources/ConnectionTest";
import { connectionQuery } from "@/features/sources/queries";
import { OriginTag, Places, stateOf } from "@/features/sources/SourceCard";
import type { SourceTab } from "@/lib/addresses";
import { count, short } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useAge, useTimes } from "@/lib/time";

const ConnectionDialog = lazy(() =>
  import("@/features/sources/ConnectionDialog").then((module) => ({
    default: module.ConnectionDialog,
  })),
);
const RemoveDialog = lazy(() =>
  import("@/features/sources/RemoveDialog").then((module) => ({ default: module.RemoveDialog })),
);

const ManifestTab = lazy(() =>
  import("@/features/sources/ManifestTab").then((module) => ({ default: module.ManifestTab })),
);
const ObjectsTab = lazy(() =>
  import("@/features/sources/ObjectsTab").then((module) => ({ default: module.ObjectsTab })),
);

const route = getRouteApi("/sources/$name");

export function SourcePage() {
  const { name } = route.useParams();
  useTitle(`${name} - Sources`);
  const query = useQuery(connectionQuery(name));
  if (query.data) return <Source key={name} connection={query.data} />;
  return (
    <>
      <PageHead crumbs={<ToSources />} title={name} />
      <div className="card">
        <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
          {() => null}
        </Ask>
      </div>
    </>
  );
}

function ToSources() {
  return (
    <Link to="/sources" className="text-info hover:underline">
      Sources
    </Link>
  );
}

function Source({ connection }: { connection: ConnectionInfo }) {
  const navigate = useNavigate();
  const search = route.useSearch();
  const role = useQuery(meQuery()).data?.role;
  const { name } = connection;
  return (
    <>
      <PageHead
        crumbs={<ToSources />}
        title={name}
        badge={<StatusBadge word={stateOf(connection)} pill />}
        actions={may(role, "admin") && connection.is_editable && <Edit connection={connection} />}
      >
        <Known connection={connection} />
      </PageHead>
      <Tabs
        label="Parts of the connection"
        value={search.tab ?? "overview"}
        onChange={(value) =>
          void navigate({
            to: "/sources/$name",
            params: { name },
            search: value === "overview" ? {} : { tab: value as SourceTab },
          })
        }
        tabs={[
          {
            value: "overview",
            label: "Overview",
            content: <Overview connection={connection} canTest={may(role, "operator")} />,
          },
          {
            value: "manifest",
            label: "Manifest",
            content: (
              <Suspense fallback={<Skeleton rows={8} />}>
                <ManifestTab name={name} search={search} />
              </Suspense>
            ),
          },
          {
            value: "objects",
            label: "Objects",
            content: (
              <Suspense fallback={<Skeleton rows={8} />}>
                <ObjectsTab name={name} search={search} />
              </Suspense>
            ),
          },
        ]}
      />
    </>
  );
}

function Known({ connection }: { connection: ConnectionInfo }) {
  const times = useTimes();
  if (!connection.is_editable) {
    const where = connection.origin === "environment" ? "the environment" : connection.origin;
    return <p>{`From ${where}. Change it there and start the server again.`}</p>;
  }
  const when = connection.changed_at ? times.full(connection.changed_at) : "";
  return <p>{`Last changed by ${connection.changed_by} at ${when}.`}</p>;
}

function Edit({ connection }: { connection: ConnectionInfo }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<"edit" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen("edit")}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Button onClick={() => setOpen("remove")}>
        <Trash2 aria-hidden /> Remove
      </Button>
      <Suspense>
        {open === "edit" && (
          <ConnectionDialog connection={connection} onClose={close} onSaved={close} />
        )}
        {open === "remove" && (
          <RemoveDialog
            connection={connection}
            onClose={close}
            onRemoved={() => void navigate({ to: "/sources" })}
          />
        )}
      </Suspense>
    </>
  );
}

function Overview({ connection, canTest }: { connection: ConnectionInfo; canTest: boolean }) {
  return (
    <div className="grid gap-4">
      <SourceFacts connection={connection} />
      <div className="grid items-start gap-4 l:grid-cols-2">
        <Card title="Places" actions={<OriginTag connection={connection} />}>
          <Places connection={connection} />
          {connection.error && (
            <p className="mt-3 text-fail text-md [overflow-wrap:anywhere]">
              <code className="font-mono text-sm">{connection.error.code}</code>{" "}
              {connection.error.message} <span className="text-ink-2">{connection.error.hint}</span>
            </p>
          )}
          <p className="mt-3 flex gap-4 text-md">
            <Link
              to="/settings/configuration"
              search={{ connection: connection.name }}
              className="text-info hover:underline"
            >
              All its settings
            </Link>
          </p>
        </Card>
        <ConnectionTest name={connection.name} allowed={canTest} />
      </div>
    </div>
  );
}

const answered = (ok: boolean | null, ms: number | null) =>
  ok === null ? "Not checked" : ok ? `${Math.max(1, Math.round(ms ?? 0))} ms` : "No answer";

function SourceFacts({ connection }: { connection: ConnectionInfo }) {
  const times = useTimes();
  const read = useAge(connection.manifest_read_at, 5000);
  const age = useAge(connection.manifest_time, 5000);
  return (
    <Facts
      facts={[
        {
          label: "Tables",
          value: count(connection.tables),
          note: `${count(connection.loaded)} loaded`,
        },
        {
          label: "Manifest age",
          value: age === null ? "Unknown" : short(age),
          note: connection.manifest_time ? times.full(connection.manifest_time) : undefined,
        },
        { label: "Manifest read", value: read === null ? "Not yet" : `${short(read)} ago` },
        { label: "Source", value: answered(connection.source_ok, connection.source_ms) },
        { label: "Target", value: answered(connection.target_ok, connection.target_ms) },
      ]}
    />
  );
}
