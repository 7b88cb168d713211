import { isActive } from '../../core/model/run-record.ts';
import { type ComparedRuns, openItems } from '../items/items-view.ts';
import { openLog } from '../log/log-view.ts';
import { markedRun, markRun, selectedRun } from '../runs/runs-view.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { currentView } from '../state/view.ts';
import type { Action } from './action.ts';

/** A run is compared with the one that is marked, or with the one before it that succeeded. */
export const compareActions: readonly Action[] = [
  {
    id: 'runs.mark',
    title: 'Mark the run to compare another one with it, or take the mark back',
    group: 'Marks',
    scope: 'runs',
    keys: ['space'],
    footer: 'mark',
    available: (state) => (selectedRun(state) === undefined ? 'No run is selected.' : true),
    perform: (state) => {
      const run = selectedRun(state);
      if (run === undefined) return step(state);
      if (markedRun(state) === run) return step(markRun(state, undefined));
      const reason = `${run.run_id} is marked: c on another run compares the two.`;
      return step(withNotice(markRun(state, run.run_id), 'info', reason));
    },
  },
  {
    id: 'items.compare',
    title: 'Show what changed in the items since the run before, or between it and the marked one',
    group: 'Run',
    scope: ['runs', 'log'],
    keys: ['c'],
    footer: 'changes',
    urgent: (state) =>
      markedRun(state) !== undefined && comparedItems(state) !== undefined ? 'compare' : undefined,
    available: (state) => {
      const found = comparison(state);
      return typeof found === 'string' ? found : true;
    },
    perform: (state) => {
      const runs = comparedItems(state);
      return runs === undefined ? step(state) : openItems(state, runs, 'changes');
    },
    command: (state) => {
      const { jobId = '<job>', runId = '<run>', withRunId = '' } = comparedItems(state) ?? {};
      return ['quickscrape job diff', jobId, withRunId, runId].filter((part) => part !== '').join(' ');
    },
  },
];

function comparedItems(state: State): ComparedRuns | undefined {
  const found = comparison(state);
  return typeof found === 'string' ? undefined : found;
}

/** What the key would compare, the later run with the earlier one, whichever of them is marked; or why it cannot. */
function comparison(state: State): ComparedRuns | string {
  const log = openLog(state);
  if (log !== undefined) return { jobId: log.jobId, runId: log.runId };
  const run = currentView(state).name === 'runs' ? selectedRun(state) : undefined;
  if (run === undefined) return 'No run is selected.';
  const marked = markedRun(state);
  if (marked === undefined) return { jobId: run.job_id, runId: run.run_id };
  if (marked === run) return 'It is the marked run: select the one to compare it with.';
  const without = [marked, run].find(({ status, started_at }) => isActive(status) || started_at === null);
  if (without !== undefined) {
    const why = isActive(without.status) ? 'is not over' : 'never started';
    return `${without.run_id} ${why}: it has no items to compare.`;
  }
  const { runs = [] } = state.runs;
  const [later, earlier] = runs.indexOf(run) < runs.indexOf(marked) ? [run, marked] : [marked, run];
  return { jobId: later.job_id, runId: later.run_id, withRunId: earlier.run_id };
}
