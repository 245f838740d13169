import { Switch } from "@/components/ui/switch";
import type { Wish } from "@/lib/start-run";

export type RunOptions = Pick<Wish, "commitPerFolder" | "largestFirst" | "parallel">;

/** How this one run goes about it; the connection's own settings stay as they are. */
export function StartOptions({
  options,
  onChange,
}: {
  options: RunOptions;
  onChange: (options: RunOptions) => void;
}) {
  const { largestFirst, parallel, commitPerFolder } = options;
  return (
    <div>
      <Option
        id="largest-first"
        label={largestFirst ? `The ${largestFirst} largest first` : "Largest first"}
        help="The long tables start at once, so the run ends sooner"
        checked={largestFirst !== 0}
        onChange={(on) => onChange({ ...options, largestFirst: on ? null : 0 })}
      />
      <Option
        id="parallel"
        label="Several tables at a time"
        help="Off: one after the other, gentler to a busy store"
        checked={parallel}
        onChange={(on) => onChange({ ...options, parallel: on })}
      />
      <Option
        id="per-folder"
        label="One version per CDA folder"
        help="Folder-exact time travel; a long backlog becomes many versions"
        checked={commitPerFolder}
        onChange={(on) => onChange({ ...options, commitPerFolder: on })}
      />
    </div>
  );
}

function Option({
  id,
  label,
  help,
  checked,
  onChange,
}: {
  id: string;
  label: string;
  help: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <div className="flex items-center gap-3 border-line border-t py-2.5">
      <label htmlFor={id} className="flex-1 font-[550] text-md">
        {label}
        <small id={`${id}-help`} className="block font-normal text-ink-2 text-sm">
          {help}
        </small>
      </label>
      <Switch id={id} checked={checked} onChange={onChange} describedBy={`${id}-help`} />
    </div>
  );
}
