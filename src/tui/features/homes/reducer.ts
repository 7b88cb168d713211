import { pluralize } from '../../../core/lib/text.ts';
import type { OpenableHome } from '../../home/openable-home.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { createNotice, withNotice } from '../../kernel/notices.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { unfinishedBatches } from '../batch/reducer.ts';
import { unsavedJobs } from '../job-form/open-form.ts';
import type { RefusedHome } from './model.ts';

/** Lists the homes, which are read now. */
export function openHomes(state: State, refused?: RefusedHome): Step {
  const dialog = { kind: 'homes', listing: undefined, index: 0, ...(refused && { refused }) } as const;
  const { state: opened } = openDialog(state, dialog);
  return step(opened, { kind: 'read_homes' });
}

export const homesReducer: Reducer = (state, event) => {
  if (event.kind === 'home_refused') {
    const { label, why } = event;
    // The list has room for all of it; the line of notices would cut what to do.
    const notice = { ...createNotice(state, 'bad', why), until: 0 };
    return openHomes({ ...state, notices: [...state.notices, notice] }, { label, why });
  }
  const { dialog } = state;
  if (event.kind !== 'homes_read' || dialog?.kind !== 'homes') return step(state);
  const { refused } = dialog;
  const at = event.listing.homes.findIndex((home) =>
    refused === undefined ? isShown(state, home) : home.label === refused.label,
  );
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
