import { useMemo, useState } from "react";
import type { ProcessingJobStatus } from "@/api/generated";
import { Segments } from "@/components/bits";
import { ChartCard, LegendItem } from "@/components/charts/ChartCard";
import { Empty } from "@/components/Panel";
import { count, duration, plural } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { type Times, useTimes } from "@/lib/time";
import { isActive, tableWord } from "@/lib/vocabulary";
import { Gantt } from "./Gantt";
import { colorOf } from "./LaneMark";
import { PhaseLine } from "./PhaseLine";
import { type Grouping, MOST_LANES, rowsOf, type Span, spansOf, tailOf } from "./spans";

/** A stretch of the run's time, ISO 8601. */
export interface Stretch {
  from?: string | undefined;
  to?: string | undefined;
}

interface TimeLineProps {
  run: ProcessingJobStatus;
  stretch: Stretch;
  onStretch: (next: Stretch & { table?: string }) => void;
}

/** When each table was worked on. A stretch of time drawn over it narrows the log. */
export function TimeLine({ run, stretch, onStretch }: TimeLineProps) {
  const times = useTimes();
  const active = isActive(run.status);
  const now = useNow(active ? 1000 : 60_000);
  const end = active ? now : Date.parse(run.end_time ?? "") || now;
  const spans = useMemo(() => spansOf(run.results, end), [run.results, end]);
  const [grouping, setGrouping] = useState<Grouping>("state");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useMemo(() => rowsOf(spans, grouping, open), [spans, grouping, open]);
  const tail = useMemo(() => (active ? null : tailOf(spans)), [spans, active]);
  const shown = spans.find((span) => span.table === chosen);
  const isGrouped = spans.length > MOST_LANES;
  return (
    <ChartCard
      title="Time line"
      note={`${plural(spans.length, "table")}, ${times.label}`}
      table={tableOf(spans, times)}
      legend={spans.length > 0 && <States spans={spans} />}
      actions={
        isGrouped && (
          <Segments<Grouping>
            label="Group by"
            value={grouping}
            onChange={setGrouping}
            options={[
              { value: "state", label: "By state" },
              { value: "app", label: "By application" },
            ]}
          />
        )
      }
      after={
        <>
          {tail && <TailNote span={tail} />}
          {shown && (
            <PhaseLine
              runId={run.run_id}
              span={shown}
              onLog={() =>
                onStretch({
                  table: shown.table,
                  from: new Date(shown.from).toISOString(),
                  to: new Date(shown.until).toISOString(),
                })
              }
            />
          )}
        </>
      }
    >
      {(width) =>
        spans.length === 0 ? (
          <Empty title="No table has started">Each gets its line when its work begins.</Empty>
        ) : (
          <Gantt
            width={width}
            rows={rows}
            begin={Math.min(...spans.map((span) => span.from))}
            end={Math.max(end, ...spans.map((span) => span.until))}
            active={active}
            tail={tail}
            stretch={stretch}
            times={times}
            onChoose={setChosen}
            onStretch={onStretch}
            onToggle={(key) => setOpen((old) => toggled(old, key))}
          />
        )
      }
    </ChartCard>
  );
}

function toggled(all: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(all);
  if (!next.delete(key)) next.add(key);
  return next;
}

function States({ spans }: { spans: readonly Span[] }) {
  return [...new Set(spans.map((span) => span.status))].map((status) => (
    <LegendItem key={status} color={colorOf(status)}>
      {tableWord(status).word}
    </LegendItem>
  ));
}

function TailNote({ span }: { span: { table: string; from: number; until: number } }) {
  const seconds = (span.until - span.from) / 1000;
  if (seconds < 1) return null;
  return (
    <p className="mt-2 text-ink-2 text-sm">
      {`The last ${duration(seconds)} only `}
      <b className="font-semibold text-ink">{span.table}</b> was going on: the run would have ended
      sooner without it.
    </p>
  );
}

const tableOf = (spans: readonly Span[], times: Times) => ({
  columns: ["Table", `Start (${times.label})`, "Duration", "State", "Rows"],
  rows: spans.map((span) => [
    span.table,
    times.clock(span.from),
    duration((span.until - span.from) / 1000),
    tableWord(span.status).word,
    count(span.rows),
  ]),
});
