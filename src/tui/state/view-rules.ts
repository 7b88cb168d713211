import { configEditorRules, configsRules } from '../configs/configs-view.ts';
import { formRules } from '../form/form-view.ts';
import { itemsRules } from '../items/items-view.ts';
import { jobsRules } from '../jobs/jobs-view.ts';
import { logRules } from '../log/log-view.ts';
import { runsRules } from '../runs/runs-view.ts';
import { timelineRules } from '../timeline/timeline-view.ts';
import { trashRules } from '../trash/trash-view.ts';
import type { State } from './state.ts';
import { currentView, type ViewName, type ViewRules } from './view.ts';

/** How each view behaves. */
export const VIEW_RULES: { readonly [N in ViewName]: ViewRules } = {
  jobs: jobsRules,
  runs: runsRules,
  log: logRules,
  items: itemsRules,
  timeline: timelineRules,
  form: formRules,
  configs: configsRules,
  trash: trashRules,
  config: configEditorRules,
};

export function currentRules(state: State): ViewRules {
  return VIEW_RULES[currentView(state).name];
}
