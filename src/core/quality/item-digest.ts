import { type Digest, digestText } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { canonicalJson, canonicalKey } from './comparison-key.ts';
import type { CountedChanges } from './counted-changes.ts';

interface ItemDigests {
  /** Of the item's key; of `whole` for an item without one. */
  key: Digest;
  /** Of what counts of the item. */
  whole: Digest;
  hasKey: boolean;
}

/** Returns hashes of an item's key and of what counts of the item. An item without a key is its own key. */
export function digestItem(
  item: Item,
  key: readonly string[],
  { fields, ignored, fold, when }: Pick<CountedChanges, 'fields' | 'ignored' | 'fold' | 'when'>,
): ItemDigests {
  const keyText = key.length === 0 ? undefined : canonicalKey(item, key, fold);
  // Conditions compare two versions of an item, and without a key there are none.
  const isPicked = fields !== undefined && (keyText !== undefined || Object.keys(when).length === 0);
  const text = canonicalJson(isPicked ? pickFields(item, fields) : omitFields(item, ignored), fold);
  // With some fields alone, an item that took over the values of another one would count as the same.
  const whole = digestText(isPicked && keyText !== undefined ? `${keyText} ${text}` : text);
  if (keyText === undefined) return { key: whole, whole, hasKey: false };
  return { key: digestText(keyText), whole, hasKey: true };
}

/** Returns the item with only these fields. */
export function pickFields(item: Item, fields: readonly string[] | undefined): Item {
  if (fields === undefined) return item;
  return Object.fromEntries(
    fields.filter((name) => Object.hasOwn(item, name)).map((name) => [name, item[name]]),
  );
}

function omitFields(item: Item, fields: readonly string[]): Item {
  if (fields.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !fields.includes(name)));
}
