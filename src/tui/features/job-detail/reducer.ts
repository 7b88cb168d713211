import { MINUTE_MS } from '../../../core/lib/clock.ts';
import { idleScheduler } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Reducer, State, Subscription, SubscriptionOf } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import type { ChartSigns } from '../../ui/chart.ts';
import { computeLayout, type Layout, type PaneRules, type Rect } from '../../ui/layout.ts';
import { clamp } from '../../ui/scroll.ts';
import type { StyledRow } from '../../ui/styled-row.ts';
import { newestRun } from '../runs/reducer.ts';
import { belowSections } from './below-sections.ts';
import {
  type AskingTab,
  type DetailParts,
  type DetailTab,
  FIRST_TAB,
  type JobDetail,
  NO_DETAIL,
  type ShownTab,
} from './model.ts';
import { findRunningRun, progressSamples } from './run-sections.ts';
import { detailRows } from './sections.ts';
import { runWithItems, tabRows } from './tab-rows.ts';
import { TABS_CELLS, tabAt, tabPlace } from './tabs.ts';

type Size = Pick<Rect, 'columns' | 'rows'>;

/** With fewer rows than this, blank rows are left out. */
const MIN_SPACED_ROWS = 16;

/** The detail of the selected job. It is empty while the stored detail belongs to another job. */
export function currentDetail({ detail }: State, jobId: string): JobDetail {
  return detail.jobId === jobId ? detail : { ...NO_DETAIL, jobId };
}

/** No screen shows less of the list of jobs than one of 100 columns. From 180 on, tags have more room than the detail. */
export const JOBS_PANES: PaneRules = { wideFrom: 150, minMain: 100, maxSide: 72, canZoom: true };

/** A filter does not move the detail below the list. */
export function jobsPanes({ home }: State): PaneRules {
  return home === undefined ? JOBS_PANES : { ...JOBS_PANES, mainRows: home.jobs.length + 1 };
}

/** Where the list of jobs and the detail of the selected one are. */
export function jobsLayout(state: State): Layout {
  return computeLayout(state, { hasSide: true, pane: state.pane, panes: jobsPanes(state) });
}

/** Below fewer rows than these, the list of jobs has all of its pane. */
const MIN_LISTED_ROWS = 5;
/** The lines of the filter while the user types. */
const FILTER_ROWS = 2;
const MIN_OVERVIEW_COLUMNS = 72;
const MIN_OVERVIEW_ROWS = 12;

/** The list of jobs, and below a short one the charts of the selected job; a filter does not move them. */
export function listPlaces(state: State): { readonly list: Rect; readonly overview: Rect | undefined } {
  const { main, mainShown } = jobsLayout(state);
  const count = state.home?.jobs.length ?? 0;
  const rows = 1 + Math.max(count, MIN_LISTED_ROWS) + FILTER_ROWS;
  const hasRoom = main.columns >= MIN_OVERVIEW_COLUMNS && main.rows - rows >= MIN_OVERVIEW_ROWS;
  if (!mainShown || state.linear || count === 0 || !hasRoom) return { list: main, overview: undefined };
  return {
    list: { ...main, rows },
    overview: { ...main, row: main.row + rows, rows: main.rows - rows },
  };
}

/** The rectangle of the detail; `undefined` while it is hidden. */
export function detailRect(state: State): Rect | undefined {
  return jobsLayout(state).side;
}

/** The input for the rows of the selected job. */
export function detailParts(state: State, row: JobRow, { columns, rows }: Size): DetailParts {
  const detail = currentDetail(state, row.id);
  const at = state.home?.readAt ?? state.now;
  const { now, timezone, linear } = state;
  const samples = progressSamples(findRunningRun(row), detail, at);
  const height = linear ? undefined : detailHeight(state, { columns, rows });
  const idle = idleScheduler(state.home?.scheduler.state);
  return { row, detail, samples, idle, now, timezone, columns, height, dense: rows < MIN_SPACED_ROWS };
}

/** The rows of the tab that is shown. */
export function shownRows(state: State, row: JobRow, size: Size, signs: ChartSigns): readonly StyledRow[] {
  const { detailTab, timezone, linear } = state;
  if (detailTab.tab === 'why') {
    const parts = detailParts(state, row, size);
    const sections = detailRows(parts);
    const { log, charts } = currentDetail(state, row.id);
    const used = sections.length;
    const below = belowSections(parts, { ...wantedBelow(state), log, charts, used, signs });
    return below.length === 0 ? sections : [...sections, ...below];
  }
  const now = Math.floor(state.now / MINUTE_MS) * MINUTE_MS;
  const area = { columns: size.columns, rows: detailHeight(state, size), now, timezone, signs, linear };
  return tabRows(row, currentTab(state, row.id).answer, area);
}

/** From this many rows on, a detail may have room below its sections. */
const LOG_FROM_ROWS = 16;
const CHARTS_FROM_ROWS = 30;

/** What may stand below the sections of the detail. Charts stand in one place of the screen. */
function wantedBelow(state: State): { readonly hasLog: boolean; readonly hasCharts: boolean } {
  const rows = state.linear || state.detailTab.tab !== 'why' ? 0 : (detailRect(state)?.rows ?? 0);
  return {
    hasLog: rows >= LOG_FROM_ROWS,
    hasCharts: rows >= CHARTS_FROM_ROWS && listPlaces(state).overview === undefined,
  };
}

/** The tab, without what belongs to another job. */
function currentTab({ detailTab }: State, jobId: string): ShownTab {
  return detailTab.jobId === jobId ? detailTab : { ...FIRST_TAB, tab: detailTab.tab, jobId };
}

/** The first row in sight; at most `max`. */
export function shownTop(state: State, row: JobRow, max: number): number {
  const { tab, top } = currentTab(state, row.id);
  if (tab === 'why') return Math.min(currentDetail(state, row.id).top, max);
  return Math.min(top ?? (tab === 'log' ? max : 0), max);
}

/** Scrolls the detail of a job, within its rows. */
export function scrollDetail(state: State, row: JobRow, by: number): State {
  const rect = detailRect(state);
  if (rect === undefined) return state;
  // The signs do not change how many rows there are.
  const max = Math.max(0, shownRows(state, row, rect, 'braille').length - detailHeight(state, rect));
  const before = shownTop(state, row, max);
  const top = clamp(before + by, 0, max);
  if (top === before) return state;
  const shown = currentTab(state, row.id);
  if (shown.tab === 'why') return { ...state, detail: { ...currentDetail(state, row.id), top } };
  // At its end, a log is followed again.
  return { ...state, detailTab: { ...shown, top: shown.tab === 'log' && top === max ? undefined : top } };
}

/** The number of detail rows below its title and its tabs. */
export function detailHeight({ linear }: Pick<State, 'linear'>, size: Size): number {
  return Math.max(1, size.rows - (tabPlace(size, linear) === 'below' ? 2 : 1));
}

/** The tab that is clicked. */
export function clickedTab(
  { linear }: Pick<State, 'linear'>,
  rect: Rect,
  click: { column: number; row: number },
): DetailTab | undefined {
  const place = tabPlace(rect, linear);
  const line = place === 'below' ? 1 : 0;
  if (place === 'short' || click.row !== rect.row + line) return undefined;
  const start = place === 'below' ? 0 : rect.columns - TABS_CELLS;
  return tabAt(click.column - rect.column - start);
}

/** Subscribes to what the detail shows of a job. The subscription changes whenever the answer may have changed. */
export function detailSubscriptions(state: State, row: JobRow | undefined): readonly Subscription[] {
  if (row === undefined) return [];
  const jobId = row.id;
  const { tab } = state.detailTab;
  const { hasLog, hasCharts } = wantedBelow(state);
  const hasOverview = listPlaces(state).overview !== undefined;
  const isShown = detailRect(state) !== undefined;
  const about = newestRun(row);
  const isOver = row.active.every(({ runId }) => runId !== about?.runId);
  const below = (one: AskingTab, how: 'once' | 'live') => ({ ...tabSubscription(row, one), below: how });
  const wanted: (Subscription | false)[] = [
    isShown && tab === 'why' && { kind: 'job_detail', jobId, version: detailVersion(state, row) },
    isShown && tab !== 'why' && tabSubscription(row, tab),
    hasLog && about !== undefined && below('log', isOver ? 'once' : 'live'),
    (hasCharts || (hasOverview && tab !== 'charts')) && below('charts', 'live'),
  ];
  return wanted.filter((one) => one !== false);
}

function tabSubscription(row: JobRow, tab: AskingTab): SubscriptionOf<'job_tab'> {
  return { kind: 'job_tab', jobId: row.id, tab, about: aboutOf(row, tab), version: tabVersion(row, tab) };
}

function aboutOf(row: JobRow, tab: AskingTab): string | undefined {
  if (tab === 'log') return newestRun(row)?.runId;
  if (tab === 'items') return runWithItems(row);
  return tab === 'config' ? (row.configName ?? undefined) : undefined;
}

/** A key that changes whenever the tab may show something else. A log and a configuration are followed. */
function tabVersion({ active, last }: JobRow, tab: AskingTab): string {
  if (tab === 'log' || tab === 'config') return '';
  const runs = active.map(({ runId, status, attempt }) => [runId, status, attempt]);
  return JSON.stringify([last?.runId, ...(tab === 'items' ? [] : runs)]);
}

/** A key that changes whenever the explanation may have changed. Mere countdowns do not change it. */
function detailVersion({ home }: State, row: JobRow): string {
  const { revision, nextRun, active, last, pausedAt, callbackFailure, error, hosts } = row;
  const scheduler = home?.scheduler;
  const runs = active.map(({ runId, status, attempt, cancelling }) => [runId, status, attempt, cancelling]);
  // `hosts` is included because a job without its configuration has none, and its runs fail.
  const ownRuns = [revision, nextRun, runs, last?.runId, pausedAt, callbackFailure?.at, error, hosts];
  return JSON.stringify([...ownRuns, scheduler?.state, scheduler?.pid, scheduler?.held, home?.settings]);
}

/** Records the detail of the selected job and the progress of its run. */
export const detailReducer: Reducer = (state, event) => {
  const row = state.jobs.table.rows[state.jobs.table.index];
  if (row === undefined) return step(state);
  if (event.kind === 'job_detail') {
    if (event.jobId !== row.id) return step(state);
    const before = currentDetail(state, row.id);
    const next =
      'data' in event ? { data: event.data, failure: null } : { data: null, failure: event.failure };
    return step({ ...state, detail: { ...before, ...next } });
  }
  if (event.kind === 'job_tab') {
    if (event.jobId !== row.id) return step(state);
    const before = currentTab(state, row.id);
    const { tab, answer } = event;
    const next = tab === before.tab ? { ...state, detailTab: { ...before, answer } } : state;
    const { hasLog, hasCharts } = wantedBelow(state);
    const hasOverview = listPlaces(state).overview !== undefined;
    const isWanted = tab === 'log' ? hasLog : tab === 'charts' && (hasCharts || hasOverview);
    if (!isWanted) return step(next);
    return step({ ...next, detail: { ...currentDetail(state, row.id), [tab]: answer } });
  }
  const run = event.kind === 'home' ? findRunningRun(row) : undefined;
  if (run === undefined || event.kind !== 'home') return step(state);
  const before = currentDetail(state, row.id);
  const samples = progressSamples(run, before, event.data.readAt);
  return step({ ...state, detail: { ...before, runId: run.runId, samples } });
};
