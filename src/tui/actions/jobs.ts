import { jobsHeight, listedJobs, selectedJob, selectRow } from '../state/jobs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Actions on the list of jobs. */
export const jobsActions: readonly Action[] = [
  move('down', 'Select the next job', ['j', 'down'], (row) => row + 1),
  move('up', 'Select the previous job', ['k', 'up'], (row) => row - 1),
  move('page-down', 'Go half a page down', ['ctrl+d'], (row, state) => row + half(state)),
  move('page-up', 'Go half a page up', ['ctrl+u'], (row, state) => row - half(state)),
  move('next-page', 'Go a page down', ['pagedown'], (row, state) => row + jobsHeight(state)),
  move('previous-page', 'Go a page up', ['pageup'], (row, state) => row - jobsHeight(state)),
  move('first', 'Go to the first job', ['g g', 'home'], () => 0),
  move('last', 'Go to the last job', ['G', 'end'], (_, state) => listedJobs(state).length - 1),
  {
    id: 'jobs.run',
    title: 'Run the job now',
    group: 'Job',
    scope: 'jobs',
    keys: ['r'],
    footer: 'run',
    changes: true,
    available: (state) => {
      const job = selectedJob(state);
      if (job === undefined) return 'No job is selected.';
      return job.state === 'invalid' ? 'Its file cannot be used.' : true;
    },
    perform: (state) => {
      const id = selectedJob(state)?.id ?? '';
      return step(state, {
        kind: 'call',
        name: 'run_job',
        params: { job_id: id },
        tag: 'jobs.run',
        done: `${id} was started.`,
      });
    },
    command: (state) => `quickscrape job run ${selectedJob(state)?.id ?? '<job>'} --background`,
  },
  {
    id: 'jobs.copy-id',
    title: 'Copy the job’s id',
    group: 'Job',
    scope: 'jobs',
    keys: ['y'],
    available: (state) => (selectedJob(state) === undefined ? 'No job is selected.' : true),
    perform: (state) => {
      const id = selectedJob(state)?.id ?? '';
      return step(state, { kind: 'copy', text: id, what: id });
    },
  },
];

function move(
  name: string,
  title: string,
  keys: readonly string[],
  to: (row: number, state: State) => number,
): Action {
  return {
    id: `jobs.${name}`,
    title,
    group: 'Move',
    scope: 'jobs/main',
    keys,
    perform: (state) => step(selectRow(state, to(state.jobs.table.index, state))),
  };
}

function half(state: State): number {
  return Math.max(1, Math.floor(jobsHeight(state) / 2));
}
