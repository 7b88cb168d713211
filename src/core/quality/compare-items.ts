import type { Item } from '../model/parse-item.ts';
import type { ItemSource } from '../runs/item-file.ts';
import { type Digest, digestText, RowIndex } from '../runs/row-index.ts';
import { canonicalJson, canonicalKey } from './canonical-json.ts';
import { type ComparisonOptions, type Example, ExamplePicker } from './comparison-examples.ts';

/** At most this many field names are collected for a message. */
const MAX_FIELD_NAMES = 100;

export interface ItemComparison {
  added: number;
  removed: number;
  changed: number;
  unchanged: number;
  examples: Example[];
  /** Whether each field of the key occurs in some item; true without a key. */
  keyFound: boolean;
  /** The items' field names: the first hundred. */
  fields: string[];
}

/**
 * Compares the items of two runs. Only hashes and positions are held in memory. The order of items and fields does not
 * matter; the types of values do. Equal items match first, even if several have the same key. The remaining items with
 * the same key match in order: the first with the first, the second with the second.
 * @throws the reason of the signal once it is aborted
 */
export async function compareItems(
  before: ItemSource,
  after: ItemSource,
  { key, ignored = [], limit, signal }: ComparisonOptions,
): Promise<ItemComparison> {
  const fields = new FieldNames(key);
  const were = new RowIndex();
  for await (const batch of before.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      fields.note(item);
      const [keyDigest, whole] = digestItem(item, key, ignored);
      were.add(whole, keyDigest, place);
    }
  }
  const others = new RowIndex();
  let unchanged = 0;
  for await (const batch of after.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      fields.note(item);
      const [keyDigest, whole] = digestItem(item, key, ignored);
      if (were.take(whole) === undefined) others.add(keyDigest, whole, place);
      else unchanged += 1;
    }
  }
  const picker = new ExamplePicker(before, after, { key, ignored, limit });
  const counts = matchByKey(were, others, picker);
  return {
    ...counts,
    unchanged,
    examples: await picker.pick(),
    keyFound: fields.keyFound,
    fields: fields.names(),
  };
}

/**
 * @param were the earlier items, by their whole content; only those without an equal later item are untaken
 * @param others the later items that remain, by their key
 */
function matchByKey(were: RowIndex, others: RowIndex, picker: ExamplePicker) {
  const gone = new RowIndex();
  for (const row of were.untaken()) gone.add(were.valueOf(row), were.keyOf(row), were.rangeOf(row));
  const counts = { added: 0, changed: 0, removed: 0 };
  for (let row = 0; row < others.size; row++) {
    const place = others.rangeOf(row);
    const same = gone.take(others.keyOf(row));
    counts[same === undefined ? 'added' : 'changed'] += 1;
    if (same === undefined) picker.noteAdded(place);
    else picker.noteChanged(gone.rangeOf(same), place);
  }
  counts.removed = gone.size - counts.changed;
  for (const row of gone.untaken(picker.limit)) picker.noteRemoved(gone.rangeOf(row));
  return counts;
}

class FieldNames {
  readonly #names = new Set<string>();
  #missing: readonly string[];

  constructor(key: readonly string[]) {
    this.#missing = key;
  }

  get keyFound(): boolean {
    return this.#missing.length === 0;
  }

  note(item: Item): void {
    if (this.#missing.length > 0) this.#missing = this.#missing.filter((name) => !Object.hasOwn(item, name));
    for (const name of Object.keys(item)) if (this.#names.size < MAX_FIELD_NAMES) this.#names.add(name);
  }

  names(): string[] {
    return [...this.#names];
  }
}

/** Returns hashes of an item's key and of the whole item. */
function digestItem(item: Item, key: readonly string[], ignored: readonly string[]): [Digest, Digest] {
  const whole = digestText(canonicalJson(omitFields(item, ignored)));
  return [key.length === 0 ? whole : digestText(canonicalKey(item, key)), whole];
}

function omitFields(item: Item, fields: readonly string[]): Item {
  if (fields.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !fields.includes(name)));
}
