import { type Input, keyOf, wheelRows } from './input.ts';
import type { Theme } from './theme.ts';

/** The number of rows between the selected one and the edge of the window, where there is room. */
const MARGIN = 2;

/**
 * Returns the first row of a window of `height` rows such that it contains row `index` of `count`, moved as little as
 * possible from `top`.
 */
export function scrollIntoView(index: number, top: number, height: number, count: number): number {
  const margin = Math.min(MARGIN, Math.floor((height - 1) / 2));
  const lowest = Math.max(0, index + margin - height + 1);
  const highest = Math.max(0, index - margin);
  return clamp(clamp(top, lowest, highest), 0, Math.max(0, count - height));
}

/** What is in sight of a list or a text: `height` of its `count` rows, from `top` on. */
export interface ScrollWindow {
  readonly top: number;
  readonly height: number;
  readonly count: number;
  /** The selected row of a list. */
  readonly index?: number;
}

/**
 * The part of a track of `cells` that stands for the rows in sight: from which cell on, and how many. `undefined` when all
 * rows are in sight. It is at an end of the track only at the same end of the rows.
 */
export function thumbOf(
  { top, height, count }: ScrollWindow,
  cells: number,
): { from: number; cells: number } | undefined {
  const most = count - height;
  if (most <= 0 || cells < 3) return undefined;
  const length = clamp(Math.round((cells * height) / count), 1, cells - 1);
  const free = cells - length;
  const at = Math.round((free * clamp(top, 0, most)) / most);
  const from = top <= 0 ? 0 : top >= most ? free : free < 2 ? at : clamp(at, 1, free - 1);
  return { from, cells: length };
}

/**
 * How many rows are out of sight, `▲ 12 above ▼ 3 more`, for a pane, where a bar would take a column; empty when all rows
 * are in sight.
 */
export function describeHidden(
  { top, height, count }: ScrollWindow,
  { screenReader, sign }: Pick<Theme, 'screenReader' | 'sign'>,
): string {
  const below = Math.max(0, count - top - height);
  const before = (name: 'up' | 'down') => (screenReader ? '' : `${sign(name)} `);
  const parts = [
    ...(top <= 0 ? [] : [`${before('up')}${top} above`]),
    ...(below === 0 ? [] : [`${before('down')}${below} more`]),
  ];
  return parts.join(screenReader ? ', ' : ' ');
}

/** ` 3/40`, for the title of a list that is longer than its pane: the selected row; empty for one that has room. */
export function describePlace({
  index,
  count,
  height,
}: {
  index: number;
  count: number;
  height: number;
}): string {
  return count > height ? ` ${index + 1}/${count.toLocaleString('en-US')}` : '';
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

/** Returns by how many rows an input moves in a list in an overlay; `undefined` when it is not a move. */
export function listMove(input: Input): number | undefined {
  return wheelRows(input) || LETTERS[keyOf(input)] || listMoveInField(input);
}

/** The same for a list below a field, where letters and line-editing keys belong to the field. */
export function listMoveInField(input: Input): number | undefined {
  return wheelRows(input) || MOVES[keyOf(input)];
}

/** Returns the selected row after such a move in a list of `count` rows. */
export function indexAfter(index: number, by: number, count: number): number {
  return clamp(index + by, 0, Math.max(0, count - 1));
}

const MOVES: Readonly<Record<string, number>> = {
  up: -1,
  'shift+tab': -1,
  'ctrl+p': -1,
  pageup: -10,
  down: 1,
  tab: 1,
  'ctrl+n': 1,
  pagedown: 10,
};
const LETTERS: Readonly<Record<string, number>> = {
  k: -1,
  'ctrl+u': -10,
  home: Number.NEGATIVE_INFINITY,
  j: 1,
  'ctrl+d': 10,
  end: Number.POSITIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
};

/** Returns the number of list rows in an overlay over the whole body, inside a frame and below one line. */
export function overlayRows({ rows }: { rows: number }): number {
  // Header, notice line, footer; the frame; the line.
  return Math.max(1, rows - 3 - 2 - 1);
}
