import { Switch } from "@/components/ui/switch";
import type { Wish } from "@/lib/start-run";
import { SCHEMA_CHANGES, type SchemaChange } from "@/lib/vocabulary";

export type RunOptions = Omit<Wish, "connection" | "include" | "exclude">;

/** How this one run goes about it; the connection's own settings stay as they are. */
export function StartOptions({
  options,
  usual,
  onChange,
}: {
  options: RunOptions;
  /** What the connection says of columns that change. */
  usual: SchemaChange | undefined;
  onChange: (options: RunOptions) => void;
}) {
  const { largestFirst, parallel, commitPerFolder, confirmReplace } = options;
  const policy = options.schemaChange ?? usual;
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
      <PolicyField
        chosen={options.schemaChange}
        usual={usual}
        onChange={(next) => onChange({ ...options, schemaChange: next, confirmReplace: false })}
      />
      {policy === "replace" && (
        <Option
          id="confirm-replace"
          label="Older rows may leave the tables"
          help="Confirms replace, for this run only"
          checked={confirmReplace}
          onChange={(on) => onChange({ ...options, confirmReplace: on })}
        />
      )}
    </div>
  );
}

function PolicyField({
  chosen,
  usual,
  onChange,
}: {
  chosen: SchemaChange | null;
  usual: SchemaChange | undefined;
  onChange: (policy: SchemaChange | null) => void;
}) {
  const policy = chosen ?? usual;
  const own = chosen === usual ? null : chosen;
  return (
    <div className="flex items-center gap-3 border-line border-t py-2.5">
      <label htmlFor="schema-change" className="flex-1 font-[550] text-md">
        When columns change
        <small className="block font-normal text-ink-2 text-sm">
          {policy && SCHEMA_CHANGES[policy]}
        </small>
      </label>
      <select
        id="schema-change"
        value={own ?? ""}
        onChange={(event) => onChange((event.target.value || null) as SchemaChange | null)}
        className="h-8 max-w-40 rounded-m border border-control bg-surface px-2 text-md max-s:h-10"
      >
        <option value="">{usual ? `${usual} (default)` : "default"}</option>
        {(Object.keys(SCHEMA_CHANGES) as SchemaChange[])
          .filter((each) => each !== usual)
          .map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
      </select>
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
