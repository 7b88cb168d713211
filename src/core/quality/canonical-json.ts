/** A JSON value's text, the same whatever the order of fields; values of different types have different texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join()}}`;
}

/** No JSON is empty. */
const ABSENT = '';

/** The text of the fields that tell an item apart. */
export function canonicalKey(item: Readonly<Record<string, unknown>>, key: readonly string[]): string {
  const [only = '', ...others] = key;
  if (others.length === 0) return canonicalField(item, only);
  return JSON.stringify(key.map((field) => canonicalField(item, field)));
}

/** The text of one field, or what stands for its absence: a field that is missing is not one that is null. */
export function canonicalField(item: Readonly<Record<string, unknown>>, field: string): string {
  return Object.hasOwn(item, field) ? canonicalJson(item[field]) : ABSENT;
}
