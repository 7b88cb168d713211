import { jobsRules } from './jobs-view.ts';
import type { State } from './state.ts';
import { currentView, type ViewName, type ViewRules } from './view.ts';

/** How each view behaves. */
export const VIEW_RULES: { readonly [N in ViewName]: ViewRules } = {
  jobs: jobsRules,
};

export function currentRules(state: State): ViewRules {
  return VIEW_RULES[currentView(state).name];
}
