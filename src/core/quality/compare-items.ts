import type { ItemSource } from '../runs/item-file.ts';
import type { Item } from '../runs/run-files.ts';
import type { CountedChanges } from './counted-changes.ts';
import {
  type DifferencePageOptions,
  NO_DIFFERENCES,
  type PageOfDifferences,
  readDifferences,
} from './difference-page.ts';
import { matchItems } from './match-items.ts';

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
 * Compares the items of two runs ({@link matchItems}).
 * @throws the reason of the signal once it is aborted
 */
export async function compareItems(
  before: ItemSource,
  after: ItemSource,
  { key, counted, ...options }: ComparisonOptions,
): Promise<ItemComparison> {
  const names = new FieldNames();
  const keyNames = new MissingFields(key);
  const shownNames = new MissingFields(options.fields ?? []);
  const matched = await matchItems(before, after, {
    key,
    counted,
    signal: options.signal,
    onItem(item) {
      names.note(item);
      keyNames.note(item);
      shownNames.note(item);
    },
  });
  const isPageWanted = options.limit > 0 || options.hasFigures === true;
  const page = isPageWanted
    ? await readDifferences(before, after, matched, { ...options, key, counted })
    : NO_DIFFERENCES;
  const { unchanged, unread, keyless, sharedKeys } = matched;
  return {
    added: matched.count('added'),
    removed: matched.count('removed'),
    changed: matched.count('changed'),
    unchanged,
    ...page,
    keyFound: keyNames.missing.length === 0,
    missing: shownNames.missing,
    fields: names.list(),
    keyless,
    sharedKeys,
    unread,
  };
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
