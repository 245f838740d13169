import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Action, RunFacets, RunState } from "@/api/generated";
import { Chip } from "@/components/bits";
import { StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import type { RunsSearch } from "@/lib/addresses";
import { count } from "@/lib/format";
import { useTyped } from "@/lib/use-typed";
import { actionWord, RUN_STATES, runWord, triggerWord } from "@/lib/vocabulary";
import { isNarrowed, isView, VIEWS } from "./run-filter";

interface FiltersProps {
  search: RunsSearch;
  facets: RunFacets | undefined;
  onChange: (next: RunsSearch) => void;
  /** In place of all that is set. */
  onView: (search: RunsSearch) => void;
}

/** Which runs are listed; all of it is in the address. */
export function RunFilters(props: FiltersProps) {
  const { search, facets, onChange, onView } = props;
  return (
    <div className="mb-3 flex flex-wrap gap-x-3 gap-y-2.5 max-s:grid [&>:first-child]:w-full">
      <div className="flex gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap">
        <span className="self-center text-ink-2 text-sm">Views</span>
        {VIEWS.map((view) => (
          <Chip
            key={view.name}
            pressed={isView(search, view.search)}
            onPress={() => onView(view.search)}
          >
            {view.name}
          </Chip>
        ))}
      </div>
      <div className="flex gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap">
        <States {...props} />
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Choice
          label="What"
          counts={facets?.actions}
          value={search.action}
          words={(action) => actionWord(action as Action)}
          onChange={(actions) => onChange({ action: actions as Action[] })}
        />
        <Choice
          label="Trigger"
          counts={facets?.triggers}
          value={search.trigger}
          words={triggerWord}
          onChange={(trigger) => onChange({ trigger })}
        />
        <Choice
          label="Who"
          counts={facets?.requested_by}
          value={search.who}
          onChange={(who) => onChange({ who })}
        />
        <Choice
          label="Connection"
          counts={facets?.connections}
          value={search.connection}
          onChange={(connection) => onChange({ connection })}
        />
        <When search={search} onChange={onChange} />
        <TableField table={search.table ?? ""} onChange={(table) => onChange({ table })} />
        {isNarrowed(search) && (
          <Button size="s" variant="ghost" onClick={() => onView({})}>
            <X aria-hidden /> Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

function States({ search, facets, onChange }: FiltersProps) {
  const chosen = search.state ?? [];
  const shown = RUN_STATES.filter(
    (each) => !facets || facets.states[each] || chosen.includes(each as RunState),
  ) as RunState[];
  return shown.map((each) => (
    <Chip
      key={each}
      pressed={chosen.includes(each)}
      {...(facets ? { count: count(facets.states[each] ?? 0) } : {})}
      onPress={() =>
        onChange({
          state: chosen.includes(each) ? chosen.filter((one) => one !== each) : [...chosen, each],
        })
      }
    >
      <StatusIcon word={runWord(each)} />
      {runWord(each).word}
    </Chip>
  ));
}

const FIELD =
  "h-8 rounded-m border border-control bg-surface px-2 text-md max-s:h-10 max-s:max-w-full";

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: its control is the child
    <label className="inline-flex items-center gap-1.5 text-ink-2 text-sm">
      {label}
      {children}
    </label>
  );
}

function Choice({
  label,
  counts,
  value,
  words = (text) => text,
  onChange,
}: {
  label: string;
  counts: Record<string, number> | undefined;
  value: readonly string[] | undefined;
  words?: (value: string) => string;
  onChange: (value: string[]) => void;
}) {
  const known = Object.keys(counts ?? {});
  const chosen = value?.[0] ?? "";
  if (known.length < 2 && !chosen) return null;
  const options = known.includes(chosen) || !chosen ? known : [...known, chosen];
  return (
    <Labelled label={label}>
      <select
        value={chosen}
        onChange={(event) => onChange(event.target.value ? [event.target.value] : [])}
        className={FIELD}
      >
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {words(option)} ({count(counts?.[option] ?? 0)})
          </option>
        ))}
      </select>
    </Labelled>
  );
}

const DAYS = [1, 7, 30, 90];

/** The last days, or a span of dates; dates are UTC days. */
function When({ search, onChange }: Pick<FiltersProps, "search" | "onChange">) {
  const [asDates, setAsDates] = useState(Boolean(search.from || search.to));
  const span = asDates ? "dates" : String(search.days ?? "");
  const days = search.days && !DAYS.includes(search.days) ? [...DAYS, search.days] : DAYS;
  return (
    <>
      <Labelled label="When">
        <select
          value={span}
          className={FIELD}
          onChange={(event) => {
            const next = event.target.value;
            setAsDates(next === "dates");
            onChange({ days: Number(next) || undefined, from: undefined, to: undefined });
          }}
        >
          <option value="">any time</option>
          {days.map((each) => (
            <option key={each} value={each}>
              {each === 1 ? "last 24 hours" : `last ${each} days`}
            </option>
          ))}
          <option value="dates">dates…</option>
        </select>
      </Labelled>
      {asDates && (
        <>
          <Labelled label="From">
            <input
              type="date"
              className={FIELD}
              value={search.from?.slice(0, 10) ?? ""}
              onChange={(event) => onChange({ from: dayOf(event.target.value, "00:00:00.000Z") })}
            />
          </Labelled>
          <Labelled label="To (UTC)">
            <input
              type="date"
              className={FIELD}
              value={search.to?.slice(0, 10) ?? ""}
              onChange={(event) => onChange({ to: dayOf(event.target.value, "23:59:59.999Z") })}
            />
          </Labelled>
        </>
      )}
    </>
  );
}

const dayOf = (day: string, time: string) => (day ? `${day}T${time}` : undefined);

function TableField({ table, onChange }: { table: string; onChange: (table: string) => void }) {
  const [text, setText] = useTyped(table, onChange);
  return (
    <Labelled label="Has table">
      <input
        value={text}
        placeholder="its whole name"
        onChange={(event) => setText(event.target.value)}
        className={`${FIELD} w-40 placeholder:text-ink-3`}
      />
    </Labelled>
  );
}
