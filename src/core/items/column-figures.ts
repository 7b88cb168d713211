import type { FileHandle } from 'node:fs/promises';
import { median } from '../lib/median.ts';
import { isFilled, toNumber, toText } from '../runs/item-values.ts';
import { parseItem } from '../runs/run-files.ts';
import { type DamagedLines, DamageList } from './damaged-lines.ts';
import { matchItem } from './match-item.ts';
import type { ItemTerm } from './parse-item-filter.ts';
import { scanLines } from './scan-lines.ts';

/** Further fields have no figures. */
export const MAX_FIELDS = 1_000;
/** The most names of fields that are collected: some sites have data as names. */
const MAX_NAMES = 2_000;
/** The most numbers of all columns that are kept for their medians. */
const MAX_KEPT_NUMBERS = 1_000_000;
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
  /** The decimals that texts such as `£25.20` are written with, at most two; absent without any. */
  readonly decimals?: number;
}

/** What the columns of the counted rows hold, and which fields the file has. */
export interface CountedColumns {
  /** In the order in which the fields appear. */
  readonly figures: readonly ColumnFigures[];
  /** The fields of all rows, counted or not; `undefined` where only some rows were read, and with very many fields. */
  readonly fields: readonly string[] | undefined;
  /** Lines that are no items, among those that were read; absent without any. */
  readonly damaged?: DamagedLines;
}

/** A value of a column, and the number of rows that have it. */
export interface ValueCount {
  readonly text: string;
  readonly rows: number;
}

/** Figures of all columns, and the fields of all rows. */
export async function countColumns(
  file: FileHandle,
  counted: CountedRows,
  onChunk?: (bytes: number) => void,
): Promise<CountedColumns> {
  const tallies = new Map<string, Tally>();
  const names = new Set<string>();
  const room = { numbers: MAX_KEPT_NUMBERS };
  const damaged = await eachRow(
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
    (item) => {
      for (const field of Object.keys(item)) if (names.size <= MAX_NAMES) names.add(field);
    },
  );
  const isWhole = counted.rows === undefined && names.size <= MAX_NAMES;
  return {
    figures: [...tallies].map(([field, tally]) => ({ field, ...tally.figures() })),
    fields: isWhole ? [...names] : undefined,
    ...(damaged.count > 0 && { damaged }),
  };
}

/** A value by which equal ones are counted together. */
export function toCountedText(value: unknown): string {
  const text = toText(value);
  if (text.length <= MAX_VALUE_CHARACTERS) return text;
  // A part of a long text would keep all of it in memory, so it is copied.
  return `${Buffer.from(text.slice(0, MAX_VALUE_CHARACTERS)).toString()}…`;
}

/**
 * Passes the items of the counted rows on, in order, and returns the lines among them that are no items.
 * @param onRead called with each item that is read, also if it does not match
 */
export async function eachRow(
  file: FileHandle,
  { terms, rows }: CountedRows,
  onItem: (item: Readonly<Record<string, unknown>>) => void,
  onChunk?: (bytes: number) => void,
  onRead: (item: Readonly<Record<string, unknown>>) => void = () => undefined,
): Promise<DamagedLines> {
  const matches = matchItem(terms);
  const damaged = new DamageList();
  const only = rows === undefined ? undefined : new Set(rows);
  let row = -1;
  await scanLines(
    file,
    (bytes, start, end) => {
      row += 1;
      if (only !== undefined && !only.has(row)) return;
      const item = parseItem(bytes.toString('utf8', start, end));
      if (item === undefined) return damaged.add(row);
      onRead(item);
      if (matches(item)) onItem(item);
    },
    onChunk,
  );
  return damaged.end();
}

class Tally {
  #filled = 0;
  #numbers = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #kept: number[] = [];
  #unit: ColumnFigures['unit'] | undefined;
  #decimals = 0;
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
    this.#decimals = writtenDecimals(this.#decimals, value);
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
      ...(this.#decimals > 0 && { decimals: this.#decimals }),
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

const MAX_DECIMALS = 2;
const DECIMALS = /\d[.,](\d{1,2})\D*$/;

/** The decimals that the numbers in texts are written with: the most of those so far and of this one. */
export function writtenDecimals(known: number, value: unknown): number {
  if (known >= MAX_DECIMALS || typeof value !== 'string') return known;
  return Math.max(known, DECIMALS.exec(value)?.[1]?.length ?? 0);
}
