import { findJobRow } from '../../home/home-data.ts';
import type { Reducer, State, Step, View, ViewParams } from '../../kernel/model.ts';
import { currentView, step } from '../../kernel/step.ts';
import { type Input, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { withSample } from '../../ui/run-progress.ts';
import { editLine } from '../../ui/text/edit-line.ts';
import type { ViewRules } from '../define-feature.ts';
import { besideRuns, newerRun, selectedRun } from '../runs/reducer.ts';
import { EMPTY_LOG, type LogEvent, type LogState, type LogView, NO_LOG } from './model.ts';
import { reduceLog } from './reduce-log.ts';

export const logRules: ViewRules = {
  title: (state) => {
    const open = openLog(state);
    return open === undefined ? 'Log' : `${open.jobId} · log of ${open.runId}`;
  },
  subscriptions: (state) => {
    const open = openLog(state);
    return open === undefined ? [] : [{ kind: 'log', jobId: open.jobId, runId: open.runId }];
  },
  onInput: inputToLog,
};

/** Handles an input to the log that is shown: a typed line, Esc that ends a search, or the wheel. */
export function inputToLog(state: State, input: Input): Step | undefined {
  const { typing, slice } = currentLog(state);
  if (typing !== undefined) return withTypedText(state, input);
  if (keyOf(input) === 'escape' && slice.search !== undefined)
    return dispatchToLog(state, { kind: 'wanted', text: '' });
  const rows = wheelRows(input);
  return rows === 0 ? undefined : dispatchToLog(state, { kind: 'scroll', rows });
}

/** The run whose log is open. `since` is set when it is shown as the newest run of its job. */
export function openLog(state: State): ViewParams['log'] | undefined {
  const view = currentView(state);
  return view.name === 'log' ? view : undefined;
}

/** The run whose log is shown: in a view of its own, or beside the runs that of the selected one. */
export function shownLog(state: State): ViewParams['log'] | undefined {
  const open = openLog(state);
  if (open !== undefined || besideRuns(state) === undefined) return open;
  const run = selectedRun(state);
  return run && { jobId: run.job_id, runId: run.run_id };
}

/** The state of the log that is shown. It is empty while the stored state belongs to another run. */
export function currentLog(state: State): LogState {
  const open = shownLog(state);
  if (open === undefined || state.log.runId === open.runId) return state.log;
  // The display options are the user's preference and stay.
  const { wrap, timestamps } = state.log.slice;
  const { isCutBeside } = state.log;
  return { ...NO_LOG, runId: open.runId, slice: { ...EMPTY_LOG, wrap, timestamps }, isCutBeside };
}

/** The area for the log's lines: its pane without the line for search, follow and filter. */
export function logView(state: State): LogView {
  const { timezone } = state;
  const beside = besideRuns(state);
  const { columns, rows } = beside ?? computeLayout(state, { hasSide: false, pane: 'main' }).main;
  const view = { columns, rows: Math.max(1, rows - 1), timezone };
  return beside === undefined ? view : { ...view, wrap: !state.log.isCutBeside, compact: true };
}

/** Wraps long lines, or cuts them. Beside the runs this is not the preference, which is about a log of its own. */
export function toggleWrap(state: State): Step {
  if (besideRuns(state) === undefined) return dispatchToLog(state, { kind: 'wrap' });
  const { slice, ...log } = currentLog(state);
  const top = { ...slice.top, row: 0 };
  return step({
    ...state,
    log: { ...log, slice: { ...slice, left: 0, top }, isCutBeside: !log.isCutBeside },
  });
}

/** The step for events in the log view. */
export function dispatchToLog(state: State, ...events: readonly LogEvent[]): Step {
  const log = currentLog(state);
  let { slice } = log;
  const requests = [];
  for (const event of events) {
    const next = reduceLog(slice, logView(state), event);
    slice = next.slice;
    requests.push(...next.requests);
  }
  if (slice === log.slice && requests.length === 0) return step(state);
  const effects = requests.map((request) => ({ kind: 'read_log' as const, runId: log.runId, request }));
  return step({ ...state, log: { ...log, slice } }, ...effects);
}

/** Records what was read of the log and the progress of its run, and switches to a newer run of the job. */
export const logReducer: Reducer = (before, event) => {
  const state = withNewestRun(before);
  const open = shownLog(state);
  if (open === undefined) return step(state);
  if (event.kind === 'log')
    return event.runId === open.runId ? dispatchToLog(state, event.event) : step(state);
  if (event.kind !== 'home') return step(state);
  const run = event.data.runs.find(({ runId }) => runId === open.runId);
  if (run === undefined) return step(state);
  const { pages, items, totalPages } = run;
  const attempt = Math.max(1, run.attempt);
  const log = currentLog(state);
  const progress = withSample(log.progress, { at: event.data.readAt, pages, items, totalPages, attempt });
  return step({ ...state, log: { ...log, progress } });
};

/** Switches to the log of a run that has started since, unless the user is scrolling in the current one. */
function withNewestRun(state: State): State {
  const { slice, typing } = currentLog(state);
  const newer = newerLog(state);
  if (newer === undefined || typing !== undefined || !slice.follow) return state;
  return { ...state, views: [...state.views.slice(0, -1), newer] };
}

/** The log of a run that is newer than the one shown as the newest of its job. */
export function newerLog(state: State): View | undefined {
  const open = openLog(state);
  const job = open?.since === undefined ? undefined : findJobRow(state.home?.jobs ?? [], open.jobId);
  if (open?.since === undefined || job === undefined) return undefined;
  const run = newerRun(job, { runId: open.runId, since: open.since });
  return run && { name: 'log', jobId: open.jobId, ...run };
}

/** Opens the line for typing a search or a filter. */
export function openLogInput(state: State, what: 'search' | 'filter'): State {
  const log = currentLog(state);
  const text = what === 'search' ? '' : log.slice.filter.text;
  return {
    ...state,
    log: { ...log, typing: { what, line: { text, cursor: text.length }, before: log.slice } },
  };
}

function withTypedText(state: State, input: Input): Step {
  const log = currentLog(state);
  const { typing } = log;
  if (typing === undefined) return step(state);
  if (keyOf(input) === 'escape') {
    // Log lines that arrived meanwhile stay; only the typed text is reverted.
    const { search, filter } = typing.before;
    const back = { ...log.slice, search };
    const without: State = { ...state, log: { ...log, slice: back, typing: undefined } };
    return typing.what === 'filter'
      ? dispatchToLog(without, { kind: 'filter', text: filter.text })
      : step(without);
  }
  const closed: State = { ...state, log: { ...log, typing: undefined } };
  if (keyOf(input) === 'enter')
    return typing.what === 'search' ? dispatchToLog(closed, { kind: 'search' }) : step(closed);
  const line = editLine(typing.line, input);
  if (line === undefined) return step(state);
  const typed: State = { ...state, log: { ...log, typing: { ...typing, line } } };
  return dispatchToLog(
    typed,
    typing.what === 'search' ? { kind: 'wanted', text: line.text } : { kind: 'filter', text: line.text },
  );
}
