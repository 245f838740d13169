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
] as const;
export const NUMBERS = [
  "workers",
  "lookback_seconds",
  "settle_seconds",
  "rest_seconds",
  "lag_limit_seconds",
] as const;
export type FieldKey = (typeof TEXTS)[number] | (typeof NUMBERS)[number];

export function fieldsOf(connection: ConnectionInfo | null): Fields {
  const values = connection?.values ?? {};
  return Object.fromEntries(
    [...TEXTS, ...NUMBERS].map((key) => [key, String(values[key] ?? "")]),
  ) as Fields;
}

/** What is sent; what was left empty has its default. */
export function valuesOf(fields: Fields, connection: ConnectionInfo | null): ConnectionValues {
  const texts = TEXTS.map((key) => [key, fields[key].trim() || null] as const);
  const numbers = NUMBERS.map((key) => [key, numberOf(fields[key])] as const);
  return {
    ...Object.fromEntries([...texts, ...numbers].filter(([, value]) => value !== null)),
    ...keptOf(connection),
    source: fields.source.trim(),
    target: fields.target.trim(),
  };
}

const numberOf = (text: string) => (text.trim() === "" ? null : Number(text));

const NOT_SHOWN = ["schema_change"] as const;

/** Values that this form does not show are kept as they are. */
function keptOf(connection: ConnectionInfo | null): Partial<ConnectionValues> {
  const given = NOT_SHOWN.map((key) => [key, connection?.values[key]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
