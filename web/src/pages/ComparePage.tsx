import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight, Columns2 } from "lucide-react";
import { PageHead } from "@/components/bits";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { ComparePicker } from "@/features/tables/ComparePicker";
import { CompareCrumb, Comparison } from "@/features/tables/Comparison";
import { compareQuery } from "@/features/tables/list-queries";
import type { CompareSearch } from "@/lib/addresses";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/compare");

/** The columns of two tables, or of two versions of one. */
export function ComparePage() {
  const search = route.useSearch();
  const { a, b, ac, bc, av, bv } = search;
  useTitle(a && b ? `${a} and ${b}` : "Compare");
  const navigate = useNavigate({ from: "/compare" });
  const set = (next: CompareSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const query = useQuery(compareQuery(search));
  const swap = { a: b, b: a, ac: bc, bc: ac, av: bv, bv: av };
  return (
    <>
      <PageHead
        crumbs={<CompareCrumb />}
        title="Compare schemas"
        actions={
          <Button disabled={!a && !b} onClick={() => set(swap)}>
            <ArrowLeftRight aria-hidden /> Swap sides
          </Button>
        }
      >
        <p>Two tables, or two versions of one. Columns go by their names; order does not count.</p>
      </PageHead>
      <div className="mb-4 grid gap-4 m:grid-cols-2">
        <ComparePicker
          label="First table"
          picked={{ name: a, connection: ac, version: av }}
          side={query.data?.a}
          onPick={(next) => set({ a: next.name, ac: next.connection, av: next.version })}
        />
        <ComparePicker
          label="Second table"
          picked={{ name: b, connection: bc, version: bv }}
          side={query.data?.b}
          onPick={(next) => set({ b: next.name, bc: next.connection, bv: next.version })}
        />
      </div>
      {a && b ? (
        <div className={query.data ? undefined : "card"}>
          <Ask query={query} loading={<Skeleton rows={6} />}>
            {(compared) => <Comparison compared={compared} />}
          </Ask>
        </div>
      ) : (
        <div className="card">
          <Empty icon={Columns2} title="Choose two tables">
            Or the same one twice, with two versions.
          </Empty>
        </div>
      )}
    </>
  );
}
