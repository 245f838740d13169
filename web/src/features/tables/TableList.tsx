import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useRef } from "react";
import type { ListedTable, SortKey } from "@/api/generated";
import { PAGE_SIZE } from "@/api/queries";
import { SkeletonBlock } from "@/components/Panel";
import { useWhere } from "@/components/TableLink";
import type { Density } from "@/lib/addresses";
import { cn } from "@/lib/cn";
import { useIsPhone } from "@/lib/hooks";
import { useShortcut } from "@/lib/shortcuts";
import { useWindowRows } from "@/lib/window-rows";
import { BulkBar } from "./BulkBar";
import type { Column } from "./columns";
import { type Filter, tablesQuery } from "./list-queries";
import { useSelection } from "./selection";
import { TableCard, TableRow } from "./TableCard";
import { TableHead, widthOf } from "./TableHead";

const HEIGHT: Record<Density | "card", number> = { dense: 36, roomy: 46, card: 66 };

interface ListProps {
  filter: Filter;
  sort: SortKey;
  total: number;
  columns: Column[];
  density: Density;
  onSort: (sort: SortKey) => void;
}

/** As many rows as there are tables, a screenful of them in the page. Pages come as they are seen. */
export function TableList({ filter, sort, total, columns, density, onSort }: ListProps) {
  const isPhone = useIsPhone();
  const box = useRef<HTMLDivElement>(null);
  const height = isPhone ? HEIGHT.card : HEIGHT[density];
  const { virtual, items, before, after } = useWindowRows(box, {
    count: total,
    height,
    about: 350,
  });
  const tableAt = usePages(filter, sort, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const selection = useSelection(JSON.stringify(filter), total, tableAt);
  useRowKeys({
    box,
    total,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: "auto" }),
    tableAt,
    toggle: (index) => selection.toggle(index, false),
  });
  const rows = isPhone ? (
    <ul
      aria-label="Tables"
      className="card overflow-hidden"
      style={{ paddingTop: before, paddingBottom: after }}
    >
      {items.map(({ index }) => (
        <TableCard key={index} index={index} table={tableAt(index)} selection={selection} />
      ))}
    </ul>
  ) : (
    <div className="card relative overflow-x-auto">
      <table
        className={cn("tbl dense table-fixed", density === "roomy" && "roomy")}
        aria-label="Tables"
        aria-rowcount={total + 1}
        style={{ minWidth: widthOf(columns) }}
      >
        <TableHead columns={columns} sort={sort} onSort={onSort} selection={selection} />
        <tbody>
          {before > 0 && <Gap height={before} columns={columns} />}
          {items.map(({ index }) => {
            const table = tableAt(index);
            return table ? (
              <TableRow
                key={index}
                index={index}
                table={table}
                columns={columns}
                selection={selection}
              />
            ) : (
              <tr key={index} aria-rowindex={index + 2}>
                <td colSpan={columns.length + 1} style={{ height: HEIGHT[density] }}>
                  <SkeletonBlock className="h-3.5 w-2/3" />
                </td>
              </tr>
            );
          })}
          {after > 0 && <Gap height={after} columns={columns} />}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      <div ref={box}>{rows}</div>
      <BulkBar filter={filter} sort={sort} total={total} columns={columns} selection={selection} />
    </>
  );
}

function Gap({ height, columns }: { height: number; columns: readonly Column[] }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns.length + 1} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** The pages that hold these rows; what is seen is asked again now and then. */
function usePages(filter: Filter, sort: SortKey, first: number, last: number) {
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.floor(last / PAGE_SIZE);
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const results = useQueries({
    queries: pages.map((page) => tablesQuery(filter, sort, page)),
  });
  const head = useQuery({
    ...tablesQuery(filter, sort),
    placeholderData: keepPreviousData,
  }).data;
  return (index: number): ListedTable | undefined => {
    const page = Math.floor(index / PAGE_SIZE);
    const data = results[page - from]?.data ?? (page === 0 ? head : undefined);
    return data?.tables[index % PAGE_SIZE];
  };
}

interface RowKeys {
  box: RefObject<HTMLDivElement | null>;
  total: number;
  scrollTo: (index: number) => void;
  tableAt: (index: number) => ListedTable | undefined;
  toggle: (index: number) => void;
}

/** j and k walk the rows, x ticks one, Enter opens the one that has the focus (it is a link). */
function useRowKeys({ box, total, scrollTo, tableAt, toggle }: RowKeys): void {
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
  const now = () => {
    const focused = document.activeElement?.closest("[data-row]")?.getAttribute("data-row");
    return focused == null ? at.current : Number(focused);
  };
  const step = (by: number) => {
    if (total > 0) focusRow(Math.min(total - 1, Math.max(0, now() + by)));
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
  useShortcut({ keys: "x", group, does: "Select the table", act: () => toggle(now()) });
  useShortcut({ keys: "Enter", group, does: "Open the table", act: open });
}
