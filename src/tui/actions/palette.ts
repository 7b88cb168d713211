import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { indexAfter, moveBesideField } from '../state/list-move.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { editLine } from '../text/edit-line.ts';
import { type Action, availability } from './action.ts';
import { keyWords } from './key-words.ts';
import { closestOf, matchOf } from './match.ts';
import { perform } from './press.ts';
import { reachableActions } from './table.ts';
import { workingKeys } from './working-keys.ts';

export interface PaletteRow {
  action: Action;
  /** The key that does it from here; empty where there is none. */
  key: string;
  /** Why it cannot be done now. */
  reason: string | undefined;
}

/**
 * The actions that fit the query, the closest first, whether they can be done now or not: Enter must never do another one
 * because the one that was meant is not available. Without a query those that can be done come first, the urgent before
 * the others, moving about last.
 */
export function paletteRows(state: State, query: string): readonly PaletteRow[] {
  const others = reachableActions(state).filter(({ id }) => id !== 'palette.open');
  const found = closestOf(others, ({ title, group, id }) => matchOf(query, title, `${group} ${id}`));
  const rows = found.map((action): PaletteRow => {
    const available = availability(action, state);
    const [key = ''] = workingKeys(state, action);
    return { action, key: keyWords(key), reason: available === true ? undefined : available };
  });
  return query.trim() === '' ? rows.sort((a, b) => rankOf(a, state) - rankOf(b, state)) : rows;
}

function rankOf({ action, reason }: PaletteRow, state: State): number {
  if (reason === undefined && action.urgent?.(state) !== undefined) return -1;
  return (reason === undefined ? 0 : 2) + (action.group === 'Move' ? 1 : 0);
}

export const paletteRules: DialogRules<'palette'> = {
  onInput(state, dialog, input) {
    const rows = paletteRows(state, dialog.query.text);
    const key = keyOf(input);
    if (key === 'escape') return closeDialog(state);
    if (key === 'enter') {
      const chosen = rows[dialog.index];
      return chosen === undefined ? step(state) : perform(closeDialog(state).state, chosen.action);
    }
    const moved = moveBesideField(input);
    if (moved !== undefined) {
      const index = indexAfter(dialog.index, moved, rows.length);
      return step({ ...state, dialog: { ...dialog, index } });
    }
    const query = editLine(dialog.query, input);
    return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, index: 0 } });
  },
};
