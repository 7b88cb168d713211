import { jobsHeight, listedJobs, selectedJob, selectRow } from '../state/jobs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Moving in the list of jobs, and what changes nothing. */
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
