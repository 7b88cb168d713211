import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { indexAfter, listMoveInField } from '../state/list-move.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { editLine } from '../text/edit-line.ts';
import { type Action, availability, GROUPS, type Group, scopesOf } from './action.ts';
import { reachableActions } from './action-table.ts';
import { formatKey } from './format-key.ts';
import { workingKeys } from './working-keys.ts';

/** A line of help: the name of a group, or an action with its keys. */
export type HelpRow =
  | { kind: 'group'; group: string }
  | { kind: 'action'; action: Action; keys: string; available: boolean };

/**
 * What can be done here, by group: first what is of this view alone, then moving about, then what can be done everywhere.
 * With a query only what has all its words in title, keys or group. What has no key is reached with that of the palette.
 */
export function helpRows(state: State, query: string): readonly HelpRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = paletteKey(state);
  const rows = reachableActions(state)
    .map((action) => {
      const keys = workingKeys(state, action).map(formatKey).join(', ');
      return { action, section: sectionOf(action), keys: keys === '' ? byName : keys };
    })
    .filter(({ action, section, keys }) => {
      const text = `${action.title} ${section} ${keys}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  return SECTIONS.flatMap((group): HelpRow[] => {
    const own = rows.filter(({ section }) => section === group);
    if (own.length === 0) return [];
    const lines = own.map(({ action, keys }): HelpRow => {
      return { kind: 'action', action, keys, available: availability(action, state) === true };
    });
    return [{ kind: 'group', group }, ...lines];
  });
}

const LAST_GROUPS: readonly Group[] = ['Find', 'View'];
const OWN_GROUPS = [
  ...GROUPS.filter((group) => group !== 'Move' && !LAST_GROUPS.includes(group)),
  ...LAST_GROUPS,
];
const SECTIONS: readonly string[] = [...OWN_GROUPS, 'Move', ...OWN_GROUPS.map(everywhere)];

function sectionOf(action: Action): string {
  return scopesOf(action).includes('everywhere') ? everywhere(action.group) : action.group;
}

function everywhere(group: string): string {
  return `${group}, everywhere`;
}

/** How an action is reached that has no key: `: by name`. */
function paletteKey(state: State): string {
  const palette = reachableActions(state).find(({ id }) => id === 'palette.open');
  const [key] = palette === undefined ? [] : workingKeys(state, palette);
  return key === undefined ? '' : `${formatKey(key)} by name`;
}

export const helpRules: DialogRules<'help'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'enter') return closeDialog(state);
    if (key === '?' && dialog.query.text === '') return closeDialog(state);
    const moved = listMoveInField(input);
    if (moved !== undefined) {
      const top = indexAfter(dialog.top, moved, helpRows(state, dialog.query.text).length);
      return step({ ...state, dialog: { ...dialog, top } });
    }
    const query = editLine(dialog.query, input);
    return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, top: 0 } });
  },
};
