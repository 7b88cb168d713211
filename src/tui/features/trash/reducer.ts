import { describeAuthor, findJobRow } from '../../home/home-data.ts';
import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { currentView, openDialog, step } from '../../kernel/step.ts';
import { clickedLine, type Input, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import {
  filterRows,
  inputToListFilter,
  LIST_FILTER_KEYS,
  type ListFilter,
  NO_LIST_FILTER,
} from '../../ui/list-filter.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import { startBatch } from '../batch/reducer.ts';
import { findConfig } from '../config-editor/config-state.ts';
import type { ViewRules } from '../define-feature.ts';
import type { TrashRow } from './model.ts';

/** The lines above the list: its heading. The lines below it describe the selected entry. */
export const TRASH_LINES_ABOVE = 1;
const LINES_BELOW = 4;
const FEW_LINES_BELOW = 2;
/** On a screen with fewer lines, the list has more of them. */
const ROOMY_ROWS = 14;

export const trashRules: ViewRules = {
  title: () => 'Trash',
  onInput: (state, input) => {
    const { filter } = state.trash;
    if (filter.isOpen && input.kind !== 'mouse')
      return step(withTrashFilter(state, inputToListFilter(filter, input)));
    if (keyOf(input) === 'escape' && filter.line.text !== '')
      return step(withTrashFilter(state, NO_LIST_FILTER));
    const row = rowAt(state, input);
    if (row !== undefined) return step(selectTrash(state, row));
    const by = wheelRows(input);
    return by === 0 ? undefined : step(selectTrash(state, state.trash.index + by));
  },
  footer: ({ trash: { filter } }) => (filter.isOpen ? LIST_FILTER_KEYS : undefined),
  subscriptions: () => [{ kind: 'trash' }, { kind: 'configs' }],
  rowAt,
};

function rowAt(state: State, input: Input): number | undefined {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const line = clickedLine(input, main.row + TRASH_LINES_ABOVE);
  if (line === undefined || line >= trashHeight(state)) return undefined;
  const row = state.trash.top + line;
  return row < listedTrashRows(state).length ? row : undefined;
}

export const trashReducer: Reducer = (state, event) => {
  if (event.kind === 'trash') {
    const next = { ...state, trash: { ...state.trash, rows: event.rows } };
    const found = listedTrashRows(next).findIndex(({ file }) => file === state.trash.selected);
    return step(selectTrash(next, found < 0 ? state.trash.index : found));
  }
  const isOpen = currentView(state).name === 'trash';
  return step(isOpen && event.kind === 'resize' ? selectTrash(state, state.trash.index) : state);
};

/** The entries that can be restored. Versions that equal the current configuration are left out. */
export function trashRows(state: State): readonly TrashRow[] {
  const { rows = [] } = state.trash;
  return rows.filter(
    ({ kind, id, revision }) => kind === 'job' || findConfig(state, id)?.revision !== revision,
  );
}

/** The entries that pass the filter. */
export function listedTrashRows(state: State): readonly TrashRow[] {
  return filterRows(trashRows(state), state.trash.filter, ({ kind, id, by, about }) =>
    [kind, id, describeAuthor(by), about].join(' '),
  );
}

/** Sets the filter. The selection stays while its entry is listed. */
export function withTrashFilter(state: State, filter: ListFilter): State {
  const filtered = { ...state, trash: { ...state.trash, filter } };
  const found = listedTrashRows(filtered).findIndex(({ file }) => file === state.trash.selected);
  return selectTrash(filtered, Math.max(0, found));
}

export function selectedTrash(state: State): TrashRow | undefined {
  return listedTrashRows(state)[state.trash.index];
}

export function selectTrash(state: State, row: number): State {
  const rows = listedTrashRows(state);
  const index = clamp(row, 0, Math.max(0, rows.length - 1));
  const top = scrollIntoView(index, state.trash.top, trashHeight(state), rows.length);
  return { ...state, trash: { ...state.trash, index, top, selected: rows[index]?.file } };
}

export function trashHeight(state: State): number {
  const { rows } = computeLayout(state, { hasSide: false, pane: 'main' }).main;
  return Math.max(1, rows - TRASH_LINES_ABOVE - (rows < ROOMY_ROWS ? FEW_LINES_BELOW : LINES_BELOW));
}

/** Why the selected entry cannot be restored. */
export function describeRestoreObstacle(state: State): string | undefined {
  const row = selectedTrash(state);
  if (row === undefined) return 'Nothing is selected.';
  if (row.kind === 'job' && findJobRow(state.home?.jobs ?? [], row.id) !== undefined)
    return `There is a job ${row.id} again: delete or rename that one first.`;
  if (row.kind === 'config' && findConfig(state, row.id)?.problem)
    return `The file of ${row.id} cannot be read, so it is not replaced.`;
  return undefined;
}

/** Whether the entry is an earlier text of a configuration that exists: it was replaced, not deleted. */
export function isEarlierVersion(state: State, { kind, id }: TrashRow): boolean {
  return kind === 'config' && findConfig(state, id) !== undefined;
}

/** Restores the selected entry. It asks first if a configuration with this name exists with another text. */
export function restoreSelected(state: State): Step {
  const row = selectedTrash(state);
  if (row === undefined) return step(state);
  const { kind, id, file } = row;
  if (kind === 'job') {
    const call = { name: 'restore_job', params: { job_id: id } } as const;
    return startBatch(state, {
      title: 'Restore',
      past: 'restored',
      hint: 'u undoes it.',
      steps: [{ jobId: id, call, reason: '' }],
    });
  }
  const present = findConfig(state, id)?.revision ?? null;
  const restore: Effect = { kind: 'restore_config', name: id, file, ifRevision: present };
  if (present === null) return step(state, restore);
  return openDialog(state, {
    kind: 'confirm',
    title: 'Restore this version?',
    lines: [id, '', 'It replaces the current text, which goes to the trash.'],
    effects: [restore],
    typed: '',
  });
}
