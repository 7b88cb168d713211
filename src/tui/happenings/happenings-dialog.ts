import type { Happening } from '../home/home-data.ts';
import { goToJob } from '../jobs/go-to-job.ts';
import { type DialogRules, openDialog } from '../state/dialog.ts';
import { inputToList } from '../state/list-dialog.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';

/** What has happened, the newest first. */
export function happeningRows({ happenings }: State): readonly Happening[] {
  return [...happenings.list].reverse();
}

/** Opens the list; all in it counts as seen. */
export function openHappenings(state: State): Step {
  const seen = { ...state, happenings: { ...state.happenings, unseen: 0 } };
  return openDialog(seen, { kind: 'happenings', index: 0 });
}

/** Enter goes to the job; what concerns the home alone leads nowhere. */
export const happeningsRules: DialogRules<'happenings'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, {
      rows: happeningRows(state),
      take: (closed, { jobId }) => (jobId === null ? step(state) : goToJob(closed, jobId)),
    }),
};
