import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { useShortcut } from "@/lib/shortcuts";
import { useTyped } from "@/lib/use-typed";
import type { HitList } from "./log-store";

interface LogSearchProps {
  q: string;
  /** Lines that match; null without a search. */
  hits: HitList | null;
  problem: ApiProblem | null;
  /** The line that was gone to last. */
  current: number | null;
  onSearch: (q: string) => void;
  onGo: (line: number) => void;
}

/**
 * Search over every line of the run, on the server: the page holds a few of them only. So Ctrl F
 * comes here; pressed again in here it is the browser's own.
 */
export function LogSearch({ q, hits, problem, current, onSearch, onGo }: LogSearchProps) {
  const [text, setText] = useTyped(q, onSearch);
  const [focused, setFocused] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onGo);
  latest.current = onGo;
  useShortcut({
    keys: "mod+f",
    group: "Run",
    does: "Search the log; again: the browser's search",
    off: focused,
    act: () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  // The first hit is gone to by itself, once for each search.
  const gone = useRef("");
  const first = hits?.numbers[0];
  useEffect(() => {
    if (first === undefined || gone.current === q) return;
    gone.current = q;
    latest.current(first);
  }, [first, q]);
  const numbers = hits?.numbers ?? [];
  const place = hits && current !== null ? hits.place(current) : 0;
  const isOn = current !== null && numbers[place] === current;
  const step = (by: 1 | -1) => {
    if (numbers.length === 0) return;
    const from = isOn || by < 0 ? place + by : place;
    const next = numbers[(from + numbers.length) % numbers.length];
    if (next !== undefined) onGo(next);
  };
  return (
    <div className="flex items-center gap-1 max-s:w-full">
      <label className="flex h-8 w-60 items-center gap-2 rounded-m border border-control bg-surface px-2.5 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-1 max-s:h-10 max-s:w-full">
        <Search aria-hidden className="size-4 flex-none text-ink-3" />
        <span className="sr-only">Search the log</span>
        <input
          ref={input}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onKeyDown={(event) => {
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") setText("");
          }}
          placeholder="Search the log"
          className="min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-ink-3"
        />
        {q && (
          <span role="status" className="flex-none text-ink-2 text-sm tabular-nums">
            {problem ? "not searched" : hitWords(hits, isOn ? place : null)}
          </span>
        )}
      </label>
      {q && (
        <>
          <Step label="Previous hit" onPress={() => step(-1)} off={numbers.length === 0}>
            <ChevronUp aria-hidden />
          </Step>
          <Step label="Next hit" onPress={() => step(1)} off={numbers.length === 0}>
            <ChevronDown aria-hidden />
          </Step>
        </>
      )}
    </div>
  );
}

function hitWords(hits: HitList | null, place: number | null): string {
  if (!hits?.isLoaded) return "…";
  const total = `${count(hits.numbers.length)}${hits.isComplete ? "" : "+"}`;
  if (hits.numbers.length === 0) return hits.isComplete ? "no hit" : "…";
  return place === null ? `${total} hits` : `${count(place + 1)}/${total}`;
}

function Step({
  label,
  onPress,
  off,
  children,
}: {
  label: string;
  onPress: () => void;
  off: boolean;
  children: ReactNode;
}) {
  return (
    <Button
      variant="ghost"
      size="icon-s"
      aria-label={label}
      data-tip={label}
      disabled={off}
      onClick={onPress}
    >
      {children}
    </Button>
  );
}
