import type { State, Step } from '../../kernel/model.ts';
import { currentView, step } from '../../kernel/step.ts';
import { type Input, isClick, wheelRows } from '../../ui/input.ts';
import { isInRect } from '../../ui/layout.ts';
import type { ViewRules } from '../define-feature.ts';
import { currentLog, inputToLog, shownLog } from '../log/reducer.ts';
import { besideRuns, RUNS_PANES, runAt, selectRun } from './reducer.ts';

/** The cursor has to stay on a run this long before its log is read. */
const LOG_DELAY_MS = 60;

/** The runs of a job, on a wide screen with the log of the selected one. */
export const runsRules: ViewRules = {
  title: (state) => {
    const view = currentView(state);
    return view.name === 'runs' ? `${view.jobId} · runs` : 'Runs';
  },
  panes: () => RUNS_PANES,
  onInput: (state, input) => (isForLog(state, input) ? toLog(state, input) : toList(state, input)),
  rowAt: runAt,
  subscriptions: (state) => {
    const shown = shownLog(state);
    if (shown === undefined) return [];
    const { jobId, runId } = shown;
    return [{ kind: 'log', jobId, runId, afterMs: LOG_DELAY_MS }];
  },
};

function isForLog(state: State, input: Input): boolean {
  const side = besideRuns(state);
  if (side === undefined) return false;
  if (input.kind === 'mouse') return isInRect(side, input);
  return state.pane === 'side' || currentLog(state).typing !== undefined;
}

/** A click moves the keys to the log. */
function toLog(state: State, input: Input): Step | undefined {
  return isClick(input) ? step({ ...state, pane: 'side' }) : inputToLog(state, input);
}

function toList(state: State, input: Input): Step | undefined {
  const row = runAt(state, input);
  if (row !== undefined) return step({ ...selectRun(state, row), pane: 'main' });
  const by = wheelRows(input);
  return by === 0 ? undefined : step(selectRun(state, state.runs.index + by));
}
