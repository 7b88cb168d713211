import { keyOf } from '../input/input.ts';
import { withSort } from '../jobs/jobs-view.ts';
import { SORTS, toggleSort } from '../jobs/sort-jobs.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { indexAfter, listMove } from '../state/list-move.ts';
import { step } from '../state/step.ts';

/** Enter sorts by what is chosen; what the jobs are sorted by already, the other way round. */
export const sortRules: DialogRules<'sort'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q' || key === 's') return closeDialog(state);
    const chosen = SORTS[dialog.index];
    if (key === 'enter' && chosen !== undefined)
      return step(withSort(closeDialog(state).state, toggleSort(state.jobs.table.sort, chosen.by)));
    const moved = listMove(input);
    if (moved === undefined) return step(state);
    return step({ ...state, dialog: { ...dialog, index: indexAfter(dialog.index, moved, SORTS.length) } });
  },
};
