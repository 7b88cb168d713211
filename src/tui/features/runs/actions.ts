import { pluralize } from '../../../core/lib/text.ts';
import { isActive } from '../../../core/model/run-record.ts';
import type { Action } from '../../kernel/action.ts';
import { listMoves } from '../../kernel/move-actions.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { openAttempts } from './attempts-dialog.tsx';
import { newestRun, openJobView, runsHeight, selectedRun, selectRun, whyNoRun } from './reducer.ts';

/** Actions on the runs of a job. */
export const runsActions: readonly Action[] = [
  {
    id: 'runs.open',
    title: 'Show the runs of the job',
    synonyms: ['history', 'past'],
    group: 'Job',
    scope: 'jobs',
    keys: ['enter'],
    footer: 'runs',
    urgent: () => 'runs',
    available: (state) => (selectedJob(state) === undefined ? 'No job is selected.' : true),
    perform: (state) => {
      const jobId = selectedJob(state)?.id;
      return jobId === undefined ? step(state) : openJobView(state, { name: 'runs', jobId });
    },
    command: (state) => `quickscrape job history ${selectedJob(state)?.id ?? '<job>'}`,
  },
  {
    id: 'jobs.log',
    title: 'Show the log of the job’s newest run',
    synonyms: ['output', 'tail'],
    group: 'Job',
    scope: 'jobs',
    keys: ['l'],
    footer: 'log',
    available: (state) => {
      const job = selectedJob(state);
      return job === undefined || newestRun(job) === undefined ? 'The job has not run yet.' : true;
    },
    perform: (state) => {
      const job = selectedJob(state);
      const run = job && newestRun(job);
      if (job === undefined || run === undefined) return step(state);
      return openJobView(state, { name: 'log', jobId: job.id, ...run });
    },
    command: (state) => `quickscrape job logs ${selectedJob(state)?.id ?? '<job>'}`,
  },
  ...listMoves({
    name: 'runs',
    scope: 'runs/main',
    row: 'run',
    index: ({ runs }) => runs.index,
    count: ({ runs }) => runs.runs?.length ?? 0,
    height: runsHeight,
    select: (state, row) => step(selectRun(state, row)),
  }),
  {
    id: 'runs.attempts',
    title: 'Show the attempts of the run',
    group: 'Run',
    scope: 'runs',
    keys: ['a'],
    available: (state) => (selectedRun(state) === undefined ? whyNoRun(state) : true),
    perform: (state) => {
      const run = selectedRun(state);
      return run === undefined ? step(state) : openAttempts(state, run.job_id, run.run_id);
    },
  },
  {
    id: 'runs.retry',
    title: 'Run it again',
    synonyms: ['rerun', 'repeat', 'retry'],
    group: 'Run',
    scope: 'runs',
    keys: ['r'],
    footer: 'retry',
    changes: true,
    available: (state) => {
      const run = selectedRun(state);
      if (run === undefined) return whyNoRun(state);
      return isActive(run.status) ? 'It has not finished.' : true;
    },
    perform: (state) => {
      const id = selectedRun(state)?.run_id ?? '';
      const done = `Run ${id} was started again.`;
      return step(state, {
        kind: 'call',
        name: 'retry_run',
        params: { run_id: id },
        tag: 'runs.retry',
        done,
      });
    },
    command: (state) => `quickscrape job retry ${selectedRun(state)?.run_id ?? '<run>'}`,
  },
  {
    id: 'runs.cancel',
    title: 'Cancel the run',
    synonyms: ['kill', 'abort', 'terminate', 'interrupt'],
    group: 'Run',
    scope: 'runs',
    keys: ['x'],
    footer: 'cancel',
    changes: true,
    available: (state) => {
      const run = selectedRun(state);
      if (run === undefined) return whyNoRun(state);
      return isActive(run.status) ? true : 'It has finished.';
    },
    perform: (state) => {
      const run = selectedRun(state);
      if (run === undefined) return step(state);
      const { run_id, job_id, items } = run;
      return openDialog(state, {
        kind: 'confirm',
        title: 'Cancel the run',
        lines: [`${run_id} of ${job_id}, which has ${pluralize(items, 'item')} so far`],
        effects: [
          {
            kind: 'call',
            name: 'cancel_run',
            params: { run_id },
            tag: 'runs.cancel',
            done: `Run ${run_id} is being cancelled.`,
          },
        ],
        typed: '',
      });
    },
    command: (state) => `quickscrape job cancel ${selectedRun(state)?.run_id ?? '<run>'}`,
  },
];
