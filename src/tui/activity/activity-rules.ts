import type { ActivityEntry } from '../home/home-data.ts';
import { goToJob } from '../jobs/go-to-job.ts';
import { type DialogRules, openDialog } from '../state/dialog.ts';
import { inputToList } from '../state/input-to-list.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';

/** What has happened, the newest first. */
export function activityRows({ activity }: State): readonly ActivityEntry[] {
  return [...activity.list].reverse();
}

/** Opens the list; all in it counts as seen. */
export function openActivity(state: State): Step {
  const seen = { ...state, activity: { ...state.activity, unseen: 0 } };
  return openDialog(seen, { kind: 'activity', index: 0 });
}

/** Enter goes to the job; what concerns the home alone leads nowhere. */
export const activityRules: DialogRules<'activity'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, {
      rows: activityRows(state),
      take: (closed, { jobId }) => (jobId === null ? step(state) : goToJob(closed, jobId)),
    }),
};
