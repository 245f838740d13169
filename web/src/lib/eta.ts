/** Remaining time as a range, from how fast the bytes have gone so far. */
export function remaining(
  elapsedSeconds: number,
  percentDone: number | null,
): { low: number; high: number } | null {
  if (percentDone == null || percentDone < 3 || percentDone >= 100 || elapsedSeconds < 2)
    return null;
  const rest = (elapsedSeconds * (100 - percentDone)) / percentDone;
  // The less is done, the less the pace so far says.
  const doubt = 0.15 + 0.6 * (1 - percentDone / 100);
  return { low: rest * (1 - doubt / 2), high: rest * (1 + doubt) };
}

/** "2 to 4 min", "under 10 s", "5 s". */
export function rangeWords({ low, high }: { low: number; high: number }): string {
  if (high < 10) return "under 10 s";
  if (high < 90) return `${round(low, 5)} to ${round(high, 5)} s`;
  if (high < 5400) return same(Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60), "min");
  return same(Math.max(1, Math.floor(low / 3600)), Math.ceil(high / 3600), "h");
}

const round = (value: number, step: number) => Math.max(step, Math.round(value / step) * step);
const same = (low: number, high: number, unit: string) =>
  low === high ? `about ${low} ${unit}` : `${low} to ${high} ${unit}`;
