import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useVerify } from "@/api/actions";
import type { TableDetail } from "@/api/generated";
import { ActionButton } from "@/components/ActionButton";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { Asked } from "./choices";

/** What can be done to a table that is well, too. */
export function TableMenu({
  table,
  onChoose,
}: {
  table: TableDetail;
  onChoose: (asked: Asked) => void;
}) {
  const verify = useVerify();
  return (
    <Popover
      label="More for this table"
      className="w-72 max-w-[calc(100vw-16px)]"
      trigger={
        <Button size="icon" aria-label="More for this table" className="max-s:flex-none!">
          <Ellipsis aria-hidden />
        </Button>
      }
    >
      {(close) => {
        const then = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <div className="grid p-1.5">
            <Item note="Proves by full listings that nothing is missing">
              <ActionButton
                variant="ghost"
                className={ROW}
                onClick={then(() => verify.mutate(table))}
              >
                Verify now
              </ActionButton>
            </Item>
            <Item note="Reads folders from a time on again">
              <ActionButton
                variant="ghost"
                className={ROW}
                onClick={then(() => onChoose({ action: "resync" }))}
              >
                Re-sync…
              </ActionButton>
            </Item>
            <Item note="Loads the table anew, in one commit">
              <ActionButton
                variant="ghost"
                className={ROW}
                onClick={then(() => onChoose({ action: "rebuild" }))}
              >
                Rebuild…
              </ActionButton>
            </Item>
          </div>
        );
      }}
    </Popover>
  );
}

const ROW = "w-full justify-start! px-2.5! text-ink";

function Item({ note, children }: { note: string; children: ReactNode }) {
  return (
    <div className="pb-1">
      {children}
      <p className="px-2.5 text-ink-2 text-sm">{note}</p>
    </div>
  );
}
