import type { Slice } from '../state/slice.ts';
import { step } from '../state/step.ts';

/** Takes in what `src/tui/live` tells of the home. */
export const homeSlice: Slice = (state, event) =>
  event.kind === 'home' ? step({ ...state, home: event.data }) : step(state);
