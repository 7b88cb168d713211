import { perform } from '../actions/press.ts';
import { UNDO } from '../actions/undo.ts';
import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { listMove, overlaidRows } from '../state/list-move.ts';
import { clamp } from '../state/scroll.ts';
import { step } from '../state/step.ts';
import type { Batch, BatchStep } from './batch.ts';
import { batchOf } from './batches.ts';

/** A batch's steps as they are listed: what was refused first, each group in its order. */
export function resultRows({ steps, refused: count }: Batch): readonly BatchStep[] {
  if (count === 0) return steps;
  const refused = steps.filter(({ outcome }) => outcome === 'refused');
  return [...refused, ...steps.filter(({ outcome }) => outcome !== 'refused')];
}

/** The list of what became of each job. Closing it stops nothing; `u` undoes what was done last. */
export const resultsRules: DialogRules<'results'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (CLOSING.includes(key)) return closeDialog(state);
    if (key === 'u') return perform(closeDialog(state).state, UNDO);
    const move = listMove(input);
    if (move === undefined) return step(state);
    const rows = batchOf(state, dialog.batch)?.steps.length ?? 0;
    const top = clamp(dialog.top + move, 0, Math.max(0, rows - overlaidRows(state)));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];
