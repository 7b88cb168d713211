import type { ItemSource } from '../runs/item-file.ts';
import { type ByteRange, type Digest, ItemHashIndex } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { type CountedChanges, meetsCondition, unreadNumbers } from './counted-changes.ts';
import type { DifferenceKind } from './difference-page.ts';
import { digestItem } from './item-digest.ts';

interface MatchOptions {
  /** The fields that identify an item: see {@link compareItems}. */
  key: readonly string[];
  /** What counts. */
  counted: CountedChanges;
  signal: AbortSignal | undefined;
  /** Called with each item of both runs. */
  onItem(item: Item): void;
}

/** A later item that differs, at its place: one that is new, or another version of an earlier one. */
export type LaterDifference =
  | { readonly kind: 'added'; readonly after: ByteRange }
  | { readonly kind: 'changed'; readonly before: ByteRange; readonly after: ByteRange };

interface MatchedItems {
  /** Items in both runs without a difference that counts. */
  unchanged: number;
  /** How many differences of a kind count. */
  count(kind: DifferenceKind): number;
  placeOf(kind: DifferenceKind, at: number): { before?: ByteRange; after?: ByteRange };
  /** The later items that differ, in the order of their file. Added ones are among them even if they do not count. */
  later(): Iterable<LaterDifference>;
  /** The earlier items that are gone, in the order of their file, even if they do not count. */
  removed(): Iterable<ByteRange>;
  /** Of the later items: how many have an empty key, and how many share theirs with an item before them. */
  keyless: number;
  sharedKeys: number;
  /** By field with a condition on numbers: in how many pairs of items it has a value that is none. */
  unread: Readonly<Record<string, number>>;
}

/**
 * Finds which items of two runs are the same. Only hashes and positions are held in memory. The order of items and
 * fields does not matter; the types of values do. Equal items match first, even if several have the same key. The
 * remaining items with the same key match in order: the first with the first, the second with the second.
 * @throws the reason of the signal once it is aborted
 */
export async function matchItems(
  before: ItemSource,
  after: ItemSource,
  { key, counted, signal, onItem }: MatchOptions,
): Promise<MatchedItems> {
  const were = new ItemHashIndex();
  for await (const batch of before.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      onItem(item);
      const { whole, key: keyDigest } = digestItem(item, key, counted);
      were.add(whole, keyDigest, place);
    }
  }
  const others = new ItemHashIndex();
  const keys = new KeyCounter();
  let equal = 0;
  for await (const batch of after.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      onItem(item);
      const { whole, key: keyDigest, hasKey } = digestItem(item, key, counted);
      keys.note(keyDigest, hasKey);
      if (were.take(whole) === undefined) others.add(keyDigest, whole, place);
      else equal += 1;
    }
  }
  const { gone, rows } = matchByKey(were, others);
  const placesOf = (at: number) => ({
    before: gone.rangeOf(rows.changedFrom[at] ?? 0),
    after: others.rangeOf(rows.changed[at] ?? 0),
  });
  const judged = await judgeChanged(before, after, { count: rows.changed.length, placesOf }, counted, signal);
  return {
    unchanged: equal + rows.changed.length - judged.counting.length,
    count(kind) {
      if (!counted.only.includes(kind)) return 0;
      return kind === 'changed' ? judged.counting.length : rows[kind].length;
    },
    placeOf(kind, at) {
      if (kind === 'changed') return placesOf(judged.counting[at] ?? 0);
      const row = rows[kind][at] ?? 0;
      return kind === 'removed' ? { before: gone.rangeOf(row) } : { after: others.rangeOf(row) };
    },
    *later() {
      let at = 0;
      for (const row of rows.added) {
        for (; isBefore(rows.changed[judged.counting[at] ?? -1], row); at += 1)
          yield { kind: 'changed', ...placesOf(judged.counting[at] ?? 0) };
        yield { kind: 'added', after: others.rangeOf(row) };
      }
      for (; at < judged.counting.length; at += 1)
        yield { kind: 'changed', ...placesOf(judged.counting[at] ?? 0) };
    },
    *removed() {
      for (const row of rows.removed) yield gone.rangeOf(row);
    },
    ...(key.length === 0 ? { keyless: 0, sharedKeys: 0 } : keys.result()),
    unread: judged.unread,
  };
}

function isBefore(row: number | undefined, other: number): boolean {
  return row !== undefined && row < other;
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
