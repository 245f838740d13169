import { Inbox, Lock, type LucideIcon, RotateCw } from "lucide-react";
import { type ReactNode, useId } from "react";
import { type ApiProblem, toProblem } from "@/api/problem";
import { CopyButton } from "@/components/CopyButton";
import { StatusIcon } from "@/components/StatusIcon";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

/** The four states of everything that is asked of the server. */

/** A titled card. */
export function Card({
  title,
  note,
  actions,
  children,
  className,
  flush,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  /** No padding: lists and tables go to the edge. */
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section className={cn("card", className)} aria-labelledby={id}>
      <header className="flex min-h-12 flex-wrap items-center gap-x-2 gap-y-1 py-2 pr-3 pl-4">
        <h2 id={id} className="font-semibold text-base tracking-[-.004em]">
          {title}
        </h2>
        {note && <span className="text-[12.5px] text-ink-2">{note}</span>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={cn(!flush && "px-4 pb-4")}>{children}</div>
    </section>
  );
}

/** Grey shapes where the data will be, after 150 ms so that a quick answer does not blink. */
export function Skeleton({ rows = 4, height = 16 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading" className="grid animate-appear gap-3 py-1">
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: identical shapes that never move
          key={row}
          className="skeleton animate-shimmer"
          style={{ height, width: `${100 - ((row * 37) % 45)}%` }}
        />
      ))}
    </div>
  );
}

export function SkeletonBlock({ className }: { className?: string }) {
  return <div className={cn("skeleton animate-shimmer", className)} />;
}

export function Empty({
  title,
  children,
  action,
  icon: Icon = Inbox,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: LucideIcon;
}) {
  return (
    <div className="grid justify-items-center gap-1.5 px-5 py-7 text-center">
      <Icon aria-hidden className="mb-1 size-6 text-ink-3" strokeWidth={1.75} />
      <strong className="font-semibold text-md">{title}</strong>
      {children && <p className="max-w-[44ch] text-ink-2 text-md">{children}</p>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

const FAILED = { word: "Failed", tone: "fail", shape: "octagon" } as const;

const FORBIDDEN = new Set(["PERMISSION_MISSING", "NO_ROLE"]);

/** Nothing is broken: somebody else may grant it. */
function NoPermission({ problem }: { problem: ApiProblem }) {
  return (
    <div role="alert">
      <Empty icon={Lock} title="You may not see this">
        {problem.message} {problem.hint}
      </Empty>
    </div>
  );
}

/** What happened, what to do, once more, and the id to quote. */
export function Problem({
  problem,
  onRetry,
  className,
}: {
  problem: ApiProblem;
  onRetry?: (() => void) | undefined;
  className?: string;
}) {
  if (FORBIDDEN.has(problem.code)) return <NoPermission problem={problem} />;
  return (
    <div role="alert" className={cn("grid gap-2 p-4", className)}>
      <div className="flex flex-wrap items-center gap-2">
        <StatusIcon word={FAILED} />
        <strong className="font-semibold text-fail text-md">{problem.title}</strong>
        <code className="rounded-s bg-mute-bg px-1.5 font-mono font-semibold text-axis text-ink-2">
          {problem.code}
        </code>
        {onRetry && (
          <Button size="s" className="ml-auto" onClick={onRetry}>
            <RotateCw aria-hidden /> Try again
          </Button>
        )}
      </div>
      <dl className="grid gap-x-6 gap-y-2 text-md m:grid-cols-2">
        <div>
          <dt className="font-semibold text-ink-2 text-sm">What happened</dt>
          <dd className="[overflow-wrap:anywhere]">{problem.message}</dd>
        </div>
        {problem.hint && (
          <div>
            <dt className="font-semibold text-ink-2 text-sm">What to do</dt>
            <dd className="[overflow-wrap:anywhere]">{problem.hint}</dd>
          </div>
        )}
      </dl>
      {problem.requestId && (
        <p className="text-ink-2 text-sm">
          Request id <CopyButton text={problem.requestId} label="request id" />
        </p>
      )}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface AskProps<T> {
  query: Asked<T>;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Loading, error or data of a query. Data stays when a later request fails: the shell says so. */
export function Ask<T>({ query, loading, children }: AskProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return <Problem problem={toProblem(query.error)} onRetry={() => void query.refetch()} />;
  }
  return <div className="p-4">{loading ?? <Skeleton />}</div>;
}

/** The same in a card, where the data brings cards of its own. */
export function AskInCard<T>(props: AskProps<T>) {
  if (props.query.data !== undefined) return props.children(props.query.data);
  return (
    <div className="card">
      <Ask {...props} />
    </div>
  );
}
