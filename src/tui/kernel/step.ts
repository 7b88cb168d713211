import type { Effect, State, Step } from './model.ts';

export function step(state: State, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** Continues a step: `next` starts from its state, and the effects of both stay in order. */
export function andThen({ state, effects }: Step, next: (state: State) => Step): Step {
  const after = next(state);
  return { state: after.state, effects: [...effects, ...after.effects] };
}
