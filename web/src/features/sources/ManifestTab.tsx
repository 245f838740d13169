import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, FilterX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ManifestEntryInfo, ManifestPage } from "@/api/generated";
import { Chip, Tag } from "@/components/bits";
import { AskInCard, Empty, Skeleton } from "@/components/Panel";
import { SearchField } from "@/components/SearchField";
import { StatusBadge } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import type { SourceSearch } from "@/lib/addresses";
import { cn } from "@/lib/cn";
import { count, plural, short } from "@/lib/format";
import { useAge, useTimes } from "@/lib/time";
import { useTyped } from "@/lib/use-typed";
import { healthWord } from "@/lib/vocabulary";
import { ENTRIES, manifestQuery, type Only } from "./queries";

const DAY_MS = 86_400_000;

/** Every entry of the manifest as it was read last; no store is asked for it. */
export function ManifestTab({ name, search }: { name: string; search: SourceSearch }) {
  const navigate = useNavigate();
  const q = search.q ?? "";
  const query = useQuery(manifestQuery(name, q, search.only));
  const go = (next: Partial<SourceSearch>) =>
    void navigate({
      to: "/sources/$name",
      params: { name },
      search: { ...search, tab: "manifest", ...next },
      replace: true,
    });
  const [text, setText] = useTyped(q, (next) => go({ q: next || undefined }));
  const clear = () => go({ q: undefined, only: undefined });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label="Search the manifest"
          value={text}
          onChange={setText}
          className="w-80 max-w-full max-s:w-full"
        />
        <OnlyChips page={query.data} only={search.only} onChange={(only) => go({ only })} />
        {query.data && <ReadAt page={query.data} />}
      </div>
      <AskInCard query={query} loading={<Skeleton rows={12} height={20} />}>
        {(page) => <Entries page={page} onClear={clear} />}
      </AskInCard>
    </div>
  );
}

function OnlyChips({
  page,
  only,
  onChange,
}: {
  page: ManifestPage | undefined;
  only: Only | undefined;
  onChange: (only: Only | undefined) => void;
}) {
  const chip = (value: Only, words: string, number: number | undefined) => (
    <Chip
      pressed={only === value}
      onPress={() => onChange(only === value ? undefined : value)}
      {...(number === undefined ? {} : { count: count(number) })}
    >
      {words}
    </Chip>
  );
  return (
    <>
      {chip("new", "New since yesterday", page?.new_since_yesterday)}
      {chip("not_loaded", "Not loaded", page?.not_loaded)}
    </>
  );
}

function ReadAt({ page }: { page: ManifestPage }) {
  const age = useAge(page.read_at, 5000);
  const read = age === null ? "not read yet" : `read ${short(age)} ago`;
  const shown =
    page.total > page.entries.length
      ? `the first ${count(page.entries.length)} of ${plural(page.total, "entry", "entries")}, `
      : `${plural(page.total, "entry", "entries")}, `;
  return (
    <span className="text-ink-2 text-md" aria-live="polite">
      {shown}
      {read}
      {page.total > ENTRIES && "; search for the others"}
    </span>
  );
}

function Entries({ page, onClear }: { page: ManifestPage; onClear: () => void }) {
  return (
    <>
      {page.error && (
        <p role="alert" className="card mb-3 p-4 text-fail text-md [overflow-wrap:anywhere]">
          The manifest cannot be read now: {page.error.message}{" "}
          <span className="text-ink-2">{page.error.hint} What follows was read before.</span>
        </p>
      )}
      {page.total_entries === 0 && !page.error && (
        <div className="card">
          <Empty title="The manifest has no entries yet">
            {page.read_at ? "CDA has not written any table." : "It was not read yet."}
          </Empty>
        </div>
      )}
      {page.total_entries > 0 && page.total === 0 && (
        <div className="card">
          <Empty
            icon={FilterX}
            title="No entry matches"
            action={<Button onClick={onClear}>Clear filters</Button>}
          >
            {`The manifest names ${plural(page.total_entries, "table")}.`}
          </Empty>
        </div>
      )}
      {page.entries.length > 0 && <Rows connection={page.connection} entries={page.entries} />}
    </>
  );
}

const COLUMNS =
  "grid-cols-[minmax(0,1fr)_auto] m:grid-cols-[minmax(0,2.2fr)_minmax(0,2fr)_100px_minmax(0,1.2fr)]";

function Rows({
  connection,
  entries,
}: {
  connection: string;
  entries: readonly ManifestEntryInfo[];
}) {
  const box = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    const next = Math.round((box.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    if (next !== offset) setOffset(next);
  });
  const virtual = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => 53,
    overscan: 10,
    scrollMargin: offset,
    getItemKey: (index) => entries[index]?.table ?? index,
  });
  const items = virtual.getVirtualItems();
  return (
    <div className="card">
      <div
        aria-hidden
        className={cn(
          "hidden gap-4 border-line border-b px-4 py-2 font-[550] text-ink-2 text-sm m:grid",
          COLUMNS,
        )}
      >
        <span>Table</span>
        <span>Manifest time</span>
        <span className="text-right">Records</span>
        <span>State</span>
      </div>
      <ul
        ref={box}
        aria-label="Entries of the manifest"
        style={{
          paddingTop: (items[0]?.start ?? offset) - offset,
          paddingBottom: virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset),
        }}
      >
        {items.map((item) => {
          const entry = entries[item.index];
          if (!entry) return null;
          return (
            <li
              key={entry.table}
              ref={virtual.measureElement}
              data-index={item.index}
              className="border-line border-t px-4 py-2 text-md first:border-t-0"
            >
              <Row
                connection={connection}
                entry={entry}
                open={open === entry.table}
                onOpen={() => setOpen(open === entry.table ? null : entry.table)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Row({
  connection,
  entry,
  open,
  onOpen,
}: {
  connection: string;
  entry: ManifestEntryInfo;
  open: boolean;
  onOpen: () => void;
}) {
  const times = useTimes();
  const isNew = entry.manifest_ms !== null && entry.manifest_ms >= Date.now() - DAY_MS;
  return (
    <>
      <div className={cn("grid items-center gap-x-4 gap-y-1", COLUMNS)}>
        <div className="flex min-w-0 items-center gap-1">
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Details of ${entry.table}`}
            onClick={onOpen}
            className="grid size-6 flex-none place-items-center rounded-s text-ink-2 hover:bg-hover"
          >
            <ChevronRight aria-hidden className={cn("size-4", open && "rotate-90")} />
          </button>
          <Link
            to="/tables/$name"
            params={{ name: entry.table }}
            search={{ connection }}
            className="truncate font-[550] text-info hover:underline"
          >
            {entry.table}
          </Link>
          {isNew && <Tag tone="info">New</Tag>}
        </div>
        <div className="min-w-0 tabular-nums max-m:pl-7">
          {entry.manifest_time ? times.full(entry.manifest_time) : "unknown"}{" "}
          <span className="hidden font-mono text-ink-2 text-sm m:block">
            {entry.manifest_ms ?? ""}
          </span>
        </div>
        <div className="text-right tabular-nums">
          {count(entry.records)}
          {entry.records !== null && <span className="m:hidden"> records</span>}
        </div>
        <div className="max-m:col-start-2 max-m:row-start-1 max-m:justify-self-end">
          <StatusBadge word={healthWord(entry.health)} />
        </div>
      </div>
      {open && <Details entry={entry} />}
    </>
  );
}

function Details({ entry }: { entry: ManifestEntryInfo }) {
  const times = useTimes();
  return (
    <dl className="mt-2 grid gap-1.5 rounded-m bg-sunken p-3 text-md s:grid-cols-[140px_minmax(0,1fr)]">
      {entry.problem && (
        <>
          <dt className="text-ink-2">Problem</dt>
          <dd className="text-fail">{entry.problem.message}</dd>
        </>
      )}
      {entry.manifest_time && (
        <>
          <dt className="text-ink-2 m:hidden">Manifest time</dt>
          <dd className="font-mono text-ink-2 text-sm m:hidden">{entry.manifest_ms}</dd>
        </>
      )}
      <dt className="text-ink-2">dataFilesPath</dt>
      <dd className="font-mono text-[12.5px] [overflow-wrap:anywhere]">
        {entry.data_files_path ?? "none"}
      </dd>
      <dt className="text-ink-2">Watermark</dt>
      <dd className="tabular-nums">
        {entry.watermark ? (
          <>
            {times.full(entry.watermark)}{" "}
            <span className="font-mono text-ink-2 text-sm">{entry.watermark_ms}</span>
          </>
        ) : entry.is_loaded ? (
          "none in its log"
        ) : (
          "not loaded"
        )}
      </dd>
      <dt className="text-ink-2">schemaHistory</dt>
      <dd>
        <ul className="grid gap-1">
          {entry.schema_history.map((each) => (
            <li key={each.fingerprint} className="tabular-nums">
              <span className="font-mono text-[12.5px] [overflow-wrap:anywhere]">
                {each.fingerprint}
              </span>{" "}
              since {each.since ? times.full(each.since) : "unknown"}{" "}
              <span className="font-mono text-ink-2 text-sm">{each.since_ms}</span>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
