import { dependsOnTime } from '../../../core/jobs/filter/filter-terms.ts';
import { findJobRow, type HomeEvent } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Reducer, State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { type Input, isClick, type MouseInput, wheelRows } from '../../ui/input.ts';
import { isInRect, type Rect } from '../../ui/layout.ts';
import type { ViewRules } from '../define-feature.ts';
import {
  clickedTab,
  detailRect,
  detailSubscriptions,
  jobsLayout,
  jobsPanes,
  listPlaces,
  scrollDetail,
} from '../job-detail/reducer.ts';
import { withTab } from '../job-detail/tabs.ts';
import { holdKey } from './await-job.ts';
import { FILTER_PROMPT_KEYS, inputToFilterPrompt, setFilterText } from './filter/filter-prompt.ts';
import { type Column, columnAt, columnsFor, measureColumns } from './job-columns.ts';
import {
  type FilterPrompt,
  NO_MARKS,
  NO_RECENT_CHANGES,
  type RecentChanges,
  type Sort,
  type TableState,
} from './model.ts';
import { fillTable, hiddenMarks, scrollBy, selectIndex, targetRows, toggleSort } from './table.ts';

/** The width of the pointer and the mark before each row. */
export const GUTTER = 2;

export const jobsRules: ViewRules = {
  title: titleOf,
  panes: jobsPanes,
  onInput,
  rowAt,
  footer: ({ jobs: { filterPrompt } }) => (filterPrompt.isOpen ? FILTER_PROMPT_KEYS : undefined),
  subscriptions: (state) => detailSubscriptions(state, selectedJob(state)),
};

/** The jobs in the list. */
export function listedJobs(state: State): readonly JobRow[] {
  return state.jobs.table.rows;
}

export function selectedJob({ jobs: { table } }: State): JobRow | undefined {
  return table.rows[table.index];
}

/** Selects the job at a row. The row is clamped to the list. */
export function selectRow(state: State, row: number): State {
  return withTable(state, selectIndex(state.jobs.table, row, jobsHeight(state)));
}

/** Selects a job that was created here, at once or as soon as the home lists it. */
export function selectWhenListed(state: State, jobId: string): State {
  const row = listedJobs(state).findIndex(({ id }) => id === jobId);
  return row >= 0
    ? selectRow(state, row)
    : withTable(state, { ...state.jobs.table, pendingSelection: jobId });
}

/** The state with this table; the same state when the table is the same. */
export function withTable(state: State, table: TableState): State {
  return table === state.jobs.table ? state : { ...state, jobs: { ...state.jobs, table } };
}

/** The state with this filter and the table filtered by it. */
export function withFilterPrompt(state: State, filterPrompt: FilterPrompt): State {
  return filterPrompt === state.jobs.filterPrompt
    ? state
    : refilled({ ...state, jobs: { ...state.jobs, filterPrompt } });
}

export function withSort(state: State, sort: Sort): State {
  return refilled(withTable(state, { ...state.jobs.table, sort }));
}

/** The columns on the screen. */
export function shownColumns(state: State): readonly Column[] {
  const { columnWidths, arrangement } = state.jobs;
  return columnsFor(mainRect(state).columns - GUTTER, columnWidths, arrangement);
}

/** Leaves the column, otherwise clears the range, the marks, or the filter: one at a time. */
export function clearNextFilter(state: State): State {
  const { table, filterPrompt, column } = state.jobs;
  if (column !== undefined) return { ...state, jobs: { ...state.jobs, column: undefined } };
  if (table.rangeFrom !== undefined) return withTable(state, { ...table, rangeFrom: undefined });
  if (table.marks.size > 0) return withTable(state, { ...table, marks: NO_MARKS });
  return filterPrompt.line.text === '' ? state : withFilterPrompt(state, setFilterText(filterPrompt, ''));
}

/** The number of job rows in the pane, without its heading and the lines of the filter. */
export function jobsHeight(state: State): number {
  return Math.max(1, mainRect(state).rows - 1 - filterPromptRows(state));
}

/** The number of lines below the table: the filter, and while the user types also completions or problems. */
export function filterPromptRows({ jobs: { filterPrompt } }: State): number {
  if (filterPrompt.isOpen) return 2;
  return filterPrompt.line.text.trim() === '' ? 0 : 1;
}

/** Updates the jobs after events of the home and the clock. */
export const jobsReducer: Reducer = (state, event) => {
  switch (event.kind) {
    case 'resize':
      return step(refilled(state));
    case 'home': {
      const { jobs } = event.data;
      const isNew = jobs !== state.jobs.table.source;
      const recentChanges = withRecentChanges(state.jobs.recentChanges, event, state.now);
      const columnWidths = isNew ? measureColumns(jobs, state) : state.jobs.columnWidths;
      if (!isNew && recentChanges === state.jobs.recentChanges) return step(state);
      return step(refilled({ ...state, jobs: { ...state.jobs, recentChanges, columnWidths } }));
    }
    case 'tick': {
      const recentChanges = pruneRecentChanges(state.jobs.recentChanges, event.now);
      const withoutExpired =
        recentChanges === state.jobs.recentChanges
          ? state
          : { ...state, jobs: { ...state.jobs, recentChanges } };
      return step(dependsOnTime(state.jobs.filterPrompt.filter) ? refilled(withoutExpired) : withoutExpired);
    }
    default:
      return step(state);
  }
};

function refilled(state: State): State {
  const { table, filterPrompt } = state.jobs;
  const source = {
    jobs: state.home?.jobs ?? [],
    filter: filterPrompt.filter,
    now: state.now,
    height: jobsHeight(state),
  };
  return withTable(state, fillTable(table, source));
}

function titleOf({ home, jobs: { table } }: State): string {
  const { rows, index, marks } = table;
  const all = home?.jobs.length ?? 0;
  if (all === 0) return 'Jobs';
  const place = `${rows.length === 0 ? 0 : index + 1}/${rows.length}${rows.length < all ? ` of ${all}` : ''}`;
  return `Jobs ${place}${marks.size === 0 ? '' : `, ${marks.size} marked`}`;
}

/** While the user types a filter, the prompt receives all keys. */
function onInput(state: State, input: Input): Step | undefined {
  const { filterPrompt } = state.jobs;
  if (input.kind === 'mouse') return onMouse(state, input);
  const held = holdKey(state, input);
  if (held !== undefined) return held;
  if (filterPrompt.isOpen)
    return step(withFilterPrompt(state, inputToFilterPrompt(filterPrompt, input, state.home?.jobs ?? [])));
  if (input.kind !== 'key' || input.key !== 'escape' || state.pane !== 'main') return undefined;
  const cleared = clearNextFilter(state);
  return cleared === state ? undefined : step(cleared);
}

/** A click selects a job or sorts by a column; the wheel scrolls. */
function onMouse(state: State, input: MouseInput): Step | undefined {
  const { column, row } = input;
  const side = detailRect(state);
  if (side !== undefined && isInRect(side, input)) return onDetailMouse(state, input);
  const rect = mainRect(state);
  const line = row - rect.row;
  if (!isInRect(rect, input) || jobsLayout(state).mainShown === false) return undefined;
  const height = jobsHeight(state);
  const { table } = state.jobs;
  const by = wheelRows(input);
  if (by !== 0) return step(withTable(state, scrollBy(table, by, height)));
  if (!isClick(input)) return undefined;
  if (line === 0) {
    const sort = columnAt(column - rect.column - GUTTER, shownColumns(state))?.sort;
    return sort === undefined ? undefined : step(withSort(state, toggleSort(table.sort, sort)));
  }
  const index = rowAt(state, input);
  return index === undefined ? undefined : step({ ...selectRow(state, index), pane: 'main' });
}

function rowAt(state: State, click: MouseInput): number | undefined {
  const { mainShown } = jobsLayout(state);
  const main = mainRect(state);
  const { table } = state.jobs;
  const line = click.row - main.row;
  const index = table.top + line - 1;
  const isRow = line > 0 && line <= jobsHeight(state) && index < table.rows.length;
  return mainShown && isInRect(main, click) && isRow ? index : undefined;
}

/** The wheel scrolls the detail. A click on a tab shows it, any other click moves the focus to the detail. */
function onDetailMouse(state: State, input: MouseInput): Step | undefined {
  const job = selectedJob(state);
  const rect = detailRect(state);
  const tab = isClick(input) && rect !== undefined ? clickedTab(state, rect, input) : undefined;
  if (tab !== undefined) return step(withTab(state, tab));
  if (isClick(input)) return step({ ...state, pane: 'side' });
  const by = wheelRows(input);
  return job === undefined || by === 0 ? undefined : step(scrollDetail(state, job, by));
}

function mainRect(state: State): Rect {
  return listPlaces(state).list;
}

/** Opens the list of jobs with this job selected. Shows a reason when the job is not listed. */
export function goToJob(state: State, jobId: string): Step {
  const row = listedJobs(state).findIndex(({ id }) => id === jobId);
  const shown: State = { ...state, views: [{ name: 'jobs' }], pane: 'main', chord: [] };
  if (row >= 0) return step(selectRow(shown, row));
  const exists = findJobRow(state.home?.jobs ?? [], jobId) !== undefined;
  const why = exists ? 'is hidden by the filter' : 'no longer exists';
  return step(withNotice(state, 'warning', `${jobId} ${why}.`));
}

/** The jobs that an action applies to: the marked ones in the list, or the selected one when none is marked. */
export function targetJobs({ jobs: { table } }: State): readonly JobRow[] {
  return targetRows(table);
}

/** The number of marked jobs that the filter hides. Actions do not apply to them. */
export function hiddenTargets({ jobs: { table } }: State): number {
  return hiddenMarks(table);
}

const HIGHLIGHT_MS = 2_000;

/** The recent changes after a home event. Mere progress of counts is not a change. */
function withRecentChanges(changes: RecentChanges, { activity }: HomeEvent, now: number): RecentChanges {
  const ids = activity.flatMap(({ jobId }) => jobId ?? []);
  return ids.length === 0
    ? changes
    : new Map([...changes, ...ids.map((id) => [id, now + HIGHLIGHT_MS] as const)]);
}

/** Removes expired changes; returns the same map when there are none. */
function pruneRecentChanges(changes: RecentChanges, now: number): RecentChanges {
  const left = [...changes].filter(([, until]) => until > now);
  if (left.length === changes.size) return changes;
  return left.length === 0 ? NO_RECENT_CHANGES : new Map(left);
}
