import { statSync } from 'node:fs';
import type { CountedColumns, CountedRows } from '../../../core/items/column-figures.ts';
import type { ColumnFrequency, DescribedColumns } from '../../../core/items/describe-columns.ts';
import { ItemQueries } from '../../../core/items/item-queries.ts';
import { parseItemFilter } from '../../../core/items/parse-item-filter.ts';
import { placeOf, type RowQuery, type SelectedRows } from '../../../core/items/select-rows.ts';
import { ItemFile } from '../../../core/runs/item-file.ts';
import type { Item } from '../../../core/runs/run-files.ts';
import { NOT_READ } from './item-columns.ts';
import type { CountRequest, FindRequest, ItemPage, PageRequest } from './model.ts';

/** The maximum bytes of a page that are kept in memory. One item may hold a whole web page. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Longer items are not read. */
const MAX_ITEM_BYTES = 1024 * 1024;

/** A query was replaced by a newer one, and its answer is not needed. */
export class Replaced extends Error {}

interface Selection {
  key: string;
  selected: Promise<SelectedRows>;
}

/** The rows with the text that was looked for last. */
interface Hits {
  /** In the order that is shown. */
  rows: Uint32Array;
  /** By the number of an item: 1 if it has the text. */
  has: Uint8Array;
}

/**
 * Reads the items of a run as they are shown: filtered and sorted. A thread finds the rows once for each query, while
 * the file is unchanged; then items are read at their places.
 */
export class ItemReader {
  readonly #file: string;
  readonly #queries: ItemQueries;
  #shown: Selection | undefined;
  #showing = new AbortController();
  /** What is being counted, by what it is: one does not replace another. */
  readonly #counting = new Map<string, AbortController>();
  #found: { key: string; hits: Promise<Hits> } | undefined;

  /** @param file `items.jsonl` of a run; a missing file has no items */
  constructor(file: string, queries = new ItemQueries()) {
    this.#file = file;
    this.#queries = queries;
  }

  /**
   * @param onProgress called with the share of the file that was read while rows are selected, from 0 to 1
   * @throws QuickscrapeError `store_unavailable`
   * @throws Replaced if another query came meanwhile
   */
  async read(
    { first, count, query, asks }: PageRequest,
    onProgress?: (share: number) => void,
  ): Promise<ItemPage> {
    const selected = await this.#select(query, onProgress);
    const { rows, all } = selected;
    const places = Array.from(rows.subarray(first, first + count), (_, index) =>
      placeOf(selected, first + index),
    );
    const items = await this.#readAt(places);
    const numbers = [...rows.subarray(first, first + items.length)];
    return { first, items, numbers, total: rows.length, all, asks };
  }

  /** Figures of all columns, and the fields of all rows. @throws as {@link read} */
  countColumns({ terms, rows }: CountRequest): Promise<CountedColumns> {
    return this.#count('columns', (signal) =>
      this.#queries.countColumns(this.#file, { terms, rows }, { signal }),
    );
  }

  /** How often each value of a column appears. @throws as {@link read} */
  countValues(field: string, { terms, rows }: CountRequest): Promise<ColumnFrequency | undefined> {
    return this.#count('values', (signal) =>
      this.#queries.countValues(this.#file, field, { terms, rows }, { signal }),
    );
  }

  /**
   * Finds the next shown row with a text in any field, or the previous one; from the end it goes on at the other end.
   * @returns the row, its number among all that have the text, and how many have it
   * @throws as {@link read}
   */
  async find({
    text,
    query,
    from,
    by,
  }: FindRequest): Promise<{ row: number; at: number; of: number } | null> {
    const shown = await this.#select(query);
    const quoted = `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
    const terms = [...query.terms, ...parseItemFilter(quoted, []).terms];
    const key = `${this.#mark()} ${JSON.stringify({ ...query, terms })}`;
    if (this.#found?.key !== key)
      this.#found = { key, hits: this.#queries.select(this.#file, { ...query, terms }).then(toHits) };
    const { rows, has } = await this.#found.hits;
    const count = shown.rows.length;
    for (let step = 1; step <= count && rows.length > 0; step += 1) {
      const row = (((from + by * step) % count) + count) % count;
      const number = shown.rows[row] ?? -1;
      if (has[number] === 1) return { row, at: rows.indexOf(number) + 1, of: rows.length };
    }
    return null;
  }

  /** What all columns hold. @throws as {@link read} */
  describeColumns({ terms, rows }: CountedRows): Promise<DescribedColumns | undefined> {
    return this.#count('described', (signal) =>
      this.#queries.describeColumns(this.#file, { terms, rows }, { signal }),
    );
  }

  /** The numbers in the run of all rows that are shown. @throws as {@link read} */
  async numbersOf(query: RowQuery): Promise<number[]> {
    return [...(await this.#select(query)).rows];
  }

  /** Items by their numbers in the run, as many as a page holds. @throws as {@link read} */
  async readNumbers(numbers: readonly number[]): Promise<Item[]> {
    const all = await this.#queries.select(this.#file, { terms: [] });
    return this.#readAt(numbers.map((number) => placeOf(all, number)));
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#queries.close();
  }

  #count<T>(what: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#counting.get(what)?.abort(new Replaced());
    const counting = new AbortController();
    this.#counting.set(what, counting);
    return ask(counting.signal);
  }

  #select(query: RowQuery, onProgress?: (share: number) => void): Promise<SelectedRows> {
    const key = `${this.#mark()} ${JSON.stringify(query)}`;
    if (this.#shown?.key === key) return this.#shown.selected;
    // The thread answers one question after the other, and this one is waited for.
    this.#showing.abort(new Replaced());
    for (const counting of this.#counting.values()) counting.abort(new Replaced());
    this.#showing = new AbortController();
    const { signal } = this.#showing;
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 1;
    const selected = this.#queries.select(this.#file, query, {
      signal,
      onProgress: (bytes) => onProgress?.(Math.min(1, bytes / size)),
    });
    selected.catch(() => {
      if (this.#shown?.selected === selected) this.#shown = undefined;
    });
    this.#shown = { key, selected };
    return selected;
  }

  /** Changes with the file. */
  #mark(): string {
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  }

  async #readAt(places: readonly { offset: number; length: number }[]): Promise<Item[]> {
    const file = places.length === 0 ? undefined : await ItemFile.open(this.#file);
    if (file === undefined) return [];
    try {
      const items: Item[] = [];
      let bytes = 0;
      for (const place of places) {
        bytes += place.length;
        if (bytes > MAX_PAGE_BYTES && items.length > 0) break;
        items.push(place.length > MAX_ITEM_BYTES ? TOO_LONG : await file.read(place).catch(() => UNREADABLE));
      }
      return items;
    } finally {
      await file.close();
    }
  }
}

function toHits({ rows, all }: SelectedRows): Hits {
  const has = new Uint8Array(all);
  for (const number of rows) has[number] = 1;
  return { rows, has };
}

const TOO_LONG: Item = { [NOT_READ]: 'an item of more than a megabyte' };
const UNREADABLE: Item = { [NOT_READ]: 'a line that is no item' };
