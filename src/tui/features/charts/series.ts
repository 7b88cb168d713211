import { median } from '../../../core/lib/median.ts';

/** One figure of a job or of the home, over time. */
export interface Series {
  readonly name: string;
  /** What it is, where the name does not say it. */
  readonly about?: string;
  /** The oldest first; `null` where there is none. */
  readonly values: readonly (number | null)[];
  format(value: number): string;
  /** The ends of its axis, where they are known without its values. */
  readonly axis?: { readonly from: number; readonly to: number };
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
