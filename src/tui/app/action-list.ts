import type { DialogOf, State, Step } from '../kernel/model.ts';
import { closeDialog, step } from '../kernel/step.ts';
import { type Input, keyOf } from '../ui/input.ts';
import { indexAfter, listMoveInField } from '../ui/scroll.ts';
import { editLine } from '../ui/text/edit-line.ts';

/** The dialogs that list actions below a text that is searched for. */
type ActionListDialog = DialogOf<'palette'> | DialogOf<'help'>;

interface ActionList<T> {
  /** The rows that can be selected. */
  readonly rows: readonly T[];
  /** What Enter does. */
  run(row: T): Step;
  /** By how many rows an input moves; default: {@link listMoveInField}. */
  moveOf?(input: Input): number | undefined;
}

/** The step after an input to the palette or to the help: both move, search, run and close alike. */
export function inputToActionList<T>(
  state: State,
  dialog: ActionListDialog,
  input: Input,
  { rows, run, moveOf = listMoveInField }: ActionList<T>,
): Step {
  const key = keyOf(input);
  if (key === 'escape') return closeDialog(state);
  const select = (index: number) => step({ ...state, dialog: { ...dialog, index } });
  const selected = rows[dialog.index];
  if (key === 'enter') return selected === undefined ? step(state) : run(selected);
  const moved = moveOf(input);
  if (moved !== undefined) return select(indexAfter(dialog.index, moved, rows.length));
  const query = editLine(dialog.query, input);
  return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, index: 0 } });
}
