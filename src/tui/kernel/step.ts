import type { Dialog, Effect, State, Step, View } from './model.ts';

/** Makes a step: the next state, and the effects to run. */
export function step(state: State, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** Continues a step: `next` starts from its state, and the effects of both stay in order. */
export function andThen({ state, effects }: Step, next: (state: State) => Step): Step {
  const after = next(state);
  return { state: after.state, effects: [...effects, ...after.effects] };
}

export function currentView(state: State): View {
  const view = state.views.at(-1);
  if (view === undefined) throw new TypeError('no view is open');
  return view;
}

/** Opens a view over the current one. */
export function openView(state: State, view: View): Step {
  return step({ ...state, views: [...state.views, view], pane: 'main', dialog: undefined, chord: [] });
}

/** Returns to the view below; the first view stays open. */
export function closeView(state: State): Step {
  if (state.views.length < 2) return step(state);
  return step({ ...state, views: state.views.slice(0, -1), pane: 'main', chord: [] });
}

export function openDialog(state: State, dialog: Dialog): Step {
  return step({ ...state, dialog, chord: [] });
}

export function closeDialog(state: State): Step {
  return step({ ...state, dialog: undefined });
}
