import type { Effect } from './effect.ts';
import type { State } from './state.ts';

/** What an event leads to: the next state, and what is to be done. */
export interface Step {
  state: State;
  effects: readonly Effect[];
}

export function step(state: State, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** Carries a step on: `next` starts from its state, and the effects of both are kept in order. */
export function andThen({ state, effects }: Step, next: (state: State) => Step): Step {
  const after = next(state);
  return { state: after.state, effects: [...effects, ...after.effects] };
}
