import { Lock, Rows3 } from "lucide-react";
import type { Sample, TableDetail } from "@/api/generated";
import { fromInfo } from "@/api/problem";
import { Empty, Problem } from "@/components/Panel";
import { cn } from "@/lib/cn";
import { count } from "@/lib/format";
import type { Look } from "./ViewBar";

/** The rows; a masked cell and a null are never mistaken for data. */
export function SampleTable({
  sample,
  table,
  columns,
  look: { id, activeOnly },
  onRetry,
}: {
  sample: Sample;
  table: TableDetail;
  columns: readonly string[];
  look: Look;
  onRetry: () => void;
}) {
  if (sample.error?.code === "NO_CURRENT_TABLE") {
    return (
      <Empty icon={Rows3} title="No current table">
        Nobody keeps one for this table. {sample.error.hint}
      </Empty>
    );
  }
  if (sample.error) {
    return (
      <Problem problem={fromInfo(sample.error, titleOf(sample.error.code))} onRetry={onRetry} />
    );
  }
  if (sample.rows.length === 0 && activeOnly) {
    return (
      <Empty icon={Rows3} title={id === undefined ? "No active row" : `No active row of id ${id}`}>
        {id === undefined
          ? "Every row of the current table is retired, or there is none."
          : "It is retired, it was deleted, or it was never there."}
      </Empty>
    );
  }
  if (sample.rows.length === 0 && id !== undefined) {
    return (
      <Empty icon={Rows3} title={`No row of id ${id}`}>
        {sample.view === "current"
          ? "It was deleted, or it was never there. History knows."
          : "No change of it is in the table."}
      </Empty>
    );
  }
  if (sample.rows.length === 0) {
    return (
      <Empty icon={Rows3} title="This version has no rows">
        The files of version {count(sample.version)} hold none.
      </Empty>
    );
  }
  const types = new Map(table.schema.map((column) => [column.name, column.type]));
  const masked = new Set(sample.masked_columns);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section className="relative overflow-x-auto" aria-label="Sample rows" tabIndex={0}>
      <table className="tbl">
        <thead>
          <tr>
            {columns.map((name) => (
              <th
                key={name}
                scope="col"
                className={cn(
                  "font-mono!",
                  isNumber(types.get(name)) && "n",
                  masked.has(name) && "masked",
                )}
                data-tip={types.get(name)}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sample's rows have no key of their own
            <tr key={index}>
              {columns.map((name) => (
                <Cell
                  key={name}
                  value={row[name]}
                  masked={masked.has(name)}
                  numeric={isNumber(types.get(name))}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const titleOf = (code: string) =>
  code === "STORE_TOO_SLOW" ? "Query timed out" : "The rows could not be read";

const isNumber = (type: string | undefined) =>
  /^(byte|short|integer|long|float|double|decimal)/.test(type ?? "");

function Cell({ value, masked, numeric }: { value: unknown; masked: boolean; numeric: boolean }) {
  if (value === null || value === undefined) {
    return (
      <td className={cn("text-ink-3 italic", numeric && "n", masked && "masked")}>
        <span className="text-sm">null</span>
      </td>
    );
  }
  if (masked) {
    return (
      <td className="masked text-ink-2">
        <span className="inline-flex items-center gap-[5px]">
          <Lock aria-hidden className="size-3" />
          <span aria-hidden className="tracking-[.06em]">
            •••••••
          </span>
          <span className="sr-only">masked</span>
        </span>
      </td>
    );
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return (
    <td
      className={cn("max-w-72 truncate", numeric ? "n" : "mono")}
      data-tip={text.length > 34 ? text : undefined}
    >
      {text}
    </td>
  );
}
