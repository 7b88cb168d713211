import { displayWidth } from '../../../core/lib/display-width.ts';
import type { State } from '../../kernel/model.ts';
import { currentView } from '../../kernel/step.ts';
import type { Input } from '../../ui/input.ts';
import { computeLayout, type Layout, type PaneRules, USUAL_PANES } from '../../ui/layout.ts';
import { inputToListFilter, type ListFilter, NO_LIST_FILTER, openListFilter } from '../../ui/list-filter.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import { currentYaml, findCheck, findDraft, listedConfigs } from './config-state.ts';
import { markedSelectors } from './repair-state.ts';
import { sideRows } from './side-rows.ts';
import { findSelectorRow, firstOfInterest, GUTTER_CELLS, type TextRow, textRows } from './text-rows.ts';

/** Selects the configuration at a row of the list. The row is clamped to the list. */
export function selectConfig(state: State, row: number): State {
  const names = listedConfigs(state);
  const index = clamp(row, 0, Math.max(0, names.length - 1));
  const { list } = state.configs;
  const selected = names[index];
  const top = scrollIntoView(index, list.top, configMainRows(state), names.length);
  if (list.selected === selected && list.index === index && list.top === top) return state;
  const textTop = list.selected === selected ? state.configs.textTop : 0;
  return { ...state, configs: { ...state.configs, list: { selected, index, top }, textTop } };
}

/** The list of configurations leaves rows that it cannot use to the text below it. */
export function configPanes(state: State): PaneRules {
  const isList = currentView(state).name === 'configs' && state.configs.rows !== undefined;
  return isList ? { ...USUAL_PANES, mainRows: (state.configs.rows?.length ?? 0) + 1 } : USUAL_PANES;
}

/** Where the list and the text of the selected configuration are, or a text and what was found about it. */
export function configLayout(state: State, pane = state.pane): Layout {
  return computeLayout(state, { hasSide: true, pane, panes: configPanes(state) });
}

/** The number of rows below the heading of the first pane. */
export function configMainRows(state: State): number {
  return Math.max(1, configLayout(state, 'main').main.rows - 1);
}

export function sidePane(state: State): { columns: number; rows: number } {
  const { side } = configLayout(state, 'side');
  return { columns: side?.columns ?? 1, rows: Math.max(1, (side?.rows ?? 1) - 1) };
}

/** The rows of a configuration's text in a pane of this many columns. */
export function rowsOfText(state: State, name: string, columns: number): readonly TextRow[] {
  const draft = findDraft(state, name);
  return textRows({
    yaml: currentYaml(state, name),
    base: draft === undefined ? undefined : (draft.base?.yaml ?? draft.yaml),
    check: findCheck(state, name),
    columns,
  });
}

/** Scrolls the text in the configuration editor. */
export function scrollText(state: State, by: number): State {
  const { editor } = state.configs;
  const top = clampTop(editor.top + by, configEditorRows(state).length, configMainRows(state));
  return top === editor.top ? state : { ...state, configs: { ...state.configs, editor: { ...editor, top } } };
}

export function scrollTextSideways(state: State, by: number): State {
  const { editor } = state.configs;
  const { main } = configLayout(state, 'main');
  const widest = configEditorRows(state).reduce((max, row) => Math.max(max, cellsOfRow(row)), 0);
  const left = clamp(editor.left + by, 0, Math.max(0, widest - (main.columns - GUTTER_CELLS)));
  return left === editor.left
    ? state
    : { ...state, configs: { ...state.configs, editor: { ...editor, left } } };
}

/** Scrolls the side pane of the configuration editor. */
export function scrollSide(state: State, by: number): State {
  const { editor } = state.configs;
  const { columns, rows } = sidePane(state);
  const sideTop = clampTop(editor.sideTop + by, sideRows(state, columns).length, rows);
  return sideTop === editor.sideTop
    ? state
    : { ...state, configs: { ...state.configs, editor: { ...editor, sideTop } } };
}

/** Scrolls the text beside the list. */
export function scrollListText(state: State, by: number): State {
  const { textTop, list } = state.configs;
  const { columns, rows } = sidePane(state);
  const count = list.selected === undefined ? 0 : rowsOfText(state, list.selected, columns).length;
  const next = clampTop(textTop + by, count, rows);
  return next === textTop ? state : { ...state, configs: { ...state.configs, textTop: next } };
}

/** Scrolls the configuration editor to the first problem, or to the first change if there is no problem. */
export function scrollToFirstOfInterest(state: State, name: string): State {
  const { editor } = state.configs;
  if (editor.name !== name) return state;
  const rows = configEditorRows(state);
  const at = firstOfInterest(rows);
  if (at === undefined) return state;
  const top = scrollIntoView(at, editor.top, configMainRows(state), rows.length);
  return { ...state, configs: { ...state.configs, editor: { ...editor, top } } };
}

/** Scrolls the text to the broken selector that is the next to repair. */
export function scrollToBroken(state: State): State {
  const { editor } = state.configs;
  const rows = configEditorRows(state);
  const [at] = markedRows(state, rows);
  if (at === undefined) return state;
  const top = scrollIntoView(at, editor.top, configMainRows(state), rows.length);
  return { ...state, configs: { ...state.configs, editor: { ...editor, top } } };
}

/** The numbers of the rows that have broken selectors, that of the next to repair first. */
export function markedRows(state: State, rows: readonly TextRow[]): readonly number[] {
  return markedSelectors(state)
    .map((selector) => findSelectorRow(rows, selector))
    .filter((at) => at >= 0);
}

export function configEditorRows(state: State): readonly TextRow[] {
  const { main } = configLayout(state, 'main');
  return rowsOfText(state, state.configs.editor.name, main.columns);
}

function clampTop(top: number, count: number, rows: number): number {
  return clamp(top, 0, Math.max(0, count - rows));
}

function cellsOfRow(row: TextRow): number {
  return row.kind === 'note' ? 0 : row.spans.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Focuses the second pane when there is room for one pane only. */
export function focusSideWhenSingle(state: State): State {
  return configLayout(state, 'main').kind === 'single' ? { ...state, pane: 'side' } : state;
}

/** Opens the filter line with the current filter in it. */
export function openConfigFilter(state: State): State {
  return withFilter(state, openListFilter(state.configs.filter));
}

/** Clears the filter, so that all configurations are listed. */
export function clearConfigFilter(state: State): State {
  return state.configs.filter.line.text === '' ? state : withFilter(state, NO_LIST_FILTER);
}

/** The state after an input to the open filter line. */
export function inputToConfigFilter(state: State, input: Input): State {
  const filter = inputToListFilter(state.configs.filter, input);
  return filter === state.configs.filter ? state : withFilter(state, filter);
}

/** The selection stays if its configuration is still listed. Otherwise the first one is selected. */
function withFilter(state: State, filter: ListFilter): State {
  const filtered = { ...state, configs: { ...state.configs, filter } };
  const { selected } = state.configs.list;
  return selectConfig(filtered, selected === undefined ? 0 : listedConfigs(filtered).indexOf(selected));
}
