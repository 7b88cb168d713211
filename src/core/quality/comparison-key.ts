import type { ItemSource } from '../runs/item-file.ts';
import { fieldOf, isFilled } from '../runs/item-values.ts';
import type { Item } from '../runs/run-files.ts';

/** The number of first items from which the key is guessed. */
const SAMPLE_ITEMS = 1_000;

/** The source of the key: the caller, the configuration (`changes.key`, `output.key`), or the items themselves. */
export const KEY_SOURCES = ['given', 'configuration', 'items'] as const;

/** The fields that identify an item. If there are none, items are compared as a whole. */
export interface ComparisonKey {
  fields: readonly string[];
  from: (typeof KEY_SOURCES)[number] | null;
}

export const WHOLE_ITEM: ComparisonKey = { fields: [], from: null };

/**
 * Resolves the key of a run's items if the caller gives none. First choice: the configuration's key, if the items have
 * those fields. Second choice: a field that is unique among the first thousand items and has a suitable name
 * or value. Otherwise items are compared as a whole.
 */
export async function resolveComparisonKey(
  configured: readonly string[],
  source: ItemSource,
): Promise<ComparisonKey> {
  const first: Item[] = [];
  for await (const batch of source.items()) {
    first.push(...batch.slice(0, SAMPLE_ITEMS - first.length).map(({ item }) => item));
    if (first.length >= SAMPLE_ITEMS) break;
  }
  // Earlier runs must stay comparable after the key in the configuration has changed.
  const exists = configured.every((field) => first.some((item) => Object.hasOwn(item, field)));
  if (configured.length > 0 && exists) return { fields: configured, from: 'configuration' };
  const likely = guessKeyField(first);
  return likely === undefined ? WHOLE_ITEM : { fields: [likely], from: 'items' };
}

/** Formats a key as it is shown and stored: `link`, `shop, number`; `null` for none. */
export function formatKey({ fields }: ComparisonKey): string | null {
  return fields.length === 0 ? null : fields.join(', ');
}

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

/**
 * Serializes a JSON value. The order of fields does not matter; values of different types have different texts.
 * @param fold applied to each text, at any depth
 */
export function canonicalJson(value: unknown, fold?: (text: string) => string): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry, fold)).join()}]`;
  if (typeof value === 'string' && fold !== undefined) return JSON.stringify(fold(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner, fold)}`).join()}}`;
}

/** No JSON text is empty. */
const ABSENT = '';

/**
 * Returns the text of an item's key fields, by which it is found again in other runs; `undefined` when all of them are
 * empty, so that nothing identifies the item.
 * @param fold applied to each text
 */
export function canonicalKey(
  item: Readonly<Record<string, unknown>>,
  key: readonly string[],
  fold?: (text: string) => string,
): string | undefined {
  if (!key.some((field) => isFilled(fieldOf(item, field)))) return undefined;
  const [only = '', ...others] = key;
  if (others.length === 0) return canonicalField(item, only, fold);
  return JSON.stringify(key.map((field) => canonicalField(item, field, fold)));
}

/** Returns the text of one field, or a marker when it is absent: a missing field differs from `null`. */
export function canonicalField(
  item: Readonly<Record<string, unknown>>,
  field: string,
  fold?: (text: string) => string,
): string {
  return Object.hasOwn(item, field) ? canonicalJson(item[field], fold) : ABSENT;
}
