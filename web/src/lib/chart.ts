/** The little arithmetic the charts need. */

/** Up to `most` round steps from zero that cover `max`. */
export function ticks(max: number, most = 5): number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  // Most charts count things, and half a commit is none.
  const whole = max >= 1 ? Math.ceil(step) : step;
  return steps(max, whole);
}

/** The same for seconds, in steps people count time in. */
export function timeTicks(max: number, most = 5): number[] {
  const nice = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
    43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 15_552_000, 31_536_000,
  ];
  const rough = max / (most - 1);
  return steps(max, nice.find((step) => step >= rough) ?? ticks(max, most)[1] ?? 1);
}

function steps(max: number, step: number): number[] {
  const found: number[] = [];
  for (let index = 0; index === 0 || (found.at(-1) ?? 0) < max; index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

/** A bar with its two upper corners rounded. */
export function topBar(x: number, y: number, width: number, height: number, radius = 3): string {
  const r = Math.max(0, Math.min(radius, height, width / 2));
  return `M${x} ${y + height}V${y + r}Q${x} ${y} ${x + r} ${y}H${x + width - r}Q${x + width} ${y} ${x + width} ${y + r}V${y + height}Z`;
}

/** A line through points; `null` breaks it. */
export function line(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}
