import type { Input, MouseInput } from './input.ts';

/** So many rows one notch of the wheel scrolls. */
const WHEEL_ROWS = 3;

/** By how many rows an input scrolls: those of the wheel, down is more; 0 for every other input. */
export function wheelRows(input: Input): number {
  if (input.kind !== 'mouse') return 0;
  if (input.what === 'wheel_down') return WHEEL_ROWS;
  return input.what === 'wheel_up' ? -WHEEL_ROWS : 0;
}

/** Whether an input is a click: the left button goes down. */
export function isClick(input: Input): input is MouseInput {
  return input.kind === 'mouse' && input.what === 'press' && input.button === 'left';
}

/**
 * The line of a list that was clicked, from 0; `undefined` for every other input.
 * @param top the screen's row of line 0
 */
export function clickedLine(input: Input, top: number): number | undefined {
  return isClick(input) && input.row >= top ? input.row - top : undefined;
}
