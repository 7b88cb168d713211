import type { ItemSource } from '../runs/item-file.ts';
import { type Digest, digestText, ItemHashIndex } from '../runs/item-hash-index.ts';
import type { Item } from '../runs/run-files.ts';
import { canonicalJson, canonicalKey } from './comparison-key.ts';
import {
  type DifferenceKind,
  type DifferencePageOptions,
  NO_DIFFERENCES,
  type PageOfDifferences,
  pickFields,
  readDifferences,
} from './difference-page.ts';

/** At most this many field names are collected for a message. */
const MAX_FIELD_NAMES = 100;

interface ComparisonOptions extends Partial<DifferencePageOptions> {
  /**
   * Items with the same values in these fields count as the same item. Without a key, items are the same only if they
   * are equal.
   */
  key: readonly string[];
  /** The maximum number of differences on the page. */
  limit: number;
}

interface ItemComparison extends PageOfDifferences {
  added: number;
  removed: number;
  changed: number;
  unchanged: number;
  /** Whether each field of the key occurs in some item; true without a key. */
  keyFound: boolean;
  /** The requested fields that no item has. */
  missing: readonly string[];
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
  { key, fields: shown, ...options }: ComparisonOptions,
): Promise<ItemComparison> {
  // A field that is named counts, also if it is usually ignored.
  const ignored = shown === undefined ? (options.ignored ?? []) : [];
  const { signal } = options;
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
      const [keyDigest, whole] = digestItem(item, key, ignored, shown);
      were.add(whole, keyDigest, place);
    }
  }
  const others = new ItemHashIndex();
  let unchanged = 0;
  for await (const batch of after.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      note(item);
      const [keyDigest, whole] = digestItem(item, key, ignored, shown);
      if (were.take(whole) === undefined) others.add(keyDigest, whole, place);
      else unchanged += 1;
    }
  }
  const { gone, rows } = matchByKey(were, others);
  const isPageWanted = options.limit > 0 || options.hasFigures === true;
  const places = {
    count: (kind: DifferenceKind) => rows[kind].length,
    placeOf(kind: DifferenceKind, at: number) {
      const row = rows[kind][at] ?? 0;
      if (kind === 'removed') return { before: gone.rangeOf(row) };
      if (kind === 'added') return { after: others.rangeOf(row) };
      return { before: gone.rangeOf(rows.changedFrom[at] ?? 0), after: others.rangeOf(row) };
    },
  };
  const page = isPageWanted
    ? await readDifferences(before, after, places, { ...options, key, ignored, fields: shown })
    : NO_DIFFERENCES;
  return {
    added: rows.added.length,
    removed: rows.removed.length,
    changed: rows.changed.length,
    unchanged,
    ...page,
    keyFound: keyNames.missing.length === 0,
    missing: shownNames.missing,
    fields: names.list(),
  };
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

/** Returns hashes of an item's key and of the whole item, or of the fields that count. */
function digestItem(
  item: Item,
  key: readonly string[],
  ignored: readonly string[],
  fields: readonly string[] | undefined,
): [Digest, Digest] {
  const counted = fields === undefined ? omitFields(item, ignored) : pickFields(item, fields);
  const whole = digestText(canonicalJson(counted));
  if (key.length === 0) return [whole, whole];
  const keyText = canonicalKey(item, key);
  // With fields alone, an item that took over the values of another one would count as the same.
  return [
    digestText(keyText),
    fields === undefined ? whole : digestText(`${keyText} ${canonicalJson(counted)}`),
  ];
}

function omitFields(item: Item, fields: readonly string[]): Item {
  if (fields.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !fields.includes(name)));
}
