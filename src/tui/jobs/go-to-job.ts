import { findJobRow } from '../home/home-data.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { listedJobs, selectRow } from './jobs-view.ts';

/** Shows the list of jobs with this one selected; says why not when it is not listed. */
export function goToJob(state: State, jobId: string): Step {
  const row = listedJobs(state).findIndex(({ id }) => id === jobId);
  const shown: State = { ...state, views: [{ name: 'jobs' }], pane: 'main', chord: [] };
  if (row >= 0) return step(selectRow(shown, row));
  const isThere = findJobRow(state.home?.jobs ?? [], jobId) !== undefined;
  const why = isThere ? 'is hidden by the filter' : 'is not there any more';
  return step(withNotice(state, 'warning', `${jobId} ${why}.`));
}
