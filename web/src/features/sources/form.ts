import type { ConnectionInfo, ConnectionValues } from "@/api/generated";

/** The fields of a connection as text, the way they are typed. */
export type Fields = Record<FieldKey, string>;

export const TEXTS = [
  "source",
  "target",
  "credential",
  "region",
  "endpoint",
  "source_credential",
  "source_region",
  "source_endpoint",
  "target_credential",
  "target_region",
  "target_endpoint",
  "rebase",
  "layout",
  "runner",
  "ray_address",
  "schema_change",
] as const;
export const NUMBERS = [
  "workers",
  "lookback_seconds",
  "settle_seconds",
  "rest_seconds",
  "lag_limit_seconds",
] as const;
export const SWITCHES = ["current"] as const;
export type FieldKey =
  | (typeof TEXTS)[number]
  | (typeof NUMBERS)[number]
  | (typeof SWITCHES)[number];

export function fieldsOf(connection: ConnectionInfo | null): Fields {
  const values = connection?.values ?? {};
  return Object.fromEntries(
    [...TEXTS, ...NUMBERS, ...SWITCHES].map((key) => [key, String(values[key] ?? "")]),
  ) as Fields;
}

/** The address of a cluster means nothing elsewhere: it is neither shown nor sent then. */
export const isOnRay = (fields: Fields) => fields.runner === "ray";

/** What is sent; what was left empty has its default. */
export function valuesOf(fields: Fields): ConnectionValues {
  const texts = TEXTS.filter((key) => key !== "ray_address" || isOnRay(fields)).map(
    (key) => [key, fields[key].trim() || null] as const,
  );
  const numbers = NUMBERS.map((key) => [key, numberOf(fields[key])] as const);
  const switches = SWITCHES.map((key) => [key, switchOf(fields[key])] as const);
  const given = [...texts, ...numbers, ...switches].filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(given),
    source: fields.source.trim(),
    target: fields.target.trim(),
  };
}

const numberOf = (text: string) => (text.trim() === "" ? null : Number(text));
const switchOf = (text: string) => (text === "" ? null : text === "true");
