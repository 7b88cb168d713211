/** Typical names of key fields, in order of preference. */
const KEY_NAME_PATTERNS = [
  /^id$|_id$|^sku$|^asin$|^isbn|^code$|^number$/i,
  /url|link|href/i,
  /^name$|title/i,
];

/**
 * Guesses the field that identifies items. Each item has it, as a text or a number, and all values differ. Its name
 * matches `KEY_NAME_PATTERNS`. `undefined` when there is none.
 */
export function guessKeyField(items: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const [first] = items;
  if (first === undefined || items.length < 2) return undefined;
  const unique = Object.keys(first).filter((field) => {
    const values = items.map((item) => item[field]);
    const isKey = values.every(
      (value) => typeof value === 'number' || (typeof value === 'string' && value !== ''),
    );
    return isKey && new Set(values.map(String)).size === values.length;
  });
  for (const pattern of KEY_NAME_PATTERNS) {
    const found = unique.find((field) => pattern.test(field));
    if (found !== undefined) return found;
  }
  return undefined;
}
