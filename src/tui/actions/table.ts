import type { State } from '../state/state.ts';
import { currentView } from '../state/view.ts';
import { type Action, type Scope, scopesOf } from './action.ts';
import { benchActions } from './bench.ts';
import { compareActions } from './compare.ts';
import { configsActions } from './configs.ts';
import { detailActions } from './detail.ts';
import { fileActions } from './files.ts';
import { findActions } from './find.ts';
import { formActions } from './form.ts';
import { happeningActions } from './happenings.ts';
import { itemsActions } from './items.ts';
import { jobChangeActions } from './job-changes.ts';
import { jobsActions } from './jobs.ts';
import { logActions } from './log.ts';
import { looksActions } from './looks.ts';
import { markActions } from './marks.ts';
import { openConfigsActions } from './open-configs.ts';
import { programActions } from './program.ts';
import { runsActions } from './runs.ts';
import { schedulerActions } from './scheduler.ts';
import { sortActions } from './sort.ts';
import { timelineActions } from './timeline.ts';
import { trashActions } from './trash.ts';
import { undoActions } from './undo.ts';

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
  ...happeningActions,
  ...schedulerActions,
  ...configsActions,
  ...benchActions,
  ...openConfigsActions,
  ...trashActions,
  ...programActions,
  ...looksActions,
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
