import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useState } from "react";

const OVERSCAN = 6;

interface WindowRows {
  count: number;
  /** Of a row, in px. */
  height: number;
  /** About where the list begins, until that is measured: rows below the window wait. */
  about: number;
}

/** Rows of a list that scrolls with the page: those that are seen, and the gaps around them. */
export function useWindowRows(
  box: RefObject<HTMLElement | null>,
  { count, height, about }: WindowRows,
) {
  const [offset, setOffset] = useState(about);
  // Panels above may come and go; where the list begins is measured, not assumed.
  useEffect(() => {
    const top = box.current?.getBoundingClientRect().top ?? 0;
    const next = Math.round(top + window.scrollY);
    if (next !== offset) setOffset(next);
  });
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: OVERSCAN,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    scrollMargin: offset,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height now
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  return {
    virtual,
    items,
    before: (items[0]?.start ?? offset) - offset,
    after: virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset),
  };
}
