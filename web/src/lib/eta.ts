/** Remaining time as a range. */
export interface TimeRange {
  low: number;
  high: number;
}

/** How runs like this one went before; bytes a second. */
export interface Pace {
  slow_bytes_per_second: number | null;
  fast_bytes_per_second: number | null;
}

/**
 * From how fast the bytes have gone so far and how fast they went in earlier runs: the less is
 * done, the more the earlier runs say. Null where neither says anything.
 */
export function remaining(
  elapsedSeconds: number,
  percentDone: number | null,
  bytesLeft = 0,
  usual: Pace | null = null,
): TimeRange | null {
  if (percentDone !== null && percentDone >= 100) return null;
  const own = ownPace(elapsedSeconds, percentDone);
  const earlier = earlierPace(bytesLeft, usual);
  if (!own || !earlier) return own ?? earlier;
  const trust = Math.min(1, (percentDone ?? 0) / 40);
  return {
    low: earlier.low * (1 - trust) + own.low * trust,
    high: earlier.high * (1 - trust) + own.high * trust,
  };
}

function ownPace(elapsedSeconds: number, percentDone: number | null): TimeRange | null {
  if (percentDone == null || percentDone < 3 || elapsedSeconds < 2) return null;
  const rest = (elapsedSeconds * (100 - percentDone)) / percentDone;
  // The less is done, the less the pace so far says.
  const doubt = 0.15 + 0.6 * (1 - percentDone / 100);
  return { low: rest * (1 - doubt / 2), high: rest * (1 + doubt) };
}

function earlierPace(bytesLeft: number, usual: Pace | null): TimeRange | null {
  if (!usual?.slow_bytes_per_second || !usual.fast_bytes_per_second || bytesLeft <= 0) return null;
  return {
    low: bytesLeft / usual.fast_bytes_per_second,
    high: (bytesLeft / usual.slow_bytes_per_second) * 1.15,
  };
}

/** "2 to 4 min", "under 10 s", "5 s". */
export function rangeWords({ low, high }: TimeRange): string {
  if (high < 10) return "under 10 s";
  if (high < 90) return `${round(low, 5)} to ${round(high, 5)} s`;
  if (high < 5400) return same(Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60), "min");
  return same(Math.max(1, Math.floor(low / 3600)), Math.ceil(high / 3600), "h");
}

const round = (value: number, step: number) => Math.max(step, Math.round(value / step) * step);
const same = (low: number, high: number, unit: string) =>
  low === high ? `about ${low} ${unit}` : `${low} to ${high} ${unit}`;
