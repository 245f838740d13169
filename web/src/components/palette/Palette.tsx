import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Columns3, CornerDownLeft, History, Search, Table2 } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { toProblem } from "@/api/problem";
import { type Action, useActions } from "@/components/palette/actions";
import { foundColumnsQuery, foundTablesQuery, newestRunsQuery } from "@/components/palette/queries";
import { PARTS, PLACES } from "@/components/places";
import { StatusIcon } from "@/components/StatusIcon";
import { BareDialog } from "@/components/ui/dialog";
import { narrowed, useChosen } from "@/lib/chosen";
import { plural, shortId } from "@/lib/format";
import { useDebounced } from "@/lib/hooks";
import { recent } from "@/lib/recent";
import { useTimes } from "@/lib/time";
import { healthWord, runWord } from "@/lib/vocabulary";

const FEW = 6;

/** Everything there is to go to or to do, by its name. */
export function Palette({ onClose, onKeys, onZone }: PaletteProps) {
  const [text, setText] = useState("");
  const [said, setSaid] = useState("");
  const [chosen, choose] = useState("");
  const wanted = text.trim();
  const run = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <BareDialog onClose={onClose} label="Search tables, runs and actions" className="max-w-[640px]">
      <Command
        shouldFilter={false}
        loop
        label="Search tables, runs and actions"
        value={chosen}
        onValueChange={choose}
      >
        <div className="flex items-center gap-2.5 border-line border-b px-4">
          <Search aria-hidden className="size-4 flex-none text-ink-3" />
          <Command.Input
            value={text}
            onValueChange={setText}
            placeholder="Search tables, columns, runs, actions"
            maxLength={200}
            className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3"
          />
        </div>
        <Command.List
          label="Found"
          className="max-h-[calc(76dvh-88px)] overflow-y-auto overscroll-contain p-2 max-s:max-h-[calc(100dvh-120px)]"
        >
          {wanted === "" && <Recent run={run} />}
          {wanted !== "" && <Tables text={wanted} run={run} onFound={choose} onCounted={setSaid} />}
          {wanted !== "" && <Runs text={wanted} run={run} />}
          <Pages text={wanted} run={run} />
          <Actions text={wanted} run={run} onKeys={onKeys} onZone={onZone} />
          {wanted !== "" && <Everywhere text={wanted} run={run} />}
        </Command.List>
        {/* Beside the list: in it only what can be chosen may stand. */}
        <span role="status" className="sr-only">
          {wanted && said}
        </span>
        <p
          aria-hidden
          className="flex items-center gap-3 border-line border-t bg-sunken px-4 py-2 text-ink-2 text-sm max-s:hidden"
        >
          <span>↑ ↓ move</span>
          <span className="inline-flex items-center gap-1">
            <CornerDownLeft className="size-3" /> open
          </span>
          <span>Esc close</span>
        </p>
      </Command>
    </BareDialog>
  );
}

interface PaletteProps {
  onClose: () => void;
  onKeys: () => void;
  onZone: () => void;
}
/** Closes the palette, then acts. */
type Run = (act: () => void) => () => void;

function Recent({ run }: { run: Run }) {
  const navigate = useNavigate();
  const all = recent();
  if (all.length === 0) return null;
  return (
    <Group heading="Recent">
      {all.map(({ kind, name, connection }) => (
        <Item
          key={`${kind} ${connection ?? ""} ${name}`}
          value={`recent ${kind} ${connection ?? ""} ${name}`}
          icon={<History aria-hidden />}
          note={kind === "table" ? (connection ?? "table") : "run"}
          onSelect={run(() =>
            kind === "table"
              ? void navigate({
                  to: "/tables/$name",
                  params: { name },
                  search: connection ? { connection } : {},
                })
              : void navigate({ to: "/runs/$runId", params: { runId: name } }),
          )}
        >
          {kind === "run" ? `Run ${shortId(name)}` : name}
        </Item>
      ))}
    </Group>
  );
}

const countWords = ({ total, is_similar }: { total: number; is_similar: boolean }): string =>
  `${is_similar ? "No table is called so; " : ""}${plural(total, is_similar ? "similar table" : "table")}`;

function Tables({
  text,
  run,
  onFound,
  onCounted,
}: {
  text: string;
  run: Run;
  onFound: (value: string) => void;
  onCounted: (said: string) => void;
}) {
  const navigate = useNavigate();
  const settled = useDebounced(text, 150);
  const tables = useQuery(foundTablesQuery(settled));
  const best = tables.data?.tables[0];
  const value = best && !tables.isPlaceholderData ? tableValue(best) : null;
  const latest = useRef(onFound);
  latest.current = onFound;
  // What the server found comes after what the page knew: Enter is to mean the best of all.
  useEffect(() => {
    if (value) latest.current(value);
  }, [value]);
  const said = tables.data && countWords(tables.data);
  useEffect(() => onCounted(said ?? ""), [said, onCounted]);
  const columns = useQuery(foundColumnsQuery(settled));
  if (tables.error) return <Trouble error={tables.error} />;
  if (!tables.data) return <Note>Searching…</Note>;
  const { tables: found, total, is_similar, connections } = tables.data;
  const isOne = connections.length <= 1;
  return (
    <>
      {total === 0 && <Note>No table has “{text}” in its name or columns.</Note>}
      {total > 0 && (
        <Group heading={is_similar ? "Tables, did you mean" : `Tables, ${total} found`}>
          {found.map(({ name, connection, health, matched_columns }) => (
            <Item
              key={`${connection} ${name}`}
              value={tableValue({ connection, name })}
              icon={<Table2 aria-hidden />}
              note={
                <>
                  {matched_columns[0] && !name.includes(settled.toLowerCase()) && (
                    <span>has {matched_columns[0]}</span>
                  )}
                  {!isOne && <span>{connection}</span>}
                  <StatusIcon word={healthWord(health)} className="size-3.5" />
                  {health}
                </>
              }
              onSelect={run(
                () =>
                  void navigate({
                    to: "/tables/$name",
                    params: { name },
                    search: isOne ? {} : { connection },
                  }),
              )}
            >
              {name}
            </Item>
          ))}
        </Group>
      )}
      {columns.data && columns.data.length > 0 && (
        <Group heading="Columns">
          {columns.data.slice(0, FEW).map(({ value, count }) => (
            <Item
              key={value}
              value={`column ${value}`}
              icon={<Columns3 aria-hidden />}
              note={plural(count, "table")}
              onSelect={run(
                () => void navigate({ to: "/tables", search: { q: `column:${value}` } }),
              )}
            >
              {value}
            </Item>
          ))}
        </Group>
      )}
    </>
  );
}

const tableValue = ({ connection, name }: { connection: string; name: string }) =>
  `table ${connection} ${name}`;

function Runs({ text, run }: { text: string; run: Run }) {
  const navigate = useNavigate();
  const times = useTimes();
  const { data, error } = useQuery(newestRunsQuery());
  if (error) return <Trouble error={error} />;
  const found = (data ?? []).filter((job) =>
    [job.run_id, runWord(job.status).word, job.requested_by, job.connection].some(includes(text)),
  );
  if (found.length === 0) return null;
  return (
    <Group heading="Runs">
      {found.slice(0, FEW).map((job) => (
        <Item
          key={job.run_id}
          value={`run ${job.run_id}`}
          icon={<StatusIcon word={runWord(job.status)} className="size-4" />}
          note={
            <>
              {runWord(job.status).word}, {times.full(job.created_at)}
            </>
          }
          onSelect={run(() => void navigate({ to: "/runs/$runId", params: { runId: job.run_id } }))}
        >
          Run {shortId(job.run_id)}
        </Item>
      ))}
    </Group>
  );
}

function Pages({ text, run }: { text: string; run: Run }) {
  const navigate = useNavigate();
  const chosen = useChosen();
  const all = text ? [...PLACES, ...PARTS] : PLACES;
  const found = all.filter(({ label }) => includes(text)(label));
  if (found.length === 0) return null;
  return (
    <Group heading="Pages">
      {found.map(({ to, label, icon: Icon }) => (
        <Item
          key={to}
          value={`page ${to}`}
          icon={<Icon aria-hidden />}
          onSelect={run(() => void navigate({ to, search: narrowed(to, chosen) }))}
        >
          {label}
        </Item>
      ))}
    </Group>
  );
}

function Actions({
  text,
  run,
  ...opens
}: {
  text: string;
  run: Run;
  onKeys: () => void;
  onZone: () => void;
}) {
  const found = useActions(opens).filter(({ label, words = "" }) =>
    includes(text)(`${label} ${words}`),
  );
  if (found.length === 0) return null;
  return (
    <Group heading="Actions">
      {found.map(({ label, icon: Icon, note, act }: Action) => (
        <Item
          key={label}
          value={`action ${label}`}
          icon={<Icon aria-hidden />}
          note={note}
          onSelect={run(act)}
        >
          {label}
        </Item>
      ))}
    </Group>
  );
}

function Everywhere({ text, run }: { text: string; run: Run }) {
  const navigate = useNavigate();
  return (
    <Group heading="All of them">
      <Item
        value="all tables"
        icon={<Search aria-hidden />}
        onSelect={run(() => void navigate({ to: "/tables", search: { q: text } }))}
      >
        Show every table that matches “{text}”
      </Item>
    </Group>
  );
}

const includes = (text: string) => (each: string) =>
  each.toLowerCase().includes(text.toLowerCase());

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink-2 [&_[cmdk-group-heading]]:text-sm"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  icon,
  note,
  onSelect,
  children,
}: {
  value: string;
  icon: ReactNode;
  note?: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-m px-2 py-1 text-md data-[selected=true]:bg-hover data-[selected=true]:shadow-[inset_2px_0_0_var(--ring)] max-s:min-h-11 [&>svg]:size-4 [&>svg]:flex-none [&>svg]:text-ink-2"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {note && (
        <span className="flex min-w-0 flex-none items-center gap-1.5 truncate text-ink-2 text-sm tabular-nums">
          {note}
        </span>
      )}
    </Command.Item>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="px-2 py-3 text-ink-2 text-md">{children}</p>;
}

function Trouble({ error }: { error: unknown }) {
  const { title, message, hint } = toProblem(error);
  return (
    <p role="alert" className="px-2 py-3 text-md">
      <b className="font-semibold text-fail">{title}.</b> {message} {hint}
    </p>
  );
}
