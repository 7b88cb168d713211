import { withSort } from '../jobs/jobs-view.ts';
import { nextSort, SORTS, toggleSort } from '../jobs/sort-jobs.ts';
import { openDialog } from '../state/dialog.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** In which order the jobs are listed. */
export const sortActions: readonly Action[] = [
  {
    id: 'sort.open',
    title: 'Sort the jobs by …',
    group: 'Find',
    scope: 'jobs',
    keys: ['s'],
    footer: 'sort',
    perform: (state) => {
      const index = SORTS.findIndex(({ by }) => by === state.jobs.table.sort.by);
      return openDialog(state, { kind: 'sort', index });
    },
  },
  {
    id: 'sort.next',
    title: 'Sort by the next thing of the sort menu',
    group: 'Find',
    scope: 'jobs',
    keys: ['>'],
    perform: (state) => step(withSort(state, nextSort(state.jobs.table.sort, 1))),
  },
  {
    id: 'sort.previous',
    title: 'Sort by the thing before it in the sort menu',
    group: 'Find',
    scope: 'jobs',
    keys: ['<'],
    perform: (state) => step(withSort(state, nextSort(state.jobs.table.sort, -1))),
  },
  {
    id: 'sort.reverse',
    title: 'Sort the other way round',
    group: 'Find',
    scope: 'jobs',
    keys: ['S'],
    perform: (state) => {
      const { sort } = state.jobs.table;
      return step(withSort(state, toggleSort(sort, sort.by)));
    },
  },
];
