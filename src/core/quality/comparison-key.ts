import type { Item } from '../model/parse-item.ts';
import type { ItemSource } from '../runs/item-file.ts';
import { guessKeyField } from './guess-key-field.ts';

/** So many of the first items say which field tells them apart. */
const SAMPLE_ITEMS = 1_000;

/** Who said which fields tell items apart: whoever asked, the configuration (`output.key`), or the items themselves. */
export const KEY_SOURCES = ['given', 'configuration', 'items'] as const;

/** The fields that tell items apart; none: they are compared as a whole. */
export interface ComparisonKey {
  fields: readonly string[];
  from: (typeof KEY_SOURCES)[number] | null;
}

export const WHOLE_ITEM: ComparisonKey = { fields: [], from: null };

/**
 * What tells the items of a run apart where nobody says it: the configuration's `output.key`, if the items have those
 * fields; else the field that is unique among the first thousand and looks like it; else all that they are.
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
  // Who has changed the key since may still compare earlier runs.
  const isThere = configured.every((field) => first.some((item) => Object.hasOwn(item, field)));
  if (configured.length > 0 && isThere) return { fields: configured, from: 'configuration' };
  const likely = guessKeyField(first);
  return likely === undefined ? WHOLE_ITEM : { fields: [likely], from: 'items' };
}

/** A key in one text, as it is shown and stored: `link`, `shop, number`; `null` for none. */
export function formatKey({ fields }: ComparisonKey): string | null {
  return fields.length === 0 ? null : fields.join(', ');
}
