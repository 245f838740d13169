import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Download, File, Folder, TriangleAlert } from "lucide-react";
import type { ObjectEntry, ObjectPage } from "@/api/generated";
import { may, meQuery } from "@/api/me";
import { Segments } from "@/components/bits";
import { Ask, Empty, Skeleton } from "@/components/Panel";
import { Button, buttonVariants } from "@/components/ui/button";
import type { SourceSearch } from "@/lib/addresses";
import { bytes, count, plural } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { downloadAddress, objectsQuery, type Side } from "./queries";

/** The folders and objects of source and target, read when they are looked at. */
export function ObjectsTab({ name, search }: { name: string; search: SourceSearch }) {
  const navigate = useNavigate();
  const side: Side = search.side ?? "source";
  const path = search.path ?? "";
  const query = useInfiniteQuery(objectsQuery(name, side, path));
  const pages = { ...query, data: query.data?.pages };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          label="Side"
          value={side}
          options={[
            { value: "source", label: "Source" },
            { value: "target", label: "Target" },
          ]}
          onChange={(next) =>
            void navigate({ to: "/sources/$name", params: { name }, search: searchOf(next, "") })
          }
        />
        <Crumbs name={name} side={side} path={path} />
      </div>
      <div className="card">
        <Ask query={pages} loading={<Skeleton rows={8} height={20} />}>
          {(all) => <Listing name={name} side={side} pages={all} />}
        </Ask>
        {query.hasNextPage && (
          <div className="border-line border-t p-3 text-center">
            <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {query.isFetchingNextPage ? "Loading…" : "Show more"}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

const searchOf = (side: Side, path: string): SourceSearch => ({
  tab: "objects",
  ...(side === "target" ? { side } : {}),
  ...(path ? { path } : {}),
});

function Crumbs({ name, side, path }: { name: string; side: Side; path: string }) {
  const parts = path.split("/").filter(Boolean);
  return (
    <nav aria-label="Folder" className="min-w-0">
      <ol className="flex flex-wrap items-center gap-1 font-mono text-[12.5px]">
        {["", ...parts].map((part, index) => {
          const to = parts.slice(0, index).join("/");
          const isHere = index === parts.length;
          return (
            <li key={to || "top"} className="flex items-center gap-1 [overflow-wrap:anywhere]">
              {index > 0 && <span aria-hidden>/</span>}
              <Link
                to="/sources/$name"
                params={{ name }}
                search={searchOf(side, to)}
                aria-current={isHere ? "page" : undefined}
                className={isHere ? "font-semibold" : "text-info hover:underline"}
              >
                {index === 0 ? side : part}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Listing({
  name,
  side,
  pages,
}: {
  name: string;
  side: Side;
  pages: readonly ObjectPage[];
}) {
  const [first] = pages;
  const mayDownload = may(useQuery(meQuery()).data?.role, "operator");
  const folders = pages.flatMap((page) => page.folders);
  const objects = pages.flatMap((page) => page.objects);
  const oddities = first?.oddities ?? [];
  if (!first || folders.length + objects.length + oddities.length === 0) {
    return <Empty title="This folder is empty">{first?.location}</Empty>;
  }
  const below = (child: string) => (first.path ? `${first.path}/${child}` : child);
  return (
    <>
      <p className="px-4 py-2.5 text-ink-2 text-md [overflow-wrap:anywhere]">
        <span className="font-mono text-[12.5px]">{first.location}</span>,{" "}
        {plural(folders.length, "folder")} and {plural(objects.length, "object")}
        {pages.at(-1)?.next_after ? " so far" : ""}
      </p>
      <ul aria-label="Folders and objects">
        {folders.map((folder) => (
          <li key={folder} className="row-link relative border-line border-t hover:bg-hover">
            <Link
              to="/sources/$name"
              params={{ name }}
              search={searchOf(side, below(folder))}
              className="cover flex min-h-9 items-center gap-2 px-4 py-1.5 font-mono text-[12.5px] text-info [overflow-wrap:anywhere]"
            >
              <Folder aria-hidden className="size-4 flex-none text-ink-3" /> {folder}
            </Link>
          </li>
        ))}
        {objects.map((object) => (
          <li key={object.path} className="border-line border-t">
            <ObjectRow
              object={object}
              href={
                mayDownload && object.size <= first.download_limit
                  ? downloadAddress(name, side, object.path)
                  : null
              }
            />
          </li>
        ))}
        {oddities.map((oddity) => (
          <li
            key={oddity}
            className="flex min-h-9 items-center gap-2 border-line border-t px-4 py-1.5 text-md text-warn [overflow-wrap:anywhere]"
          >
            <TriangleAlert aria-hidden className="size-4 flex-none" /> {oddity}
          </li>
        ))}
      </ul>
    </>
  );
}

function ObjectRow({ object, href }: { object: ObjectEntry; href: string | null }) {
  const times = useTimes();
  return (
    <div className="grid min-h-9 grid-cols-[minmax(0,1fr)_auto_28px] items-center gap-x-4 px-4 py-1.5 text-md s:grid-cols-[minmax(0,1fr)_80px_176px_28px]">
      <span className="flex min-w-0 items-center gap-2 font-mono text-[12.5px] [overflow-wrap:anywhere]">
        <File aria-hidden className="size-4 flex-none text-ink-3" /> {object.name}
      </span>
      <span className="text-right tabular-nums" data-tip={`${count(object.size)} bytes`}>
        {bytes(object.size)}
      </span>
      <span className="text-ink-2 tabular-nums max-s:row-start-2 max-s:pl-6">
        {times.full(object.last_modified)}
      </span>
      {href ? (
        <a
          href={href}
          download={object.name}
          aria-label={`Download ${object.name}`}
          className={buttonVariants({ variant: "ghost", size: "icon-s" })}
        >
          <Download aria-hidden />
        </a>
      ) : (
        <span className="size-7" />
      )}
    </div>
  );
}
