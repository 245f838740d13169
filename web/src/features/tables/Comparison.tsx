import { Link } from "@tanstack/react-router";
import { CircleEqual, Diff, Minus, Plus, TextCursorInput } from "lucide-react";
import { useState } from "react";
import type {
  ColumnPair,
  Comparison as Compared,
  ComparedColumn,
  ComparedSchema,
  Difference,
} from "@/api/generated";
import { Chip } from "@/components/bits";
import { Card, Empty } from "@/components/Panel";
import { TableLink } from "@/components/TableLink";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { useTimes } from "@/lib/time";

/** Two schemas side by side: what differs first, the same only when asked for. */
export function Comparison({ compared }: { compared: Compared }) {
  const [withSame, setWithSame] = useState(false);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const differing = compared.columns.filter((pair) => pair.difference !== "same");
  const shown = (withSame ? compared.columns : differing).filter((pair) =>
    pair.name.includes(wanted),
  );
  return (
    <Card
      title={headline(compared)}
      flush
      actions={
        <>
          <input
            type="text"
            aria-label="Filter columns"
            placeholder="Filter columns"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="h-7 rounded-m border border-control bg-surface px-2.5 text-[12.5px] max-s:h-10 max-s:w-40"
          />
          <Chip
            pressed={withSame}
            count={String(compared.same)}
            onPress={() => setWithSame(!withSame)}
          >
            Same
          </Chip>
        </>
      }
    >
      {shown.length > 0 ? (
        <Pairs pairs={shown} a={compared.a} b={compared.b} />
      ) : (
        <Empty icon={CircleEqual} title={wanted ? "No column matches" : "No difference"}>
          {wanted
            ? `No column that is shown is called like “${text.trim()}”.`
            : `Both have the same ${plural(compared.same, "column")}; their order does not count.`}
        </Empty>
      )}
    </Card>
  );
}

function headline({ added, removed, changed }: Compared): string {
  const parts = [
    added && `${plural(added, "column")} added`,
    removed && `${plural(removed, "column")} removed`,
    changed && `${plural(changed, "column")} changed`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "The same columns";
}

const WORDS: Record<Difference, { word: string; icon: typeof Plus; tone: string }> = {
  added: { word: "Added", icon: Plus, tone: "text-ok" },
  removed: { word: "Removed", icon: Minus, tone: "text-fail" },
  type: { word: "Type", icon: Diff, tone: "text-warn" },
  nullable: { word: "Nullability", icon: TextCursorInput, tone: "text-warn" },
  same: { word: "Same", icon: CircleEqual, tone: "text-ink-2" },
};

function Pairs({
  pairs,
  a,
  b,
}: {
  pairs: readonly ColumnPair[];
  a: ComparedSchema;
  b: ComparedSchema;
}) {
  return (
    <div className="overflow-x-auto">
      <table className="tbl" aria-label="Columns of both">
        <thead>
          <tr>
            <th scope="col">Difference</th>
            <th scope="col">Column</th>
            <th scope="col">
              <Side side={a} />
            </th>
            <th scope="col">
              <Side side={b} />
            </th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <Pair key={pair.name} pair={pair} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pair({ pair }: { pair: ColumnPair }) {
  const { word, icon: Icon, tone } = WORDS[pair.difference];
  return (
    <tr>
      <td className={cn("font-[550] text-[12.5px]", tone)}>
        <span className="inline-flex items-center gap-1.5 align-middle">
          <Icon aria-hidden className="size-3.5" /> {word}
        </span>
      </td>
      <td className="mono">{(pair.b ?? pair.a)?.name}</td>
      <td>
        <Shape column={pair.a} />
      </td>
      <td>
        <Shape column={pair.b} />
      </td>
    </tr>
  );
}

function Shape({ column }: { column: ComparedColumn | null }) {
  if (!column) return <span className="text-ink-3 italic">not there</span>;
  return (
    <>
      <span className="mono">{column.type}</span>{" "}
      <span className="text-ink-2 text-sm">{column.nullable ? "nullable" : "not null"}</span>
    </>
  );
}

function Side({ side }: { side: ComparedSchema }) {
  return (
    <span className="text-ink">
      {side.name} <span className="font-normal text-ink-2">version {side.version}</span>
    </span>
  );
}

/** What stands on one side, and which of its versions. */
export function SideFacts({ side }: { side: ComparedSchema }) {
  const times = useTimes();
  return (
    <p className="text-ink-2 text-sm">
      {plural(side.columns, "column")}
      {side.timestamp && `, written ${times.full(side.timestamp)}`}.{" "}
      <TableLink name={side.name} connection={side.connection} className="link">
        Open table
      </TableLink>
    </p>
  );
}

export function CompareCrumb() {
  return (
    <>
      <Link to="/tables" className="hover:text-ink hover:underline">
        Tables
      </Link>
      <span aria-hidden>/</span>
      <span>Compare</span>
    </>
  );
}
