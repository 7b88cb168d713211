import type { Input } from '../input/input.ts';

/** By how many rows an input moves in a list that lies over the view; `undefined` when it moves nothing. */
export function listMove(input: Input): number | undefined {
  if (input.kind === 'mouse') return WHEEL[input.what];
  return input.kind === 'key' ? MOVES[input.key] : undefined;
}

const WHEEL: Readonly<Record<string, number>> = { wheel_up: -3, wheel_down: 3 };
const MOVES: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  pageup: -10,
  'ctrl+u': -10,
  pagedown: 10,
  'ctrl+d': 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
};

/** Rows of a list that lies over the whole body, within a frame and below a line of its own. */
export function overlaidRows({ rows }: { rows: number }): number {
  // Header, notice line, footer; the frame; the line.
  return Math.max(1, rows - 3 - 2 - 1);
}
