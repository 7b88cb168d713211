import { describeAuthor, findJobRow } from '../../home/home-data.ts';
import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { currentView, openDialog, step } from '../../kernel/step.ts';
import { clickedLine, type Input } from '../../ui/input.ts';
import { computeLayout, isInRect, type Layout, type PaneRules } from '../../ui/layout.ts';
import { filterRows, type ListFilter } from '../../ui/list-filter.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import { startBatch } from '../batch/reducer.ts';
import { findConfig } from '../config-editor/config-state.ts';
import { type TextRow, textRows, wrapTextRows } from '../config-editor/text-rows.ts';
import type { TrashRow } from './model.ts';

/** The lines above the list: its heading. The lines below it describe the selected entry. */
export const TRASH_LINES_ABOVE = 1;
const LINES_BELOW = 4;
const FEW_LINES_BELOW = 2;
/** On a screen with fewer lines, the list has more of them. */
const ROOMY_ROWS = 14;

/** The text of an entry stands beside the list where there is room, and nowhere else. */
export const TRASH_PANES: PaneRules = {
  wideFrom: 150,
  minMain: 84,
  wideShare: 0.45,
  maxSide: 120,
  canZoom: true,
  onlyBeside: true,
};

/** Where the list and the text of the selected entry are. */
export function trashLayout(state: State): Layout {
  return computeLayout(state, { hasSide: true, pane: state.pane, panes: TRASH_PANES });
}

/** The row of the list that is clicked. */
export function trashRowAt(state: State, input: Input): number | undefined {
  const { main, mainShown } = trashLayout(state);
  const line = clickedLine(input, main.row + TRASH_LINES_ABOVE);
  if (line === undefined || line >= trashHeight(state)) return undefined;
  if (!mainShown || input.kind !== 'mouse' || !isInRect(main, input)) return undefined;
  const row = state.trash.top + line;
  return row < listedTrashRows(state).length ? row : undefined;
}

export const trashReducer: Reducer = (state, event) => {
  if (event.kind === 'trash') {
    const next = { ...state, trash: { ...state.trash, rows: event.rows } };
    const found = listedTrashRows(next).findIndex(({ file }) => file === state.trash.selected);
    return step(selectTrash(next, found < 0 ? state.trash.index : found));
  }
  if (event.kind === 'trash_text') {
    const { kind: _, ...text } = event;
    return step({ ...state, trash: { ...state.trash, text } });
  }
  const isOpen = currentView(state).name === 'trash';
  if (!isOpen || event.kind !== 'resize') return step(state);
  return step(scrollTrashText(selectTrash(withShownPane(state), state.trash.index), 0));
};

/** Keys never go to a text for which the screen has become too narrow. */
function withShownPane(state: State): State {
  const isGone = state.pane === 'side' && trashLayout(state).side === undefined;
  return isGone ? { ...state, pane: 'main' } : state;
}

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
  const selected = rows[index]?.file;
  const textTop = selected === state.trash.selected ? state.trash.textTop : 0;
  return { ...state, trash: { ...state.trash, index, top, selected, textTop } };
}

/** Scrolls the text beside the list. */
export function scrollTrashText(state: State, by: number): State {
  const { side } = trashLayout(state);
  if (side === undefined) return state;
  const last = Math.max(0, trashTextRows(state, side.columns).length - trashTextHeight(state));
  const textTop = clamp(state.trash.textTop + by, 0, last);
  return textTop === state.trash.textTop ? state : { ...state, trash: { ...state.trash, textTop } };
}

/** The number of visible rows of the text: all below its heading. */
export function trashTextHeight(state: State): number {
  return Math.max(1, (trashLayout(state).side?.rows ?? 1) - 1);
}

/** The rows of the selected entry's text, none of them cut; none until it was read. */
export function trashTextRows(state: State, columns: number): readonly TextRow[] {
  const { text } = state.trash;
  if (text === undefined || text.file !== state.trash.selected) return [];
  return wrapTextRows(textRows({ yaml: text.text, base: undefined, check: undefined, columns }), columns);
}

export function trashHeight(state: State): number {
  const { rows } = trashLayout(state).main;
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
