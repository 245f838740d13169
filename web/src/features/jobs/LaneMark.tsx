import { Mark } from "@/components/charts/Plot";
import { count, duration, plural } from "@/lib/format";
import type { Times } from "@/lib/time";
import { tableWord } from "@/lib/vocabulary";
import type { Group, Span } from "./spans";

export const LANE = 20;

const COLOR: Record<string, string> = {
  ok: "var(--d-line)",
  no_change: "var(--d-rest)",
  running: "var(--info-icon)",
  failed: "var(--fail-icon)",
  partial: "var(--warn-icon)",
  paused: "var(--warn-icon)",
};
export const colorOf = (status: string): string => COLOR[status] ?? "var(--mute-icon)";

/** Where things are in the chart. */
export interface Scale {
  x: (at: number) => number;
  labelWidth: number;
  right: number;
}

const cut = (text: string, width: number) => {
  const most = Math.floor((width - 12) / 6.4);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

interface LaneProps {
  span: Span;
  y: number;
  scale: Scale;
  isLast: boolean;
  focusable: boolean;
  times: Times;
  onChoose: () => void;
}

/** One table's line: a name, a bar, a word where it did not go well. */
export function LaneMark({ span, y, scale, isLast, focusable, times, onChoose }: LaneProps) {
  const { x, labelWidth, right } = scale;
  const begin = x(span.from);
  const width = Math.max(3, x(span.until) - begin);
  const failed = span.status === "failed";
  const word = failed ? "Failed" : isLast ? "ended last" : null;
  const beside = begin + width + 76 < right ? begin + width + 6 : Math.max(labelWidth, begin - 66);
  const took = duration((span.until - span.from) / 1000);
  return (
    <Mark
      first={focusable}
      tip={`${span.table}: ${tableWord(span.status).word}\n${times.clock(span.from)}, ${took}\n${count(span.rows)} rows, ${plural(span.folders, "folder")}, ${plural(span.commits, "version")}`}
      data-lane={span.table}
      onClick={onChoose}
      onFocus={onChoose}
      onPointerEnter={onChoose}
    >
      <rect x={0} y={y} width={right} height={LANE} fill="none" pointerEvents="all" />
      <text x={0} y={y + 14} style={{ fill: "var(--ink)", fontWeight: isLast ? 600 : 400 }}>
        {cut(span.table, labelWidth)}
      </text>
      <rect x={begin} y={y + 5} width={width} height={10} rx={2.5} fill={colorOf(span.status)} />
      {word && (
        <g>
          {failed && (
            <path
              d={`M${beside + 1} ${y + 6}l7 7m0-7l-7 7`}
              stroke="var(--fail-icon)"
              strokeWidth={1.8}
            />
          )}
          <text
            x={beside + (failed ? 12 : 0)}
            y={y + 14}
            style={{ fill: failed ? "var(--fail)" : "var(--ink-2)" }}
          >
            {word}
          </text>
        </g>
      )}
    </Mark>
  );
}

interface GroupProps {
  group: Group;
  isOpen: boolean;
  y: number;
  scale: Scale;
  focusable: boolean;
  onToggle: () => void;
}

/** Many tables as one line that opens. */
export function GroupMark({ group, isOpen, y, scale, focusable, onToggle }: GroupProps) {
  const { x, labelWidth, right } = scale;
  const from = Math.min(...group.spans.map((span) => span.from));
  const until = Math.max(...group.spans.map((span) => span.until));
  const label = `${group.label}, ${plural(group.spans.length, "table")}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button inside of an svg
    <g
      role="button"
      tabIndex={focusable ? 0 : -1}
      aria-expanded={isOpen}
      aria-label={label}
      data-mark=""
      data-tip={isOpen ? `${label}\nclose` : `${label}\nopen`}
      className="mark cursor-pointer"
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onToggle();
      }}
    >
      <rect x={0} y={y} width={right} height={LANE} fill="none" pointerEvents="all" />
      <path
        d={isOpen ? `M1 ${y + 8}l4 5l4-5z` : `M2 ${y + 6}l5 4l-5 4z`}
        fill="var(--ink-2)"
        aria-hidden
      />
      <text x={14} y={y + 14} style={{ fill: "var(--ink)", fontWeight: 600 }}>
        {cut(`${group.label} ${count(group.spans.length)}`, labelWidth - 14)}
      </text>
      <rect
        x={x(from)}
        y={y + 7}
        width={Math.max(3, x(until) - x(from))}
        height={6}
        rx={3}
        fill={colorOf(group.spans[0]?.status ?? "")}
        opacity={0.65}
      />
    </g>
  );
}
