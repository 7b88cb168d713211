import { canonicalText, fieldText } from './canonical-text.ts';
import { type Example, ExamplePicker } from './comparison-examples.ts';
import type { Item, ItemSource } from './item-file.ts';
import { type Digest, digestOf, RowIndex } from './row-index.ts';

/** More names of fields than this are not remembered for a message. */
const MOST_FIELDS = 100;

export interface ComparisonOptions {
  /** Items with the same value of this field are the same one, before and after; without it they are when all is equal. */
  key?: string | undefined;
  /** At most so many examples. */
  limit: number;
}

export interface ItemComparison {
  added: number;
  removed: number;
  changed: number;
  unchanged: number;
  examples: Example[];
  /** Whether any item has the key field; true without a key. */
  keyFound: boolean;
  /** The fields that items have: the first hundred names. */
  fields: string[];
}

/**
 * Compares the items of two runs, of which neither is held in memory: of those before only hashes and places, of those
 * after nothing. The order of an item's fields does not matter, the types of its values do. Of several items with the
 * same key the first is compared with the first, the second with the second.
 */
export async function compareItems(
  before: ItemSource,
  after: ItemSource,
  { key, limit }: ComparisonOptions,
): Promise<ItemComparison> {
  const fields = new FieldNames();
  const index = new RowIndex();
  for await (const batch of before.items()) {
    for (const { item, place } of batch) {
      fields.note(item, key);
      index.add(...digestsOf(item, key), place);
    }
  }
  const counts = { added: 0, changed: 0, unchanged: 0 };
  const picker = new ExamplePicker(before, key, limit);
  for await (const batch of after.items()) {
    for (const { item } of batch) {
      fields.note(item, key);
      const [keyDigest, value] = digestsOf(item, key);
      const row = index.take(keyDigest);
      const kind = row === undefined ? 'added' : index.hasValue(row, value) ? 'unchanged' : 'changed';
      counts[kind] += 1;
      if (row === undefined) picker.noteAdded(item);
      else if (kind === 'changed') picker.noteChanged(index.placeOf(row), item);
    }
  }
  for (const row of index.left(limit)) picker.noteRemoved(index.placeOf(row));
  return {
    ...counts,
    removed: index.size - counts.changed - counts.unchanged,
    examples: await picker.pick(),
    keyFound: key === undefined || fields.keyFound,
    fields: fields.names(),
  };
}

class FieldNames {
  readonly #names = new Set<string>();
  keyFound = false;

  note(item: Item, key: string | undefined): void {
    if (key !== undefined && Object.hasOwn(item, key)) this.keyFound = true;
    for (const name of Object.keys(item)) if (this.#names.size < MOST_FIELDS) this.#names.add(name);
  }

  names(): string[] {
    return [...this.#names];
  }
}

/** Of what tells items apart, and of the whole item. */
function digestsOf(item: Item, key: string | undefined): [Digest, Digest] {
  const whole = digestOf(canonicalText(item));
  return [key === undefined ? whole : digestOf(fieldText(item, key)), whole];
}
