import type { Action } from '../../kernel/action.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { openActivity } from './activity-dialog.tsx';

/** Actions on the list of activity in the home. */
export const activityActions: readonly Action[] = [
  {
    id: 'jobs.happenings',
    title: 'Show what has happened: who changed what, what failed and recovered',
    synonyms: ['history', 'activity', 'events', 'notifications', 'alerts'],
    group: 'View',
    scope: ['jobs', 'runs/main'],
    keys: ['N'],
    perform: openActivity,
  },
  {
    id: 'jobs.results',
    title: 'Show the result for each job of the last action on several',
    group: 'View',
    scope: 'everywhere',
    keys: [],
    available: ({ batches }) =>
      batches.list.some(({ steps }) => steps.length > 1) ? true : 'No action has changed several jobs yet.',
    perform: (state) => {
      const last = state.batches.list.findLast(({ steps }) => steps.length > 1);
      return last === undefined
        ? step(state)
        : openDialog(state, { kind: 'results', batch: last.id, top: 0 });
    },
  },
];
