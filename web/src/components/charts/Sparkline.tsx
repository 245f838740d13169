/** A trend without numbers; the numbers are in the tip and in the columns beside it. */
export function Sparkline({
  values,
  width = 84,
  height = 22,
  label,
}: {
  values: readonly number[];
  width?: number;
  height?: number;
  label: string;
}) {
  const max = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) => [index * step, height - 3 - (value / max) * (height - 6)] as const,
  );
  const path = points
    .map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
  const last = points.at(-1);
  if (!last) return null;
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      className="inline-block overflow-visible align-middle"
    >
      <path d={`${path}L${width} ${height}L0 ${height}Z`} fill="var(--d-fill)" />
      <path d={path} fill="none" stroke="var(--d-line)" strokeWidth={1.5} strokeLinejoin="round" />
      <circle cx={last[0]} cy={last[1]} r={2} fill="var(--d-line)" />
    </svg>
  );
}
