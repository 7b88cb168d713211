import type { Happening } from '../home/home-data.ts';
import { keyOf } from '../input/input.ts';
import { goToJob } from '../jobs/go-to-job.ts';
import { closeDialog, type DialogRules, openDialog } from '../state/dialog.ts';
import { indexAfter, listMove } from '../state/list-move.ts';
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

/** Enter goes to the job. */
export const happeningsRules: DialogRules<'happenings'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q') return closeDialog(state);
    const rows = happeningRows(state);
    const move = listMove(input);
    if (move !== undefined) {
      const index = indexAfter(dialog.index, move, rows.length);
      return step({ ...state, dialog: { ...dialog, index } });
    }
    const jobId = rows[dialog.index]?.jobId;
    return key === 'enter' && jobId ? goToJob(closeDialog(state).state, jobId) : step(state);
  },
};
