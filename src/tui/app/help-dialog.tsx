import type { DialogProps, DialogRules } from '../features/define-feature.ts';
import type { Action, Group } from '../kernel/action.ts';
import { availability, GROUPS, scopesOf } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { closeDialog, step } from '../kernel/step.ts';
import type { OverlayLine } from '../ui/components/overlay.tsx';
import { centerRect, Overlay, queryLine } from '../ui/components/overlay.tsx';
import { Text } from '../ui/components/text.tsx';
import { keyOf } from '../ui/input.ts';
import { clamp, indexAfter, listMoveInField } from '../ui/scroll.ts';
import { editLine } from '../ui/text/edit-line.ts';
import { fitTo } from '../ui/text/fit.ts';
import { reachableActions, workingKeys } from './actions.ts';
import { programTitle } from './header.ts';

/** A line of the help: a group's name, or an action with its keys. */
type HelpRow =
  | { kind: 'group'; group: string }
  | { kind: 'action'; action: Action; keys: string; available: boolean };

/**
 * The actions of the active scopes by group: first those of this view, then movement, then those of every view. A query
 * keeps only actions with all its words in title, keys or group. Actions without a key show the palette's key.
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

/** How to reach an action without a key: `: by name`. */
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

const KEY_CELLS = 18;
/** Wide enough for the longest titles beside their keys. */
const WIDEST = 112;

export function HelpDialog({ state, dialog, body }: DialogProps<'help'>) {
  const rows = helpRows(state, dialog.query.text);
  const rect = centerRect(body, WIDEST, body.rows);
  const inner = rect.columns - 4;
  const height = Math.max(1, rect.rows - 3);
  const top = clamp(dialog.top, 0, Math.max(0, rows.length - height));
  const lines: OverlayLine[] = rows.slice(top, top + height).map((row) => ({
    key: row.kind === 'group' ? row.group : row.action.id,
    cells: inner,
    content: <Row row={row} inner={inner} />,
  }));
  return (
    <Overlay
      rect={rect}
      title={`Keys (${rows.length - height > top ? 'more below' : 'end'}), ${programTitle(state)}`}
      lines={[queryLine('find', dialog.query, inner), ...lines]}
    />
  );
}

function Row({ row, inner }: { row: HelpRow; inner: number }) {
  if (row.kind === 'group') return <Text style="heading">{fitTo(row.group, inner)}</Text>;
  return (
    <>
      <Text style="key">{fitTo(`  ${row.keys}`, KEY_CELLS)}</Text>
      <Text style={row.available ? 'plain' : 'faint'}>{fitTo(row.action.title, inner - KEY_CELLS)}</Text>
    </>
  );
}
