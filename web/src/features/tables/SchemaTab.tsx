import { CircleMinus, CirclePlus, PencilRuler } from "lucide-react";
import type { SchemaChange, TableDetail } from "@/api/generated";
import { Card } from "@/components/Panel";
import { count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { FingerprintLanes } from "./FingerprintLanes";
import { SchemaTable } from "./SchemaTable";

export function SchemaTab({ table }: { table: TableDetail }) {
  return (
    <div className="grid gap-4 max-s:gap-3">
      <FingerprintLanes fingerprints={table.fingerprints} />
      <Changes changes={table.schema_changes} />
      <SchemaTable columns={table.schema} reason={table.unknown_reason} />
    </div>
  );
}

function Changes({ changes }: { changes: readonly SchemaChange[] }) {
  const times = useTimes();
  if (changes.length === 0) return null;
  return (
    <Card title="Schema changes" note="order alone is no change" flush className="overflow-hidden">
      <ul>
        {changes.map((change) => (
          <li
            key={change.version}
            className="grid gap-1.5 border-line border-t px-4 py-2.5 text-md s:grid-cols-[180px_minmax(0,1fr)]"
          >
            <span className="tabular-nums">
              <b className="font-semibold">Version {count(change.version)}</b>
              <span className="block text-ink-2 text-sm">{times.full(change.timestamp)}</span>
            </span>
            <ul className="grid gap-1 [&_svg]:mt-px [&_svg]:size-[15px] [&_svg]:flex-none">
              {change.added.length > 0 && (
                <Line
                  icon={<CirclePlus aria-hidden className="text-ok-icon" />}
                  word={`${plural(change.added.length, "column")} added`}
                  names={change.added}
                  note="null in older rows"
                />
              )}
              {change.changed.length > 0 && (
                <Line
                  icon={<PencilRuler aria-hidden className="text-warn-icon" />}
                  word={`${plural(change.changed.length, "column")} changed`}
                  names={change.changed}
                />
              )}
              {change.removed.length > 0 && (
                <Line
                  icon={<CircleMinus aria-hidden className="text-mute-icon" />}
                  word={`${plural(change.removed.length, "column")} removed`}
                  names={change.removed}
                />
              )}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const SHOWN = 12;

function Line({
  icon,
  word,
  names,
  note,
}: {
  icon: React.ReactNode;
  word: string;
  names: readonly string[];
  note?: string;
}) {
  const more = names.length - SHOWN;
  return (
    <li className="flex gap-2">
      {icon}
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-[550]">{word}</span>
        {note && <span className="text-ink-2">, {note}</span>}:{" "}
        <code className="font-mono text-sm">{names.slice(0, SHOWN).join(", ")}</code>
        {more > 0 && ` and ${count(more)} more`}
      </span>
    </li>
  );
}
