import { Search, X } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Segments } from "@/components/bits";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/switch";
import type { RowsView } from "@/lib/addresses";

const OPTIONS = [
  { value: "raw", label: "Raw" },
  { value: "current", label: "Current" },
  { value: "history", label: "History" },
] as const;

const SAID: Record<RowsView, string> = {
  raw: "Every change, as CDA wrote it.",
  current: "The latest state of each id, without what was deleted.",
  history: "Every state of an id, and from when to when it was valid.",
};

export interface Look {
  view: RowsView;
  id: string | undefined;
  /** Without rows that are retired; of the current view only. */
  activeOnly: boolean;
}

/** Which rows of a table are looked at: all changes, the state now, or each state; of one id too. */
export function ViewBar({
  look,
  hasRetired,
  onLook,
}: {
  look: Look;
  /** The table says which rows are retired. */
  hasRetired: boolean;
  onLook: (next: Look) => void;
}) {
  const { view, activeOnly } = look;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
      <Segments<RowsView>
        label="View"
        value={view}
        onChange={(next) => onLook({ ...look, view: next })}
        options={OPTIONS}
      />
      <p className="m-0 min-w-0 flex-1 text-ink-2 text-md max-s:order-last max-s:basis-full">
        {SAID[view]}
      </p>
      {view === "current" && (hasRetired || activeOnly) && (
        <span className="flex items-center gap-2 max-s:h-10">
          <label
            htmlFor="active-only"
            className="text-[12.5px] text-ink-2"
            data-tip="rows whose retired is 0"
          >
            Active only
          </label>
          <Switch
            id="active-only"
            checked={activeOnly}
            onChange={(on) => onLook({ ...look, activeOnly: on })}
          />
        </span>
      )}
      <IdField id={look.id} onId={(id) => onLook({ ...look, id })} />
    </div>
  );
}

function IdField({ id, onId }: { id: string | undefined; onId: (id: string | undefined) => void }) {
  const [typed, setTyped] = useState(id ?? "");
  useEffect(() => setTyped(id ?? ""), [id]);
  const look = (event: FormEvent) => {
    event.preventDefault();
    onId(typed.trim() || undefined);
  };
  return (
    <form onSubmit={look} className="flex items-center gap-2" aria-label="Look up an id">
      <label className="flex items-center gap-2 text-[12.5px] text-ink-2">
        id
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          maxLength={256}
          autoComplete="off"
          spellCheck={false}
          placeholder="any"
          className="h-8 w-36 rounded-m border border-control bg-surface px-2 font-mono text-ink text-md max-s:h-10"
        />
      </label>
      <Button size="s" type="submit">
        <Search aria-hidden /> Look up
      </Button>
      {id !== undefined && (
        <Button
          size="s"
          type="button"
          onClick={() => onId(undefined)}
          aria-label="Show any id again"
        >
          <X aria-hidden />
        </Button>
      )}
    </form>
  );
}
