import type { ViewRules } from '../app/define-feature.ts';
import type { State, ViewName } from '../app/model.ts';
import { currentView } from '../app/navigation.ts';
import { configEditorRules, configsRules } from '../features/config-editor/view-rules.ts';
import { itemsRules } from '../features/items/reducer.ts';
import { formRules } from '../features/job-form/index.ts';
import { jobsRules } from '../features/jobs/reducer.ts';
import { logRules } from '../features/log/reducer.ts';
import { runsRules } from '../features/runs/reducer.ts';
import { timelineRules } from '../features/timeline/reducer.ts';
import { trashRules } from '../features/trash/reducer.ts';

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
