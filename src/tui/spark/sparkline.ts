export type SparkSet = 'unicode' | 'ascii';

const STEPS: Record<SparkSet, readonly string[]> = {
  unicode: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  ascii: ['_', '.', ':', '-', '=', '+', '*', '#'],
};

/**
 * The last `columns` of some values as a line of bars, one cell each: the largest is a full bar, 0 the lowest. What has
 * no value is a blank.
 */
export function sparkline(values: readonly (number | null)[], columns: number, set: SparkSet): string {
  const last = values.slice(Math.max(0, values.length - columns));
  const most = last.reduce<number>((found, value) => Math.max(found, value ?? 0), 0);
  const steps = STEPS[set];
  return last
    .map((value) => (value === null ? ' ' : (steps[stepOf(value, most, steps.length)] ?? ' ')))
    .join('');
}

function stepOf(value: number, most: number, count: number): number {
  if (most <= 0) return 0;
  return Math.max(0, Math.min(count - 1, Math.ceil((value / most) * count) - 1));
}
