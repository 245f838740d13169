import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronDown, Plus, Search, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Health, TableList } from "@/api/generated";
import { Chip } from "@/components/bits";
import { Ask, Skeleton } from "@/components/Panel";
import { StatusIcon } from "@/components/StatusIcon";
import { Popover } from "@/components/ui/popover";
import type { TablesSearch } from "@/lib/addresses";
import { cn } from "@/lib/cn";
import { count, plural } from "@/lib/format";
import { useDebounced } from "@/lib/hooks";
import { useTyped } from "@/lib/use-typed";
import { HEALTH_ORDER, healthWord } from "@/lib/vocabulary";
import { FACET_MENUS, type FacetMenu } from "./bands";
import { columnNamesQuery, type Filter } from "./list-queries";

/** What is typed is searched once it has rested; the request of the text before is given up. */
export function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useTyped(value, onChange);
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

interface FacetsProps {
  list: TableList;
  filter: Filter;
  onChange: (next: TablesSearch) => void;
}

/** Health as chips, what has many values as buttons that unfold; all count over the others. */
export function Facets({ list, filter, onChange }: FacetsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of chips
    <div
      role="group"
      aria-label="Filters"
      className="mb-3 flex items-center gap-2 max-s:-mx-3 max-s:overflow-x-auto max-s:px-3 max-s:py-0.5 s:flex-wrap"
    >
      <HealthChips list={list} filter={filter} onChange={onChange} />
      <span aria-hidden className="mx-1 h-5 w-px flex-none bg-line-2 first:hidden" />
      {FACET_MENUS.map((menu) => (
        <Choices key={menu.facet} menu={menu} list={list} filter={filter} onChange={onChange} />
      ))}
      <HasColumn filter={filter} onChange={onChange} />
    </div>
  );
}

function HealthChips({ list, filter, onChange }: FacetsProps) {
  const counts = new Map(list.health.map((facet) => [facet.value, facet.count]));
  const shown = HEALTH_ORDER.filter(
    (health) => (counts.get(health) ?? 0) > 0 || filter.health.includes(health),
  );
  return shown.map((health: Health) => (
    <Chip
      key={health}
      pressed={filter.health.includes(health)}
      count={count(counts.get(health) ?? 0)}
      onPress={() => onChange({ health: toggled(filter.health, health) })}
    >
      <StatusIcon word={healthWord(health)} />
      {health}
    </Chip>
  ));
}

export const chip = (pressed: boolean) =>
  cn(
    "inline-flex h-7 flex-none items-center gap-1.5 whitespace-nowrap rounded-full border bg-surface px-2.5 font-medium text-[12.5px] hover:bg-hover hover:text-ink max-s:h-8 [&_svg]:size-3.5",
    pressed
      ? "border-ink text-ink shadow-[inset_0_0_0_1px_var(--ink)]"
      : "border-line-2 text-ink-2",
  );

function Choices({ menu, list, filter, onChange }: FacetsProps & { menu: FacetMenu }) {
  const chosen: readonly string[] = filter[menu.facet];
  const counts = menu.counts(list);
  // With one value there is nothing to choose; a chosen one stays, to be given up again.
  if (chosen.length === 0 && counts.length < 2 && menu.facet !== "changed") return null;
  const lost = chosen.filter((value) => !counts.some((each) => each.value === value));
  const values = [...counts, ...lost.map((value) => ({ value, count: 0 }))];
  const words = chosen.map((value) => menu.words[value] ?? value).join(", ");
  const since = menu.facet === "changed" ? filter.since : "";
  const said = [words, since && `since ${since}`].filter(Boolean).join(", ");
  return (
    <Popover
      label={menu.label}
      align="start"
      className="w-64 max-h-[min(600px,76dvh)] overflow-y-auto p-1.5"
      trigger={
        <button type="button" className={chip(said !== "")}>
          {said ? `${menu.label}: ${said}` : menu.label}
          <ChevronDown aria-hidden />
        </button>
      }
    >
      {values.map(({ value, count: tables }) => (
        <Choice
          key={value}
          checked={chosen.includes(value)}
          onChange={() => onChange({ [menu.facet]: toggled(chosen, value) })}
          count={count(tables)}
        >
          {menu.words[value] ?? value}
        </Choice>
      ))}
      {menu.facet === "changed" && (
        <Since value={filter.since} onChange={(day) => onChange({ since: day })} />
      )}
    </Popover>
  );
}

export function Choice({
  checked,
  onChange,
  count: tables,
  children,
}: {
  checked: boolean;
  onChange: () => void;
  count?: string;
  children: ReactNode;
}) {
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-m px-2 text-md hover:bg-hover max-s:min-h-11">
      <input type="checkbox" className="tick" checked={checked} onChange={onChange} />
      <span className="flex-1">{children}</span>
      {tables !== undefined && <span className="text-ink-2 text-sm tabular-nums">{tables}</span>}
    </label>
  );
}

function Since({ value, onChange }: { value: string; onChange: (day: string) => void }) {
  return (
    <label className="mt-1 flex items-center gap-2.5 border-line border-t px-2 pt-2.5 pb-1 text-md">
      Since
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 flex-1 rounded-m border border-control bg-surface px-2"
      />
    </label>
  );
}

/** Tables that have a column of a name; names are suggested as they are typed. */
function HasColumn({ filter, onChange }: Pick<FacetsProps, "filter" | "onChange">) {
  return (
    <>
      {filter.has.map((name) => (
        <button
          key={name}
          type="button"
          className={chip(true)}
          onClick={() => onChange({ has: filter.has.filter((each) => each !== name) })}
        >
          <span>
            Has <span className="font-mono text-[12px]">{name}</span>
          </span>
          <X aria-hidden />
          <span className="sr-only">Remove</span>
        </button>
      ))}
      <Popover
        label="Has column"
        align="start"
        className="w-80 max-h-[min(600px,76dvh)] overflow-y-auto p-1.5"
        trigger={
          <button type="button" className={cn(chip(false), "border-dashed")}>
            <Plus aria-hidden /> Has column
          </button>
        }
      >
        {(close) => (
          <ColumnNames
            onChoose={(name) => {
              onChange({ has: [...filter.has.filter((each) => each !== name), name] });
              close();
            }}
          />
        )}
      </Popover>
    </>
  );
}

function ColumnNames({ onChoose }: { onChoose: (name: string) => void }) {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), 200);
  const query = useQuery({ ...columnNamesQuery(search), placeholderData: keepPreviousData });
  return (
    <div>
      <input
        type="text"
        // biome-ignore lint/a11y/noAutofocus: it was opened to type here
        autoFocus
        aria-label="Column name"
        placeholder="Column name"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && text.trim()) onChoose(text.trim().toLowerCase());
        }}
        spellCheck={false}
        autoComplete="off"
        className="mb-1 h-8 w-full rounded-m border border-control bg-surface px-2.5 text-md max-s:h-10"
      />
      <Ask query={query} loading={<Skeleton rows={3} />}>
        {(names) =>
          names.length > 0 ? (
            <ul>
              {names.map(({ value, count: tables }) => (
                <li key={value}>
                  <button
                    type="button"
                    onClick={() => onChoose(value)}
                    className="flex min-h-8 w-full items-center gap-2 rounded-m px-2 text-left hover:bg-hover max-s:min-h-11"
                  >
                    <span className="flex-1 truncate font-mono text-[12px]">{value}</span>
                    <span className="text-ink-2 text-sm tabular-nums">
                      {plural(tables, "table")}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          ) : (
            <p className="px-2 py-3 text-ink-2 text-md">
              {search ? `No column is called like “${search}”.` : "No table has a schema yet."}
            </p>
          )
        }
      </Ask>
    </div>
  );
}
