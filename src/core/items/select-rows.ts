import type { FileHandle } from 'node:fs/promises';
import { type ItemCondition, itemFilter } from '../runs/item-filter.ts';
import type { ByteRange } from '../runs/item-hash-index.ts';
import { compareSortValues, fieldOf, type SortValue, toSortValue } from '../runs/item-values.ts';
import { parseItem } from '../runs/run-files.ts';
import type { ItemOrder } from '../runs/select-items.ts';
import { type DamagedLines, DamageList, NO_DAMAGE } from './damaged-lines.ts';
import { matchItem } from './match-item.ts';
import type { ItemTerm } from './parse-item-filter.ts';
import { scanLines } from './scan-lines.ts';

const INITIAL_CAPACITY = 4_096;

/** Which rows of an item file are shown, and in which order. */
export interface RowQuery {
  /** All of them must match. */
  readonly terms: readonly ItemTerm[];
  /** The first field decides; rows with equal values stay in the order of the file. */
  readonly order?: readonly ItemOrder[] | undefined;
  /** Conditions as `list_items` takes them, which must hold too. */
  readonly where?: readonly ItemCondition[] | undefined;
  /** Only these, by the number of their line; default: all. */
  readonly rows?: readonly number[] | undefined;
}

/** Rows of an item file, in the order in which they are shown. Typed arrays: a million rows take 16 MB. */
export interface SelectedRows {
  /** The number of each row's line in the file, from 0. */
  readonly rows: Uint32Array;
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  /** The lines of the file. */
  readonly all: number;
  /** Lines that are no items and were left out. Where no row was parsed, they are among the rows. */
  readonly damaged: DamagedLines;
}

export const NO_ROWS: SelectedRows = {
  rows: new Uint32Array(),
  offsets: new Float64Array(),
  lengths: new Uint32Array(),
  all: 0,
  damaged: NO_DAMAGE,
};

/** The place of a shown row in the file. */
export function placeOf({ offsets, lengths }: SelectedRows, shown: number): ByteRange {
  return { offset: offsets[shown] ?? 0, length: lengths[shown] ?? 0 };
}

/**
 * Selects rows. Without terms and order no row is parsed.
 * @param onChunk called after each part of the file; what it throws ends the query
 */
export async function selectRows(
  file: FileHandle,
  { terms, order = [], where = [], rows }: RowQuery,
  onChunk?: (bytes: number) => void,
): Promise<SelectedRows> {
  const found = new RowList();
  const [matches, meets] = [matchItem(terms), itemFilter(where)];
  const only = rows === undefined ? undefined : new Set(rows);
  const isParsed = terms.length + where.length + order.length > 0;
  const damaged = new DamageList();
  const values: SortValue[][] = order.map(() => []);
  let all = 0;
  await scanLines(
    file,
    (bytes, start, end, offset) => {
      const row = all;
      all += 1;
      if (only?.has(row) === false) return;
      if (isParsed) {
        const item = parseItem(bytes.toString('utf8', start, end));
        if (item === undefined) return damaged.add(row);
        if (!matches(item) || !meets(item)) return;
        for (const [at, { field }] of order.entries()) values[at]?.push(toSortValue(fieldOf(item, field)));
      }
      found.add(row, offset, end - start);
    },
    onChunk,
  );
  const selected = { ...found.end(), all, damaged: damaged.end() };
  return order.length === 0 ? selected : sortRows(selected, values, order);
}

function sortRows(
  found: SelectedRows,
  values: readonly (readonly SortValue[])[],
  orders: readonly ItemOrder[],
): SelectedRows {
  const compare = (a: number, b: number) => {
    for (const [at, { descending }] of orders.entries()) {
      const difference = compareSortValues(values[at]?.[a], values[at]?.[b], descending);
      if (difference !== 0) return difference;
    }
    return a - b;
  };
  const order = Uint32Array.from(found.rows, (_, index) => index).sort(compare);
  const { all, damaged } = found;
  const at = (column: Uint32Array | Float64Array) => (_: number, index: number) =>
    column[order[index] ?? 0] ?? 0;
  return {
    rows: Uint32Array.from(found.rows, at(found.rows)),
    offsets: Float64Array.from(found.offsets, at(found.offsets)),
    lengths: Uint32Array.from(found.lengths, at(found.lengths)),
    all,
    damaged,
  };
}

/** A list of rows that grows. */
class RowList {
  #size = 0;
  #rows = new Uint32Array(INITIAL_CAPACITY);
  #offsets = new Float64Array(INITIAL_CAPACITY);
  #lengths = new Uint32Array(INITIAL_CAPACITY);

  add(row: number, offset: number, length: number): void {
    if (this.#size === this.#rows.length) this.#grow();
    this.#rows[this.#size] = row;
    this.#offsets[this.#size] = offset;
    this.#lengths[this.#size] = length;
    this.#size += 1;
  }

  end(): Omit<SelectedRows, 'all' | 'damaged'> {
    return {
      rows: this.#rows.slice(0, this.#size),
      offsets: this.#offsets.slice(0, this.#size),
      lengths: this.#lengths.slice(0, this.#size),
    };
  }

  #grow(): void {
    const rows = new Uint32Array(this.#size * 2);
    const offsets = new Float64Array(this.#size * 2);
    const lengths = new Uint32Array(this.#size * 2);
    rows.set(this.#rows);
    offsets.set(this.#offsets);
    lengths.set(this.#lengths);
    [this.#rows, this.#offsets, this.#lengths] = [rows, offsets, lengths];
  }
}
