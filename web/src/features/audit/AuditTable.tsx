import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "@/api/generated";
import { TableLink } from "@/components/TableLink";
import { useIsPhone } from "@/lib/hooks";
import { useTimes } from "@/lib/time";
import { actionWords } from "./AuditFilters";

interface Listed {
  entries: readonly AuditEntry[];
}

/** Who did what, newest first: a row each, on a phone a few lines each. */
export function AuditTable({ entries }: Listed) {
  return useIsPhone() ? <Cards entries={entries} /> : <Rows entries={entries} />;
}

function Cards({ entries }: Listed) {
  const times = useTimes();
  return (
    <ul aria-label="Actions, newest first">
      {entries.map((entry) => (
        <li key={entry.id} className="grid gap-0.5 border-line border-t px-4 py-2.5 text-md">
          <span className="flex items-baseline justify-between gap-3">
            <b className="font-semibold">{actionWords(entry.action)}</b>
            <span className="whitespace-nowrap text-ink-2 text-sm tabular-nums">
              {times.day(entry.at)} {times.clock(entry.at)} {times.label}
            </span>
          </span>
          <span className="[overflow-wrap:anywhere]">
            <Subject entry={entry} />
          </span>
          <small className="text-ink-2 text-sm [overflow-wrap:anywhere]">
            {[`${entry.who}, ${entry.role}, ${entry.trigger}`, facts(entry)]
              .filter(Boolean)
              .join(": ")}
          </small>
        </li>
      ))}
    </ul>
  );
}

function Rows({ entries }: Listed) {
  const times = useTimes();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard
    <section className="relative overflow-x-auto" tabIndex={0} aria-label="Audit log">
      <table className="tbl" aria-label="Actions, newest first">
        <thead>
          <tr>
            <th scope="col">When ({times.label})</th>
            <th scope="col">Who</th>
            <th scope="col">Action</th>
            <th scope="col">On what</th>
            <th scope="col">More</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="whitespace-nowrap tabular-nums" data-tip={times.full(entry.at)}>
                {times.day(entry.at)} {times.clock(entry.at)}
              </td>
              <td>
                <span className="font-semibold">{entry.who}</span>{" "}
                <span className="text-ink-2 text-sm">
                  {entry.role}, {entry.trigger}
                </span>
              </td>
              <td className="whitespace-nowrap">{actionWords(entry.action)}</td>
              <td className="max-w-72 truncate">
                <Subject entry={entry} />
              </td>
              <td className="max-w-80 truncate text-ink-2 text-sm" data-tip={facts(entry)}>
                {facts(entry)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Runs and tables are links to themselves. */
function Subject({ entry }: { entry: AuditEntry }) {
  if (entry.action.startsWith("run.")) {
    return (
      <Link to="/runs/$runId" params={{ runId: entry.subject }} className="link mono">
        {entry.subject}
      </Link>
    );
  }
  if (entry.action.startsWith("table.")) {
    const connection = String(entry.detail.connection ?? "");
    return <TableLink name={entry.subject} connection={connection} className="link" />;
  }
  return entry.subject;
}

const facts = (entry: AuditEntry): string =>
  Object.entries(entry.detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
