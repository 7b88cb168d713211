import type { Input } from '../input/input.ts';

/**
 * The line of a list that was clicked, from 0; `undefined` for every other input.
 * @param top the screen's row of line 0
 */
export function clickedLine(input: Input, top: number): number | undefined {
  if (input.kind !== 'mouse' || input.what !== 'press' || input.button !== 'left') return undefined;
  return input.row < top ? undefined : input.row - top;
}
