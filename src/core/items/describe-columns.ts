import type { FileHandle } from 'node:fs/promises';
import { median } from '../lib/median.ts';
import { fieldOf, isFilled, toNumber } from '../runs/item-values.ts';
import {
  type ColumnFigures,
  type CountedRows,
  eachRow,
  MAX_FIELDS,
  NO_UNIT,
  sharedUnit,
  toCountedText,
  type ValueCount,
  writtenDecimals,
} from './column-figures.ts';
import type { DamagedLines } from './damaged-lines.ts';

/** The most names of further fields that are counted: some sites have data as names. */
const MAX_FURTHER = 10_000;
/** The most different values that are counted, of one column and of all together. */
const MAX_DISTINCT = 200_000;
const MAX_DISTINCT_OF_ALL = 2_000_000;
/** The most numbers that are kept for medians, of all columns together: 80 MB. */
const MAX_NUMBERS = 10_000_000;
/** The most values that are listed. */
const MAX_LISTED = 1_000;

/** What the values of a column are; `mixed` when they are of several kinds. */
export type ColumnType = 'number' | 'link' | 'text' | 'yes/no' | 'list' | 'object' | 'mixed' | 'empty';

/** What a column holds. The figures of its numbers are absent without any, the median also if there are too many. */
export interface ColumnDescription {
  readonly field: string;
  readonly type: ColumnType;
  /** Rows that have a value. */
  readonly filled: number;
  /** The number of different values; with `isCut` there are more. */
  readonly distinct: number;
  readonly isCut: boolean;
  /** The most frequent value; absent if each appears once, or if not all were counted. */
  readonly top?: ValueCount;
  /** What stands before and after each of its numbers, as in `£3.50`. */
  readonly unit?: ColumnFigures['unit'];
  readonly decimals?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly median?: number;
  readonly mean?: number;
  /** The standard deviation of a sample; absent with a single number. */
  readonly stdev?: number;
  readonly max?: number;
}

/** The columns in the order in which the fields appear, and the number of rows that they are about. */
export interface DescribedColumns {
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  /** How many further columns are not described; absent without any. */
  readonly further?: number;
  /** Lines that are no items; absent without any. */
  readonly damaged?: DamagedLines;
}

/** What one column holds, and how often each of its values appears: the most frequent first, then by their text. */
export interface ColumnFrequency extends ColumnDescription {
  /** The rows that were counted. */
  readonly rows: number;
  readonly values: readonly ValueCount[];
}

/** How often each value of a column appears, and what the column holds. */
export async function countValues(
  file: FileHandle,
  field: string,
  counted: CountedRows,
  onChunk?: (bytes: number) => void,
): Promise<ColumnFrequency> {
  const column = new Column({ values: MAX_DISTINCT, numbers: MAX_NUMBERS });
  let rows = 0;
  await eachRow(
    file,
    counted,
    (item) => {
      rows += 1;
      column.add(fieldOf(item, field));
    },
    onChunk,
  );
  return { field, rows, ...column.describe(), values: column.mostFrequent() };
}

/** Describes all columns at once. */
export async function describeColumns(
  file: FileHandle,
  counted: CountedRows,
  onChunk?: (bytes: number) => void,
): Promise<DescribedColumns> {
  const columns = new Map<string, Column>();
  const room = { values: MAX_DISTINCT_OF_ALL, numbers: MAX_NUMBERS };
  const further = new Set<string>();
  let rows = 0;
  const damaged = await eachRow(
    file,
    counted,
    (item) => {
      rows += 1;
      for (const field of Object.keys(item)) {
        let column = columns.get(field);
        if (column === undefined) {
          if (columns.size >= MAX_FIELDS) {
            if (further.size < MAX_FURTHER) further.add(field);
            continue;
          }
          column = new Column(room);
          columns.set(field, column);
        }
        column.add(item[field]);
      }
    },
    onChunk,
  );
  const described = [...columns].map(([field, column]) => ({ field, ...column.describe() }));
  return {
    rows,
    columns: described,
    ...(further.size > 0 && { further: further.size }),
    ...(damaged.count > 0 && { damaged }),
  };
}

class Column {
  readonly #room: { values: number; numbers: number };
  /** How many rows have each value. */
  readonly #values = new Map<string, number>();
  #unit: ColumnFigures['unit'] | undefined;
  #decimals = 0;
  #numbers: number[] | undefined = [];
  #type: ColumnType = 'empty';
  #filled = 0;
  #isCut = false;
  #count = 0;
  #sum = 0;
  /** Of the numbers so far, and the sum of their squared distances from it (Welford's method). */
  #mean = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(room: { values: number; numbers: number }) {
    this.#room = room;
  }

  add(value: unknown): void {
    if (!isFilled(value)) return;
    this.#filled += 1;
    const number = toNumber(value);
    const type = number === undefined ? typeOf(value) : 'number';
    if (this.#type === 'empty') this.#type = type;
    else if (this.#type !== type) this.#type = 'mixed';
    this.#addText(value);
    if (number === undefined) return;
    if (this.#unit !== NO_UNIT) this.#unit = sharedUnit(this.#unit, value);
    this.#decimals = writtenDecimals(this.#decimals, value);
    this.#addNumber(number);
  }

  #addText(value: unknown): void {
    const text = toCountedText(value);
    const before = this.#values.get(text);
    if (before !== undefined) {
      this.#values.set(text, before + 1);
      return;
    }
    if (this.#values.size >= MAX_DISTINCT || this.#room.values === 0) {
      this.#isCut = true;
      return;
    }
    this.#values.set(text, 1);
    this.#room.values -= 1;
  }

  #addNumber(number: number): void {
    this.#count += 1;
    this.#sum += number;
    const distance = number - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (number - this.#mean);
    if (number < this.#min) this.#min = number;
    if (number > this.#max) this.#max = number;
    if (this.#numbers === undefined) return;
    if (this.#room.numbers > 0) {
      this.#numbers.push(number);
      this.#room.numbers -= 1;
      return;
    }
    // The median of some of them would be wrong.
    this.#room.numbers += this.#numbers.length;
    this.#numbers = undefined;
  }

  describe(): Omit<ColumnDescription, 'field'> {
    const found = {
      type: this.#type,
      filled: this.#filled,
      distinct: this.#values.size,
      isCut: this.#isCut,
      ...this.#top(),
    };
    if (this.#count === 0) return found;
    const middle = this.#numbers === undefined ? {} : { median: median(this.#numbers) };
    const unit = this.#unit ?? NO_UNIT;
    return {
      ...found,
      ...middle,
      unit,
      ...(this.#decimals > 0 && { decimals: this.#decimals }),
      min: this.#min,
      max: this.#max,
      ...this.#sums(),
    };
  }

  /** Numbers near the largest that there is have a sum and squares beyond it: such figures are left out. */
  #sums(): { sum?: number; mean?: number; stdev?: number } {
    const [count, sum] = [this.#count, this.#sum];
    const stdev = Math.sqrt(this.#squares / (count - 1));
    return {
      ...(Number.isFinite(sum) && { sum, mean: sum / count }),
      ...(count > 1 && Number.isFinite(stdev) && { stdev }),
    };
  }

  mostFrequent(): ValueCount[] {
    return [...this.#values]
      .map(([text, rows]) => ({ text, rows }))
      .sort((one, other) => other.rows - one.rows || (one.text < other.text ? -1 : 1))
      .slice(0, MAX_LISTED);
  }

  #top(): { top?: ValueCount } {
    if (this.#isCut) return {};
    let top: ValueCount = { text: '', rows: 1 };
    for (const [text, rows] of this.#values) if (rows > top.rows) top = { text, rows };
    return top.rows === 1 ? {} : { top };
  }
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === 'boolean') return 'yes/no';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  return /^https?:\/\/\S+$/i.test(String(value)) ? 'link' : 'text';
}
