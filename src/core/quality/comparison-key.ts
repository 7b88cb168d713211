import type { Item } from '../model/parse-item.ts';
import type { ItemSource } from '../runs/item-file.ts';
import { guessKeyField } from './guess-key-field.ts';

/** The number of first items from which the key is guessed. */
const SAMPLE_ITEMS = 1_000;

/** The source of the key: the caller, the configuration (`output.key`), or the items themselves. */
export const KEY_SOURCES = ['given', 'configuration', 'items'] as const;

/** The fields that identify an item. If there are none, items are compared as a whole. */
export interface ComparisonKey {
  fields: readonly string[];
  from: (typeof KEY_SOURCES)[number] | null;
}

export const WHOLE_ITEM: ComparisonKey = { fields: [], from: null };

/**
 * Resolves the key of a run's items if the caller gives none. First choice: the configuration's `output.key`, if the
 * items have those fields. Second choice: a field that is unique among the first thousand items and has a suitable name
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
  const isThere = configured.every((field) => first.some((item) => Object.hasOwn(item, field)));
  if (configured.length > 0 && isThere) return { fields: configured, from: 'configuration' };
  const likely = guessKeyField(first);
  return likely === undefined ? WHOLE_ITEM : { fields: [likely], from: 'items' };
}

/** Formats a key as it is shown and stored: `link`, `shop, number`; `null` for none. */
export function formatKey({ fields }: ComparisonKey): string | null {
  return fields.length === 0 ? null : fields.join(', ');
}
