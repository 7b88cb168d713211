import { performAction } from '../actions/press-key.ts';
import { quit } from '../actions/quit.ts';
import { UNDO } from '../actions/undo-actions.ts';
import { keyOf } from '../input/input.ts';
import { memoize } from '../memoize.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { listMove, overlayRows } from '../state/list-move.ts';
import { clamp } from '../state/scroll.ts';
import { step } from '../state/step.ts';
import { textWidth } from '../text/fit.ts';
import { type Batch, type BatchStep, isFinished } from './batch.ts';
import { findBatch } from './batches.ts';

/** A batch's steps as they are listed, and how many cells the longest of their ids and texts takes. */
export interface ResultTable {
  readonly rows: readonly BatchStep[];
  readonly idCells: number;
  readonly textCells: number;
}

/** Made once for each state of a batch: it may have thousands of steps. */
export const resultTable = memoize((batch: Batch): ResultTable => {
  const rows = resultRows(batch);
  return {
    rows,
    idCells: widest(rows.map(({ jobId }) => jobId)),
    textCells: widest(rows.map(describeResult)),
  };
});

/** What was refused first, each group in its order. */
function resultRows({ steps, refused: count }: Batch): readonly BatchStep[] {
  if (count === 0) return steps;
  const refused = steps.filter(({ outcome }) => outcome === 'refused');
  return [...refused, ...steps.filter(({ outcome }) => outcome !== 'refused')];
}

/** What is to be said of a step. */
export function describeResult({ outcome, reason, note = '' }: BatchStep): string {
  return outcome === 'refused' ? reason : note;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((max, text) => Math.max(max, textWidth(text)), 4);
}

/**
 * The list of what became of each job. Closing it stops nothing; `u` undoes what was done last. While some have not had
 * their turn, `q` leaves the dashboard, as it does without the list: who only wanted to close it is asked.
 */
export const resultsRules: DialogRules<'results'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'q' && isRunning(findBatch(state, dialog.batch))) return quit(closeDialog(state).state);
    if (CLOSING.includes(key)) return closeDialog(state);
    if (key === 'u') return performAction(closeDialog(state).state, UNDO);
    const move = listMove(input);
    if (move === undefined) return step(state);
    const rows = findBatch(state, dialog.batch)?.steps.length ?? 0;
    const top = clamp(dialog.top + move, 0, Math.max(0, rows - overlayRows(state)));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

function isRunning(batch: Batch | undefined): boolean {
  return batch !== undefined && !isFinished(batch);
}

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];
