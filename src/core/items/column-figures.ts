import type { FileHandle } from 'node:fs/promises';
import { median } from '../lib/median.ts';
import { fieldOf, isFilled, toNumber, toText } from '../runs/item-values.ts';
import { matchItem } from './match-item.ts';
import type { ItemTerm } from './parse-item-filter.ts';
import { scanLines } from './scan-lines.ts';
import { parseRow } from './select-rows.ts';

/** More columns than a screen has; further fields have no figures. */
const MAX_FIELDS = 200;
/** The most values of a column that are counted apart. */
const MAX_COUNTED = 200_000;
/** The most numbers of all columns that are kept for their medians. */
const MAX_KEPT_NUMBERS = 1_000_000;
/** The most values that are listed. */
const MAX_LISTED = 1_000;
/** Longer values are cut in the list. */
const MAX_VALUE_CHARACTERS = 200;

/** Which rows are counted: those that match, and of them only some. */
export interface CountedRows {
  readonly terms: readonly ItemTerm[];
  /** The numbers of the lines; default: all. */
  readonly rows?: readonly number[] | undefined;
}

/** Figures of a column. Without numbers there is no sum. */
export interface ColumnFigures {
  readonly field: string;
  /** Rows that have a value. */
  readonly filled: number;
  /** Values that are numbers, or texts that can only be numbers. */
  readonly numbers: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** `undefined` without numbers, or with too many of them. */
  readonly median: number | undefined;
  /** What stands before and after each of the numbers, as in `£3.50`; empty where they differ in that. */
  readonly unit: readonly [before: string, after: string];
}

/** A value of a column, and the number of rows that have it. */
export interface ValueCount {
  readonly text: string;
  readonly rows: number;
}

export interface ColumnFrequency {
  readonly field: string;
  /** The rows that were counted, and those of them without a value. */
  readonly rows: number;
  readonly empty: number;
  /** The number of different values; with `isCut` there are more. */
  readonly distinct: number;
  readonly isCut: boolean;
  /** The most frequent first; equally frequent ones by their text. */
  readonly values: readonly ValueCount[];
  readonly median: number | undefined;
}

/** Figures of all columns, in the order in which the fields appear. */
export async function countColumns(
  file: FileHandle,
  counted: CountedRows,
  onChunk?: (bytes: number) => void,
): Promise<ColumnFigures[]> {
  const tallies = new Map<string, Tally>();
  const room = { numbers: MAX_KEPT_NUMBERS };
  await eachRow(
    file,
    counted,
    (item) => {
      for (const field of Object.keys(item)) {
        let tally = tallies.get(field);
        if (tally === undefined) {
          if (tallies.size >= MAX_FIELDS) continue;
          tally = new Tally(room);
          tallies.set(field, tally);
        }
        tally.add(item[field]);
      }
    },
    onChunk,
  );
  return [...tallies].map(([field, tally]) => ({ field, ...tally.figures() }));
}

/** How often each value of a column appears, and the median of its numbers. */
export async function countValues(
  file: FileHandle,
  field: string,
  counted: CountedRows,
  onChunk?: (bytes: number) => void,
): Promise<ColumnFrequency> {
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  let [rows, empty, isCut] = [0, 0, false];
  await eachRow(
    file,
    counted,
    (item) => {
      rows += 1;
      const value = fieldOf(item, field);
      if (!isFilled(value)) {
        empty += 1;
        return;
      }
      const number = toNumber(value);
      if (number !== undefined) numbers.push(number);
      const key = toCountedText(value);
      const before = counts.get(key);
      if (before !== undefined || counts.size < MAX_COUNTED) counts.set(key, (before ?? 0) + 1);
      else isCut = true;
    },
    onChunk,
  );
  const values = [...counts]
    .map(([text, count]) => ({ text, rows: count }))
    .sort((one, other) => other.rows - one.rows || (one.text < other.text ? -1 : 1))
    .slice(0, MAX_LISTED);
  return {
    field,
    rows,
    empty,
    distinct: counts.size,
    isCut,
    values,
    median: numbers.length === 0 ? undefined : median(numbers),
  };
}

/** A value by which equal ones are counted together. */
export function toCountedText(value: unknown): string {
  const text = toText(value);
  if (text.length <= MAX_VALUE_CHARACTERS) return text;
  // A part of a long text would keep all of it in memory, so it is copied.
  return `${Buffer.from(text.slice(0, MAX_VALUE_CHARACTERS)).toString()}…`;
}

/** Passes the items of the counted rows on, in order. */
export async function eachRow(
  file: FileHandle,
  { terms, rows }: CountedRows,
  onItem: (item: Readonly<Record<string, unknown>>) => void,
  onChunk?: (bytes: number) => void,
): Promise<void> {
  const matches = matchItem(terms);
  const only = rows === undefined ? undefined : new Set(rows);
  let row = -1;
  await scanLines(
    file,
    (bytes, start, end) => {
      row += 1;
      if (only !== undefined && !only.has(row)) return;
      const item = parseRow(bytes, start, end);
      if (matches(item)) onItem(item);
    },
    onChunk,
  );
}

class Tally {
  #filled = 0;
  #numbers = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #kept: number[] = [];
  #unit: ColumnFigures['unit'] | undefined;
  readonly #room: { numbers: number };

  /** @param room how many more numbers all columns together may keep */
  constructor(room: { numbers: number }) {
    this.#room = room;
  }

  add(value: unknown): void {
    if (!isFilled(value)) return;
    this.#filled += 1;
    const number = toNumber(value);
    if (number === undefined) return;
    this.#numbers += 1;
    if (this.#room.numbers > 0) {
      this.#room.numbers -= 1;
      this.#kept.push(number);
    }
    if (this.#unit !== NO_UNIT) this.#unit = sharedUnit(this.#unit, value);
    this.#sum += number;
    if (number < this.#min) this.#min = number;
    if (number > this.#max) this.#max = number;
  }

  figures(): Omit<ColumnFigures, 'field'> {
    return {
      filled: this.#filled,
      numbers: this.#numbers,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      median: this.#numbers > 0 && this.#kept.length === this.#numbers ? median(this.#kept) : undefined,
      unit: this.#unit ?? NO_UNIT,
    };
  }
}

/** Without a sign that all numbers of a column have. */
export const NO_UNIT: ColumnFigures['unit'] = ['', ''];
/** A number in a text, and what stands around it. A longer text around it is no unit. */
const AROUND_NUMBER = /^[-+−]?(\D{0,4}?)[-+−]?[.,]?\d(?:[\d.,'\s]*\d)?(\D{0,8})$/u;

/** What stands around the numbers so far and around this one. */
export function sharedUnit(known: ColumnFigures['unit'] | undefined, value: unknown): ColumnFigures['unit'] {
  const [, before = '', after = ''] =
    typeof value === 'string' ? (AROUND_NUMBER.exec(value.trim()) ?? []) : [];
  if (known === undefined) return before === '' && after === '' ? NO_UNIT : [before, after];
  return known[0] === before && known[1] === after ? known : NO_UNIT;
}
