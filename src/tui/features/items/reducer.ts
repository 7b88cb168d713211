import { withHint } from '../../../core/lib/text.ts';
import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import type { ViewRules } from '../define-feature.ts';
import { openJobView } from '../runs/reducer.ts';
import {
  changeColumns,
  itemColumnsOf,
  lastScrollColumn,
  toItemChanges,
  visibleColumnsFrom,
} from './item-columns.ts';
import { followHistory, takeHistory } from './item-history.ts';
import {
  type ComparedRuns,
  EMPTY_ITEMS,
  ITEMS_PER_PAGE,
  type Item,
  type ItemPage,
  type ItemsEvent,
  type ItemsRequest,
  type ItemsSlice,
  type ItemsState,
  type ItemsStep,
  type ItemsView,
} from './model.ts';

export const itemsRules: ViewRules = {
  title: ({ items: { jobId, runId, withRunId, slice } }) => {
    if (slice.mode === 'items') return `${jobId} · items of ${runId}`;
    const from = withRunId === undefined ? 'with' : `from ${withRunId} to`;
    return `${jobId} · what changed ${from} ${runId}`;
  },
  onInput: (state, input) => {
    if (keyOf(input) === 'escape' && state.items.slice.open) return dispatchToItems(state, { kind: 'close' });
    const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
    const line = clickedLine(input, main.row + LINES_ABOVE);
    const { slice } = state.items;
    const row = itemsTop(slice, itemsView(state)) + (line ?? 0);
    if (line !== undefined && !slice.open && row < rowCount(slice))
      return dispatchToItems(state, { kind: 'row', by: row - slice.row });
    const by = wheelRows(input);
    return by === 0 ? undefined : dispatchToItems(state, { kind: 'row', by });
  },
};

/** The width before each row: the pointer and the change mark. */
export const ITEM_MARK_CELLS = 4;
const LINES_ABOVE = 2;

export function itemsView(state: State): ItemsView {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  return {
    columns: Math.max(1, state.columns - ITEM_MARK_CELLS),
    rows: Math.max(1, main.rows - LINES_ABOVE),
  };
}

/** Opens the items of a run, or their differences from an earlier run. */
export function openItems(state: State, runs: ComparedRuns, mode: ItemsSlice['mode']): Step {
  const items: ItemsState = { ...runs, slice: EMPTY_ITEMS };
  const run = { jobId: runs.jobId, runId: runs.runId };
  const opened = openJobView({ ...state, items }, { name: 'items', ...run });
  const read: Effect = { kind: 'read_items', ...run, first: 0, count: ITEMS_PER_PAGE };
  if (mode === 'items') return step(opened.state, ...opened.effects, read);
  // The changes are requested after the run's items were read.
  const requested = { ...opened.state, items: { ...items, slice: { ...EMPTY_ITEMS, mode } } };
  return step(requested, ...opened.effects, read);
}

/** The step for an event in the items view. */
export function dispatchToItems(state: State, event: ItemsEvent): Step {
  const { items } = state;
  const { slice, requests } = reduceItems(items.slice, itemsView(state), event);
  if (slice === items.slice && requests.length === 0) return step(state);
  const { jobId, runId, withRunId } = items;
  const effects = requests.map((request): Effect => {
    if (request.kind === 'page')
      return { kind: 'read_items', jobId, runId, first: request.first, count: request.count };
    const params = {
      run_id: runId,
      limit: 100,
      ...(withRunId !== undefined && { with_run_id: withRunId }),
    };
    return { kind: 'call', name: 'compare_runs', params, tag: tagOf(items), quiet: true };
  });
  const next = step({ ...state, items: { ...items, slice } }, ...effects);
  return dispatchOpen(next);
}

/** Records the items that were read and their differences from an earlier run. */
export const itemsReducer: Reducer = (state, event) => {
  const { runId } = state.items;
  if (runId === '' || !state.views.some(({ name }) => name === 'items')) return step(state);
  const told = takeHistory(state, event);
  // The key is known now: its history is requested next.
  if (told !== undefined) return dispatchOpen(told);
  if (event.kind === 'items')
    return event.runId === runId ? dispatchToItems(state, event.event) : step(state);
  if (event.kind === 'answer' && event.name === 'compare_runs' && event.tag === tagOf(state.items)) {
    if (event.ok) return dispatchToItems(state, { kind: 'changes', changes: toItemChanges(event.output) });
    const { message, hint } = event.failure;
    return dispatchToItems(state, { kind: 'problem', text: withHint(message, hint) });
  }
  return step(state);
};

function dispatchOpen(told: Step): Step {
  const { slice } = told.state.items;
  return slice.open ? followHistory(told, itemAt(slice, slice.row)) : told;
}

/** The tag differs for each comparison of the same run, so that a late answer is recognized. */
function tagOf({ runId, withRunId = '' }: ComparedRuns): string {
  return `items.${runId}${withRunId && `.${withRunId}`}`;
}

/** The state after an event, with the requests for further data. */
export function reduceItems(slice: ItemsSlice, view: ItemsView, event: ItemsEvent): ItemsStep {
  switch (event.kind) {
    case 'page':
      return withChanges(placed(withPage(slice, event.page), view, slice.row));
    case 'changes': {
      const columns = changeColumns(event.changes.rows, slice.columns);
      return placed({ ...slice, changes: event.changes, columns, problem: undefined }, view, 0);
    }
    case 'problem':
      return itemsStep({ ...slice, problem: event.text, reading: false });
    case 'row':
      return placed(slice, view, slice.row + event.by);
    case 'column': {
      const column = clamp(slice.column + event.by, 0, lastScrollColumn(slice.columns, view.columns));
      return itemsStep({ ...slice, column });
    }
    case 'mode': {
      const mode = slice.mode === 'items' ? 'changes' : 'items';
      const turned = { ...slice, mode, row: 0, top: 0, open: false, problem: undefined } as const;
      return withChanges(placed(turned, view, 0));
    }
    case 'open':
      return itemsStep(itemAt(slice, slice.row) === undefined ? slice : { ...slice, open: true });
    case 'close':
      return itemsStep({ ...slice, open: false });
    default:
      return event satisfies never;
  }
}

/** Requests the changes once, when they are shown and the run's items were read. */
function withChanges({ slice, requests }: ItemsStep): ItemsStep {
  const { mode, changes, total, asked } = slice;
  if (mode === 'items' || changes !== undefined || total === undefined || asked) return { slice, requests };
  return {
    slice: { ...slice, asked: true },
    requests: [...requests, { kind: 'changes' }],
  };
}

/** The number of rows that can be scrolled through. */
export function rowCount({ mode, total = 0, changes }: ItemsSlice): number {
  return mode === 'items' ? total : (changes?.rows.length ?? 0);
}

/** The item of a row, if it is in memory. */
export function itemAt(slice: ItemsSlice, row: number): Item | undefined {
  return slice.mode === 'items' ? slice.items[row - slice.first] : slice.changes?.rows[row]?.item;
}

/** The columns in sight. */
export function itemColumns(slice: ItemsSlice, view: ItemsView) {
  return visibleColumnsFrom(
    slice.columns,
    Math.min(slice.column, lastScrollColumn(slice.columns, view.columns)),
    view.columns,
  );
}

/** The row at the top of a screen of this height. */
export function itemsTop(slice: ItemsSlice, { rows }: ItemsView): number {
  return scrollIntoView(slice.row, slice.top, rows, rowCount(slice));
}

function withPage(slice: ItemsSlice, { items, first, total }: ItemPage): ItemsSlice {
  const columns = itemColumnsOf(items, slice.columns);
  return { ...slice, items, first, total, columns, reading: false };
}

/** Moves the cursor to a row and requests the items there that are not in memory. */
function placed(slice: ItemsSlice, view: ItemsView, wanted: number): ItemsStep {
  const count = rowCount(slice);
  const row = clamp(wanted, 0, Math.max(0, count - 1));
  const top = scrollIntoView(row, slice.top, view.rows, count);
  const next = { ...slice, row, top };
  if (slice.mode === 'changes' || slice.total === undefined || slice.reading) return itemsStep(next);
  const last = Math.min(count, top + view.rows);
  const isHeld = top >= slice.first && last <= slice.first + slice.items.length;
  if (isHeld) return itemsStep(next);
  const around = Math.max(0, Math.floor(top - (ITEMS_PER_PAGE - view.rows) / 2));
  // If a page ended early because of its byte limit, the same request would return the same items. The next page starts
  // at the top row.
  const first = around === slice.first && slice.items.length > 0 ? top : around;
  if (first === slice.first) return itemsStep(next);
  return itemsStep({ ...next, reading: true }, { kind: 'page', first, count: ITEMS_PER_PAGE });
}

function itemsStep(slice: ItemsSlice, ...requests: readonly ItemsRequest[]): ItemsStep {
  return { slice, requests };
}
