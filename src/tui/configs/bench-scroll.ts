import { layoutOf } from '../layout.ts';
import { clamp, scrolledTo } from '../state/scroll.ts';
import type { State } from '../state/state.ts';
import { cellsOf } from '../text/fit.ts';
import { checkOf, draftOf, listedConfigs, shownYaml } from './configs-state.ts';
import { sideRows } from './side-rows.ts';
import { firstOfInterest, GUTTER_CELLS, type TextRow, textRows } from './text-rows.ts';

/** Selects the configuration at a row of the list; out of range is the first or last. */
export function selectConfig(state: State, row: number): State {
  const names = listedConfigs(state);
  const index = clamp(row, 0, Math.max(0, names.length - 1));
  const { list } = state.configs;
  const selected = names[index];
  const top = scrolledTo(index, list.top, mainRows(state), names.length);
  if (list.selected === selected && list.index === index && list.top === top) return state;
  const textTop = list.selected === selected ? state.configs.textTop : 0;
  return { ...state, configs: { ...state.configs, list: { selected, index, top }, textTop } };
}

/** Rows below the heading of the first pane, and of the second. */
export function mainRows(state: State): number {
  return Math.max(1, layoutOf(state, { hasSide: true, pane: 'main' }).main.rows - 1);
}

export function sidePane(state: State): { columns: number; rows: number } {
  const { side } = layoutOf(state, { hasSide: true, pane: 'side' });
  return { columns: side?.columns ?? 1, rows: Math.max(1, (side?.rows ?? 1) - 1) };
}

/** The rows of a configuration's text in a pane of so many columns. */
export function rowsOfText(state: State, name: string, columns: number): readonly TextRow[] {
  const draft = draftOf(state, name);
  return textRows({
    yaml: shownYaml(state, name),
    base: draft === undefined ? undefined : (draft.base?.yaml ?? draft.yaml),
    check: checkOf(state, name),
    columns,
  });
}

/** Scrolls the text of the bench. */
export function scrollText(state: State, by: number): State {
  const { bench } = state.configs;
  const top = clampTop(bench.top + by, benchText(state).length, mainRows(state));
  return top === bench.top ? state : { ...state, configs: { ...state.configs, bench: { ...bench, top } } };
}

export function scrollTextSideways(state: State, by: number): State {
  const { bench } = state.configs;
  const { main } = layoutOf(state, { hasSide: true, pane: 'main' });
  const widest = benchText(state).reduce((most, row) => Math.max(most, cellsOfRow(row)), 0);
  const left = clamp(bench.left + by, 0, Math.max(0, widest - (main.columns - GUTTER_CELLS)));
  return left === bench.left ? state : { ...state, configs: { ...state.configs, bench: { ...bench, left } } };
}

/** Scrolls what stands beside the text of the bench. */
export function scrollSide(state: State, by: number): State {
  const { bench } = state.configs;
  const { columns, rows } = sidePane(state);
  const sideTop = clampTop(bench.sideTop + by, sideRows(state, columns).length, rows);
  return sideTop === bench.sideTop
    ? state
    : { ...state, configs: { ...state.configs, bench: { ...bench, sideTop } } };
}

/** Scrolls the text beside the list. */
export function scrollListText(state: State, by: number): State {
  const { textTop, list } = state.configs;
  const { columns, rows } = sidePane(state);
  const count = list.selected === undefined ? 0 : rowsOfText(state, list.selected, columns).length;
  const next = clampTop(textTop + by, count, rows);
  return next === textTop ? state : { ...state, configs: { ...state.configs, textTop: next } };
}

/** Scrolls the bench so that what is wrong, or else what has changed, is on the screen. */
export function atFirstOfInterest(state: State, name: string): State {
  const { bench } = state.configs;
  if (bench.name !== name) return state;
  const rows = benchText(state);
  const at = firstOfInterest(rows);
  if (at === undefined) return state;
  const top = scrolledTo(at, bench.top, mainRows(state), rows.length);
  return { ...state, configs: { ...state.configs, bench: { ...bench, top } } };
}

export function benchText(state: State): readonly TextRow[] {
  const { main } = layoutOf(state, { hasSide: true, pane: 'main' });
  return rowsOfText(state, state.configs.bench.name, main.columns);
}

function clampTop(top: number, count: number, rows: number): number {
  return clamp(top, 0, Math.max(0, count - rows));
}

function cellsOfRow(row: TextRow): number {
  return row.kind === 'note' ? 0 : row.spans.reduce((sum, { text }) => sum + cellsOf(text), 0);
}

/** Where there is room for one pane only, goes to the second. */
export function atSideWhenSingle(state: State): State {
  return layoutOf(state, { hasSide: true, pane: 'main' }).kind === 'single'
    ? { ...state, pane: 'side' }
    : state;
}
