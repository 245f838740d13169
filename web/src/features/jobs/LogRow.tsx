import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { LogLine } from "@/api/generated";
import { useAnnounce } from "@/lib/announce";
import { copyText } from "@/lib/clipboard";
import { cn } from "@/lib/cn";
import { useTimes } from "@/lib/time";

const LEVEL: Record<string, [string, string]> = {
  error: ["ERROR", "text-fail"],
  warning: ["WARN", "text-warn"],
  info: ["INFO", "text-ink-2"],
};

type Say = ReturnType<typeof useAnnounce>["say"];

async function copyLink(line: number, say: Say): Promise<void> {
  const address = new URL(location.href);
  address.hash = `L${line}`;
  if (await copyText(address.href)) say(`Link to line ${line} copied.`);
}

export function LogRow({
  line,
  linked,
  wrap,
  highlight,
}: {
  line: LogLine;
  linked: boolean;
  wrap: boolean;
  highlight: string;
}) {
  const times = useTimes();
  const { say } = useAnnounce();
  const [word, tone] = LEVEL[line.level] ?? [line.level.toUpperCase(), "text-ink-2"];
  return (
    <div
      id={`L${line.line}`}
      className={cn(
        "grid grid-cols-[56px_100px_60px_150px_minmax(0,1fr)] py-0.5 pr-3 hover:bg-hover max-s:grid-cols-[48px_56px_minmax(0,1fr)] max-s:text-[11.5px]",
        line.level === "error" && "bg-fail-bg",
        linked && "bg-info-bg shadow-[inset_3px_0_0_var(--info-icon)]",
      )}
    >
      <Link
        from="/runs/$runId"
        to="."
        search={(old) => old}
        hash={`L${line.line}`}
        resetScroll={false}
        replace
        aria-label={`Link to line ${line.line}`}
        data-tip="copy the link to this line"
        onClick={() => void copyLink(line.line, say)}
        className={cn(
          "select-none pr-3.5 text-right hover:underline",
          line.level === "error" || linked ? "text-ink-2" : "text-ink-3",
        )}
      >
        {line.line}
      </Link>
      <span className="text-ink-2 max-s:hidden">
        {line.kind === "damaged" ? "" : times.fine(line.at)}
      </span>
      <span className={cn("font-semibold", tone)}>{word}</span>
      <span className="truncate pr-2 text-ink-2">{line.table ?? "run"}</span>
      <span
        className={cn(
          "max-s:col-[2/-1]",
          wrap ? "whitespace-pre-wrap [overflow-wrap:anywhere]" : "whitespace-pre",
        )}
      >
        <Marked text={line.message} mark={highlight} />
      </span>
    </div>
  );
}

function Marked({ text, mark }: { text: string; mark: string }) {
  if (!mark) return text;
  const pieces = text.split(new RegExp(`(${mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "gi"));
  let at = 0;
  return pieces.map((piece, index) => {
    const key = at;
    at += piece.length;
    return index % 2 ? (
      <mark
        key={key}
        className="rounded-[2px] bg-[color-mix(in_srgb,var(--warn-icon)_28%,transparent)] text-ink"
      >
        {piece}
      </mark>
    ) : (
      <Fragment key={`text ${key}`}>{piece}</Fragment>
    );
  });
}
