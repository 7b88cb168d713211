import { hash } from 'node:crypto';
import { fieldOf, isFilled, toNumber, toText } from './item-values.ts';
import type { Item } from './run-files.ts';

/** The most fields of which figures are collected. */
export const MAX_STATS_FIELDS = 30;
/** The most different values that are counted, and the most numbers that give an exact median. */
const MAX_VALUES = 10_000;
const MAX_EXAMPLES = 3;
const MAX_EXAMPLE_CHARACTERS = 60;
/** Longer texts are counted by their hash. */
const MAX_HELD_CHARACTERS = 40;

/** Figures of one field over some items. A field without numbers has no average and no median. */
export interface FieldStats {
  field: string;
  /** The number of items that have a value. */
  filled: number;
  distinct: number;
  /** The number of values that are numbers, or texts that can only be numbers. */
  numbers?: number;
  /** The smallest and the largest number, or text if there are no numbers. */
  min?: number | string;
  max?: number | string;
  average?: number;
  median?: number;
  /** The first texts. */
  examples?: string[];
  /** There are more than 10,000 values: `distinct` is at least this, `median` that of a sample. */
  approximate?: true;
}

/** Collects figures of fields, item by item, in bounded memory. */
export class ItemStats {
  readonly #fields = new Map<string, FieldTally>();
  readonly #wanted: readonly string[] | undefined;

  /** @param fields the fields; without it, the first {@link MAX_STATS_FIELDS} that items have */
  constructor(fields?: readonly string[]) {
    this.#wanted = fields;
    for (const field of fields?.slice(0, MAX_STATS_FIELDS) ?? []) this.#fields.set(field, new FieldTally());
  }

  add(item: Item): void {
    if (this.#wanted === undefined && this.#fields.size < MAX_STATS_FIELDS)
      for (const name of Object.keys(item))
        if (!this.#fields.has(name) && this.#fields.size < MAX_STATS_FIELDS)
          this.#fields.set(name, new FieldTally());
    for (const [field, tally] of this.#fields) tally.add(fieldOf(item, field));
  }

  list(): FieldStats[] {
    return [...this.#fields].map(([field, tally]) => ({ field, ...tally.figures() }));
  }
}

class FieldTally {
  #filled = 0;
  readonly #values = new Set<string>();
  #hasMoreValues = false;
  readonly #numbers = new NumberSample();
  readonly #examples: string[] = [];
  #min: string | undefined;
  #max: string | undefined;

  add(value: unknown): void {
    if (!isFilled(value)) return;
    this.#filled += 1;
    const number = toNumber(value);
    const text = toText(value);
    const isNew = this.#addDistinct(text);
    if (number !== undefined) {
      this.#numbers.add(number);
      return;
    }
    const shown = shorten(text);
    if (this.#min === undefined || shown < this.#min) this.#min = shown;
    if (this.#max === undefined || shown > this.#max) this.#max = shown;
    if (isNew && this.#examples.length < MAX_EXAMPLES) this.#examples.push(shown);
  }

  figures(): Omit<FieldStats, 'field'> {
    const { count, min, max, average, median } = this.#numbers;
    const figures = { filled: this.#filled, distinct: this.#values.size };
    const approximate = this.#hasMoreValues || count > MAX_VALUES ? { approximate: true as const } : {};
    const examples = this.#examples.length > 0 ? { examples: this.#examples } : {};
    if (count > 0)
      return { ...figures, numbers: count, min, max, average, median, ...examples, ...approximate };
    if (this.#min === undefined || this.#max === undefined) return figures;
    return { ...figures, min: this.#min, max: this.#max, ...examples, ...approximate };
  }

  #addDistinct(text: string): boolean {
    const held = text.length > MAX_HELD_CHARACTERS ? hash('sha256', text, 'base64') : text;
    if (this.#values.has(held)) return false;
    if (this.#values.size < MAX_VALUES) this.#values.add(held);
    else this.#hasMoreValues = true;
    return true;
  }
}

/** The first characters of a text, copied: a part of a long text would keep all of it in memory. */
function shorten(text: string): string {
  if (text.length <= MAX_EXAMPLE_CHARACTERS) return text;
  return `${Buffer.from(text.slice(0, MAX_EXAMPLE_CHARACTERS)).toString()}…`;
}

/** Numbers with their smallest, largest, average and median. Of more than 10,000, the median is that of a sample. */
export class NumberSample {
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  readonly #sample: number[] = [];
  #seed = 1;

  add(number: number): void {
    this.count += 1;
    this.#sum += number;
    if (number < this.min) this.min = number;
    if (number > this.max) this.max = number;
    if (this.#sample.length < MAX_VALUES) {
      this.#sample.push(number);
      return;
    }
    // Reservoir sampling: each number stays with the same probability. The sequence is fixed, so answers repeat.
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    const at = Math.floor((this.#seed / 2 ** 32) * this.count);
    if (at < MAX_VALUES) this.#sample[at] = number;
  }

  get average(): number {
    return round(this.#sum / this.count);
  }

  get median(): number {
    const sorted = Float64Array.from(this.#sample).sort();
    const middle = sorted.length >> 1;
    const upper = sorted[middle] ?? Number.NaN;
    return round(sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2);
  }
}

/** Rounds to four decimals, or to six digits for small numbers. */
export function round(number: number): number {
  return Math.abs(number) < 1 ? Number(number.toPrecision(6)) : Math.round(number * 10_000) / 10_000;
}
