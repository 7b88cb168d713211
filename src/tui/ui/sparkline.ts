const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * Draws the last `columns` values as a line of bars, one cell each: the largest value is a full bar, 0 the lowest. A
 * missing value is a blank.
 */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const last = values.slice(Math.max(0, values.length - columns));
  const max = last.reduce<number>((found, value) => Math.max(found, value ?? 0), 0);
  return last.map((value) => (value === null ? ' ' : (STEPS[stepOf(value, max)] ?? ' '))).join('');
}

function stepOf(value: number, max: number): number {
  if (max <= 0) return 0;
  return Math.max(0, Math.min(STEPS.length - 1, Math.ceil((value / max) * STEPS.length) - 1));
}
