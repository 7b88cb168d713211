import { SORTS, sortedBy } from '../jobs/sort-jobs.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { withSort } from '../state/jobs-view.ts';
import { clamp } from '../state/scroll.ts';
import { step } from '../state/step.ts';

const MOVES: Readonly<Record<string, number>> = { up: -1, k: -1, 'shift+tab': -1, down: 1, j: 1, tab: 1 };

/** Enter sorts by what is chosen; what the jobs are sorted by already, the other way round. */
export const sortRules: DialogRules<'sort'> = {
  onInput(state, dialog, input) {
    const key = input.kind === 'key' ? input.key : '';
    if (key === 'escape' || key === 'q' || key === 's') return closeDialog(state);
    const chosen = SORTS[dialog.index];
    if (key === 'enter' && chosen !== undefined)
      return step(withSort(closeDialog(state).state, sortedBy(state.jobs.table.sort, chosen.by)));
    const moved = MOVES[key];
    if (moved === undefined) return step(state);
    return step({ ...state, dialog: { ...dialog, index: clamp(dialog.index + moved, 0, SORTS.length - 1) } });
  },
};
