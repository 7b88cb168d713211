import { openConfigs, openRepair } from '../configs/open-config-editor.ts';
import { hasFailed } from '../home/job-row.ts';
import { selectedJob } from '../jobs/jobs-view.ts';
import { selectedRun } from '../runs/runs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { currentView } from '../state/view.ts';
import type { Action } from './action.ts';

/** The ways from other views to the configurations. */
export const openConfigsActions: readonly Action[] = [
  {
    id: 'configs.open',
    title: 'Show the configurations',
    group: 'View',
    scope: ['jobs', 'timeline', 'config'],
    keys: ['c'],
    footer: 'configs',
    urgent: (state) =>
      state.home?.jobs.length === 0 && currentView(state).name === 'jobs' ? 'configs' : undefined,
    perform: openConfigs,
    command: () => 'quickscrape list',
  },
  {
    id: 'configs.repair',
    title: 'Repair the selectors: what the run found, edit, test, save, run again',
    group: 'Run',
    scope: ['jobs', 'runs', 'log'],
    keys: ['R'],
    footer: 'repair',
    urgent: (state) => {
      const last = currentView(state).name === 'jobs' ? selectedJob(state)?.last : undefined;
      return last && hasFailed(last) ? 'repair' : undefined;
    },
    available: (state) => {
      const run = runToRepair(state);
      return typeof run === 'string' ? run : true;
    },
    perform: (state) => {
      const run = runToRepair(state);
      return typeof run === 'string' ? step(state) : openRepair(state, run);
    },
  },
];

/** The run whose selectors are to be looked at: the last one of the selected job, or the selected one; else why not. */
function runToRepair(state: State): { jobId: string; runId: string; configName: string } | string {
  if (currentView(state).name !== 'jobs') {
    const run = selectedRun(state);
    if (run === undefined) return 'No run is selected.';
    return { jobId: run.job_id, runId: run.run_id, configName: run.config_name };
  }
  const job = selectedJob(state);
  if (job === undefined) return 'No job is selected.';
  if (job.configName === null) return 'Its file cannot be used.';
  if (job.last === null) return 'It has not run yet.';
  return { jobId: job.id, runId: job.last.runId, configName: job.configName };
}
