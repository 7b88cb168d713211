import type { ItemSource } from './item-file.ts';
import { type ItemCondition, itemFilter } from './item-filter.ts';
import type { ByteRange } from './item-hash-index.ts';
import { type FieldStats, ItemStats } from './item-stats.ts';
import { compareSortValues, fieldOf, type SortValue, toSortValue } from './item-values.ts';
import type { Item } from './run-files.ts';

/** The most field names that are collected. */
const MAX_FIELD_NAMES = 100;

/** A field to sort by. */
export interface ItemOrder {
  field: string;
  descending: boolean;
}

/** Parses fields to sort by, such as `-price,title`. */
export function parseItemOrder(sort = ''): ItemOrder[] {
  const names = sort
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '-');
  return names.map((name) => ({ field: name.replace(/^[-+]/, ''), descending: name.startsWith('-') }));
}

/** Where an item is in its file: its number among all items, from 0, and its bytes. */
export interface ItemPosition {
  row: number;
  place: ByteRange;
}

/** Where a page ends: its last item, and the counts of {@link SelectedItems}. */
export interface PageEnd extends ItemPosition {
  total: number;
  all: number;
  left: number;
  /** The source did not change any more, so that the counts still hold. */
  isFinal: boolean;
}

export interface ItemQuery {
  where: readonly ItemCondition[];
  /** The first field decides; items with equal values stay in file order. */
  order: readonly ItemOrder[];
  limit: number;
  /** Fields that some item should have, besides those of `where` and `order`. */
  fields?: readonly string[] | undefined;
  /** Where the previous page ended. */
  after?: PageEnd | undefined;
  /** Collect figures of these fields, or of all. */
  stats?: readonly string[] | 'all' | undefined;
  signal?: AbortSignal | undefined;
}

export interface SelectedItems {
  /** The items of the page, in order. */
  page: ItemPosition[];
  /** Items that meet the conditions, over all pages. */
  total: number;
  /** Items after the page. */
  left: number;
  /** All items of the source. */
  all: number;
  /** The names of their fields: the first hundred. */
  fields: string[];
  /** The fields of the query that no item has. */
  missing: string[];
  /** Figures of the items that meet the conditions. */
  stats: FieldStats[];
  /** Figures of all items, for the fields of the conditions. */
  allStats: FieldStats[];
}

/**
 * Selects a page of items by conditions and order. It reads the source once and holds only the positions of a page,
 * with the values to sort by.
 * @throws QuickscrapeError `store_unavailable`; the reason of the signal once it is aborted
 */
export async function selectItems(source: ItemSource, query: ItemQuery): Promise<SelectedItems> {
  const { where, order, limit, after, stats, signal } = query;
  if (after?.isFinal && order.length === 0 && stats === undefined) return selectNext(source, query, after);
  const matches = itemFilter(where);
  const page = new ItemPage(order, limit, await afterKey(source, query));
  const figures = stats === undefined ? undefined : new ItemStats(stats === 'all' ? undefined : stats);
  const allFigures =
    where.length === 0 ? undefined : new ItemStats([...new Set(where.map(({ field }) => field))]);
  const names = new Set<string>();
  let missing = [...where, ...order].map(({ field }) => field).concat(query.fields ?? []);
  let [row, total] = [-1, 0];
  for await (const batch of source.items()) {
    signal?.throwIfAborted();
    for (const { item, place } of batch) {
      row += 1;
      for (const name of Object.keys(item)) if (names.size < MAX_FIELD_NAMES) names.add(name);
      if (missing.length > 0) missing = missing.filter((field) => !Object.hasOwn(item, field));
      allFigures?.add(item);
      if (!matches(item)) continue;
      total += 1;
      figures?.add(item);
      page.add(item, row, place);
    }
  }
  const shown = page.sorted();
  return {
    page: shown,
    total,
    left: page.following - shown.length,
    all: row + 1,
    fields: [...names],
    missing,
    stats: figures?.list() ?? [],
    allStats: allFigures?.list() ?? [],
  };
}

/** The next page in file order: it is read from the end of the last one, and no further than it goes. */
async function selectNext(source: ItemSource, query: ItemQuery, after: PageEnd): Promise<SelectedItems> {
  const { where, limit, signal } = query;
  const { place, total, all, left } = after;
  const matches = itemFilter(where);
  const page: ItemPosition[] = [];
  const names = new Set<string>();
  let { row } = after;
  // One byte more: the end of the line.
  for await (const batch of source.items(place.offset + place.length + 1)) {
    signal?.throwIfAborted();
    for (const { item, place: at } of batch) {
      row += 1;
      if (page.length >= limit || !matches(item)) continue;
      page.push({ row, place: at });
      for (const name of Object.keys(item)) if (names.size < MAX_FIELD_NAMES) names.add(name);
    }
    if (page.length >= limit) break;
  }
  const fields = [...names];
  const counts = { total, all, left: Math.max(0, left - page.length) };
  return { page, ...counts, fields, missing: [], stats: [], allStats: [] };
}

/** An item of a page, with its values to sort by. */
interface SortedRow extends ItemPosition {
  values: readonly SortValue[];
}

async function afterKey(source: ItemSource, { after, order }: ItemQuery): Promise<SortedRow | undefined> {
  if (after === undefined) return undefined;
  const values = order.length === 0 ? [] : sortValues(await source.read(after.place), order);
  return { ...after, values };
}

function sortValues(item: Item, order: readonly ItemOrder[]): SortValue[] {
  return order.map(({ field }) => toSortValue(fieldOf(item, field)));
}

/** The first items after a position, in order. It holds at most twice as many as the page has. */
class ItemPage {
  readonly #order: readonly ItemOrder[];
  readonly #limit: number;
  readonly #after: SortedRow | undefined;
  #rows: SortedRow[] = [];
  /** The last item of a full page: later ones do not belong to it. */
  #last: SortedRow | undefined;
  /** The number of items after the position, on this page and on later ones. */
  following = 0;

  constructor(order: readonly ItemOrder[], limit: number, after: SortedRow | undefined) {
    this.#order = order;
    this.#limit = limit;
    this.#after = after;
  }

  add(item: Item, row: number, place: ByteRange): void {
    const found: SortedRow = { row, place, values: sortValues(item, this.#order) };
    if (this.#after !== undefined && this.#compare(found, this.#after) <= 0) return;
    this.following += 1;
    if (this.#limit === 0 || (this.#last !== undefined && this.#compare(found, this.#last) > 0)) return;
    this.#rows.push(found);
    if (this.#order.length === 0) {
      if (this.#rows.length === this.#limit) this.#last = found;
    } else if (this.#rows.length >= 2 * this.#limit) {
      this.#rows = this.sorted();
      this.#last = this.#rows.at(-1);
    }
  }

  sorted(): SortedRow[] {
    return this.#rows.sort((a, b) => this.#compare(a, b)).slice(0, this.#limit);
  }

  #compare(a: SortedRow, b: SortedRow): number {
    for (const [at, { descending }] of this.#order.entries()) {
      const order = compareSortValues(a.values[at], b.values[at], descending);
      if (order !== 0) return order;
    }
    return a.row - b.row;
  }
}
