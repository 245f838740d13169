import { useQuery } from "@tanstack/react-query";
import { Ask, Card, Empty, Skeleton } from "@/components/Panel";
import { cn } from "@/lib/cn";
import { useTimes } from "@/lib/time";
import { systemLogQuery } from "./queries";

const SHOWN = 100;
const TONES: Record<string, string> = { error: "text-fail", warning: "text-warn" };

type Line = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** The end of the server's log, newest first: admins may read it. */
export function ServerLog() {
  const query = useQuery(systemLogQuery());
  return (
    <Card title="Server log" note={`The newest ${SHOWN} lines, newest first`} flush>
      <Ask query={query} loading={<Skeleton rows={5} />}>
        {({ lines }) =>
          lines.length === 0 ? (
            <Empty title="Nothing logged yet">
              The server logs from the level of CDALAKE_LOG_LEVEL on.
            </Empty>
          ) : (
            <Lines lines={lines.slice(-SHOWN).reverse()} />
          )
        }
      </Ask>
    </Card>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const times = useTimes();
  return (
    <div
      role="log"
      aria-live="off"
      aria-label="Log lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
      tabIndex={0}
      className="max-h-[360px] overflow-auto border-line border-t bg-sunken focus-visible:-outline-offset-2"
    >
      <ol className="grid w-max min-w-full py-1 font-mono text-sm">
        {lines.map((line, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own
            key={index}
            className={cn(
              "flex gap-3 whitespace-nowrap px-4 leading-5",
              line.level === "error" && "bg-fail-bg",
            )}
          >
            <span className="text-ink-2">{times.full(text(line.at))}</span>
            <span className={cn("w-14 uppercase", TONES[text(line.level)] ?? "text-ink-2")}>
              {text(line.level)}
            </span>
            <span>{text(line.message)}</span>
            {line.duration_ms !== undefined && (
              <span className="text-ink-2">{String(line.duration_ms)} ms</span>
            )}
            {text(line.request_id) && <span className="text-ink-2">{text(line.request_id)}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
