import type { RunOutput } from '../../../core/operations/run-output.ts';
import type { HistoryRun } from '../../../core/runs/last-run.ts';
import type { ActiveRun } from '../../home/active-run.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Effect, Reducer, State, Step, View } from '../../kernel/model.ts';
import { currentView, openView, step } from '../../kernel/step.ts';
import { clickedLine, type Input } from '../../ui/input.ts';
import { computeLayout, isInRect, type Layout, type PaneRules, type Rect } from '../../ui/layout.ts';
import { scrollIntoView } from '../../ui/scroll.ts';
import { NO_RUNS } from './model.ts';

/** The maximum number of runs listed for a job. */
const MAX_RUNS = 500;

/**
 * The log stands beside the list where that takes no column away. It has its own keys, so it is never below. It gets most
 * of the room: its lines are longer than those of the list, whose reasons it has in full.
 */
export const RUNS_PANES: PaneRules = {
  wideFrom: 150,
  minMain: 87,
  wideShare: 0.45,
  maxSide: 120,
  canZoom: true,
  onlyBeside: true,
};

/** Where the list and the log of the selected run are. */
export function runsLayout(state: State): Layout {
  return computeLayout(state, { hasSide: true, pane: state.pane, panes: RUNS_PANES });
}

/** Where the log is shown beside the runs, or in their place; `undefined` without it. */
export function besideRuns(state: State): Rect | undefined {
  return currentView(state).name === 'runs' ? runsLayout(state).side : undefined;
}

/** The row of the list that is clicked. */
export function runAt(state: State, input: Input): number | undefined {
  const { main, mainShown } = runsLayout(state);
  const line = clickedLine(input, main.row + RUNS_LINES_ABOVE);
  if (line === undefined || line >= runsHeight(state)) return undefined;
  if (!mainShown || input.kind !== 'mouse' || !isInRect(main, input)) return undefined;
  const row = state.runs.top + line;
  return row < (state.runs.runs?.length ?? 0) ? row : undefined;
}

/** The number of lines above the list: the sparklines of duration and items, and the headings. */
const RUNS_LINES_ABOVE = 3;

export function runsHeight(state: State): number {
  return Math.max(1, paneRows(state) - RUNS_LINES_ABOVE - runExplanationLines(state));
}

const FACTS_FROM_ROWS = 30;
/** A rule, and a line for most facts. */
const FACT_LINES = 10;

/**
 * The number of lines below the list for the explanation of the selected run, as many as the screen allows. A log beside
 * the list says it all in its own words, so there only a high screen has what both leave out.
 */
export function runExplanationLines(state: State): number {
  const rows = paneRows(state);
  if (runsLayout(state).kind === 'wide') return rows >= FACTS_FROM_ROWS ? FACT_LINES : 0;
  if (rows >= 14) return 4;
  return rows >= 9 ? 2 : 1;
}

function paneRows(state: State): number {
  return runsLayout(state).main.rows;
}

/** Opens the runs of a job or a view of one of its runs. Both need the list of runs, so it is read. */
export function openJobView(state: State, view: View & { jobId: string }): Step {
  const { jobId } = view;
  const runs = state.runs.jobId === jobId ? state.runs : { ...NO_RUNS, jobId };
  const opened = openView({ ...state, runs }, view);
  return step(opened.state, ...opened.effects, readRuns(jobId));
}

export function selectedRun(state: State): RunOutput | undefined {
  return state.runs.runs?.[state.runs.index];
}

/** Why no run is selected in the runs of a job: a key may come before they were read. */
export function whyNoRun({ runs: { jobId, runs } }: State): string {
  return jobId !== '' && runs === undefined ? 'The runs are still being read.' : 'No run is selected.';
}

/** The run marked for comparison, while it is listed. */
export function markedRun({ runs: { runs, marked } }: State): RunOutput | undefined {
  return marked === undefined ? undefined : runs?.find(({ run_id }) => run_id === marked);
}

export function markRun(state: State, marked: string | undefined): State {
  return { ...state, runs: { ...state.runs, marked } };
}

/** Selects the run at a row. The row is clamped to the list. */
export function selectRun(state: State, row: number): State {
  const { runs = [], top } = state.runs;
  const index = Math.max(0, Math.min(row, runs.length - 1));
  const next = {
    selected: runs[index]?.run_id,
    index,
    top: scrollIntoView(index, top, runsHeight(state), runs.length),
  };
  return { ...state, runs: { ...state.runs, ...next } };
}

/**
 * The run before (`by` 1) or after (`by` -1) another one in the history, skipping runs that have no log and will not
 * get one.
 */
export function neighbourRun(
  { runs: { jobId, runs = [] } }: State,
  { jobId: ofJob, runId }: { jobId: string; runId: string },
  by: 1 | -1,
): RunOutput | undefined {
  const index = jobId === ofJob ? runs.findIndex(({ run_id }) => run_id === runId) : -1;
  if (index < 0) return undefined;
  for (let other = index + by; other >= 0 && other < runs.length; other += by)
    if (runs[other]?.started_at !== null || runs[other]?.status === 'queued') return runs[other];
  return undefined;
}

/** Records the runs, and reads them again when the job has changed. */
export const runsReducer: Reducer = (state, event) => {
  const { jobId } = state.runs;
  if (event.kind === 'answer' && event.name === 'list_runs' && event.tag === tagOf(jobId) && event.ok) {
    const { runs, total } = event.output;
    const found = runs.findIndex(({ run_id }) => run_id === state.runs.selected);
    const next = { ...state, runs: { ...state.runs, runs, total } };
    return step(selectRun(next, found < 0 ? state.runs.index : found));
  }
  if (event.kind === 'resize') return step(selectRun(withShownPane(state), state.runs.index));
  const isNews = event.kind === 'home' && event.changed.includes(jobId);
  return isNews && isOpen(state) ? step(state, readRuns(jobId)) : step(state);
};

/** Keys never go to a log for which the screen has become too narrow. */
function withShownPane(state: State): State {
  const isGone = currentView(state).name === 'runs' && runsLayout(state).side === undefined;
  return isGone && state.pane === 'side' ? { ...state, pane: 'main' } : state;
}

/** Reads the runs again when the settings have changed: waiting runs say which limit they wait for. */
export const settingsReducer: Reducer = (state, event) => {
  const before = state.home?.settings;
  const isNews = event.kind === 'home' && before !== undefined && before !== event.data.settings;
  return isNews && isOpen(state) ? step(state, readRuns(state.runs.jobId)) : step(state);
};

/** Whether the runs, or a view of one of them, are open. */
function isOpen({ views, runs: { jobId } }: State): boolean {
  return views.some((view) => 'jobId' in view && view.jobId === jobId);
}

/** Reads the runs of a job. */
function readRuns(jobId: string): Effect {
  return { kind: 'call', name: 'list_runs', params: { job_id: jobId, limit: MAX_RUNS }, tag: tagOf(jobId) };
}

function tagOf(jobId: string): string {
  return `runs.${jobId}`;
}

/**
 * A run whose log is shown for its job, and the time when it started or was queued. A run that starts later is newer.
 */
interface NewestRun {
  runId: string;
  since: number;
}

type AnyRun = Pick<ActiveRun | HistoryRun, 'runId' | 'startedAt' | 'queuedAt'>;
type Runs = Pick<JobRow, 'active' | 'last'>;

/**
 * The run to show for a job: the latest started active run, otherwise the latest queued one, otherwise the last one.
 */
export function newestRun({ active, last }: Runs): NewestRun | undefined {
  const begun = active.filter(({ startedAt }) => startedAt !== null);
  const run = latest(begun) ?? latest(active) ?? last;
  return run === null ? undefined : toNewestRun(run);
}

/** The run of the job that started after the shown one, if there is one. It may already have finished. */
export function newerRun({ active, last }: Runs, shown: NewestRun): NewestRun | undefined {
  const begun = [...active, ...(last === null ? [] : [last])].filter(({ startedAt }) => startedAt !== null);
  const run = latest(begun);
  const newest = run === undefined || run.runId === shown.runId ? undefined : toNewestRun(run);
  return newest !== undefined && newest.since > shown.since ? newest : undefined;
}

function latest(runs: readonly AnyRun[]): AnyRun | undefined {
  return runs.toSorted((one, other) => toNewestRun(other).since - toNewestRun(one).since)[0];
}

function toNewestRun({ runId, startedAt, queuedAt }: AnyRun): NewestRun {
  return { runId, since: startedAt ?? queuedAt };
}
