import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { TableDetail } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { tableQuery } from "@/api/queries";
import { PageHead } from "@/components/bits";
import { NearestTables } from "@/components/Nearest";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { type Tab, Tabs } from "@/components/ui/tabs";
import { AmbiguousTable } from "@/features/tables/AmbiguousTable";
import type { Asked } from "@/features/tables/choices";
import { OverviewTab } from "@/features/tables/OverviewTab";
import { TableCrumbs, TableHeader } from "@/features/tables/TableHeader";
import type { TableSearch, TableTab } from "@/lib/addresses";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/tables/$name");

/** Each tab is fetched when it is opened; the first one comes with the page. */
const SchemaTab = lazy(() =>
  import("@/features/tables/SchemaTab").then(({ SchemaTab }) => ({ default: SchemaTab })),
);
const HistoryTimeline = lazy(() =>
  import("@/features/tables/HistoryTimeline").then(({ HistoryTimeline }) => ({
    default: HistoryTimeline,
  })),
);
const DataPreview = lazy(() =>
  import("@/features/tables/DataPreview").then(({ DataPreview }) => ({ default: DataPreview })),
);
const TableRuns = lazy(() =>
  import("@/features/tables/TableRuns").then(({ TableRuns }) => ({ default: TableRuns })),
);
const ChoiceDialog = lazy(() =>
  import("@/features/tables/ChoiceDialog").then(({ ChoiceDialog }) => ({ default: ChoiceDialog })),
);

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

/** What an address says of one tab means nothing to the next. */
const LEFT: TableSearch = {
  op: undefined,
  v: undefined,
  until: undefined,
  view: undefined,
  id: undefined,
  only: undefined,
};

function Detail({ table }: { table: TableDetail }) {
  const { tab = "overview", op, v, until, span, a, b, cols, view, id, only } = route.useSearch();
  const [asked, choose] = useState<Asked | null>(null);
  const navigate = useNavigate({ from: "/tables/$name" });
  const set = (next: TableSearch, replace = true) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace, resetScroll: false });
  const tabs: (Tab & { value: TableTab })[] = [
    {
      value: "overview",
      label: "Overview",
      content: (
        <OverviewTab
          table={table}
          days={span}
          onDays={(next) => set({ span: next })}
          onChoose={choose}
        />
      ),
    },
    {
      value: "schema",
      label: "Schema",
      count: count(table.schema.length),
      content: <SchemaTab table={table} pair={{ a, b }} onPair={set} />,
    },
    {
      value: "history",
      label: "History",
      count: count(table.history_total),
      content: (
        <HistoryTimeline
          table={table}
          filter={{ operation: op, version: v, until }}
          onFilter={(next) => set({ op: next.operation, v: next.version, until: next.until })}
        />
      ),
    },
    {
      value: "data",
      label: "Data",
      content: (
        <DataPreview
          table={table}
          version={v}
          onVersion={(version) => set({ v: version })}
          look={{ view: view ?? "raw", id, activeOnly: view === "current" && only === "active" }}
          onLook={(next) =>
            set({
              view: next.view === "raw" ? undefined : next.view,
              id: next.id,
              only: next.view === "current" && next.activeOnly ? "active" : undefined,
              v: undefined,
            })
          }
          columns={cols}
          onColumns={(columns) => set({ cols: columns })}
        />
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
      <TableHeader table={table} onChoose={choose} />
      {asked && (
        <Suspense>
          <ChoiceDialog table={table} asked={asked} onClose={() => choose(null)} />
        </Suspense>
      )}
      <Tabs
        label={`Parts of ${table.name}`}
        value={tab}
        onChange={(next) =>
          set({ ...LEFT, tab: next === "overview" ? undefined : (next as TableTab) }, false)
        }
        tabs={tabs.map((each) => ({
          ...each,
          content: <Suspense fallback={<Skeleton rows={6} height={20} />}>{each.content}</Suspense>,
        }))}
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
      <NearestTables to={name.slice(0, 200)} />
    </div>
  );
}
