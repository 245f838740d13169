/** Numbers and durations as words. Pure; times with a zone are in lib/time.tsx. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const DASH = "–";

/** 48213904 → "48,213,904"; unknown → "–". */
export function count(value: number | null | undefined): string {
  return value == null ? DASH : whole.format(value);
}

/** "1 table", "3 tables". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 4810000 → ["4.81", "M"]; small numbers keep every digit. */
export function bigParts(value: number): [string, string] {
  const units: [number, string][] = [
    [1e9, "billion"],
    [1e6, "M"],
    [1e4, "k"],
  ];
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size) {
      const scaled = value / (unit === "k" ? 1e3 : size);
      return [three(scaled), unit];
    }
  }
  return [whole.format(value), ""];
}

/** 4810000 → "4.81 M". */
export function big(value: number | null | undefined): string {
  return value == null ? DASH : bigParts(value).join(" ").trim();
}

const three = (value: number) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? trim(value.toFixed(1)) : trim(value.toFixed(2));
const trim = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** Axis labels: 15000000 → "15 M". */
export function axis(value: number): string {
  if (value >= 1e9) return `${trim((value / 1e9).toFixed(1))} bn`;
  if (value >= 1e6) return `${trim((value / 1e6).toFixed(1))} M`;
  if (value >= 1e3) return `${trim((value / 1e3).toFixed(1))} k`;
  return whole.format(value);
}

/** 12400000000 → "12.4 GB". Decimal units, as stores bill them. */
export function bytes(value: number | null | undefined): string {
  if (value == null) return DASH;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${units[unit]}`;
}

/** Seconds as a person says them: "0.4 s", "21 s", "9 min 29 s", "1 h 32 min", "3 d 4 h". */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return DASH;
  if (seconds < 0) return duration(0);
  if (seconds < 10) return `${trim(seconds.toFixed(1))} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return pair(Math.floor(s / 60), "min", s % 60, "s");
  if (s < 86_400) return pair(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "min");
  return pair(Math.floor(s / 86_400), "d", Math.floor((s % 86_400) / 3600), "h");
}

function pair(first: number, one: string, second: number, two: string): string {
  if (second === 0) return `${first} ${one}`;
  const padded = two === "h" ? String(second) : String(second).padStart(2, "0");
  return `${first} ${one} ${padded} ${two}`;
}

/** The same with one unit, for tight columns and "ago": "3 s", "12 min", "3 h", "18 d". */
export function short(seconds: number | null | undefined): string {
  if (seconds == null) return DASH;
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 172_800) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** A lag: 0 is caught up; under two days hours and minutes, e.g. "1h 32m". */
export function lag(seconds: number | null | undefined): string {
  if (seconds == null) return DASH;
  if (seconds === 0) return "0";
  if (seconds < 3600) return short(seconds);
  if (seconds < 172_800) {
    const minutes = Math.floor((seconds % 3600) / 60);
    return `${Math.floor(seconds / 3600)}h ${String(minutes).padStart(2, "0")}m`;
  }
  return short(seconds);
}

/** 64.02 → "64 %"; never 100 before it is, never 0 once it began. */
export function percent(value: number): string {
  if (value <= 0) return "0 %";
  if (value >= 100) return "100 %";
  return `${Math.min(99, Math.max(1, Math.round(value)))} %`;
}

/** The end of a run's id: enough to tell runs apart on a page. */
export function shortId(id: string): string {
  const end = id.slice(id.lastIndexOf("-") + 1);
  return end.length >= 4 && end.length <= 10 ? end : id.slice(-8);
}

/** A server's half sentence as one: capital letter, full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return "";
  const start = /^[a-z]+_/.test(trimmed)
    ? trimmed
    : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}

/** A spreadsheet would run a text that begins so, unless all of it is a number. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Rows as CSV (RFC 4180), null as empty. */
export function csv(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const cell = (value: unknown) => {
    const text =
      value == null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((name) => cell(row[name])))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}
