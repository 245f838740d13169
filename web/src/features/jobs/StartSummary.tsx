import type { PendingWork, Usual } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { rangeWords, remaining } from "@/lib/eta";
import { bytes, count, plural } from "@/lib/format";

/** What the run would take, before it is started. */
export function StartSummary({
  chosen,
  total,
  namesError,
  isAll,
  pending,
  usual,
}: {
  chosen: readonly string[] | null;
  total: number | null;
  namesError: unknown;
  isAll: boolean;
  pending: PendingWork | null;
  usual: Usual | null;
}) {
  return (
    <>
      <p className="font-[640] text-big tabular-nums tracking-[-.03em]" aria-live="polite">
        {chosen ? count(chosen.length) : "–"}{" "}
        <small className="font-medium text-[15px] text-ink-2 tracking-normal">
          {total !== null ? `of ${count(total)} ${total === 1 ? "table" : "tables"}` : "tables"}
        </small>
      </p>
      <p className="text-ink-2 text-md">
        {namesError
          ? `The names could not be read: ${toProblem(namesError).message}`
          : sentence(chosen, isAll)}
      </p>
      {pending && <p className="text-ink-2 text-md">{workWords(pending, usual)}</p>}
    </>
  );
}

/** "38 have something new, 1 of them waits for a choice: 214 folders, 2.1 GB, 1 to 2 min." */
function workWords(pending: PendingWork, usual: Usual | null): string {
  if (pending.tables === 0) return "None of them has anything new.";
  const time = remaining(0, 0, pending.bytes, usual);
  const work = `${plural(pending.folders, "folder")}, ${bytes(pending.bytes)}`;
  const verb = pending.tables === 1 ? "has" : "have";
  return `${count(pending.tables)} ${verb} something new${waitWords(pending)}: ${work}${time ? `, ${rangeWords(time)}` : ""}.`;
}

function waitWords({ tables, waiting }: PendingWork): string {
  if (waiting === 0) return "";
  const who = tables === 1 ? "and" : `${count(waiting)} of them`;
  return `${tables === 1 ? "" : ","} ${who} ${waiting === 1 ? "waits" : "wait"} for a choice`;
}

function sentence(chosen: readonly string[] | null, isAll: boolean): string {
  if (!chosen) return "Counting the tables that match.";
  if (chosen.length === 0) {
    return isAll ? "The manifest is read when the run starts." : "Nothing has a name like that.";
  }
  const some = chosen.slice(0, 4).join(", ");
  const more = chosen.length - 4;
  return more > 0 ? `${some} and ${count(more)} more.` : `${some}.`;
}
