import type { DialogProps, DialogRules } from '../features/define-feature.ts';
import { type Action, availability, GROUPS, type Group, scopesOf } from '../kernel/action.ts';
import { formatKey } from '../kernel/key-bindings.ts';
import type { State } from '../kernel/model.ts';
import { closeDialog, step } from '../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine, queryLine, textLine } from '../ui/components/overlay.tsx';
import { type TextColumn, tableLines } from '../ui/components/text-table.tsx';
import { keyOf } from '../ui/input.ts';
import { clamp, indexAfter, listMoveInField } from '../ui/scroll.ts';
import type { TextSpan } from '../ui/styled-row.ts';
import { editLine } from '../ui/text/edit-line.ts';
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

/** The width of the keys, with a blank before them. */
export const KEY_CELLS = 15;
/** Wide enough for the longest titles beside their keys. */
const MAX_COLUMNS = 112;

export function HelpDialog({ state, dialog, body }: DialogProps<'help'>) {
  const rows = helpRows(state, dialog.query.text);
  const rect = centerRect(body, MAX_COLUMNS, body.rows);
  const inner = rect.columns - 4;
  const height = Math.max(1, rect.rows - 3);
  const top = clamp(dialog.top, 0, Math.max(0, rows.length - height));
  const lines = helpLines(rows.slice(top, top + height), inner);
  return (
    <Overlay
      rect={rect}
      title={`Keys (${rows.length - height > top ? 'more below' : 'end'}), ${programTitle(state)}`}
      lines={[queryLine('find', dialog.query, inner), ...lines]}
    />
  );
}

/** The name of each group, and a table of its actions. */
function helpLines(rows: readonly HelpRow[], inner: number): OverlayLine[] {
  const columns: TextColumn[] = [
    { title: 'KEYS', cells: KEY_CELLS },
    { title: 'ACTION', cells: inner - KEY_CELLS - 4 },
  ];
  const lines: OverlayLine[] = [];
  let cells: TextSpan[][] = [];
  const endTable = () => {
    if (cells.length > 0) lines.push(tableLines(`table ${lines.length}`, { columns, rows: cells }));
    cells = [];
  };
  for (const row of rows) {
    if (row.kind === 'action') {
      const style = row.available ? 'plain' : 'faint';
      cells.push([
        { text: ` ${row.keys}`, style: 'key' },
        { text: row.action.title, style },
      ]);
    } else {
      endTable();
      lines.push(textLine(row.group, row.group, 'heading', inner));
    }
  }
  endTable();
  return lines;
}
