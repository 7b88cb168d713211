import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { withHint } from '../../ui/text/sentence.ts';
import type { ViewRules } from '../define-feature.ts';
import { openJobView } from '../runs/reducer.ts';
import { toItemChanges } from './item-changes.ts';
import {
  type ComparedRuns,
  EMPTY_ITEMS,
  ITEMS_PER_PAGE,
  type ItemsEvent,
  type ItemsSlice,
  type ItemsState,
  type ItemsView,
} from './model.ts';
import { itemsTop, reduceItems, rowCount } from './reduce-items.ts';

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
      ...{ run_id: runId, limit: 100 },
      ...(withRunId !== undefined && { with_run_id: withRunId }),
    };
    return { kind: 'call', name: 'compare_runs', params, tag: tagOf(items), quiet: true };
  });
  return step({ ...state, items: { ...items, slice } }, ...effects);
}

/** Records the items that were read and their differences from an earlier run. */
export const itemsReducer: Reducer = (state, event) => {
  const { runId } = state.items;
  if (runId === '' || !state.views.some(({ name }) => name === 'items')) return step(state);
  if (event.kind === 'items')
    return event.runId === runId ? dispatchToItems(state, event.event) : step(state);
  if (event.kind === 'answer' && event.name === 'compare_runs' && event.tag === tagOf(state.items)) {
    if (event.ok) return dispatchToItems(state, { kind: 'changes', changes: toItemChanges(event.output) });
    const { message, hint } = event.failure;
    return dispatchToItems(state, { kind: 'problem', text: withHint(message, hint) });
  }
  return step(state);
};

/** The tag differs for each comparison of the same run, so that a late answer is recognized. */
function tagOf({ runId, withRunId = '' }: ComparedRuns): string {
  return `items.${runId}${withRunId && `.${withRunId}`}`;
}
