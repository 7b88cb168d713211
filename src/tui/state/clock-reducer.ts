import type { Reducer } from './reducer.ts';
import { step } from './step.ts';

/** Keeps the time and the size of the terminal. */
export const clockReducer: Reducer = (state, event) => {
  if (event.kind === 'tick') return step({ ...state, now: event.now });
  if (event.kind === 'resize') return step({ ...state, columns: event.columns, rows: event.rows });
  return step(state);
};
