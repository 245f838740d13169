import { KeyRound, Lock, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ColumnSchema } from "@/api/generated";
import { Tag } from "@/components/bits";
import { Card, Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { NullShare, type Nulls, trouble } from "./NullShare";

export function SchemaTable({
  columns,
  nulls,
  reason,
  note,
}: {
  columns: readonly ColumnSchema[];
  nulls: Nulls;
  reason: string | null;
  /** Which version this is, and how old the answer. */
  note?: ReactNode;
}) {
  const [text, setText] = useState("");
  const needle = text.trim().toLowerCase();
  const shown = columns.filter(
    (column) =>
      column.name.toLowerCase().includes(needle) || column.type.toLowerCase().includes(needle),
  );
  const problem = trouble(nulls);
  const known = new Map(nulls.data?.columns.map((each) => [each.name, each]));
  const hasComments = columns.some((column) => column.comment);
  return (
    <Card
      title="Columns"
      note={
        <>
          {needle ? `${count(shown.length)} of ${count(columns.length)}` : count(columns.length)}
          {columns.length > 0 && note && <> {note}</>}
        </>
      }
      flush
      className="overflow-hidden"
      actions={
        columns.length > 0 && (
          <label className="flex h-8 w-44 items-center gap-2 rounded-m border border-control bg-surface px-2.5 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10">
            <Search aria-hidden className="size-4 text-ink-3" />
            <span className="sr-only">Filter columns</span>
            <input
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder="Filter"
              className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
            />
          </label>
        )
      }
    >
      {problem && columns.length > 0 && (
        <p role="status" className="px-4 pb-2 text-ink-2 text-sm">
          Nulls are unknown. {problem}
        </p>
      )}
      {columns.length === 0 ? (
        <Empty title="No columns known">
          {reason ?? "The table is not loaded yet: the first run brings its schema."}
        </Empty>
      ) : shown.length === 0 ? (
        <Empty
          title="No column matches"
          action={<Button onClick={() => setText("")}>Clear filter</Button>}
        />
      ) : (
        <div className="relative overflow-x-auto">
          <table className="tbl" aria-label={plural(shown.length, "column")}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                <th scope="col" className="n">
                  Null
                </th>
                <th scope="col">Nullable</th>
                {hasComments && (
                  <th scope="col" className="max-s:hidden">
                    Comment
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((column) => (
                <tr key={column.name}>
                  <td className="max-s:wrap-anywhere max-s:min-w-40 max-s:whitespace-normal max-s:py-1">
                    <span className="mono mr-2">{column.name}</span> <Marks column={column} />
                  </td>
                  <td className="mono text-ink-2">{column.type}</td>
                  <td className="n">
                    <NullShare column={known.get(column.name)} nulls={nulls} />
                  </td>
                  <td>{column.nullable ? "yes" : "no"}</td>
                  {hasComments && (
                    <td className="max-w-80 truncate text-ink-2 max-s:hidden">{column.comment}</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Marks({ column }: { column: ColumnSchema }) {
  return (
    <span className="inline-flex gap-1 align-middle">
      {column.role === "key" && (
        <Tag tone="info">
          <KeyRound aria-hidden /> Key
        </Tag>
      )}
      {column.role === "cda" && <Tag>CDA</Tag>}
      {column.masked && (
        <Tag tone="warn">
          <Lock aria-hidden /> Masked
        </Tag>
      )}
    </span>
  );
}
