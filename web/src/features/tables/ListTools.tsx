import { Link } from "@tanstack/react-router";
import {
  Bookmark,
  Check,
  ChevronDown,
  Columns3,
  Download,
  Link2,
  Rows3,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import type { SortKey } from "@/api/generated";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { DENSITIES, type Density, type TablesSearch } from "@/lib/addresses";
import { useAnnounce } from "@/lib/announce";
import { copyText } from "@/lib/clipboard";
import { COLUMNS, type Column, DEFAULT_COLUMNS } from "./columns";
import { exportHref, type Filter } from "./list-queries";
import { Choice } from "./TableFilters";
import { DEFAULT_VIEWS, forgetView, isSameView, savedViews, saveView, type View } from "./views";

const item =
  "flex min-h-8 w-full items-center gap-2 rounded-m px-2 text-left text-md hover:bg-hover max-s:min-h-11";

/** Named addresses: ours, and those this browser keeps. */
export function Views({ search }: { search: TablesSearch }) {
  const [views, setViews] = useState(savedViews);
  const now = [...DEFAULT_VIEWS, ...views].find((view) => isSameView(view.search, search));
  return (
    <Popover
      label="Views"
      className="w-80 max-h-[min(600px,76dvh)] overflow-y-auto p-1.5"
      trigger={
        <Button>
          <Bookmark aria-hidden /> {now ? `View: ${now.name}` : "Views"}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {(close) => (
        <>
          <ul aria-label="Given views">
            {DEFAULT_VIEWS.map((view) => (
              <ViewLink key={view.name} view={view} isNow={view === now} onFollow={close} />
            ))}
          </ul>
          {views.length > 0 && (
            <ul aria-label="Saved views" className="mt-1 border-line border-t pt-1">
              {views.map((view) => (
                <ViewLink
                  key={view.name}
                  view={view}
                  isNow={view === now}
                  onFollow={close}
                  onForget={() => setViews(forgetView(view.name))}
                />
              ))}
            </ul>
          )}
          <SaveView onSave={(name) => setViews(saveView({ name, search }))} />
        </>
      )}
    </Popover>
  );
}

function ViewLink({
  view,
  isNow,
  onFollow,
  onForget,
}: {
  view: View;
  isNow: boolean;
  onFollow: () => void;
  onForget?: () => void;
}) {
  return (
    <li className="flex items-center">
      <Link
        to="/tables"
        search={view.search}
        onClick={onFollow}
        aria-current={isNow || undefined}
        className={item}
      >
        <span className="flex-1 truncate">{view.name}</span>
        {isNow && <Check aria-hidden className="size-4" />}
      </Link>
      {onForget && (
        <Button
          variant="ghost"
          size="icon-s"
          aria-label={`Forget view ${view.name}`}
          onClick={onForget}
        >
          <Trash2 aria-hidden />
        </Button>
      )}
    </li>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const [name, setName] = useState("");
  const { say } = useAnnounce();
  return (
    <form
      className="mt-1 grid gap-2 border-line border-t px-2 pt-2 pb-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!name.trim()) return;
        onSave(name.trim());
        say(`View “${name.trim()}” is kept in this browser.`);
        setName("");
      }}
    >
      <label className="grid gap-1 text-ink-2 text-sm">
        Save what you see as
        <input
          type="text"
          value={name}
          maxLength={40}
          onChange={(event) => setName(event.target.value)}
          placeholder="On call"
          className="h-8 rounded-m border border-control bg-surface px-2.5 text-ink text-md max-s:h-10"
        />
      </label>
      <div className="flex gap-2">
        <Button type="submit" size="s" disabled={!name.trim()}>
          Save view
        </Button>
        <Button
          variant="ghost"
          size="s"
          onClick={() =>
            void copyText(location.href).then((done) =>
              say(done ? "Link copied." : "The link could not be copied.", {
                tone: done ? "info" : "fail",
              }),
            )
          }
        >
          <Link2 aria-hidden /> Copy link
        </Button>
      </div>
    </form>
  );
}

/** Which columns, and how high the rows are. */
export function ColumnChooser({
  chosen,
  density,
  onColumns,
  onDensity,
}: {
  chosen: readonly string[];
  density: Density;
  onColumns: (ids: readonly string[]) => void;
  onDensity: (density: Density) => void;
}) {
  const toggle = (id: string) =>
    onColumns(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <Popover
      label="Columns"
      className="w-64 max-h-[min(600px,76dvh)] overflow-y-auto p-1.5"
      trigger={
        <Button className="max-s:hidden">
          <Columns3 aria-hidden /> Columns
        </Button>
      }
    >
      {COLUMNS.filter(({ id }) => id !== "name").map(({ id, label }) => (
        <Choice key={id} checked={chosen.includes(id)} onChange={() => toggle(id)}>
          {label}
        </Choice>
      ))}
      <div className="mt-1 flex items-center gap-2 border-line border-t px-2 pt-2 pb-1">
        <label className="flex flex-1 items-center gap-2 text-md">
          <Rows3 aria-hidden className="size-4 text-ink-2" />
          Density
          <select
            value={density}
            onChange={(event) => onDensity(event.target.value as Density)}
            className="h-7 flex-1 rounded-m border border-control bg-surface px-1.5"
          >
            {DENSITIES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <Button variant="ghost" size="s" onClick={() => onColumns(DEFAULT_COLUMNS)}>
          Reset
        </Button>
      </div>
    </Popover>
  );
}

/** A file of exactly what is filtered, sorted and shown. */
export function Export({
  filter,
  sort,
  columns,
}: {
  filter: Filter;
  sort: SortKey;
  columns: readonly Column[];
}) {
  const fields = columns.flatMap((column) => column.fields);
  return (
    <Popover
      label="Export"
      className="w-64 max-h-[min(600px,76dvh)] overflow-y-auto p-1.5"
      trigger={
        <Button>
          <Download aria-hidden /> Export
        </Button>
      }
    >
      {(close) =>
        (["csv", "json"] as const).map((format) => (
          <a
            key={format}
            href={exportHref(filter, sort, fields, format)}
            download
            onClick={close}
            className={item}
          >
            As {format.toUpperCase()}, the columns shown
          </a>
        ))
      }
    </Popover>
  );
}
