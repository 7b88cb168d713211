import { type Action, type Scope, scopesOf } from '../app/action.ts';
import type { State } from '../app/model.ts';
import { currentView } from '../app/navigation.ts';
import { appearanceActions, fileActions, programActions } from '../app/program-actions.ts';
import { activityActions } from '../features/activity/actions.ts';
import { jobChangeActions } from '../features/batch/actions.ts';
import { configEditorActions } from '../features/config-editor/actions.ts';
import { configsActions, openConfigsActions } from '../features/config-editor/list-actions.ts';
import { compareActions, itemsActions } from '../features/items/actions.ts';
import { detailActions } from '../features/job-detail/actions.ts';
import { formActions } from '../features/job-form/actions.ts';
import { findActions, jobsActions, markActions, sortActions } from '../features/jobs/actions.ts';
import { logActions } from '../features/log/actions.ts';
import { runsActions } from '../features/runs/actions.ts';
import { schedulerActions } from '../features/scheduler/actions.ts';
import { timelineActions } from '../features/timeline/actions.ts';
import { trashActions } from '../features/trash/actions.ts';
import { undoActions } from '../features/undo/actions.ts';

/** All actions there are; the order is that of the footer and of help. */
export const ACTIONS: readonly Action[] = [
  ...jobsActions,
  ...detailActions,
  ...findActions,
  ...sortActions,
  ...markActions,
  ...formActions,
  ...runsActions,
  ...logActions,
  ...compareActions,
  ...itemsActions,
  ...timelineActions,
  ...jobChangeActions,
  ...undoActions,
  ...activityActions,
  ...schedulerActions,
  ...configsActions,
  ...configEditorActions,
  ...openConfigsActions,
  ...trashActions,
  ...programActions,
  ...appearanceActions,
  ...fileActions,
];

/** The scopes whose keys count now. */
export function openScopes(state: State): readonly Scope[] {
  const { name } = currentView(state);
  return [`${name}/${state.pane}`, name, 'everywhere'];
}

/** The actions that can be reached now, whether they are available or not. */
export function reachableActions(state: State): readonly Action[] {
  const open = openScopes(state);
  return ACTIONS.filter((action) => scopesOf(action).some((scope) => open.includes(scope)));
}
