import { X } from "lucide-react";
import { useId, useState } from "react";

/** Table names or patterns as tokens. Enter, comma or space makes one; Backspace takes the last. */
export function GlobField({
  label,
  hint,
  globs,
  onChange,
}: {
  label: string;
  hint: string;
  globs: readonly string[];
  onChange: (globs: readonly string[]) => void;
}) {
  const id = useId();
  const [draft, setDraft] = useState("");
  const commit = (text: string) => {
    const added = text.split(/[\s,]+/).filter((glob) => glob && !globs.includes(glob));
    if (added.length) onChange([...globs, ...added]);
    setDraft("");
  };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-[550] text-md">
        {label} <span className="font-normal text-ink-2 text-sm">{hint}</span>
      </label>
      <div className="flex min-h-[38px] flex-wrap items-center gap-1.5 rounded-m border border-control bg-surface px-1.5 py-[5px] focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1">
        {globs.map((glob) => (
          <span
            key={glob}
            className="inline-flex h-[26px] min-w-0 items-center gap-1 rounded-s bg-mute-bg pr-0.5 pl-2 font-mono text-sm"
          >
            <span className="truncate">{glob}</span>
            <button
              type="button"
              aria-label={`Remove ${glob}`}
              onClick={() => onChange(globs.filter((each) => each !== glob))}
              className="grid size-6 flex-none place-items-center rounded-s text-ink-2 hover:text-ink"
            >
              <X aria-hidden className="size-3" />
            </button>
          </span>
        ))}
        <input
          id={id}
          value={draft}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={globs.length ? "" : "name or pattern, e.g. cc_*"}
          onChange={(event) => {
            const text = event.target.value;
            if (/[\s,]$/.test(text)) commit(text);
            else setDraft(text);
          }}
          onBlur={() => draft && commit(draft)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && draft) {
              event.preventDefault();
              commit(draft);
            } else if (event.key === "Backspace" && !draft && globs.length) {
              onChange(globs.slice(0, -1));
            }
          }}
          className="h-[26px] min-w-24 flex-1 bg-transparent px-1 font-mono text-sm outline-none placeholder:text-ink-3"
        />
      </div>
    </div>
  );
}
