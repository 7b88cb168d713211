import type { Item } from '../model/parse-item.ts';

import type { ItemSource } from '../runs/item-file.ts';
import type { ByteRange } from '../runs/row-index.ts';
import { canonicalField } from './canonical-json.ts';

export interface Example {
  kind: 'added' | 'removed' | 'changed';
  /** The value of the item's key field; a list for several fields; `null` without a key, or without that field. */
  key: unknown;
  before?: Item;
  after?: Item;
  /** For `changed`: the names of the fields that differ. */
  fields?: string[];
}

/** Collects candidates for examples, at most the limit of each kind. The items of the selected ones are read again. */
export class ExamplePicker {
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

export interface ComparisonOptions {
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
