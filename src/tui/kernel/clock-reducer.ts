import type { Reducer } from './model.ts';
import { step } from './step.ts';

/** Keeps the time and the size of the terminal. */
export const clockReducer: Reducer = (state, event) => {
  if (event.kind === 'tick') return step({ ...state, now: event.now });
  if (event.kind === 'resize') return step({ ...state, columns: event.columns, rows: event.rows });
  return step(state);
};

/** Takes in what `src/tui/live` tells of the home. */
export const homeReducer: Reducer = (state, event) =>
  event.kind === 'home' ? step({ ...state, home: event.data }) : step(state);
