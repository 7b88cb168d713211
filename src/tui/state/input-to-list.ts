import { type Input, keyOf } from '../input/input.ts';
import { closeDialog, type DialogOf } from './dialog.ts';
import { indexAfter, listMove } from './list-move.ts';
import type { State } from './state.ts';
import { type Step, step } from './step.ts';

type ListDialog = DialogOf<'journal'> | DialogOf<'activity'>;

/** What an input does in a list that lies over the view: Esc and q close it, Enter closes it and takes the chosen row. */
export function inputToList<T>(
  state: State,
  dialog: ListDialog,
  input: Input,
  { rows, take }: { rows: readonly T[]; take: (closed: State, row: T) => Step },
): Step {
  const key = keyOf(input);
  if (key === 'escape' || key === 'q') return closeDialog(state);
  const move = listMove(input);
  if (move !== undefined) {
    const index = indexAfter(dialog.index, move, rows.length);
    return step({ ...state, dialog: { ...dialog, index } });
  }
  const row = rows[dialog.index];
  if (key !== 'enter' || row === undefined) return step(state);
  return take(closeDialog(state).state, row);
}
