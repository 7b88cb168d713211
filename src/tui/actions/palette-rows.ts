import { keyOf } from '../input/input.ts';
import { closeDialog, type DialogRules } from '../state/dialog.ts';
import { indexAfter, listMoveInField } from '../state/list-move.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { ViewName } from '../state/view.ts';
import { editLine } from '../text/edit-line.ts';
import { type Action, availability, scopesOf } from './action.ts';
import { ACTIONS, reachableActions } from './action-table.ts';
import { COMMAND_ACTIONS } from './command-actions.ts';
import { formatKey } from './format-key.ts';
import { bestMatches, fuzzyScore, matchKind } from './fuzzy-score.ts';
import { performAction } from './press-key.ts';
import { SYNONYMS } from './synonyms.ts';
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
 * because the one that was meant is not available. What only a command does is among them and says so; where nothing
 * fits, what can be done elsewhere in the dashboard. Without a query those that can be done come first, the urgent before
 * the others, moving about last.
 */
export function paletteRows(state: State, query: string): readonly PaletteRow[] {
  const here = reachableActions(state).filter(({ id }) => id !== 'palette.open');
  const rowOf = (action: Action): PaletteRow => {
    const available = availability(action, state);
    const [key = ''] = workingKeys(state, action);
    return { action, key: formatKey(key), reason: available === true ? undefined : available };
  };
  if (query.trim() === '') return here.map(rowOf).sort((a, b) => rankOf(a, state) - rankOf(b, state));
  const all = [...here, ...COMMAND_ACTIONS];
  const found = [
    () => matchingActions(all, query, 'words'),
    () => matchingActions(actionsElsewhere(here), query, 'words'),
    // Letters here and there mean nothing in sentences.
    () => matchingActions(all, query, 'abbreviated'),
  ];
  for (const find of found) {
    const actions = find();
    if (actions.length > 0) return actions.map(rowOf);
  }
  return [];
}

function matchingActions(
  actions: readonly Action[],
  query: string,
  min: 'words' | 'abbreviated',
): readonly Action[] {
  return bestMatches(actions, ({ title, group, id }) => {
    const score = fuzzyScore(query, title, `${group} ${id}`, SYNONYMS[id]);
    return score === undefined || matchKind(score) !== min ? undefined : score;
  });
}

/** What can be done in other views, and in which: there it has a key. Moving about is the same everywhere. */
function actionsElsewhere(here: readonly Action[]): readonly Action[] {
  const titles = new Set(here.map(({ title }) => title));
  return ACTIONS.filter(({ title, group }) => group !== 'Move' && !titles.has(title)).map((action) => {
    const [scope = 'everywhere'] = scopesOf(action);
    const view = scope.split('/')[0] as ViewName;
    return { ...action, available: () => `Only ${SCOPE_LABELS[view]}.` };
  });
}

const SCOPE_LABELS: Readonly<Record<ViewName, string>> = {
  jobs: 'in the list of jobs',
  runs: 'in the runs of a job',
  log: 'in the log of a run',
  items: 'in the items of a run',
  timeline: 'in the timeline',
  form: 'in the form of a job',
  configs: 'in the configurations',
  config: 'in a configuration',
  trash: 'in the trash',
};

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
      return chosen === undefined ? step(state) : performAction(closeDialog(state).state, chosen.action);
    }
    const moved = listMoveInField(input);
    if (moved !== undefined) {
      const index = indexAfter(dialog.index, moved, rows.length);
      return step({ ...state, dialog: { ...dialog, index } });
    }
    const query = editLine(dialog.query, input);
    return query === undefined ? step(state) : step({ ...state, dialog: { ...dialog, query, index: 0 } });
  },
};
