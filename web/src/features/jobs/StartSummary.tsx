import type { ConnectionStatus, ProcessingJobSummary } from "@/api/generated";
import { toProblem } from "@/api/problem";
import { StatusIcon } from "@/components/StatusIcon";
import { count, shortId } from "@/lib/format";
import type { Word } from "@/lib/vocabulary";

const OK: Word = { word: "", tone: "ok", shape: "check" };
const BAD: Word = { word: "", tone: "fail", shape: "octagon" };
const OPEN: Word = { word: "", tone: "mute", shape: "dashed" };
const BUSY: Word = { word: "", tone: "warn", shape: "triangle" };

/** What the run would take, before it is started. */
export function StartSummary({
  chosen,
  total,
  namesError,
  isAll,
  connection,
  activeRun,
}: {
  chosen: readonly string[] | null;
  total: number | null;
  namesError: unknown;
  isAll: boolean;
  connection: ConnectionStatus | undefined;
  activeRun: ProcessingJobSummary | null;
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
      <h3 className="mt-4 mb-1 font-semibold text-base">Before it starts</h3>
      <ul>
        <Check
          word={wordOf(connection?.source_ok)}
          title={titleOf("Source", connection?.source_ok)}
          note={connection?.source}
          ms={connection?.source_ms}
        />
        <Check
          word={wordOf(connection?.target_ok)}
          title={titleOf("Target", connection?.target_ok)}
          note={connection?.target}
          ms={connection?.target_ms}
        />
        {activeRun && (
          <Check
            word={BUSY}
            title="Another run is going on"
            note={`Run ${shortId(activeRun.run_id)}: tables both want are brought by one of them only`}
          />
        )}
      </ul>
    </>
  );
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

const wordOf = (ok: boolean | null | undefined) => (ok == null ? OPEN : ok ? OK : BAD);
const titleOf = (place: string, ok: boolean | null | undefined) =>
  ok == null ? `${place} not checked yet` : ok ? `${place} answers` : `${place} does not answer`;

function Check({
  word,
  title,
  note,
  ms,
}: {
  word: Word;
  title: string;
  note?: string | undefined;
  ms?: number | null | undefined;
}) {
  return (
    <li className="grid grid-cols-[18px_minmax(0,1fr)_auto] gap-2 border-line py-2 text-md not-first:border-t">
      <StatusIcon word={word} className="mt-px" />
      <span className="min-w-0">
        {title}
        {note && (
          <small className="block text-ink-2 text-sm [overflow-wrap:anywhere]">{note}</small>
        )}
      </span>
      {ms != null && (
        <span className="text-ink-2 text-sm tabular-nums">
          {ms < 1 ? "< 1 ms" : `${Math.round(ms)} ms`}
        </span>
      )}
    </li>
  );
}
