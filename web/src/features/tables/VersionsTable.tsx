import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { TableDetail, Transaction } from "@/api/generated";
import { Tag } from "@/components/bits";
import { CopyButton } from "@/components/CopyButton";
import { TableLink } from "@/components/TableLink";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { bytes, count, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";
import { useWindowRows } from "@/lib/window-rows";
import { VersionFigures } from "./VersionFigures";

const ROW = 36;
const COLUMNS = 12;

/** A screenful of rows in the page, however many versions there are. */
export function VersionsTable({
  rows,
  table,
  hasMore,
  onMore,
}: {
  rows: readonly Transaction[];
  table: TableDetail;
  hasMore: boolean;
  onMore: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { items, before, after } = useWindowRows(box, {
    count: rows.length,
    height: ROW,
    about: 650,
  });
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onMore();
  });
  return (
    <div ref={box} className="relative overflow-x-auto">
      <table className="tbl" aria-label="Versions, newest first" aria-rowcount={-1}>
        <Head />
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const version = rows[index];
            return version && <Version key={version.version} version={version} table={table} />;
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
      {hasMore && (
        <div className="flex justify-center border-line border-t p-2">
          <Button size="s" onClick={onMore}>
            Older than version {count(rows.at(-1)?.version)}
          </Button>
        </div>
      )}
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={COLUMNS} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col" className="n">
          Version
        </th>
        <th scope="col">Committed</th>
        <th scope="col">Operation</th>
        <th scope="col" className="n">
          Rows
        </th>
        <th scope="col" className="n">
          Files added
        </th>
        <th scope="col" className="n">
          Files removed
        </th>
        <th scope="col" className="n">
          Bytes added
        </th>
        <th scope="col" className="n">
          Bytes removed
        </th>
        <th scope="col">Run</th>
        <th scope="col">CDA folder up to</th>
        <th scope="col">Who</th>
        <th scope="col">
          <span className="sr-only">Data</span>
        </th>
      </tr>
    </thead>
  );
}

interface CdaFolder {
  /** As the manifest has it. */
  url: string;
  /** Below the source, where the browser of objects finds it; null where it is not in there. */
  path: string | null;
}

/** The folder of the manifest that a version read last, below the table's data files. */
function folderOf(version: Transaction, table: TableDetail): CdaFolder | null {
  if (!version.watermark || !table.manifest.data_files_path) return null;
  const at = Date.parse(version.watermark);
  const begun = table.fingerprints.filter(
    (each) => each.since !== null && Date.parse(each.since) <= at,
  );
  const fingerprint = begun.at(-1)?.fingerprint;
  if (!fingerprint) return null;
  const root = table.manifest.data_files_path.replace(/\/+$/, "");
  const folder = `${fingerprint}/${at}`;
  return { url: `${root}/${folder}`, path: below(table.manifest.source_folder, folder) };
}

/** The source itself is the empty folder. */
const below = (root: string | null, folder: string) =>
  root === null ? null : root ? `${root}/${folder}` : folder;

const TONE: Record<string, string> = {
  WRITE: "bg-info-bg text-info",
  OPTIMIZE: "bg-ok-bg text-ok",
  "SET SCHEMA": "bg-warn-bg text-warn",
};

const netWords = (net: number | null) => {
  if (net === null) return <span className="text-ink-2">unknown</span>;
  return net < 0 ? `−${count(-net)}` : `${net > 0 ? "+" : ""}${count(net)}`;
};

function Version({ version, table }: { version: Transaction; table: TableDetail }) {
  const times = useTimes();
  const folder = folderOf(version, table);
  return (
    <tr>
      <td className="n font-semibold">{count(version.version)}</td>
      <td className="tabular-nums" data-tip={times.full(version.timestamp)}>
        {times.stamp(version.timestamp)}
      </td>
      <td>
        <span
          className={cn(
            "inline-flex h-5 items-center rounded-s px-[7px] font-semibold text-axis",
            TONE[version.operation] ?? "bg-mute-bg text-ink-2",
          )}
        >
          {version.operation}
        </span>{" "}
        {version.schema_changed && <Tag tone="warn">schema</Tag>} <VersionFigures {...version} />
      </td>
      <td className="n">{netWords(version.net_rows)}</td>
      <td className="n">{version.files_added ? `+${count(version.files_added)}` : "0"}</td>
      <td className="n">{version.files_removed ? `−${count(version.files_removed)}` : "0"}</td>
      <td className="n">{bytes(version.bytes_added)}</td>
      <td className="n">{bytes(version.bytes_removed)}</td>
      <td>
        {version.run_id ? (
          <Link
            to="/runs/$runId"
            params={{ runId: version.run_id }}
            search={{ table: table.name }}
            className="link mono"
          >
            {shortId(version.run_id)}
          </Link>
        ) : (
          <span className="text-ink-2">–</span>
        )}
      </td>
      <td className="tabular-nums">
        {version.watermark ? (
          <span className="inline-flex items-center gap-1.5">
            {times.stamp(version.watermark)}
            {folder && folder.path !== null ? (
              <Link
                to="/sources/$name"
                params={{ name: table.connection }}
                search={{ tab: "objects", path: folder.path }}
                className="link mono"
                data-tip="the folder in the source"
              >
                {Date.parse(version.watermark)}
              </Link>
            ) : (
              <span className="mono text-ink-2">{Date.parse(version.watermark)}</span>
            )}
            {folder && (
              <CopyButton text={folder.url} label="path of the folder" iconOnly className="ml-0" />
            )}
          </span>
        ) : (
          <span className="text-ink-2">–</span>
        )}
      </td>
      <td className="max-w-32 truncate text-ink-2">{version.user ?? version.engine ?? "–"}</td>
      <td className="n">
        <TableLink
          name={table.name}
          connection={table.connection}
          search={{ tab: "data", v: version.version }}
          className="link text-sm"
          resetScroll={false}
        >
          data<span className="sr-only"> at version {version.version}</span>
        </TableLink>
      </td>
    </tr>
  );
}
