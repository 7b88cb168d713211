import type { TextSpan } from './styled-row.ts';

const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A value of a sparkline; `null` where there is none. */
export type SparklineValue = number | null | 'failed';

/**
 * Draws the last `columns` values as a line of bars, one cell each: the smallest value is the lowest bar, the largest a
 * full one, and equal values are all the lowest. A missing value is a blank, a failure a red `✗` outside the scale.
 */
export function sparkline(values: readonly SparklineValue[], columns: number): TextSpan[] {
  const last = values.slice(Math.max(0, values.length - columns));
  const known = last.filter((value) => typeof value === 'number');
  const lowest = known.reduce((found, value) => Math.min(found, value), Number.POSITIVE_INFINITY);
  const highest = known.reduce((found, value) => Math.max(found, value), Number.NEGATIVE_INFINITY);
  const spans: TextSpan[] = [];
  for (const value of last) {
    const style = value === 'failed' ? 'bad' : 'accent';
    const text = typeof value === 'number' ? barOf(value, lowest, highest) : value === 'failed' ? '✗' : ' ';
    const before = spans.at(-1);
    if (before?.style === style) spans[spans.length - 1] = { style, text: before.text + text };
    else spans.push({ style, text });
  }
  return spans;
}

function barOf(value: number, lowest: number, highest: number): string {
  const share = highest === lowest ? 0 : (value - lowest) / (highest - lowest);
  return STEPS[Math.round(share * (STEPS.length - 1))] ?? ' ';
}

/** Returns the share of its pages that a run has finished, from 0 to 1; `null` while the number of pages is unknown. */
export function progressShare({
  pages,
  totalPages,
}: {
  pages: number;
  totalPages: number | null;
}): number | null {
  return totalPages === null || totalPages <= 0 ? null : Math.max(0, Math.min(1, pages / totalPages));
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/**
 * Draws a bar of exactly `columns` cells; shares below 0 or above 1 are clamped.
 */
export function progressBar(share: number, columns: number): string {
  return partBar(share, columns).padEnd(columns, '░');
}

/** Draws a bar of at most `columns` cells, as long as the share of them; to an eighth of a cell, rounded down. */
export function partBar(share: number, columns: number): string {
  const eighths = Math.floor(Math.max(0, Math.min(1, share)) * columns * 8);
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`;
}
