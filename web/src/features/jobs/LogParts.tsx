import { Download, ScrollText } from "lucide-react";
import type { LogLine } from "@/api/generated";
import { Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { saveFile } from "@/lib/clipboard";
import { shortId } from "@/lib/format";
import { useTimes } from "@/lib/time";

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

export function DownloadButton({
  runId,
  lines,
}: {
  runId: string;
  lines: () => readonly LogLine[];
}) {
  const times = useTimes();
  const save = () => {
    const text = lines().map(
      (line) =>
        `${line.line}\t${line.at}\t${line.level.toUpperCase()}\t${line.table ?? "run"}\t${line.message}`,
    );
    saveFile(`run-${shortId(runId)}.log`, `${text.join("\n")}\n`);
  };
  return (
    <Button
      variant="ghost"
      size="icon-s"
      aria-label="Download the lines shown"
      data-tip={`download the lines shown, times in UTC${times.zone === "UTC" ? "" : " (not local)"}`}
      onClick={save}
    >
      <Download aria-hidden />
    </Button>
  );
}
