import { pluralize } from '../../../core/lib/text.ts';
import type { OpenableHome } from '../../home/openable-home.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { unfinishedBatches } from '../batch/reducer.ts';
import { unsavedJobs } from '../job-form/open-form.ts';

/** Lists the homes, which are read now. */
export function openHomes(state: State): Step {
  const { state: opened } = openDialog(state, { kind: 'homes', listing: undefined, index: 0 });
  return step(opened, { kind: 'read_homes' });
}

export const homesReducer: Reducer = (state, event) => {
  const { dialog } = state;
  if (event.kind !== 'homes_read' || dialog?.kind !== 'homes') return step(state);
  const at = event.listing.homes.findIndex((home) => isShown(state, home));
  return step({ ...state, dialog: { ...dialog, listing: event.listing, index: Math.max(0, at) } });
};

/** Whether the dashboard shows this home now. */
export function isShown({ paths }: Pick<State, 'paths'>, { folder }: OpenableHome): boolean {
  return folder === paths.home;
}

/** Leaves for another home, unless something would be lost. */
export function switchHome(state: State, home: OpenableHome): Step {
  if (isShown(state, home)) return step(withNotice(state, 'info', `${home.label} is shown already.`));
  const reason = whyNotLeave(state);
  return reason === undefined
    ? step(state, { kind: 'open_home', home })
    : step(withNotice(state, 'warning', reason));
}

/** What would be lost or interrupted if the dashboard were opened again; `undefined` if nothing. */
export function whyNotLeave(state: State): string | undefined {
  const texts = [...Object.keys(state.configs.drafts), ...unsavedJobs(state.form)];
  if (texts.length > 0) return `Save or discard first what you have edited: ${texts.join(', ')}.`;
  const batches = unfinishedBatches(state.batches).length;
  return batches > 0 ? `Wait for ${pluralize(batches, 'change')} of several jobs to end.` : undefined;
}
