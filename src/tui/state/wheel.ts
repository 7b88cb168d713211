import type { Input } from '../input/input.ts';

/** So many rows one notch of the wheel scrolls. */
const ROWS = 3;

/** By how many rows an input scrolls: those of the wheel, down is more; 0 for every other input. */
export function wheelRows(input: Input): number {
  if (input.kind !== 'mouse') return 0;
  if (input.what === 'wheel_down') return ROWS;
  return input.what === 'wheel_up' ? -ROWS : 0;
}
