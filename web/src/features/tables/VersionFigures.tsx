import { Info } from "lucide-react";
import type { Transaction } from "@/api/generated";
import { Popover } from "@/components/ui/popover";
import { count } from "@/lib/format";

/** What the writer of a version measured, in its own names; nothing where it says nothing. */
export function VersionFigures({
  version,
  operation,
  metrics,
  parameters,
}: Pick<Transaction, "version" | "operation" | "metrics" | "parameters">) {
  const figures = Object.entries(metrics ?? {});
  const told = Object.entries(parameters).map(([name, value]) => [name, asText(value)] as const);
  if (figures.length + told.length === 0) return null;
  const label = `Figures of version ${version}`;
  return (
    <Popover
      label={label}
      align="start"
      className="max-h-[60dvh] overflow-y-auto p-3"
      trigger={
        <button
          type="button"
          aria-label={label}
          className="inline-flex size-6 items-center justify-center rounded-s align-middle text-ink-2 hover:bg-mute-bg hover:text-ink"
        >
          <Info aria-hidden className="size-3.5" />
        </button>
      }
    >
      <h2 className="font-semibold text-base">
        {operation}, version {count(version)}
      </h2>
      <List title="Measured by its writer" entries={figures} />
      <List title="Asked for" entries={told} />
    </Popover>
  );
}

function List({
  title,
  entries,
}: {
  title: string;
  entries: readonly (readonly [string, number | string])[];
}) {
  if (entries.length === 0) return null;
  return (
    <section className="mt-2">
      <h3 className="text-axis text-ink-2">{title}</h3>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
        {entries.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="mono [overflow-wrap:anywhere]">{name}</dt>
            <dd className="text-right tabular-nums [overflow-wrap:anywhere]">
              {typeof value === "number" ? count(value) : value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
