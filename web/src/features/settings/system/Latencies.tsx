import { useState } from "react";
import type { Latency } from "@/api/generated";
import { Card, Empty } from "@/components/Panel";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";

const SHOWN = 8;

/** 3.44 → "3.4 ms", 1520 → "1.52 s". */
export function ms(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : 1)} ms`;
}

/** How long things take, the slowest first. */
export function Latencies({
  title,
  note,
  what,
  latencies,
  limitMs,
}: {
  title: string;
  note: string;
  /** Head of the first column. */
  what: string;
  latencies: readonly Latency[];
  /** A p95 above it is marked. */
  limitMs?: number;
}) {
  const [all, setAll] = useState(false);
  const slowest = [...latencies].sort((a, b) => b.p95_ms - a.p95_ms);
  const shown = all ? slowest : slowest.slice(0, SHOWN);
  return (
    <Card title={title} note={note} flush>
      {latencies.length === 0 ? (
        <Empty title="None since the start" />
      ) : (
        <div className="relative overflow-x-auto">
          <table className="tbl dense max-s:[&_:is(td,th)]:px-1.5!" aria-label={title}>
            <thead>
              <tr>
                <th scope="col" className="pl-4!">
                  {what}
                </th>
                <th scope="col" className="n">
                  Count
                </th>
                <th scope="col" className="n">
                  p50
                </th>
                <th scope="col" className="n" aria-sort="descending">
                  p95
                </th>
                <th scope="col" className="n">
                  p99
                </th>
                <th scope="col" className="n max-s:hidden">
                  Slowest
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Row key={one.name} one={one} isSlow={limitMs != null && one.p95_ms > limitMs} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {slowest.length > SHOWN && (
        <div className="border-line border-t px-3 py-2">
          <Button size="s" variant="ghost" onClick={() => setAll(!all)}>
            {all ? "Show the slowest only" : `Show all ${count(slowest.length)}`}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Row({ one, isSlow }: { one: Latency; isSlow: boolean }) {
  return (
    <tr>
      <th
        scope="row"
        className="mono max-w-[360px] truncate bg-transparent! pl-4! font-normal! text-ink! max-s:max-w-[104px]"
        title={one.name}
      >
        {one.name.startsWith("/") ? one.name : one.name.replaceAll("_", " ")}
      </th>
      <td className="n">{count(one.count)}</td>
      <td className="n">{ms(one.p50_ms)}</td>
      <td className="n">
        {isSlow ? (
          <strong className="text-warn">
            {ms(one.p95_ms)}
            <span className="sr-only"> slow</span>
          </strong>
        ) : (
          ms(one.p95_ms)
        )}
      </td>
      <td className="n">{ms(one.p99_ms)}</td>
      <td className="n max-s:hidden">{ms(one.worst_ms)}</td>
    </tr>
  );
}
