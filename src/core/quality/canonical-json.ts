/** Serializes a JSON value. The order of fields does not matter; values of different types have different texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join()}}`;
}

/** No JSON text is empty. */
const ABSENT = '';

/** Returns the text of an item's key fields. */
export function canonicalKey(item: Readonly<Record<string, unknown>>, key: readonly string[]): string {
  const [only = '', ...others] = key;
  if (others.length === 0) return canonicalField(item, only);
  return JSON.stringify(key.map((field) => canonicalField(item, field)));
}

/** Returns the text of one field, or a marker when it is absent: a missing field differs from `null`. */
export function canonicalField(item: Readonly<Record<string, unknown>>, field: string): string {
  return Object.hasOwn(item, field) ? canonicalJson(item[field]) : ABSENT;
}
