import { Columns3, Lock, Search } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { count } from "@/lib/format";

/** Which columns of the sample are shown. */
export function ColumnPicker({
  all,
  shown,
  masked,
  onChange,
}: {
  all: readonly string[];
  shown: readonly string[];
  masked: ReadonlySet<string>;
  /** Nothing: back to the foremost ones. */
  onChange: (columns: string[]) => void;
}) {
  const [text, setText] = useState("");
  const found = all.filter((name) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const toggle = (name: string, on: boolean) => {
    const next = all.filter((each) => (each === name ? on : shown.includes(each)));
    if (next.length > 0) onChange(next);
  };
  return (
    <Popover
      label="Columns of the sample"
      trigger={
        <Button size="s">
          <Columns3 aria-hidden /> {count(shown.length)} of {count(all.length)}
          <span className="sr-only">columns</span>
        </Button>
      }
    >
      <label className="flex h-10 items-center gap-2 border-line border-b px-3">
        <Search aria-hidden className="size-4 text-ink-3" />
        <span className="sr-only">Filter columns of the sample</span>
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="Filter"
          className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
        />
      </label>
      <ul className="max-h-72 overflow-y-auto py-1">
        {found.map((name) => (
          <li key={name}>
            <label className="flex min-h-7 items-center gap-2 px-3 text-md hover:bg-hover max-s:min-h-9">
              <input
                type="checkbox"
                checked={shown.includes(name)}
                onChange={(event) => toggle(name, event.target.checked)}
                className="size-4 accent-[var(--info-icon)]"
              />
              <span className="min-w-0 truncate font-mono text-sm">{name}</span>
              {masked.has(name) && <Lock aria-label="masked" className="size-3 text-ink-2" />}
            </label>
          </li>
        ))}
        {found.length === 0 && <li className="px-3 py-2 text-ink-2 text-md">No column matches</li>}
      </ul>
      <div className="flex gap-2 border-line border-t p-2">
        <Button size="s" variant="ghost" onClick={() => onChange([...all])}>
          All
        </Button>
        <Button size="s" variant="ghost" onClick={() => onChange([])}>
          The foremost
        </Button>
      </div>
    </Popover>
  );
}
