import type { Effect, Reducer, State, Step } from '../../kernel/model.ts';
import { withoutNotices } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { clickedLine, type Input, isClick, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import type { ViewRules } from '../define-feature.ts';
import { openJobView } from '../runs/reducer.ts';
import { takeGone } from './comparable-runs.ts';
import { withCounted, withFigures, withoutBegunCount } from './counted-columns.ts';
import { columnLines, standsAlone } from './describe-position.ts';
import { columnAt, itemColumnsOf, lastScrollColumn, visibleColumnsFrom } from './item-columns.ts';
import { scrollEvent } from './item-detail.tsx';
import { followHistory, takeHistory } from './item-history.ts';
import { inputToPrompt, openPrompt, promptKeys, promptLines } from './item-prompt.ts';
import {
  arrangeColumns,
  changeTable,
  itemAt,
  moveColumn,
  shownRows,
  showsOtherRows,
  sortBy,
  toRowQuery,
  withFirstChange,
} from './item-table.ts';
import { takeDescription, takeValues } from './item-values.ts';
import { joinedColumns } from './joined-rows.ts';
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
  isAboutOtherItems,
  PLAIN_TABLE,
} from './model.ts';
import { toWriteRequest } from './write-items.ts';

export const itemsRules: ViewRules = {
  title: ({ items: { jobId, runId, withRunId, slice } }) => {
    const { mode, open, row, total = 0, joined } = slice;
    if (mode === 'items' && open)
      return `${jobId} · item ${formatCount(row + 1)} of ${formatCount(total)} of ${runId}`;
    if (mode === 'items') return `${jobId} · items of ${runId}`;
    const earlier = joined?.withRunId ?? withRunId;
    const from = earlier === undefined ? 'with' : `from ${earlier} to`;
    return `${jobId} · what changed ${from} ${runId}`;
  },
  isTyping: ({ items }) => items.slice.prompt !== undefined,
  footer: ({ items: { slice } }) =>
    slice.prompt === undefined ? undefined : promptKeys(slice.prompt, slice),
  onInput: (state, input) => {
    const typed = inputToPrompt(state.items.slice, input);
    if (typed !== undefined) return dispatchToItems(state, ...typed);
    const event = keyOf(input) === 'escape' ? escapeEvent(state.items.slice) : scrollEvent(state, input);
    if (event !== undefined) return dispatchToItems(state, event);
    const field = headingAt(state, input);
    if (field !== undefined) return dispatchToItems(state, ...sortBy(state.items.slice, field));
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

/** The field whose heading is clicked. */
function headingAt(state: State, input: Input): string | undefined {
  const { slice } = state.items;
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const isOn = isClick(input) && input.row === main.row + LINES_ABOVE - 1;
  if (!isOn || slice.open || standsAlone(slice)) return undefined;
  const view = itemsView(state);
  return columnAt(itemColumns(slice, view), view.columns, input.column - ITEM_MARK_CELLS)?.field;
}

/** Esc takes back one thing at a time: the whole item, only the marked ones, the marks, the filter, then the kind of rows. */
function escapeEvent({ open, table }: ItemsSlice): ItemsEvent | undefined {
  if (open) return { kind: 'close' };
  if (table.only !== undefined) return { kind: 'table', change: { kind: 'only_marked' } };
  if (table.marked.size > 0) return { kind: 'table', change: { kind: 'unmark' } };
  if (table.filter.text !== '') return { kind: 'table', change: { kind: 'filter', text: '' } };
  if (table.kind !== 'differing') return { kind: 'table', change: { kind: 'shown', shown: 'differing' } };
  return undefined;
}

/** The width before each row: the pointer and the mark. */
export const ITEM_MARK_CELLS = 4;
/** The number of items, and the titles of the columns. */
const LINES_ABOVE = 2;
/** Longer figures of a column are cut. */
const MAX_LINES_BELOW = 2;
/** A pane of fewer lines has one line for them. */
const WRAPS_FROM_LINES = 14;

export function itemsView(state: State): ItemsView {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  return {
    columns: Math.max(1, state.columns - ITEM_MARK_CELLS),
    rows: Math.max(1, main.rows - LINES_ABOVE - linesBelow(state)),
  };
}

/** The number of lines below the rows: what is typed, with its help, or the figures of the column under the cursor. */
export function linesBelow(state: State): number {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const { slice } = state.items;
  if (main.rows < WRAPS_FROM_LINES) return 1;
  if (slice.prompt !== undefined) return 1 + promptLines(slice.prompt, slice, main.columns).length;
  return columnLines(slice, main.columns, MAX_LINES_BELOW).length;
}

/** Opens the items of a run, or their differences from an earlier run. */
export function openItems(state: State, runs: ComparedRuns, mode: ItemsSlice['mode']): Step {
  const { slice: last } = state.items;
  const isSameJob = runs.jobId === state.items.jobId;
  const [table, other] = last.mode === mode ? [last.table, last.other] : [last.other, last.table];
  const slice: ItemsSlice = {
    ...EMPTY_ITEMS,
    mode,
    ...(isSameJob && { table: keptTable(table), other: keptTable(other) }),
    asks: last.asks + 1,
  };
  const run = { jobId: runs.jobId, runId: runs.runId };
  const told = withoutNotices(state, (subject) => isAboutOtherItems(subject, runs.runId));
  const opened = openJobView({ ...told, items: { ...runs, slice } }, { name: 'items', ...run });
  const read = mode === 'items' ? itemsStep(slice, pageRequest(slice, 0)) : withJoin(slice);
  const items: ItemsState = { ...runs, slice: read.slice };
  const effects = read.requests.map((request) => toEffect(items, request));
  return step({ ...opened.state, items }, ...opened.effects, ...effects);
}

/** What stays of the table for another run of the job, or for the other mode. */
function keptTable(table: ItemsSlice['table']): ItemsSlice['table'] {
  const { marked, only, figures, find } = PLAIN_TABLE;
  return { ...table, marked, only, figures, find };
}

/** The step for events in the items view. */
export function dispatchToItems(state: State, ...events: readonly ItemsEvent[]): Step {
  const { items } = state;
  let { slice } = items;
  const effects: Effect[] = [];
  for (const event of events) {
    const next = reduceItems(slice, itemsView(state), event);
    slice = next.slice;
    // A request is about the rows that are shown now: the run's, or those of two runs.
    effects.push(...next.requests.map((request) => toEffect({ ...items, slice: next.slice }, request)));
  }
  if (slice === items.slice && effects.length === 0) return step(state);
  const next = step({ ...state, items: { ...items, slice } }, ...effects);
  return dispatchOpen(next);
}

function toEffect(items: ItemsState, request: ItemsRequest): Effect {
  const { jobId, runId, withRunId } = items;
  const rows = shownRows(items);
  switch (request.kind) {
    case 'page':
      return { ...request, kind: 'read_items', ...rows };
    case 'count':
      return { ...request, kind: 'count_items', ...rows };
    case 'find':
      return { ...request, kind: 'find_item', ...rows };
    case 'write':
      return { ...request, kind: 'write_items', ...rows };
    case 'join': {
      const { asks } = request;
      return { kind: 'join_runs', jobId, runId, ...(withRunId !== undefined && { withRunId }), asks };
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
    const taken =
      takeValues(state, event.event) ?? takeDescription(state, event.event) ?? takeGone(state, event.event);
    return taken ?? dispatchToItems(state, event.event);
  }
  return step(state);
};

function dispatchOpen(told: Step): Step {
  const { slice } = told.state.items;
  return slice.open ? followHistory(told, itemAt(slice, slice.row)) : told;
}

/** The state after an event, with the requests for further data. */
export function reduceItems(slice: ItemsSlice, view: ItemsView, event: ItemsEvent): ItemsStep {
  switch (event.kind) {
    case 'page':
      return event.page.asks === slice.asks
        ? withFigures(placed(withPage(slice, event.page, view), view, slice.row))
        : itemsStep(slice);
    case 'progress':
      return itemsStep(event.asks === slice.asks ? { ...slice, progress: event.share } : slice);
    case 'figures': {
      if (event.asks !== slice.asks) return itemsStep(slice);
      const counted = withCounted(slice, event);
      // With all fields known, a name in the filter can mean another field, or none.
      const { text } = counted.table.filter;
      return withTable(counted, changeTable(counted, { kind: 'filter', text }, view), view);
    }
    case 'prompt':
      return itemsStep({ ...slice, prompt: event.prompt });
    case 'table':
      return withTable(slice, changeTable(slice, event.change, view), view);
    case 'find':
      return find(slice, event);
    // For a dialog (values-dialog.tsx, columns-dialog.tsx, compared-run-dialog.tsx).
    case 'gone':
    case 'values':
    case 'values_failed':
    case 'described':
    case 'describe_failed':
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
    case 'joined': {
      const joined = { ...slice, joined: event.joined, joining: false };
      return slice.mode === 'items' ? itemsStep(joined) : itemsStep(joined, pageRequest(joined, 0));
    }
    case 'join_failed': {
      const failed = { ...slice, joining: false };
      return itemsStep(slice.mode === 'items' ? failed : { ...failed, ...stopped(event.text) });
    }
    case 'problem':
      return itemsStep({ ...slice, ...stopped(event.text) });
    case 'row':
      return placed(slice.scrolled === 0 ? slice : { ...slice, scrolled: 0 }, view, slice.row + event.by);
    case 'column':
      return itemsStep(moveColumn(slice, event.by, view.columns));
    case 'mode':
      return turned(slice);
    case 'open':
      return itemsStep(itemAt(slice, slice.row) ? { ...slice, open: true, scrolled: event.to ?? 0 } : slice);
    case 'close':
      return itemsStep({ ...slice, open: false });
    default:
      return event satisfies never;
  }
}

function stopped(problem: string): Pick<ItemsSlice, 'problem' | 'reading' | 'progress'> {
  return { problem, reading: false, progress: 0 };
}

/** Shows the items of the run, or two runs side by side: each has its own table. */
function turned(slice: ItemsSlice): ItemsStep {
  const { mode, table, other, joined, joining, all, writing } = slice;
  const next: ItemsSlice = {
    ...EMPTY_ITEMS,
    mode: mode === 'items' ? 'changes' : 'items',
    table: other,
    other: keptTable(table),
    joined,
    joining,
    all,
    writing,
    asks: slice.asks + 1,
  };
  return next.mode === 'items' || joined !== undefined
    ? itemsStep(next, pageRequest(next, 0))
    : withJoin(next);
}

/** Requests two runs side by side, once. */
function withJoin(slice: ItemsSlice): ItemsStep {
  if (slice.joining) return itemsStep(slice);
  return itemsStep({ ...slice, joining: true }, { kind: 'join', asks: slice.asks });
}

/** The number of rows that can be scrolled through. */
export function rowCount({ total = 0 }: ItemsSlice): number {
  return total;
}

/** The columns in sight. */
export function itemColumns(slice: ItemsSlice, view: ItemsView) {
  return visibleColumnsFrom(slice.arranged, firstColumn(slice, view), view.columns);
}

/** The first column in sight beside those that are kept. */
export function firstColumn({ arranged, column }: ItemsSlice, view: ItemsView): number {
  return Math.min(column, lastScrollColumn(arranged, view.columns));
}

/** The row at the top of a screen of this height. */
export function itemsTop(slice: ItemsSlice, { rows }: ItemsView): number {
  return scrollIntoView(slice.row, slice.top, rows, rowCount(slice));
}

function withPage(slice: ItemsSlice, page: ItemPage, view: ItemsView): ItemsSlice {
  const { items, first, numbers, total, all } = page;
  const columns = columnsWith(slice, items);
  const arranged = columns === slice.columns ? slice.arranged : arrangeColumns(columns, slice.table);
  const read = { items, first, numbers, total, all, columns, arranged };
  const next = { ...slice, ...read, reading: false, progress: 0, problem: undefined };
  return total === 0 ? next : withFirstChange(next, view.columns);
}

function columnsWith({ mode, joined, columns }: ItemsSlice, items: readonly Item[]): ItemsSlice['columns'] {
  if (mode === 'items' || joined === undefined) return itemColumnsOf(items, columns);
  return joinedColumns(items, joined.names, columns);
}

/** Takes a change of the table over, and reads the rows again if it shows others. */
function withTable(before: ItemsSlice, after: ItemsSlice, view: ItemsView): ItemsStep {
  const scrolled = moveColumn(after, 0, view.columns);
  if (!showsOtherRows(before, after)) {
    // Other problems of the same filter change nothing that was counted.
    const { figures } = before.table;
    return itemsStep({ ...scrolled, table: { ...scrolled.table, figures } });
  }
  const table = withoutBegunCount(scrolled.table);
  const asked = { ...scrolled, table, row: 0, top: 0, asks: before.asks + 1, reading: true };
  // Rows that are still being put side by side are requested afterwards.
  if (asked.mode === 'changes' && asked.joined === undefined) return itemsStep(asked);
  return itemsStep(asked, pageRequest(asked, 0));
}

function pageRequest(slice: ItemsSlice, first: number): ItemsRequest {
  const { asks } = slice;
  return { kind: 'page', first, count: ITEMS_PER_PAGE, query: toRowQuery(slice), asks };
}

function find(slice: ItemsSlice, { by, text }: Extract<ItemsEvent, { kind: 'find' }>): ItemsStep {
  const wanted = text ?? slice.table.find?.text ?? '';
  if (wanted === '') return itemsStep(slice);
  const query = toRowQuery(slice);
  return itemsStep(slice, { kind: 'find', text: wanted, query, from: slice.row, by });
}

/** Moves the cursor to a row and requests the items there that are not in memory. */
function placed(slice: ItemsSlice, view: ItemsView, wanted: number): ItemsStep {
  const count = rowCount(slice);
  const row = clamp(wanted, 0, Math.max(0, count - 1));
  const top = scrollIntoView(row, slice.top, view.rows, count);
  const next = { ...slice, row, top };
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

function itemsStep(slice: ItemsSlice, ...requests: readonly ItemsRequest[]): ItemsStep {
  return { slice, requests };
}
