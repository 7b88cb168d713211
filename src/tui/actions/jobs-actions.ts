import { jobsHeight, listedJobs, selectedJob, selectRow } from '../jobs/jobs-view.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';
import { listMoves } from './list-moves.ts';

/** Moving in the list of jobs, and what changes nothing. */
export const jobsActions: readonly Action[] = [
  ...listMoves({
    name: 'jobs',
    scope: 'jobs/main',
    row: 'job',
    index: ({ jobs }) => jobs.table.index,
    count: (state) => listedJobs(state).length,
    height: jobsHeight,
    select: (state, row) => step(selectRow(state, row)),
  }),
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
