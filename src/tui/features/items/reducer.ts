import { withHint } from '../../../core/lib/text.ts';
import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, type Input, keyOf, wheelRows } from '../../ui/input.ts';
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
import { inputToPrompt, openPrompt, promptKeys } from './item-prompt.ts';
import { arrangeColumns, changeTable, moveColumn, showsOtherRows, toRowQuery } from './item-table.ts';
import { takeValues } from './item-values.ts';
import {
  type ChangeQuery,
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
  PLAIN_TABLE,
} from './model.ts';
import { toWriteRequest } from './write-items.ts';

export const itemsRules: ViewRules = {
  title: ({ items: { jobId, runId, withRunId, slice } }) => {
    const { mode, open, row, total = 0 } = slice;
    if (mode === 'items' && open)
      return `${jobId} · item ${formatCount(row + 1)} of ${formatCount(total)} of ${runId}`;
    if (mode === 'items') return `${jobId} · items of ${runId}`;
    const from = withRunId === undefined ? 'with' : `from ${withRunId} to`;
    return `${jobId} · what changed ${from} ${runId}`;
  },
  isTyping: ({ items }) => items.slice.prompt !== undefined,
  footer: ({ items: { slice } }) => (slice.prompt === undefined ? undefined : promptKeys(slice.prompt)),
  onInput: (state, input) => {
    const typed = inputToPrompt(state.items.slice, input);
    if (typed !== undefined) return dispatchToItems(state, ...typed);
    if (keyOf(input) === 'escape') {
      const event = escapeEvent(state.items.slice);
      if (event !== undefined) return dispatchToItems(state, event);
    }
    const row = rowAt(state, input);
    if (row !== undefined) return dispatchToItems(state, { kind: 'row', by: row - state.items.slice.row });
    const by = wheelRows(input);
    return by === 0 ? undefined : dispatchToItems(state, { kind: 'row', by });
  },
  rowAt,
};

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

function rowAt(state: State, input: Input): number | undefined {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const line = clickedLine(input, main.row + LINES_ABOVE);
  const { slice } = state.items;
  const view = itemsView(state);
  if (line === undefined || line >= view.rows || slice.open) return undefined;
  const row = itemsTop(slice, view) + line;
  return row < rowCount(slice) ? row : undefined;
}

/** Esc takes back one thing at a time: the whole item, the kind of changes, the marks, then the filter. */
function escapeEvent({ open, mode, table, changeQuery }: ItemsSlice): ItemsEvent | undefined {
  if (open) return { kind: 'close' };
  if (mode === 'changes')
    return changeQuery.only === undefined
      ? undefined
      : { kind: 'change_query', query: withoutKind(changeQuery) };
  if (table.marked.size > 0) return { kind: 'table', change: { kind: 'unmark' } };
  if (table.filter.text !== '') return { kind: 'table', change: { kind: 'filter', text: '' } };
  return undefined;
}

/** The width before each row: the pointer and the mark. */
export const ITEM_MARK_CELLS = 4;
/** The number of items, and the titles of the columns. */
const LINES_ABOVE = 2;
/** What is typed, or the figures of the column under the cursor. */
const LINES_BELOW = 1;

export function itemsView(state: State): ItemsView {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  return {
    columns: Math.max(1, state.columns - ITEM_MARK_CELLS),
    rows: Math.max(1, main.rows - LINES_ABOVE - LINES_BELOW),
  };
}

/** Opens the items of a run, or their differences from an earlier run. */
export function openItems(state: State, runs: ComparedRuns, mode: ItemsSlice['mode']): Step {
  const table = runs.jobId === state.items.jobId ? keptTable(state.items.slice.table) : PLAIN_TABLE;
  const slice: ItemsSlice = { ...EMPTY_ITEMS, mode, table, asks: state.items.slice.asks + 1 };
  const items: ItemsState = { ...runs, slice };
  const run = { jobId: runs.jobId, runId: runs.runId };
  const opened = openJobView({ ...state, items }, { name: 'items', ...run });
  // In a comparison, the changes are requested after the run's items were read.
  const read = pageRequest(slice, 0);
  return step(opened.state, ...opened.effects, toEffect(items, read));
}

/** What stays of the table for another run of the job. */
function keptTable(table: ItemsSlice['table']): ItemsSlice['table'] {
  const { marked, figures, find } = PLAIN_TABLE;
  return { ...table, marked, figures, find };
}

/** The step for events in the items view. */
export function dispatchToItems(state: State, ...events: readonly ItemsEvent[]): Step {
  const { items } = state;
  let { slice } = items;
  const requests: ItemsRequest[] = [];
  for (const event of events) {
    const next = reduceItems(slice, itemsView(state), event);
    slice = next.slice;
    requests.push(...next.requests);
  }
  if (slice === items.slice && requests.length === 0) return step(state);
  const effects = requests.map((request) => toEffect(items, request));
  const next = step({ ...state, items: { ...items, slice } }, ...effects);
  return dispatchOpen(next);
}

function toEffect(items: ItemsState, request: ItemsRequest): Effect {
  const { jobId, runId, withRunId } = items;
  switch (request.kind) {
    case 'page':
      return { ...request, kind: 'read_items', jobId, runId };
    case 'count':
      return { ...request, kind: 'count_items', jobId, runId };
    case 'find':
      return { ...request, kind: 'find_item', jobId, runId };
    case 'write':
      return { ...request, kind: 'write_items', jobId, runId };
    case 'changes': {
      const { query, cursor } = request;
      const params = {
        run_id: runId,
        limit: 100,
        ...(withRunId !== undefined && { with_run_id: withRunId }),
        ...(query.only !== undefined && { kind: query.only }),
        ...(query.sort !== undefined && { sort: query.sort }),
        ...(cursor !== undefined && { cursor }),
      };
      const tag = tagOf(items, query, cursor);
      return { kind: 'call', name: 'compare_runs', params, tag, quiet: true };
    }
    default:
      return request satisfies never;
  }
}

/** Records the items that were read and their differences from an earlier run. */
export const itemsReducer: Reducer = (state, event) => {
  const { runId } = state.items;
  if (runId === '' || !state.views.some(({ name }) => name === 'items')) return step(state);
  const told = takeHistory(state, event);
  // The key is known now: its history is requested next.
  if (told !== undefined) return dispatchOpen(told);
  if (event.kind === 'items') {
    if (event.runId !== runId) return step(state);
    return takeValues(state, event.event) ?? dispatchToItems(state, event.event);
  }
  if (event.kind === 'answer' && event.name === 'compare_runs' && event.tag === awaitedTag(state.items)) {
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

/** The tag differs for each comparison of the same run and each of its pages, so that a late answer is recognized. */
function tagOf({ runId, withRunId = '' }: ComparedRuns, { only, sort }: ChangeQuery, cursor = ''): string {
  return ['items', runId, withRunId, only ?? '', sort ?? '', cursor].join('.');
}

function awaitedTag(items: ItemsState): string {
  const { asked, changeQuery } = items.slice;
  return tagOf(items, changeQuery, typeof asked === 'object' ? asked.cursor : undefined);
}

/** The state after an event, with the requests for further data. */
export function reduceItems(slice: ItemsSlice, view: ItemsView, event: ItemsEvent): ItemsStep {
  switch (event.kind) {
    case 'page':
      return event.page.asks === slice.asks
        ? withFigures(withChanges(placed(withPage(slice, event.page), view, slice.row)))
        : itemsStep(slice);
    case 'progress':
      return itemsStep(event.asks === slice.asks ? { ...slice, progress: event.share } : slice);
    case 'figures': {
      if (event.asks !== slice.asks) return itemsStep(slice);
      const figures = new Map(event.figures.map((one) => [one.field, one]));
      return itemsStep({ ...slice, table: { ...slice.table, figures } });
    }
    case 'prompt':
      return itemsStep({ ...slice, prompt: event.prompt });
    case 'table':
      return withTable(slice, changeTable(slice, event.change, view), view);
    case 'find':
      return find(slice, event);
    // For the dialog (values-dialog.tsx).
    case 'values':
    case 'values_failed':
      return itemsStep(slice);
    case 'found': {
      const { text, result, row } = event;
      const found = { ...slice, table: { ...slice.table, find: { text, result } } };
      return row === undefined ? itemsStep(found) : placed(found, view, row);
    }
    case 'write': {
      const { to, force } = event;
      const writing = { ...slice, writing: { to, share: 0 } };
      return itemsStep(writing, { kind: 'write', ...toWriteRequest(slice, to, force) });
    }
    case 'writing':
      return itemsStep({ ...slice, writing: event.writing });
    case 'exists': {
      // Not over what the user has begun to type meanwhile.
      if (slice.prompt !== undefined) return itemsStep(slice);
      const prompt = openPrompt('write', slice.table, event.to);
      return itemsStep({ ...slice, prompt: { ...prompt, replaces: event.to } });
    }
    case 'changes': {
      const isNext = typeof slice.asked === 'object';
      const rows = isNext ? [...(slice.changes?.rows ?? []), ...event.changes.rows] : event.changes.rows;
      const columns = changeColumns(event.changes.rows, slice.columns);
      const arranged = arrangeColumns(columns, slice.table);
      const changes = { ...event.changes, rows };
      const read = { ...slice, changes, columns, arranged, asked: true, problem: undefined };
      return placed(read, view, isNext ? slice.row : 0);
    }
    case 'change_query': {
      const asked = { ...slice, changeQuery: event.query, changes: undefined, asked: false, row: 0, top: 0 };
      return withChanges(itemsStep(asked));
    }
    case 'problem':
      return itemsStep({ ...slice, problem: event.text, reading: false, progress: 0 });
    case 'row':
      return placed(slice, view, slice.row + event.by);
    case 'column':
      return itemsStep(moveColumn(slice, event.by, view.columns));
    case 'mode': {
      const mode = slice.mode === 'items' ? 'changes' : 'items';
      const turned = { ...slice, mode, row: 0, top: 0, open: false, problem: undefined } as const;
      return withFigures(withChanges(placed(turned, view, 0)));
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
    requests: [...requests, { kind: 'changes', query: slice.changeQuery }],
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
  const { arranged, column } = slice;
  return visibleColumnsFrom(
    arranged,
    Math.min(column, lastScrollColumn(arranged, view.columns)),
    view.columns,
  );
}

/** The row at the top of a screen of this height. */
export function itemsTop(slice: ItemsSlice, { rows }: ItemsView): number {
  return scrollIntoView(slice.row, slice.top, rows, rowCount(slice));
}

function withPage(slice: ItemsSlice, { items, first, numbers, total, all }: ItemPage): ItemsSlice {
  const columns = itemColumnsOf(items, slice.columns);
  const arranged = columns === slice.columns ? slice.arranged : arrangeColumns(columns, slice.table);
  const read = { items, first, numbers, total, all, columns, arranged };
  return { ...slice, ...read, reading: false, progress: 0, problem: undefined };
}

/** Requests the figures of the columns once, when the items that they are about are shown. */
function withFigures({ slice, requests }: ItemsStep): ItemsStep {
  const { mode, table, total, asks, columns } = slice;
  if (mode === 'changes' || table.figures !== undefined || !total || columns.length === 0)
    return { slice, requests };
  const counting = { ...slice, table: { ...table, figures: NO_FIGURES } };
  return { slice: counting, requests: [...requests, { kind: 'count', terms: table.filter.terms, asks }] };
}

const NO_FIGURES: ItemsSlice['table']['figures'] = new Map();

/** Takes a change of the table over, and reads the rows again if it shows others. */
function withTable(before: ItemsSlice, after: ItemsSlice, view: ItemsView): ItemsStep {
  const scrolled = moveColumn(after, 0, view.columns);
  if (!showsOtherRows(before.table, after.table)) {
    // Other problems of the same filter change nothing that was counted.
    const { figures } = before.table;
    return itemsStep({ ...scrolled, table: { ...scrolled.table, figures } });
  }
  const asked = { ...scrolled, row: 0, top: 0, asks: before.asks + 1, reading: true };
  return itemsStep(asked, pageRequest(asked, 0));
}

function pageRequest({ table, asks }: ItemsSlice, first: number): ItemsRequest {
  return { kind: 'page', first, count: ITEMS_PER_PAGE, query: toRowQuery(table), asks };
}

function find(slice: ItemsSlice, { by, text }: Extract<ItemsEvent, { kind: 'find' }>): ItemsStep {
  const wanted = text ?? slice.table.find?.text ?? '';
  if (wanted === '') return itemsStep(slice);
  const query = toRowQuery(slice.table);
  return itemsStep(slice, { kind: 'find', text: wanted, query, from: slice.row, by });
}

/** Moves the cursor to a row and requests the items there that are not in memory. */
function placed(slice: ItemsSlice, view: ItemsView, wanted: number): ItemsStep {
  const count = rowCount(slice);
  const row = clamp(wanted, 0, Math.max(0, count - 1));
  const top = scrollIntoView(row, slice.top, view.rows, count);
  const next = { ...slice, row, top };
  if (slice.mode === 'changes') return withNextChanges(next, top + 2 * view.rows);
  if (slice.total === undefined || slice.reading) return itemsStep(next);
  const last = Math.min(count, top + view.rows);
  const isHeld = top >= slice.first && last <= slice.first + slice.items.length;
  if (isHeld) return itemsStep(next);
  const around = Math.max(0, Math.floor(top - (ITEMS_PER_PAGE - view.rows) / 2));
  // If a page ended early because of its byte limit, the same request would return the same items. The next page starts
  // at the top row.
  const first = around === slice.first && slice.items.length > 0 ? top : around;
  if (first === slice.first) return itemsStep(next);
  return itemsStep({ ...next, reading: true }, pageRequest(next, first));
}

/** Requests the next page of changes before the last one that was read is in sight. */
function withNextChanges(slice: ItemsSlice, soon: number): ItemsStep {
  const { changes, changeQuery, asked } = slice;
  const cursor = changes?.next;
  if (cursor === undefined || typeof asked === 'object' || soon < rowCount(slice)) return itemsStep(slice);
  return itemsStep({ ...slice, asked: { cursor } }, { kind: 'changes', query: changeQuery, cursor });
}

/** All kinds again, in the same order. */
function withoutKind({ only: _, ...query }: ChangeQuery): ChangeQuery {
  return query;
}

function itemsStep(slice: ItemsSlice, ...requests: readonly ItemsRequest[]): ItemsStep {
  return { slice, requests };
}
