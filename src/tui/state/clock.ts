import type { Slice } from './slice.ts';
import { step } from './step.ts';

/** Keeps the time and the size of the terminal. */
export const clockSlice: Slice = (state, event) => {
  if (event.kind === 'tick') return step({ ...state, now: event.now });
  if (event.kind === 'resize') return step({ ...state, columns: event.columns, rows: event.rows });
  return step(state);
};
