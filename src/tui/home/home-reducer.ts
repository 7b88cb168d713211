import type { Reducer } from '../state/reducer.ts';
import { step } from '../state/step.ts';

/** Takes in what `src/tui/live` tells of the home. */
export const homeReducer: Reducer = (state, event) =>
  event.kind === 'home' ? step({ ...state, home: event.data }) : step(state);
