import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Segments } from "@/components/bits";
import type { RunSearch } from "@/lib/addresses";
import { useTimes } from "@/lib/time";

type Chosen = Pick<RunSearch, "table" | "attempt" | "from" | "to">;

/** What the log is narrowed to, each with a way out. */
export function LogFilters({
  search,
  attempts,
  onChange,
}: {
  search: Chosen;
  attempts: number;
  onChange: (next: Chosen) => void;
}) {
  const times = useTimes();
  const { table, attempt, from, to } = search;
  if (!table && !from && !to && attempts < 2) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-2">
      {attempts > 1 && (
        <Segments
          label="Attempt"
          value={String(attempt ?? 0)}
          onChange={(next) => onChange({ attempt: Number(next) || undefined })}
          options={[
            { value: "0", label: "All attempts" },
            ...numbers(attempts).map((n) => ({ value: String(n), label: `Attempt ${n}` })),
          ]}
        />
      )}
      {table && (
        <Chosen label="Show all tables" onRemove={() => onChange({ table: "" })}>
          {table}
        </Chosen>
      )}
      {(from || to) && (
        <Chosen
          label="Show the whole time"
          onRemove={() => onChange({ from: undefined, to: undefined })}
        >
          {from ? times.clock(from) : "begin"} to {to ? times.clock(to) : "end"} {times.label}
        </Chosen>
      )}
    </div>
  );
}

/** The newest ones, of a run that was tried very often. */
const numbers = (attempts: number) =>
  Array.from({ length: attempts }, (_, index) => index + 1).slice(-5);

function Chosen({
  children,
  label,
  onRemove,
}: {
  children: ReactNode;
  label: string;
  onRemove: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onRemove}
      className="inline-flex h-7 items-center gap-1.5 rounded-full border border-ink px-2.5 font-medium text-[12.5px] tabular-nums hover:bg-hover max-s:h-8"
    >
      {children} <X aria-hidden className="size-3.5" />
      <span className="sr-only">{label}</span>
    </button>
  );
}
