import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

/** Small shared shapes. */

export function Tag({ children, tone }: { children: ReactNode; tone?: "info" | "warn" }) {
  return (
    <span
      className={cn(
        "inline-flex h-[18px] items-center gap-1 whitespace-nowrap rounded-s px-1.5 font-[550] text-axis [&_svg]:size-[11px]",
        tone === "info" && "bg-info-bg text-info",
        tone === "warn" && "bg-warn-bg text-warn",
        !tone && "bg-mute-bg text-ink-2",
      )}
    >
      {children}
    </span>
  );
}

/** A filter that is on or off. */
export function Chip({
  pressed,
  onPress,
  children,
  count,
}: {
  pressed: boolean;
  onPress: () => void;
  children: ReactNode;
  count?: string;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cn(
        "inline-flex h-7 flex-none items-center gap-1.5 whitespace-nowrap rounded-full border bg-surface px-2.5 font-medium text-[12.5px] hover:bg-hover hover:text-ink max-s:h-8 [&_svg]:size-3.5",
        pressed
          ? "border-ink text-ink shadow-[inset_0_0_0_1px_var(--ink)]"
          : "border-line-2 text-ink-2",
      )}
    >
      {children}
      {count !== undefined && <b className="font-semibold text-ink tabular-nums">{count}</b>}
    </button>
  );
}

/** A choice of one, side by side. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out inline in a header
    <div role="group" aria-label={label} className="inline-flex rounded-m bg-track p-0.5">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(
            "inline-flex h-[26px] items-center gap-1.5 rounded-s px-2.5 font-[550] text-[12.5px]",
            option.value === value ? "bg-surface text-ink shadow-1" : "text-ink-2 hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** Progress of something that runs: blue, never red. */
export function ProgressBar({
  percent,
  label,
  moving,
  thin,
}: {
  percent: number;
  label: string;
  moving?: boolean;
  thin?: boolean;
}) {
  const width = Math.min(100, Math.max(0, percent));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(width)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn("relative overflow-hidden rounded-full bg-track", thin ? "h-1.5" : "h-2.5")}
    >
      <div
        className="relative h-full overflow-hidden rounded-full bg-info-icon transition-[width] duration-500"
        style={{ width: `${width}%` }}
      >
        {moving && (
          <div className="absolute inset-0 animate-sheen bg-linear-to-r from-transparent via-white/35 to-transparent" />
        )}
      </div>
    </div>
  );
}

/** A value as a length beside its number; `limit` is the length of a full bar. */
export function MiniBar({
  share,
  color,
  children,
  wide,
}: {
  share: number;
  color: string;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <span className="inline-flex items-center justify-end gap-2 align-middle tabular-nums">
      <span className="relative h-1.5 w-12 overflow-hidden rounded-[3px] bg-track">
        <span
          className="absolute inset-y-0 left-0 rounded-[3px]"
          style={{ width: `${Math.min(100, share * 100)}%`, background: color }}
        />
      </span>
      <span className={cn("text-right", wide ? "w-[82px]" : "w-[54px]")}>{children}</span>
    </span>
  );
}

export function Facts({
  facts,
}: {
  facts: readonly { label: string; value: ReactNode; note?: ReactNode; tip?: string | undefined }[];
}) {
  return (
    <dl className="card grid grid-cols-2 overflow-hidden s:grid-cols-4 l:grid-flow-col l:grid-cols-none">
      {facts.map((fact) => (
        <div
          key={fact.label}
          data-tip={fact.tip}
          className="-mt-px -ml-px min-w-0 border-line max-s:odd:last:col-span-2 border-t border-l px-4 py-3.5 max-s:px-3.5 max-s:py-2.5"
        >
          <dt className="whitespace-nowrap text-ink-2 text-sm">{fact.label}</dt>
          <dd className="truncate font-semibold text-fact tabular-nums tracking-[-.012em] max-s:text-[16px]">
            {fact.value}
          </dd>
          {fact.note && <dd className="truncate text-ink-2 text-sm tabular-nums">{fact.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** The head of a page: what it is, one sentence, what can be done. */
export function PageHead({
  title,
  badge,
  children,
  actions,
  crumbs,
}: {
  title: ReactNode;
  badge?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  crumbs?: ReactNode;
}) {
  return (
    <div className="mb-5 max-s:mb-4">
      {crumbs && (
        <nav aria-label="Breadcrumb" className="mb-2 flex items-center gap-1.5 text-ink-2 text-sm">
          {crumbs}
        </nav>
      )}
      <div className="flex items-start gap-4 max-s:flex-col max-s:gap-3">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="font-[620] text-h1 tracking-[-.016em] [overflow-wrap:anywhere] max-s:text-[20px] max-s:leading-[26px]">
              {title}
            </h1>
            {badge}
          </div>
          {children && <div className="mt-1 text-ink-2">{children}</div>}
        </div>
        {actions && (
          <div className="flex flex-none flex-wrap gap-2 max-s:w-full max-s:[&>*]:flex-1">
            {actions}
          </div>
        )}
      </div>
    </div>
  );
}
