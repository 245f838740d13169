import type { KeyboardEvent, ReactNode, SVGProps } from "react";

/** The ground of a chart: its frame, its lines, and one tab stop whose arrows walk the marks. */

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  innerWidth: number;
  innerHeight: number;
}

export function frame(
  width: number,
  height: number,
  [top, right, bottom, left]: readonly [number, number, number, number],
): Frame {
  return {
    width,
    height,
    left,
    right: width - right,
    top,
    bottom: height - bottom,
    innerWidth: width - left - right,
    innerHeight: height - top - bottom,
  };
}

const STEP: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function Plot({ of, label, children }: { of: Frame; label: string; children: ReactNode }) {
  const walk = (event: KeyboardEvent<SVGSVGElement>) => {
    const step = STEP[event.key];
    if (!step) return;
    const found = event.currentTarget.querySelectorAll<HTMLElement | SVGElement>("[data-mark]");
    const marks: (Element | null)[] = [...found];
    const at = marks.indexOf(document.activeElement);
    const next = found[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an svg cannot be a fieldset
    <svg
      role="group"
      aria-label={label}
      width="100%"
      height={of.height}
      viewBox={`0 0 ${of.width} ${of.height}`}
      className="block overflow-visible"
      onKeyDown={walk}
    >
      {children}
    </svg>
  );
}

/** One value: what it says on hover and focus is also its name. The first can be reached by Tab. */
export function Mark({
  tip,
  first,
  children,
  ...rest
}: { tip: string; first?: boolean } & SVGProps<SVGGElement>) {
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrows walk the marks, so each can have the focus
    <g
      role="img"
      aria-label={tip.replaceAll("\n", ", ")}
      data-tip={tip}
      data-mark=""
      tabIndex={first ? 0 : -1}
      className="mark"
      {...rest}
    >
      {children}
    </g>
  );
}

export function YAxis({
  of,
  ticks,
  max,
  format,
  title,
}: {
  of: Frame;
  ticks: readonly number[];
  max: number;
  format: (value: number) => string;
  title?: string;
}) {
  return (
    <g aria-hidden>
      {ticks.map((value) => {
        const y = of.bottom - (value / max) * of.innerHeight;
        return (
          <g key={value}>
            <line
              x1={of.left}
              x2={of.right}
              y1={Math.round(y) + 0.5}
              y2={Math.round(y) + 0.5}
              stroke={value ? "var(--grid)" : "var(--line-2)"}
            />
            <text x={of.left - 8} y={y + 4} textAnchor="end">
              {format(value)}
            </text>
          </g>
        );
      })}
      {title && (
        <text x={0} y={9}>
          {title}
        </text>
      )}
    </g>
  );
}

export function Baseline({ of }: { of: Frame }) {
  return (
    <line
      x1={of.left}
      x2={of.right}
      y1={of.bottom + 0.5}
      y2={of.bottom + 0.5}
      stroke="var(--line-2)"
    />
  );
}
