import type { State } from '../state/state.ts';
import { currentView } from '../state/view.ts';
import { type Action, type Scope, scopesOf } from './action.ts';
import { activityActions } from './activity-actions.ts';
import { appearanceActions } from './appearance-actions.ts';
import { compareActions } from './compare-actions.ts';
import { configEditorActions } from './config-editor-actions.ts';
import { configsActions } from './configs-actions.ts';
import { detailActions } from './detail-actions.ts';
import { fileActions } from './file-actions.ts';
import { findActions } from './find-actions.ts';
import { formActions } from './form-actions.ts';
import { itemsActions } from './items-actions.ts';
import { jobChangeActions } from './job-change-actions.ts';
import { jobsActions } from './jobs-actions.ts';
import { logActions } from './log-actions.ts';
import { markActions } from './mark-actions.ts';
import { openConfigsActions } from './open-configs-actions.ts';
import { programActions } from './program-actions.ts';
import { runsActions } from './runs-actions.ts';
import { schedulerActions } from './scheduler-actions.ts';
import { sortActions } from './sort-actions.ts';
import { timelineActions } from './timeline-actions.ts';
import { trashActions } from './trash-actions.ts';
import { undoActions } from './undo-actions.ts';

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
