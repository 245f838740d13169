import { useId } from "react";
import { Switch } from "@/components/ui/switch";
import { SCHEMA_CHANGES } from "@/lib/vocabulary";
import { type FieldKey, type Fields, isOnRay } from "./form";

const REFERENCE = "environment, env:PREFIX_, profile:NAME, role or anonymous; never a key";

/** What a connection is made of; what most never touch is folded away. */
export function ConnectionFields({
  fields,
  onChange,
}: {
  fields: Fields;
  onChange: (fields: Fields) => void;
}) {
  const field = (key: FieldKey, label: string, more: Partial<FieldProps> = {}) => (
    <Field
      label={label}
      value={fields[key]}
      onChange={(value) => onChange({ ...fields, [key]: value })}
      {...more}
    />
  );
  const choice = (key: FieldKey, label: string, options: Record<string, string>) => (
    <Choice
      label={label}
      value={fields[key]}
      options={options}
      onChange={(value) => onChange({ ...fields, [key]: value })}
    />
  );
  const differs = Object.entries(fields).some(
    ([key, value]) => value && /^(source|target)_/.test(key),
  );
  return (
    <>
      {field("source", "Source", {
        required: true,
        help: "The folder or URL that holds manifest.json",
      })}
      {field("target", "Target", {
        required: true,
        help: "Where the Delta tables are. Buckets are never made.",
      })}
      {field("credential", "Credential", { placeholder: "environment", help: REFERENCE })}
      <div className="grid gap-4 s:grid-cols-2">
        {field("region", "Region", { placeholder: "of the credential" })}
        {field("endpoint", "Endpoint", {
          placeholder: "of the credential",
          help: "https://HOST:PORT",
        })}
      </div>
      <details open={differs}>
        <summary className="cursor-pointer font-[550] text-md">Source and target differ</summary>
        <div className="grid gap-4 pt-3 s:grid-cols-2">
          {(["credential", "region", "endpoint"] as const).flatMap((key) =>
            (["source", "target"] as const).map((side) => (
              <div key={`${side}_${key}`}>
                {field(`${side}_${key}`, `${side === "source" ? "Source" : "Target"} ${key}`)}
              </div>
            )),
          )}
        </div>
      </details>
      <details>
        <summary className="cursor-pointer font-[550] text-md">Options</summary>
        <div className="grid gap-4 pt-3 s:grid-cols-2">
          {field("workers", "Workers", { type: "number", placeholder: "8" })}
          {field("lag_limit_seconds", "Late after, seconds", { type: "number" })}
          {field("lookback_seconds", "Look-back, seconds", { type: "number" })}
          {field("settle_seconds", "Settle, seconds", { type: "number" })}
          {field("rest_seconds", "Look again after, seconds", { type: "number" })}
          {field("rebase", "Rebase", { placeholder: "FROM=TO" })}
          {choice("layout", "Layout", LAYOUTS)}
          <div className="grid content-start gap-3">
            {choice("runner", "Runner", RUNNERS)}
            {isOnRay(fields) &&
              field("ray_address", "Ray address", {
                placeholder: "of each run's own",
                help: "HOST:PORT or ray://HOST:PORT. A token is never typed: the server's Ray finds it.",
              })}
          </div>
        </div>
        <div className="grid gap-4 pt-4">
          {choice("schema_change", "When columns change", SCHEMA_CHANGES)}
          <CurrentSwitch
            checked={fields.current === "true"}
            onChange={(on) => onChange({ ...fields, current: on ? "true" : "" })}
          />
        </div>
      </details>
    </>
  );
}

const LAYOUTS = {
  copy: "Data files are copied beside the table.",
  zero_copy: "Tables point at the export's files. Of tables that are there it cannot be changed.",
};

const RUNNERS = {
  threads: "Threads of the run's own process; on one machine the faster way.",
  ray: "Tables, and the files of large ones, are spread over the CPUs of a Ray cluster.",
};

/** One of several ways, each said in a sentence; the first is what is taken while none is given. */
function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const [first] = Object.keys(options);
  return (
    <fieldset className="grid min-w-0 content-start gap-1.5">
      <legend className="mb-1 font-[550] text-md">{label}</legend>
      {Object.entries(options).map(([option, sentence]) => (
        <div key={option} className="flex items-start gap-2.5 max-s:py-1">
          <input
            id={`${id}-${option}`}
            type="radio"
            name={id}
            checked={(value || first) === option}
            onChange={() => onChange(option === first ? "" : option)}
            className="mt-[3px] flex-none accent-[#2563eb]"
          />
          <label htmlFor={`${id}-${option}`} className="min-w-0 font-mono text-[12.5px]">
            {option}
            <small className="block font-sans text-ink-2 text-sm">{sentence}</small>
          </label>
        </div>
      ))}
    </fieldset>
  );
}

function CurrentSwitch({
  checked,
  onChange,
}: {
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-center gap-3 border-line border-t pt-3">
      <label htmlFor={id} className="flex-1 font-[550] text-md">
        Current tables
        <small className="block font-normal text-ink-2 text-sm">
          The latest state of each id is kept beside each raw table.
        </small>
      </label>
      <Switch id={id} checked={checked} onChange={onChange} />
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  help?: string;
  placeholder?: string;
  required?: boolean;
  pattern?: string;
  type?: "text" | "number";
}

export function Field({ label, value, onChange, help, type = "text", ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-[550] text-md">
        {label}
      </label>
      <input
        id={id}
        type={type}
        value={value}
        min={type === "number" ? 0 : undefined}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={help ? `${id}-help` : undefined}
        autoComplete="off"
        spellCheck={false}
        className="h-8 min-w-0 rounded-m border border-control bg-surface px-2.5 font-mono text-[12.5px] placeholder:font-sans placeholder:text-ink-3 max-s:h-10"
        {...rest}
      />
      {help && (
        <small id={`${id}-help`} className="text-ink-2 text-sm">
          {help}
        </small>
      )}
    </div>
  );
}
