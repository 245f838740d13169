import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { ListedTable, SortKey } from "@/api/generated";
import { PAGE_SIZE, type TableFilter, tablesQuery } from "@/api/queries";
import { SkeletonBlock } from "@/components/Panel";
import { useWhere } from "@/components/TableLink";
import { useIsPhone } from "@/lib/hooks";
import { useShortcut } from "@/lib/shortcuts";
import { COLUMNS, TableHead } from "./columns";
import { TableCard, TableRow } from "./TableCard";

const ROW = 36;
const CARD = 62;

/** As many rows as there are tables, a screenful of them in the page. Pages come as they are seen. */
export function TableList({
  filter,
  total,
  onSort,
}: {
  filter: TableFilter;
  total: number;
  onSort: (sort: SortKey) => void;
}) {
  const isPhone = useIsPhone();
  const box = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  // Panels above may come and go; where the list begins is measured, not assumed.
  useEffect(() => {
    const top = box.current?.getBoundingClientRect().top ?? 0;
    const next = Math.round(top + window.scrollY);
    if (next !== offset) setOffset(next);
  });
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => (isPhone ? CARD : ROW),
    overscan: 12,
    scrollMargin: offset,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height on a phone
  useEffect(() => virtual.measure(), [virtual, isPhone]);
  const items = virtual.getVirtualItems();
  const tableAt = usePages(filter, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  useRowKeys(box, total, (index) => virtual.scrollToIndex(index, { align: "auto" }), tableAt);
  const before = (items[0]?.start ?? offset) - offset;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);

  if (isPhone) {
    return (
      <div ref={box} className="card overflow-hidden">
        <ul aria-label="Tables" style={{ paddingTop: before, paddingBottom: after }}>
          {items.map((item) => (
            <TableCard key={item.index} index={item.index} table={tableAt(item.index)} />
          ))}
        </ul>
      </div>
    );
  }
  return (
    <div ref={box} className="card relative overflow-x-auto">
      <table
        className="tbl dense table-fixed"
        aria-label="Tables"
        aria-rowcount={total + 1}
        style={{ minWidth: 1060 }}
      >
        <TableHead sort={filter.sort} onSort={onSort} />
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map((item) => {
            const table = tableAt(item.index);
            return table ? (
              <TableRow key={item.index} index={item.index} table={table} />
            ) : (
              <tr key={item.index} aria-rowindex={item.index + 2}>
                <td colSpan={COLUMNS.length}>
                  <SkeletonBlock className="h-3.5 w-2/3" />
                </td>
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={COLUMNS.length} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** The pages that hold these rows; what is seen is asked again now and then. */
function usePages(filter: TableFilter, first: number, last: number) {
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.floor(last / PAGE_SIZE);
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const results = useQueries({
    queries: pages.map((page) => tablesQuery(filter, page)),
  });
  const head = useQuery({ ...tablesQuery(filter), placeholderData: keepPreviousData }).data;
  return (index: number): ListedTable | undefined => {
    const page = Math.floor(index / PAGE_SIZE);
    const data = results[page - from]?.data ?? (page === 0 ? head : undefined);
    return data?.tables[index % PAGE_SIZE];
  };
}

/** j and k walk the rows, Enter opens the one that has the focus (it is a link). */
function useRowKeys(
  box: React.RefObject<HTMLDivElement | null>,
  total: number,
  scrollTo: (index: number) => void,
  tableAt: (index: number) => ListedTable | undefined,
): void {
  const navigate = useNavigate();
  const where = useWhere();
  const at = useRef(-1);
  const focusRow = (index: number) => {
    const link = () => box.current?.querySelector<HTMLElement>(`[data-row="${index}"] a.cover`);
    at.current = index;
    scrollTo(index);
    requestAnimationFrame(() => {
      link()?.focus({ preventScroll: true });
      requestAnimationFrame(() => link()?.focus({ preventScroll: true }));
    });
  };
  const step = (by: number) => {
    if (total === 0) return;
    const focused = document.activeElement?.closest("[data-row]")?.getAttribute("data-row");
    const now = focused == null ? at.current : Number(focused);
    focusRow(Math.min(total - 1, Math.max(0, now + by)));
  };
  const open = () => {
    const table = tableAt(at.current);
    if (!table) return;
    const search = where(table.connection);
    void navigate({ to: "/tables/$name", params: { name: table.name }, search });
  };
  const group = "Tables";
  useShortcut({ keys: "j", group, does: "Next table", act: () => step(1) });
  useShortcut({ keys: "k", group, does: "Table before", act: () => step(-1) });
  useShortcut({ keys: "Enter", group, does: "Open the table", act: open });
}
