import { median } from '../../../core/lib/median.ts';

/** One figure of a job or of the home, over time. */
export interface Series {
  readonly name: string;
  /** What it is, where the name does not say it; of a narrow chart only the first of these are said. */
  readonly about?: readonly string[];
  /** The oldest first; `null` where there is none. */
  readonly values: readonly (number | null)[];
  /** @param more digits than usual, where others would read the same; not for counts */
  format(value: number, more?: number): string;
  /** How many values a bar stands for, where it is not one: `up to 2 runs a bar`. */
  perBar?(count: number): string;
  /** All its values are whole numbers, so that no other stands at its axis. */
  readonly isCount?: true;
  /** The ends of its axis, where its values do not set them. A value above it is clipped, marked and said. */
  readonly axis?: { readonly from: number; readonly to: number };
  /** Its low values are those that a person looks for, as of a share of success. */
  readonly showsLowest?: true;
}

/** The fewest values of which one can be an outlier. */
const MIN_VALUES = 8;
/** An outlier is more than this times as high as the second highest value. */
const OUTLIER_FACTOR = 3;

/**
 * The axis of counts: it begins at zero, also where no value does, and ends at the highest value. Where that stands alone,
 * far above others that differ, it ends at the second highest.
 */
export function axisFromZero(counts: readonly number[]): { from: number; to: number } {
  return { from: 0, to: Math.max(1, endWithoutOutliers(counts)) };
}

/** The highest of the values; without those that stand far above the others, if there are at most `max` of these. */
export function endWithoutOutliers(values: readonly number[], max = 1): number {
  const descending = [...values].sort((a, b) => b - a);
  const [highest = 0] = descending;
  if (values.length < MIN_VALUES) return highest;
  const middle = median(values);
  for (let count = 1; count <= max; count += 1) {
    const [lowestOutlier = 0, next = 0] = descending.slice(count - 1);
    if (lowestOutlier > OUTLIER_FACTOR * next && next > middle) return next;
  }
  return highest;
}

/** The value in the middle of an axis; `undefined` where no value of the series can stand there. */
export function middleOf({ isCount }: Series, lowest: number, highest: number): number | undefined {
  // Halved first: the sum of two numbers can be larger than any number.
  const middle = lowest / 2 + highest / 2;
  const shown = isCount ? Math.round(middle) : middle;
  return shown > lowest && shown < highest ? shown : undefined;
}

/** The most digits that are added, so that two values read differently. */
const MAX_MORE_DIGITS = 6;

/** How values are written at an axis: with as many digits as it takes for its ends not to read the same. */
export function axisFormat({ format }: Series, lowest: number, highest: number): (value: number) => string {
  let more = 0;
  while (lowest !== highest && more < MAX_MORE_DIGITS && format(lowest, more) === format(highest, more))
    more += 1;
  return (value) => format(value, more);
}

/** The figures beside a chart; `undefined` when there is no value. */
export interface Summary {
  readonly lowest: number;
  readonly highest: number;
  readonly median: number;
  readonly last: number;
}

export function summarize(values: readonly (number | null)[]): Summary | undefined {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  const [lowest, highest] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return { lowest, highest, median: median(known), last };
}
