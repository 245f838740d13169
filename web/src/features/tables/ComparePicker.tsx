import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { ComparedSchema } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { useDebounced } from "@/lib/hooks";
import { SideFacts } from "./Comparison";
import { NO_FILTER, tablesQuery } from "./list-queries";

export interface Picked {
  name: string | undefined;
  connection: string | undefined;
  version: number | undefined;
}

/** Which table, by its name as it is typed, and which version of it. */
export function ComparePicker({
  label,
  picked,
  side,
  onPick,
}: {
  label: string;
  picked: Picked;
  side: ComparedSchema | undefined;
  onPick: (next: Picked) => void;
}) {
  return (
    <fieldset className="card grid content-start gap-2 p-4">
      <legend className="sr-only">{label}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_132px] gap-3">
        <TableField label={label} picked={picked} onPick={onPick} />
        <VersionField picked={picked} side={side} onPick={onPick} />
      </div>
      {side && <SideFacts side={side} />}
    </fieldset>
  );
}

const field = "h-8 w-full rounded-m border border-control bg-surface px-2.5 text-md max-s:h-10";

function TableField({
  label,
  picked,
  onPick,
}: {
  label: string;
  picked: Picked;
  onPick: (next: Picked) => void;
}) {
  const list = useId();
  const [text, setText] = useState(picked.name ?? "");
  useEffect(() => setText(picked.name ?? ""), [picked.name]);
  const search = useDebounced(text.trim(), 200);
  const query = useQuery({
    ...tablesQuery({ ...NO_FILTER, q: search && `name:${search}` }, search ? "match" : "name"),
    refetchInterval: false,
  });
  const tables = query.data?.tables.slice(0, 20) ?? [];
  const found = tables.find((table) => table.name === text.trim());
  const pick = useRef(onPick);
  pick.current = onPick;
  const isTyped = useRef(false);
  // A name that is typed in full is chosen, as soon as the server knows it.
  useEffect(() => {
    if (!isTyped.current || !found || found.name === picked.name) return;
    isTyped.current = false;
    pick.current({ name: found.name, connection: found.connection, version: undefined });
  }, [found, picked.name]);
  return (
    <div>
      <label className="grid gap-1 text-ink-2 text-sm">
        {label}
        <input
          type="text"
          list={list}
          value={text}
          placeholder="Name of a table"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            isTyped.current = true;
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && text.trim()) {
              onPick({ name: text.trim(), connection: undefined, version: undefined });
            }
          }}
          className={`${field} text-ink`}
        />
      </label>
      <datalist id={list}>
        {tables.map((table) => (
          <option key={`${table.connection}/${table.name}`} value={table.name}>
            {table.connection}
          </option>
        ))}
      </datalist>
      {query.error && <p role="alert">{toProblem(query.error).message}</p>}
    </div>
  );
}

/** Any version; those that brought a schema are offered. */
function VersionField({
  picked,
  side,
  onPick,
}: {
  picked: Picked;
  side: ComparedSchema | undefined;
  onPick: (next: Picked) => void;
}) {
  const list = useId();
  const shown = picked.version === undefined ? "" : String(picked.version);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = () => {
    const version = /^\d+$/.test(text) ? Number(text) : undefined;
    if (version !== picked.version) onPick({ ...picked, version });
  };
  return (
    <div>
      <label className="grid gap-1 text-ink-2 text-sm">
        Version
        <input
          type="text"
          inputMode="numeric"
          list={list}
          value={text}
          disabled={!picked.name}
          placeholder={side ? `newest, ${side.latest_version}` : "newest"}
          onChange={(event) => setText(event.target.value.trim())}
          onBlur={commit}
          onKeyDown={(event) => event.key === "Enter" && commit()}
          className={`${field} text-ink tabular-nums disabled:bg-sunken`}
        />
      </label>
      <datalist id={list}>
        {side?.schema_versions.map((version) => (
          <option key={version} value={version}>
            schema changed
          </option>
        ))}
      </datalist>
    </div>
  );
}
