import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { LogLine } from "@/api/generated";
import { useIsPhone } from "@/lib/hooks";
import { LogRow } from "./LogRow";

/** A window over the lines: as many in the page as are seen. */
export function LogLines({
  size,
  at,
  indexOfLine,
  linked,
  follow,
  onFollow,
  wrap,
  highlight,
}: {
  size: number;
  at: (index: number) => LogLine | undefined;
  indexOfLine: (line: number) => number;
  linked: number | null;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  wrap: boolean;
  highlight: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const virtual = useVirtualizer({
    count: size,
    getScrollElement: () => box.current,
    estimateSize: () => (isPhone ? 58 : 24),
    overscan: 20,
    getItemKey: (index) => at(index)?.line ?? index,
  });
  const latest = useRef({ virtual, indexOfLine });
  latest.current = { virtual, indexOfLine };
  useEffect(() => {
    if (follow && size > 0) latest.current.virtual.scrollToIndex(size - 1, { align: "end" });
  }, [follow, size]);
  useEffect(() => {
    if (linked === null || size === 0) return;
    const index = latest.current.indexOfLine(linked);
    if (index >= 0) latest.current.virtual.scrollToIndex(index, { align: "center" });
  }, [linked, size]);
  // Reading back stops following; coming to the end again does not start it unasked.
  const onScroll = () => {
    const element = box.current;
    if (!element || !follow) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (below > 120 && lastTop.current > element.scrollTop) onFollow(false);
    lastTop.current = element.scrollTop;
  };
  const lastTop = useRef(0);
  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
      tabIndex={0}
      onScroll={onScroll}
      className="max-h-[400px] overflow-auto border-line border-t bg-sunken py-1.5 font-mono text-sm leading-5 focus-visible:-outline-offset-2 max-s:max-h-[360px]"
    >
      <div
        className="relative min-w-full"
        style={{ height: virtual.getTotalSize(), ...(wrap ? {} : { width: "max-content" }) }}
      >
        {virtual.getVirtualItems().map((item) => {
          const line = at(item.index);
          return (
            line && (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={wrap ? "absolute inset-x-0 top-0" : "absolute top-0 left-0 min-w-full"}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow
                  line={line}
                  linked={line.line === linked}
                  wrap={wrap}
                  highlight={highlight}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
