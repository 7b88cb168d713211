import type { ItemSource } from '../runs/item-file.ts';
import { type ByteRange, type Digest, digestText, ItemHashIndex } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { canonicalField, canonicalJson, canonicalKey } from './comparison-key.ts';

/** At most this many field names are collected for a message. */
const MAX_FIELD_NAMES = 100;

interface ComparisonOptions {
  /**
   * Items with the same values in these fields count as the same item. Without a key, items are the same only if they
   * are equal.
   */
  key: readonly string[];
  /** Fields that are ignored, because they change with every run. */
  ignored?: readonly string[];
  /** The maximum number of examples. */
  limit: number;
  /** Cancels the comparison. */
  signal?: AbortSignal | undefined;
}

interface ItemComparison {
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
  const were = new ItemHashIndex();
  for await (const batch of before.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      fields.note(item);
      const [keyDigest, whole] = digestItem(item, key, ignored);
      were.add(whole, keyDigest, place);
    }
  }
  const others = new ItemHashIndex();
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
function matchByKey(were: ItemHashIndex, others: ItemHashIndex, picker: ExamplePicker) {
  const gone = new ItemHashIndex();
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

interface Example {
  kind: 'added' | 'removed' | 'changed';
  /** The value of the item's key field; a list for several fields; `null` without a key, or without that field. */
  key: unknown;
  before?: Item;
  after?: Item;
  /** For `changed`: the names of the fields that differ. */
  fields?: string[];
}

/** Collects candidates for examples, at most the limit of each kind. The items of the selected ones are read again. */
class ExamplePicker {
  readonly #before: ItemSource;
  readonly #after: ItemSource;
  readonly #key: readonly string[];
  readonly #ignored: readonly string[];
  /** At most this many examples of each kind, and of all kinds together. */
  readonly limit: number;
  readonly #changed: { before: ByteRange; after: ByteRange }[] = [];
  readonly #added: ByteRange[] = [];
  readonly #removed: ByteRange[] = [];

  constructor(
    before: ItemSource,
    after: ItemSource,
    { key, ignored = [], limit }: Pick<ComparisonOptions, 'key' | 'ignored' | 'limit'>,
  ) {
    this.#before = before;
    this.#after = after;
    this.#key = key;
    this.#ignored = ignored;
    this.limit = limit;
  }

  noteChanged(before: ByteRange, after: ByteRange): void {
    if (this.#changed.length < this.limit) this.#changed.push({ before, after });
  }

  noteAdded(after: ByteRange): void {
    if (this.#added.length < this.limit) this.#added.push(after);
  }

  noteRemoved(place: ByteRange): void {
    if (this.#removed.length < this.limit) this.#removed.push(place);
  }

  /**
   * Selects examples of each kind, in the order of the items. The limit is shared, so that a frequent kind leaves room
   * for a rare one.
   */
  async pick(): Promise<Example[]> {
    const wanted = [this.#changed.length, this.#added.length, this.#removed.length];
    const [changed, added, removed] = distributeFairly(wanted, this.limit);
    const examples: Example[] = [];
    for (const places of this.#changed.slice(0, changed)) {
      const before = await this.#before.read(places.before);
      const after = await this.#after.read(places.after);
      examples.push({
        kind: 'changed',
        key: this.#keyOf(after),
        before,
        after,
        fields: differingFields(before, after).filter((name) => !this.#ignored.includes(name)),
      });
    }
    for (const place of this.#added.slice(0, added)) {
      const after = await this.#after.read(place);
      examples.push({ kind: 'added', key: this.#keyOf(after), after });
    }
    for (const place of this.#removed.slice(0, removed)) {
      const before = await this.#before.read(place);
      examples.push({ kind: 'removed', key: this.#keyOf(before), before });
    }
    return examples;
  }

  #keyOf(item: Item): unknown {
    const values = this.#key.map((field) => (Object.hasOwn(item, field) ? item[field] : null));
    return values.length > 1 ? values : (values[0] ?? null);
  }
}

function differingFields(before: Item, after: Item): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => canonicalField(before, name) !== canonicalField(after, name));
}

/** Distributes `limit` in turn among all kinds with remaining candidates. */
function distributeFairly(wanted: readonly number[], limit: number): number[] {
  const shares = wanted.map(() => 0);
  const needsMore = (index: number) => (shares[index] ?? 0) < (wanted[index] ?? 0);
  for (let left = limit, turn = 0; left > 0 && wanted.some((_, index) => needsMore(index)); turn++) {
    const index = turn % wanted.length;
    if (!needsMore(index)) continue;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}
