import type { ItemSource } from '../runs/item-file.ts';
import { type ByteRange, type Digest, ItemHashIndex } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { type CountedChanges, meetsCondition, unreadNumbers } from './counted-changes.ts';
import {
  type DifferenceKind,
  type DifferencePageOptions,
  NO_DIFFERENCES,
  type PageOfDifferences,
  readDifferences,
} from './difference-page.ts';
import { digestItem } from './item-digest.ts';

/** At most this many field names are collected for a message. */
const MAX_FIELD_NAMES = 100;

interface ComparisonOptions extends Partial<Omit<DifferencePageOptions, 'counted'>> {
  /**
   * Items with the same values in these fields count as the same item. Without a key, and for items whose key is empty,
   * items are the same only if they are equal.
   */
  key: readonly string[];
  /** What counts. */
  counted: CountedChanges;
  /** The maximum number of differences on the page. */
  limit: number;
}

interface ItemComparison extends PageOfDifferences {
  added: number;
  removed: number;
  changed: number;
  /** Items in both runs without a difference that counts. */
  unchanged: number;
  /** Whether each field of the key occurs in some item; true without a key. */
  keyFound: boolean;
  /** The requested fields that no item has. */
  missing: readonly string[];
  /** The items' field names: the first hundred. */
  fields: string[];
  /** Of the later items: how many have an empty key, and how many share theirs with an item before them. */
  keyless: number;
  sharedKeys: number;
  /** By field with a condition on numbers: in how many pairs of items it has a value that is none. */
  unread: Readonly<Record<string, number>>;
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
  { key, counted, ...options }: ComparisonOptions,
): Promise<ItemComparison> {
  const { signal, fields: shown } = options;
  const names = new FieldNames();
  const keyNames = new MissingFields(key);
  const shownNames = new MissingFields(shown ?? []);
  const note = (item: Item) => {
    names.note(item);
    keyNames.note(item);
    shownNames.note(item);
  };
  const were = new ItemHashIndex();
  for await (const batch of before.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      note(item);
      const { whole, key: keyDigest } = digestItem(item, key, counted);
      were.add(whole, keyDigest, place);
    }
  }
  const others = new ItemHashIndex();
  const keys = new KeyCounter();
  let unchanged = 0;
  for await (const batch of after.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      note(item);
      const { whole, key: keyDigest, hasKey } = digestItem(item, key, counted);
      keys.note(keyDigest, hasKey);
      if (were.take(whole) === undefined) others.add(keyDigest, whole, place);
      else unchanged += 1;
    }
  }
  const { gone, rows } = matchByKey(were, others);
  const placesOf = (at: number) => ({
    before: gone.rangeOf(rows.changedFrom[at] ?? 0),
    after: others.rangeOf(rows.changed[at] ?? 0),
  });
  const judged = await judgeChanged(before, after, { count: rows.changed.length, placesOf }, counted, signal);
  unchanged += rows.changed.length - judged.counting.length;
  const count = (kind: DifferenceKind) => {
    if (!counted.only.includes(kind)) return 0;
    return kind === 'changed' ? judged.counting.length : rows[kind].length;
  };
  const places = {
    count,
    placeOf(kind: DifferenceKind, at: number) {
      if (kind === 'changed') return placesOf(judged.counting[at] ?? 0);
      const row = rows[kind][at] ?? 0;
      return kind === 'removed' ? { before: gone.rangeOf(row) } : { after: others.rangeOf(row) };
    },
  };
  const isPageWanted = options.limit > 0 || options.hasFigures === true;
  const page = isPageWanted
    ? await readDifferences(before, after, places, { ...options, key, counted })
    : NO_DIFFERENCES;
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    unchanged,
    ...page,
    keyFound: keyNames.missing.length === 0,
    missing: shownNames.missing,
    fields: names.list(),
    ...(key.length === 0 ? { keyless: 0, sharedKeys: 0 } : keys.result()),
    unread: judged.unread,
  };
}

interface ChangedPairs {
  count: number;
  placesOf(at: number): { before: ByteRange; after: ByteRange };
}

/**
 * Finds which of the pairs that differ count as changed. Pairs are read only if there are conditions on their values.
 * @returns the numbers of those that count
 */
async function judgeChanged(
  before: ItemSource,
  after: ItemSource,
  { count, placesOf }: ChangedPairs,
  counted: CountedChanges,
  signal: AbortSignal | undefined,
): Promise<{ counting: number[]; unread: Record<string, number> }> {
  const all = Array.from({ length: count }, (_, at) => at);
  if (!counted.only.includes('changed')) return { counting: [], unread: {} };
  if (Object.keys(counted.when).length === 0) return { counting: all, unread: {} };
  const counting: number[] = [];
  const unread = new Map<string, number>();
  for (const at of all) {
    signal?.throwIfAborted();
    const place = placesOf(at);
    const [was, is] = [await before.read(place.before), await after.read(place.after)];
    if (meetsCondition(was, is, counted)) counting.push(at);
    for (const name of unreadNumbers(was, is, counted)) unread.set(name, (unread.get(name) ?? 0) + 1);
  }
  return { counting, unread: Object.fromEntries(unread) };
}

/**
 * @param were the earlier items, by their whole content; only those without an equal later item are untaken
 * @param others the later items that remain, by their key
 * @returns the differences: rows of `gone` for removed items and for `changedFrom`, of `others` for all others
 */
function matchByKey(were: ItemHashIndex, others: ItemHashIndex) {
  const gone = new ItemHashIndex();
  for (const row of were.untaken()) gone.add(were.valueOf(row), were.keyOf(row), were.rangeOf(row));
  const [added, changed, changedFrom]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < others.size; row++) {
    const same = gone.take(others.keyOf(row));
    if (same === undefined) {
      added.push(row);
    } else {
      changed.push(row);
      changedFrom.push(same);
    }
  }
  return { gone, rows: { added, changed, changedFrom, removed: gone.untaken() } };
}

class FieldNames {
  readonly #names = new Set<string>();

  note(item: Item): void {
    if (this.#names.size === MAX_FIELD_NAMES) return;
    for (const name of Object.keys(item)) if (this.#names.size < MAX_FIELD_NAMES) this.#names.add(name);
  }

  list(): string[] {
    return [...this.#names];
  }
}

/** Some names of fields, and which of them no item has. */
class MissingFields {
  missing: readonly string[];

  constructor(names: readonly string[]) {
    this.missing = names;
  }

  note(item: Item): void {
    if (this.missing.length > 0) this.missing = this.missing.filter((name) => !Object.hasOwn(item, name));
  }
}

/** Counts items without a key, and items whose key an earlier one has. */
class KeyCounter {
  #keyless = 0;
  #size = 0;
  /** By item with a key: 53 bits of its digest. */
  #keys = new Float64Array(1024);

  note([high = 0, low = 0]: Digest, hasKey: boolean): void {
    if (!hasKey) {
      this.#keyless += 1;
      return;
    }
    if (this.#size === this.#keys.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys[this.#size++] = high * 2 ** 21 + (low >>> 11);
  }

  result(): { keyless: number; sharedKeys: number } {
    const sorted = this.#keys.subarray(0, this.#size).sort();
    let sharedKeys = 0;
    for (let at = 1; at < sorted.length; at += 1) if (sorted[at] === sorted[at - 1]) sharedKeys += 1;
    return { keyless: this.#keyless, sharedKeys };
  }
}
