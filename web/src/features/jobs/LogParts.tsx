import { Download, FileText, ScrollText } from "lucide-react";
import { type LogFilter, runFile } from "@/api/queries";
import { Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { isFiltered } from "./use-log";

export function NoLines({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <Empty
      icon={ScrollText}
      title="No line matches"
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  ) : (
    <Empty icon={ScrollText} title="No lines yet">
      The run says its first line when its process is up.
    </Empty>
  );
}

/** The log as a file, as narrowed or whole, and raw for the browser's own search. */
export function SaveLog({ runId, filter }: { runId: string; filter: LogFilter }) {
  const narrowed = isFiltered(filter);
  return (
    <>
      <Button asChild variant="ghost" size="icon-s">
        <a
          href={runFile(runId, "logs/file", { ...filter, view: true })}
          target="_blank"
          rel="noreferrer"
          aria-label="Raw log in a new tab"
          data-tip="raw, in a new tab: the browser's own search finds everything"
        >
          <FileText aria-hidden />
        </a>
      </Button>
      {narrowed && (
        <Button asChild size="s">
          <a href={runFile(runId, "logs/file", filter)} download>
            <Download aria-hidden /> Filtered
          </a>
        </Button>
      )}
      <Button asChild variant="ghost" size="icon-s">
        <a
          href={runFile(runId, "logs/file", {})}
          download
          aria-label="Download the whole log"
          data-tip="download the whole log"
        >
          <Download aria-hidden />
        </a>
      </Button>
    </>
  );
}
