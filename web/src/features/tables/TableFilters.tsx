import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import type { Health, TableFacet, TableList } from "@/api/generated";
import type { TableFilter } from "@/api/queries";
import { Chip } from "@/components/bits";
import { StatusIcon } from "@/components/StatusIcon";
import type { TablesSearch } from "@/lib/addresses";
import { count } from "@/lib/format";
import { useDebounced } from "@/lib/hooks";
import { HEALTH_ORDER, healthWord } from "@/lib/vocabulary";

/** What is typed is searched once it has rested; the request of the text before is given up. */
export function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value);
  const settled = useDebounced(text.trim(), 300);
  const [sent, setSent] = useState(value);
  useEffect(() => {
    if (settled === sent) return;
    setSent(settled);
    onChange(settled);
  }, [settled, sent, onChange]);
  // The address changed by other means (a link, Back, "Clear filters"): show what it says.
  useEffect(() => {
    setText((now) => (now.trim() === value ? now : value));
    setSent(value);
  }, [value]);
  return (
    <search className="w-full s:w-[420px]">
      <label className="flex h-8 items-center gap-2 rounded-m border border-control bg-surface pr-1.5 pl-2.5 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10">
        <Search aria-hidden className="size-4 text-ink-3" />
        <span className="sr-only">Search tables by name, column or fingerprint</span>
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
          placeholder="Table, column or fingerprint"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
        />
        <kbd
          aria-hidden
          className="rounded-s border border-line-2 bg-sunken px-1.5 font-medium font-sans text-axis text-ink-2 leading-4 max-s:hidden"
        >
          /
        </kbd>
      </label>
    </search>
  );
}

const toggled = <T,>(all: readonly T[], one: T): T[] =>
  all.includes(one) ? all.filter((each) => each !== one) : [...all, one];

export function Facets({
  list,
  filter,
  onChange,
}: {
  list: TableList;
  filter: TableFilter;
  onChange: (next: TablesSearch) => void;
}) {
  const counts = new Map(list.health.map((facet) => [facet.value, facet.count]));
  const healths = HEALTH_ORDER.filter(
    (health) => (counts.get(health) ?? 0) > 0 || filter.health.includes(health),
  ) as Health[];
  const apps: TableFacet[] = [...list.apps];
  for (const app of filter.app) {
    if (!apps.some((facet) => facet.value === app)) apps.push({ value: app, count: 0 });
  }
  return (
    <div className="mb-3 flex items-center gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap">
      {healths.map((health) => (
        <Chip
          key={health}
          pressed={filter.health.includes(health)}
          count={count(counts.get(health) ?? 0)}
          onPress={() => onChange({ health: toggled(filter.health, health) })}
        >
          <StatusIcon word={healthWord(health)} />
          {health}
        </Chip>
      ))}
      {apps.length > 1 && <span aria-hidden className="mx-1 h-5 w-px flex-none bg-line-2" />}
      {apps.length > 1 &&
        apps.map((app) => (
          <Chip
            key={app.value}
            pressed={filter.app.includes(app.value)}
            count={count(app.count)}
            onPress={() => onChange({ app: toggled(filter.app, app.value) })}
          >
            {app.value}
          </Chip>
        ))}
    </div>
  );
}
