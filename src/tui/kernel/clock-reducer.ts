import type { Reducer } from './model.ts';
import { step } from './step.ts';

/** Updates the time and the size of the terminal. */
export const clockReducer: Reducer = (state, event) => {
  if (event.kind === 'tick') return step({ ...state, now: event.now });
  if (event.kind === 'resize') return step({ ...state, columns: event.columns, rows: event.rows });
  return step(state);
};

/** Stores the home's data from `src/tui/runtime/home`. */
export const homeReducer: Reducer = (state, event) =>
  event.kind === 'home' ? step({ ...state, home: event.data }) : step(state);
