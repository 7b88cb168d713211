import type { Event } from './event.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

/**
 * How one share of the state follows what happens: told of every event that is no input, in the order of `reducers.ts`. It
 * changes its own field of the state only, and returns the very state it was given when nothing of it changes.
 */
export type Reducer = (state: State, event: Event) => Step;
