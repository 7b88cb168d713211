import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { indexAfter, moveBesideField } from '../state/list-move.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { editLine } from '../text/edit-line.ts';
import { type Action, availability, GROUPS, type Group } from './action.ts';
import { keyWords } from './key-words.ts';
import { reachableActions } from './table.ts';
import { workingKeys } from './working-keys.ts';

/** A line of help: a group's name, or an action with its keys. */
export type HelpRow =
  | { kind: 'group'; group: Group }
  | { kind: 'action'; action: Action; keys: string; available: boolean };

/** What can be done here, by group; with a query only what has all its words in title, keys or group. */
export function helpRows(state: State, query: string): readonly HelpRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = reachableActions(state)
    .map((action) => ({ action, keys: workingKeys(state, action).map(keyWords).join(', ') }))
    .filter(({ action, keys }) => {
      const text = `${action.title} ${action.group} ${keys}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  return GROUPS.flatMap((group): HelpRow[] => {
    const own = rows.filter(({ action }) => action.group === group);
    if (own.length === 0) return [];
    const lines = own.map(({ action, keys }): HelpRow => {
      return { kind: 'action', action, keys, available: availability(action, state) === true };
    });
    return [{ kind: 'group', group }, ...lines];
  });
}

export const helpRules: DialogRules<'help'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'enter') return closeDialog(state);
    if (key === '?' && dialog.query.text === '') return closeDialog(state);
    const moved = moveBesideField(input);
    if (moved !== undefined) {
      const top = indexAfter(dialog.top, moved, helpRows(state, dialog.query.text).length);
      return step({ ...state, dialog: { ...dialog, top } });
    }
    const query = editLine(dialog.query, input);
    return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, top: 0 } });
  },
};
