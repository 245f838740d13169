import { ChartColumn, Table2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Card } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { useWidth } from "@/lib/hooks";

export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

interface ChartCardProps {
  title: string;
  note?: ReactNode;
  table: ChartTable;
  legend?: ReactNode;
  actions?: ReactNode;
  /** Below the chart and its legend, in both views. */
  after?: ReactNode;
  className?: string;
  children: (width: number) => ReactNode;
}

/** A chart with its other view: the same numbers as a table. */
export function ChartCard(props: ChartCardProps) {
  const { title, note, table, legend, actions, after, className, children } = props;
  const [asTable, setAsTable] = useState(false);
  const Icon = asTable ? ChartColumn : Table2;
  return (
    <Card
      title={title}
      note={note}
      {...(className ? { className } : {})}
      actions={
        <>
          {actions}
          <Button
            variant="ghost"
            size="icon-s"
            aria-pressed={asTable}
            aria-label={`${title} as table`}
            data-tip={asTable ? "as chart" : "as table"}
            onClick={() => setAsTable((shown) => !shown)}
          >
            <Icon aria-hidden />
          </Button>
        </>
      }
    >
      {asTable ? (
        <TableView title={title} table={table} />
      ) : (
        <>
          <Sized>{children}</Sized>
          {legend && (
            <ul className="mt-3 flex flex-wrap gap-x-3.5 gap-y-1 text-ink-2 text-sm">{legend}</ul>
          )}
        </>
      )}
      {after}
    </Card>
  );
}

/** Draw at the width there is. */
export function Sized({ children }: { children: (width: number) => ReactNode }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  return (
    <div ref={ref} className="relative min-w-0">
      {width > 0 ? children(Math.max(220, width)) : <div className="h-32" />}
    </div>
  );
}

function TableView({ title, table }: { title: string; table: ChartTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section className="max-h-72 overflow-auto" tabIndex={0} aria-label={`${title}, numbers`}>
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th
                key={column}
                className="sticky top-0 border-line border-b bg-surface py-1 pr-2 text-left font-[550] text-ink-2"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join("\u0000")}>
              {row.map((cell, index) => (
                <td
                  key={`${table.columns[index]}`}
                  className="border-line border-b py-1 pr-2 whitespace-nowrap"
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function LegendItem({ color, children }: { color: string; children: ReactNode }) {
  return (
    <li className="inline-flex items-center gap-[5px] whitespace-nowrap">
      <span
        aria-hidden
        className="size-2.5 flex-none rounded-[3px]"
        style={{ background: color }}
      />
      {children}
    </li>
  );
}
