import { NumberSample } from '../runs/item-stats.ts';
import { fieldOf, toNumber } from '../runs/item-values.ts';
import type { Item } from '../runs/run-files.ts';

/** Figures of at most this many fields are collected. */
const MAX_FIELDS = 50;

/** How one field differs over all changed items. Percentages are of the earlier number. */
export interface FieldChanges {
  /** Items in which the field differs. */
  changed: number;
  /** Items whose number has grown, or has fallen. */
  up: number;
  down: number;
  /** The middle change; of more than 10,000, that of a sample. */
  median_percent?: number;
  /** The same, of the numbers that have grown, and of those that have fallen. */
  up_median_percent?: number;
  down_median_percent?: number;
  largest?: { key: unknown; before: number; after: number; percent: number };
}

/** Collects figures of the fields that differ, pair by pair. */
export class FieldChangeTally {
  readonly #fields = new Map<string, FieldTally>();

  /**
   * @param fields the fields that differ
   * @param key what identifies the item
   * @returns the size of the largest change of a number, in percent; 0 for one from zero, -1 when no number changed
   */
  add(before: Item, after: Item, fields: readonly string[], key: unknown): number {
    let largest = -1;
    for (const field of fields) {
      const tally = this.#tallyOf(field);
      const [from, to] = [toNumber(fieldOf(before, field)), toNumber(fieldOf(after, field))];
      tally?.note(from, to, key);
      if (from === undefined || to === undefined || from === to) continue;
      largest = Math.max(largest, from === 0 ? 0 : Math.abs(percentOf(from, to)));
    }
    return largest;
  }

  /** The figures by field, the one with the most changes first. */
  figures(): Record<string, FieldChanges> {
    const all = [...this.#fields].map(([field, tally]) => [field, tally.figures()] as const);
    return Object.fromEntries(all.sort(([, one], [, other]) => other.changed - one.changed));
  }

  #tallyOf(field: string): FieldTally | undefined {
    const known = this.#fields.get(field);
    if (known !== undefined || this.#fields.size === MAX_FIELDS) return known;
    const tally = new FieldTally();
    this.#fields.set(field, tally);
    return tally;
  }
}

function percentOf(from: number, to: number): number {
  return ((to - from) / Math.abs(from)) * 100;
}

class FieldTally {
  readonly #figures: FieldChanges = { changed: 0, up: 0, down: 0 };
  readonly #percents = new NumberSample();
  readonly #rises = new NumberSample();
  readonly #falls = new NumberSample();
  // Of numbers that were not zero.
  #hasRisen = false;
  #hasFallen = false;

  note(before: number | undefined, after: number | undefined, key: unknown): void {
    const figures = this.#figures;
    figures.changed += 1;
    if (before === undefined || after === undefined || before === after) return;
    if (after > before) figures.up += 1;
    else figures.down += 1;
    // A change from zero has no percentage.
    if (before === 0) return;
    const percent = percentOf(before, after);
    this.#percents.add(percent);
    (after > before ? this.#rises : this.#falls).add(percent);
    if (after > before) this.#hasRisen = true;
    else this.#hasFallen = true;
    if (figures.largest === undefined || Math.abs(percent) > Math.abs(figures.largest.percent))
      figures.largest = { key, before, after, percent };
  }

  figures(): FieldChanges {
    const { largest, ...counts } = this.#figures;
    if (largest === undefined) return counts;
    return {
      ...counts,
      median_percent: toHundredths(this.#percents.median),
      ...(this.#hasRisen && { up_median_percent: toHundredths(this.#rises.median) }),
      ...(this.#hasFallen && { down_median_percent: toHundredths(this.#falls.median) }),
      largest: { ...largest, percent: toHundredths(largest.percent) },
    };
  }
}

function toHundredths(percent: number): number {
  return Math.round(percent * 100) / 100;
}
