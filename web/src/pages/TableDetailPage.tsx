import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import type { TableDetail } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { tableQuery } from "@/api/queries";
import { PageHead } from "@/components/bits";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { type Tab, Tabs } from "@/components/ui/tabs";
import { AmbiguousTable } from "@/features/tables/AmbiguousTable";
import { DataPreview } from "@/features/tables/DataPreview";
import { HistoryTimeline } from "@/features/tables/HistoryTimeline";
import { OverviewTab } from "@/features/tables/OverviewTab";
import { SchemaTab } from "@/features/tables/SchemaTab";
import { TableCrumbs, TableHeader } from "@/features/tables/TableHeader";
import { TableRuns } from "@/features/tables/TableRuns";
import type { TableSearch, TableTab } from "@/lib/addresses";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/tables/$name");

export function TableDetailPage() {
  const { name } = route.useParams();
  const { connection } = route.useSearch();
  useTitle(name);
  const query = useQuery(tableQuery(name, connection));
  const problem = query.error && toProblem(query.error);
  if (problem?.code === "AMBIGUOUS_TABLE") return <AmbiguousTable name={name} />;
  if (!query.data && problem?.status === 404) return <NoSuchTable name={name} />;
  return (
    <>
      {!query.data && <PageHead title={name} crumbs={<TableCrumbs name={name} />} />}
      <div className={query.data ? undefined : "card"}>
        <Ask query={query} loading={<Skeleton rows={8} height={20} />}>
          {(table) => <Detail key={`${table.connection}/${name}`} table={table} />}
        </Ask>
      </div>
    </>
  );
}

function Detail({ table }: { table: TableDetail }) {
  const { tab = "overview", op, v } = route.useSearch();
  const navigate = useNavigate({ from: "/tables/$name" });
  const set = (next: TableSearch, replace = true) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace, resetScroll: false });
  const tabs: (Tab & { value: TableTab })[] = [
    { value: "overview", label: "Overview", content: <OverviewTab table={table} /> },
    {
      value: "schema",
      label: "Schema",
      count: count(table.schema.length),
      content: <SchemaTab table={table} />,
    },
    {
      value: "history",
      label: "History",
      count: count(table.history_total),
      content: (
        <HistoryTimeline
          table={table}
          operation={op}
          onOperation={(operation) => set({ op: operation })}
        />
      ),
    },
    {
      value: "data",
      label: "Data",
      content: (
        <DataPreview table={table} version={v} onVersion={(version) => set({ v: version })} />
      ),
    },
    {
      value: "runs",
      label: "Runs",
      count: count(table.runs.length),
      content: <TableRuns table={table} />,
    },
  ];
  return (
    <>
      <TableHeader table={table} />
      <Tabs
        label={`Parts of ${table.name}`}
        value={tab}
        onChange={(next) =>
          set({ tab: next === "overview" ? undefined : (next as TableTab) }, false)
        }
        tabs={tabs}
      />
    </>
  );
}

function NoSuchTable({ name }: { name: string }) {
  return (
    <div className="card mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">Table not found</h1>
      <Empty
        icon={SearchX}
        title={`No table “${name}”`}
        action={
          <>
            <Button asChild>
              <Link to="/tables" search={{ q: name.slice(0, Math.max(3, name.length - 2)) }}>
                Search for similar names
              </Link>
            </Button>
            <Button asChild>
              <Link to="/tables">All tables</Link>
            </Button>
          </>
        }
      >
        It is neither in the manifest nor in the target.
      </Empty>
    </div>
  );
}
