import { listedJobs, selectedJob, selectRow, withTable } from '../jobs/jobs-view.ts';
import { markRange, toggleAll, toggleMark } from '../jobs/marks.ts';
import type { TableState } from '../jobs/table-state.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Marks say which jobs an action is meant for; without any it is the selected one. */
export const markActions: readonly Action[] = [
  {
    id: 'marks.toggle',
    title: 'Mark the job, or take its mark back',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['space'],
    footer: 'mark',
    available: hasJob,
    perform: (state) => {
      const { table } = state.jobs;
      const id = selectedJob(state)?.id;
      if (id === undefined) return step(state);
      const marked = withTable(state, { ...table, marks: toggleMark(table.marks, id) });
      return step(selectRow(marked, table.index + 1));
    },
  },
  {
    id: 'marks.range',
    title: 'Begin a range here; again: mark all from there to here',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['v'],
    available: hasJob,
    perform: (state) => step(withTable(state, rangeAnchor(state.jobs.table))),
  },
  {
    id: 'marks.all',
    title: 'Mark all listed jobs, or take all their marks back',
    group: 'Marks',
    scope: 'jobs/main',
    keys: ['*'],
    available: hasJob,
    perform: (state) => {
      const { table } = state.jobs;
      return step(withTable(state, { ...table, marks: toggleAll(table.marks, table.rows) }));
    },
  },
];

function hasJob(state: State): true | string {
  return listedJobs(state).length > 0 ? true : 'No job is listed.';
}

function rangeAnchor(table: TableState): TableState {
  const { rows, rangeFrom, index, marks, selected } = table;
  if (rangeFrom === undefined) return { ...table, rangeFrom: selected };
  const from = rows.findIndex(({ id }) => id === rangeFrom);
  return { ...table, marks: markRange(marks, rows, from, index), rangeFrom: undefined };
}
