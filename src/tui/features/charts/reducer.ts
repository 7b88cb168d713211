import type { Reducer, State, Step } from '../../kernel/model.ts';
import { currentView, openView, step } from '../../kernel/step.ts';
import type { ChartSigns } from '../../ui/chart.ts';
import { wheelRows } from '../../ui/input.ts';
import { computeLayout, type Rect } from '../../ui/layout.ts';
import { clamp } from '../../ui/scroll.ts';
import { plainRow, type StyledRow } from '../../ui/styled-row.ts';
import type { ViewRules } from '../define-feature.ts';
import { openJobView } from '../runs/reducer.ts';
import { homeChartRows } from './home-charts.ts';
import { chartsAcross, jobChartRows, shownRuns } from './job-charts.ts';
import { jobFigures } from './job-figures.ts';
import { readNext, takeMedians } from './read-medians.ts';

/** Opens the charts of a job, or without one those of the home. */
export function openCharts(state: State, jobId: string | undefined): Step {
  const there = { ...state, charts: { ...state.charts, top: 0 } };
  return jobId === undefined
    ? openView(there, { name: 'home_charts' })
    : openJobView(there, { name: 'charts', jobId });
}

const onInput: ViewRules['onInput'] = (state, input) => {
  const by = wheelRows(input);
  return by === 0 ? undefined : step(scrollCharts(state, by));
};

export const jobChartsRules: ViewRules = {
  title: (state) => {
    const view = currentView(state);
    return view.name === 'charts' ? `${view.jobId} · charts` : 'Charts';
  },
  onInput,
};

export const homeChartsRules: ViewRules = {
  title: () => 'Charts of the home',
  onInput,
  subscriptions: () => [{ kind: 'home_figures' }],
};

/** The rows of the charts that are open. */
export function visibleCharts(
  state: State,
  { columns, rows }: Pick<Rect, 'columns' | 'rows'>,
  signs: ChartSigns,
): StyledRow[] {
  const { now, timezone, linear, charts, runs, home } = state;
  const drawing = { signs, isSpoken: linear };
  const across = chartsAcross(columns, rows);
  const area = { columns, rows, across, now, timezone } as const;
  if (currentView(state).name === 'home_charts') {
    if (charts.home === undefined) return [plainRow('Reading the runs…', 'faint')];
    return homeChartRows(charts.home, { ...area, slots: home?.scheduler.slots }, drawing);
  }
  if (runs.runs === undefined) return [plainRow('Reading the runs…', 'faint')];
  const figures = jobFigures(runs.runs, shownRuns(area, drawing), charts.medians?.byRun);
  return jobChartRows(figures, area, drawing);
}

export function chartsRect(state: State): Rect {
  return computeLayout(state, { hasSide: false, pane: 'main' }).main;
}

/** Scrolls the charts, within their rows. */
export function scrollCharts(state: State, by: number): State {
  const rect = chartsRect(state);
  // The signs do not change how many rows there are.
  const max = Math.max(0, visibleCharts(state, rect, 'braille').length - rect.rows);
  const top = clamp(Math.min(state.charts.top, max) + by, 0, max);
  return top === state.charts.top ? state : { ...state, charts: { ...state.charts, top } };
}

export const chartsReducer: Reducer = (state, event) => {
  if (event.kind === 'home_figures')
    return step({ ...state, charts: { ...state.charts, home: event.figures } });
  // A run that has just ended is in a new list of runs.
  if (event.kind === 'answer' && event.name === 'list_runs') return readNext(state);
  return takeMedians(state, event) ?? step(state);
};
