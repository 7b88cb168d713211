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
 * Draws a bar of exactly `columns` cells; shares below 0 or above 1 are clamped. Without a share it shows no progress.
 */
export function progressBar(share: number | null, columns: number): string {
  if (share === null) return '░'.repeat(columns);
  const eighths = Math.floor(Math.max(0, Math.min(1, share)) * columns * 8);
  const full = Math.floor(eighths / 8);
  const part = EIGHTHS[eighths % 8] ?? '';
  return `${'█'.repeat(full)}${part}`.padEnd(columns, '░');
}
