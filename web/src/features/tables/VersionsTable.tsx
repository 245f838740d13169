import { Link } from "@tanstack/react-router";
import type { TableDetail, Transaction } from "@/api/generated";
import { Tag } from "@/components/bits";
import { TableLink } from "@/components/TableLink";
import { cn } from "@/lib/cn";
import { bytes, count, plural, shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";

export function VersionsTable({
  rows,
  table,
}: {
  rows: readonly Transaction[];
  table: TableDetail;
}) {
  return (
    <div className="relative overflow-x-auto">
      <table className="tbl" aria-label="Versions, newest first">
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
              Files
            </th>
            <th scope="col" className="n">
              Bytes
            </th>
            <th scope="col">Run</th>
            <th scope="col">CDA folder up to</th>
            <th scope="col">Who</th>
            <th scope="col">
              <span className="sr-only">Data</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((version) => (
            <Version key={version.version} version={version} table={table} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONE: Record<string, string> = {
  WRITE: "bg-info-bg text-info",
  OPTIMIZE: "bg-ok-bg text-ok",
  "SET SCHEMA": "bg-warn-bg text-warn",
};

function Version({ version, table }: { version: Transaction; table: TableDetail }) {
  const times = useTimes();
  const files = (version.files_added ?? 0) - (version.files_removed ?? 0);
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
        {version.schema_changed && <Tag tone="warn">schema</Tag>}
      </td>
      <td className="n">
        {version.rows === null
          ? "–"
          : version.rows > 0
            ? `+${count(version.rows)}`
            : count(version.rows)}
      </td>
      <td
        className="n"
        data-tip={`${plural(version.files_added ?? 0, "file")} added, ${count(version.files_removed ?? 0)} removed`}
      >
        {files > 0 ? `+${count(files)}` : count(files)}
      </td>
      <td className="n">{bytes(version.bytes_added)}</td>
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
          <>
            {times.stamp(version.watermark)}{" "}
            <span className="mono text-ink-2">{Date.parse(version.watermark)}</span>
          </>
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
