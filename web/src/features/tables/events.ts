/** Each kind of event has a shape of its own, and a colour: never colour alone. */

interface Shape {
  word: string;
  color: string;
  path: string;
}

export const EVENTS: Record<string, Shape> & { other: Shape } = {
  schema: { word: "Schema change", color: "var(--d1)", path: "M0 -5L5 0L0 5L-5 0Z" },
  optimize: { word: "Optimize", color: "var(--d3)", path: "M-4 -4H4V4H-4Z" },
  vacuum: { word: "Vacuum", color: "var(--ink-3)", path: "M-4 -1H4V1H-4Z" },
  restore: { word: "Restore", color: "var(--d2)", path: "M0 -5L5 4H-5Z" },
  failed: { word: "Failed run", color: "var(--fail-icon)", path: "M-4 -4L4 4M4 -4L-4 4" },
  other: { word: "Event", color: "var(--ink-3)", path: "M-3 -3H3V3H-3Z" },
};

export const eventWord = (kind: string): string => (EVENTS[kind] ?? EVENTS.other).word;
