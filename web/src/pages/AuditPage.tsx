import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { PageHead } from "@/components/bits";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { AuditFilters } from "@/features/audit/AuditFilters";
import { AuditTable } from "@/features/audit/AuditTable";
import { auditQuery } from "@/features/audit/queries";
import type { AuditSearch } from "@/lib/addresses";
import { useTitle } from "@/lib/hooks";

const route = getRouteApi("/settings/audit");

export function AuditPage() {
  useTitle("Audit");
  const search = route.useSearch();
  const navigate = useNavigate();
  const log = useInfiniteQuery(auditQuery(search));
  const change = (next: AuditSearch) =>
    void navigate({ to: "/settings/audit", search: next, replace: true, resetScroll: false });
  return (
    <>
      <PageHead title="Audit">
        <p>Who did what, and when. Secrets are never in it.</p>
      </PageHead>
      <div className="card overflow-hidden">
        <AuditFilters search={search} onChange={change} />
        <Ask query={log} loading={<Skeleton rows={8} />}>
          {({ pages }) => {
            const entries = pages.flatMap((page) => page.entries);
            if (!entries.length)
              return <Nothing isFiltered={isFiltered(search)} onClear={change} />;
            return (
              <>
                <AuditTable entries={entries} />
                {log.hasNextPage && (
                  <div className="grid justify-items-center border-line border-t p-3">
                    <Button
                      disabled={log.isFetchingNextPage}
                      onClick={() => void log.fetchNextPage()}
                    >
                      {log.isFetchingNextPage ? "Loading …" : "Show older"}
                    </Button>
                  </div>
                )}
              </>
            );
          }}
        </Ask>
      </div>
    </>
  );
}

const isFiltered = (search: AuditSearch) => Object.values(search).some(Boolean);

function Nothing({
  isFiltered,
  onClear,
}: {
  isFiltered: boolean;
  onClear: (search: AuditSearch) => void;
}) {
  if (!isFiltered) {
    return (
      <Empty icon={ScrollText} title="Nothing was done yet">
        Runs that are started, rows that are looked at and everything else appears here.
      </Empty>
    );
  }
  return (
    <Empty
      icon={ScrollText}
      title="No action matches"
      action={<Button onClick={() => onClear({})}>Clear filters</Button>}
    >
      Nobody did that in this period.
    </Empty>
  );
}
