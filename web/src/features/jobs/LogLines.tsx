import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { LogLine } from "@/api/generated";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { useIsPhone } from "@/lib/hooks";
import { LogRow } from "./LogRow";
import type { LogStore } from "./log-store";

/** Browsers know no element higher than some 17 million pixels: so many lines are in one. */
const WINDOW = 250_000;

interface LogLinesProps {
  store: LogStore;
  size: number;
  /** Lines are looked at: they have to be there. */
  onShow: (from: number, to: number) => void;
  linked: number | null;
  /** Line to go to, once for each change. */
  target: { line: number } | null;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  wrap: boolean;
  highlight: string;
}

/** A window over the lines: as many in the page as are seen. */
export function LogLines(props: LogLinesProps) {
  const { store, size, onShow, linked, target, follow, onFollow, wrap, highlight } = props;
  const box = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const [chosen, setBegin] = useState(0);
  const begin = follow ? windowOf(size - 1) : Math.min(chosen, windowOf(size - 1));
  const length = Math.min(WINDOW, size - begin);
  const virtual = useVirtualizer({
    count: length,
    getScrollElement: () => box.current,
    estimateSize: () => (isPhone ? 58 : 24),
    overscan: 20,
    getItemKey: (index) => store.numberAt(begin + index),
  });
  const items = virtual.getVirtualItems();
  const from = begin + (items[0]?.index ?? 0);
  const to = begin + (items.at(-1)?.index ?? 0) + 1;
  useEffect(() => onShow(from, Math.min(to, size)), [onShow, from, to, size]);

  const latest = useRef({ virtual, store });
  latest.current = { virtual, store };
  useEffect(() => {
    if (follow && length > 0) latest.current.virtual.scrollToIndex(length - 1, { align: "end" });
  }, [follow, length]);
  const known = size > 0;
  useEffect(() => {
    if (target === null || !known) return;
    const index = latest.current.store.indexOfLine(target.line);
    const first = windowOf(index);
    setBegin(first);
    // The window has to be there before it can be scrolled.
    requestAnimationFrame(() => {
      latest.current.virtual.scrollToIndex(index - first, { align: "center" });
      // The log is below the first screen: whoever follows a link to a line wants to see it.
      box.current?.scrollIntoView({ block: "nearest" });
    });
  }, [target, known]);
  // Reading back stops following; coming to the end again does not start it unasked.
  const lastTop = useRef(0);
  const onScroll = () => {
    const element = box.current;
    if (!element || !follow) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (below > 120 && lastTop.current > element.scrollTop) {
      setBegin(begin);
      onFollow(false);
    }
    lastTop.current = element.scrollTop;
  };
  return (
    <>
      {size > WINDOW && (
        <Stretch
          begin={begin}
          length={length}
          size={size}
          onMove={(next) => {
            onFollow(false);
            setBegin(next);
            virtual.scrollToIndex(0);
          }}
        />
      )}
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        onScroll={onScroll}
        className="max-h-[420px] overflow-auto border-line border-t bg-sunken py-1.5 font-mono text-sm leading-5 focus-visible:-outline-offset-2 max-s:max-h-[360px]"
      >
        <div
          className="relative min-w-full"
          style={{ height: virtual.getTotalSize(), ...(wrap ? {} : { width: "max-content" }) }}
        >
          {items.map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={wrap ? "absolute inset-x-0 top-0" : "absolute top-0 left-0 min-w-full"}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Line
                line={store.at(begin + item.index)}
                number={store.numberAt(begin + item.index)}
                linked={linked}
                wrap={wrap}
                highlight={highlight}
              />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

const windowOf = (index: number) => Math.floor(Math.max(0, index) / WINDOW) * WINDOW;

function Line({
  line,
  number,
  linked,
  wrap,
  highlight,
}: {
  line: LogLine | undefined;
  number: number;
  linked: number | null;
  wrap: boolean;
  highlight: string;
}) {
  if (line) {
    return <LogRow line={line} linked={number === linked} wrap={wrap} highlight={highlight} />;
  }
  return (
    <div className="grid h-6 grid-cols-[56px_minmax(0,1fr)] items-center py-0.5 text-ink-3">
      <span className="pr-3.5 text-right">{number}</span>
      <span className="skeleton h-2.5 w-1/3" />
    </div>
  );
}

function Stretch({
  begin,
  length,
  size,
  onMove,
}: {
  begin: number;
  length: number;
  size: number;
  onMove: (begin: number) => void;
}) {
  return (
    <p className="flex flex-wrap items-center gap-2 border-line border-t bg-sunken px-4 py-1.5 text-ink-2 text-sm">
      <span role="status">
        Lines {count(begin + 1)} to {count(begin + length)} of {count(size)}
      </span>
      <Button size="s" disabled={begin === 0} onClick={() => onMove(begin - WINDOW)}>
        Earlier
      </Button>
      <Button size="s" disabled={begin + length >= size} onClick={() => onMove(begin + WINDOW)}>
        Later
      </Button>
    </p>
  );
}
