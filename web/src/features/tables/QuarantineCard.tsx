import { Flag } from "lucide-react";
import type { TableDetail } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Card } from "@/components/Panel";
import { plural } from "@/lib/format";
import type { Asked } from "./choices";

/** Files the table goes on without; nothing where there are none. */
export function QuarantineCard({
  table,
  onChoose,
}: {
  table: TableDetail;
  onChoose: (asked: Asked) => void;
}) {
  if (table.quarantine.length === 0) return null;
  return (
    <Card
      title={`${plural(table.quarantine.length, "file")} in quarantine`}
      note="their rows are left out"
      flush
    >
      <ul aria-label="Files in quarantine">
        {table.quarantine.map(({ key, reason }) => (
          <li key={key} className="flex items-center gap-3 border-line border-t px-4 py-2.5">
            <Flag aria-hidden className="size-4 flex-none text-fail-icon" />
            <div className="min-w-0 flex-1">
              <p className="font-mono text-sm [overflow-wrap:anywhere]">{key}</p>
              <p className="text-ink-2 text-sm [overflow-wrap:anywhere]">{reason}</p>
            </div>
            <ActionButton
              size="s"
              onClick={() => onChoose({ action: "release", files: [key] })}
              aria-label={`Release ${key}`}
            >
              Release
            </ActionButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
