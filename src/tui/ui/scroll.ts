import type { Input } from './input.ts';
import { keyOf, wheelRows } from './input.ts';

/** Rows between the selected one and the edge of the window, where there is room. */
const MARGIN = 2;

/**
 * The first row of a window of `height` rows such that `index` of `count` rows is within it, moved as little as
 * possible from `top`.
 */
export function scrollIntoView(index: number, top: number, height: number, count: number): number {
  const margin = Math.min(MARGIN, Math.floor((height - 1) / 2));
  const lowest = Math.max(0, index + margin - height + 1);
  const highest = Math.max(0, index - margin);
  return clamp(clamp(top, lowest, highest), 0, Math.max(0, count - height));
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

/** By how many rows an input moves in a list that lies over the view; `undefined` when it moves nothing. */
export function listMove(input: Input): number | undefined {
  return wheelRows(input) || LETTERS[keyOf(input)] || listMoveInField(input);
}

/** The same where letters and the keys of a line are those of a field above the list. */
export function listMoveInField(input: Input): number | undefined {
  return wheelRows(input) || MOVES[keyOf(input)];
}

/** The row that is selected after such a move in a list of `count` rows. */
export function indexAfter(index: number, by: number, count: number): number {
  return clamp(index + by, 0, Math.max(0, count - 1));
}

const MOVES: Readonly<Record<string, number>> = {
  ...{ up: -1, 'shift+tab': -1, 'ctrl+p': -1, pageup: -10 },
  ...{ down: 1, tab: 1, 'ctrl+n': 1, pagedown: 10 },
};
const LETTERS: Readonly<Record<string, number>> = {
  ...{ k: -1, 'ctrl+u': -10, home: Number.NEGATIVE_INFINITY },
  ...{ j: 1, 'ctrl+d': 10, end: Number.POSITIVE_INFINITY, G: Number.POSITIVE_INFINITY },
};

/** Rows of a list that lies over the whole body, within a frame and below a line of its own. */
export function overlayRows({ rows }: { rows: number }): number {
  // Header, notice line, footer; the frame; the line.
  return Math.max(1, rows - 3 - 2 - 1);
}
