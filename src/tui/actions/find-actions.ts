import { openFind, setFind } from '../find/find-state.ts';
import { STATE_TOGGLES, statesInGroup, toggleStates } from '../find/toggle-state.ts';
import { clearNextFilter, withFind } from '../jobs/jobs-view.ts';
import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Which jobs are listed. */
export const findActions: readonly Action[] = [
  {
    id: 'find.open',
    title: 'Filter the jobs: words, state:failed, tag:x, host:y, next<1h, !not',
    group: 'Find',
    scope: ['jobs', 'timeline'],
    keys: ['/'],
    footer: 'find',
    perform: (state) => step({ ...withFind(state, openFind(state.jobs.find)), pane: 'main' }),
  },
  {
    id: 'find.clear',
    title: 'Give up the range, the marks, then the filter (Esc)',
    group: 'Find',
    scope: 'jobs/main',
    // Esc goes back everywhere else, and here when there is nothing to give up: the view's rules have it.
    keys: [],
    available: (state) => (clearNextFilter(state) === state ? 'There is no filter and no mark.' : true),
    perform: (state) => step(clearNextFilter(state)),
  },
  ...STATE_TOGGLES.map(({ key, name }): Action => {
    const states = statesInGroup(name);
    return {
      id: `find.${name}`,
      title: `Show or hide jobs that are ${states.join(', ')}`,
      group: 'Find',
      scope: 'jobs',
      keys: [key],
      perform: (state) => {
        const { find } = state.jobs;
        return step(withFind(state, setFind(find, toggleStates(find.line.text, states))));
      },
    };
  }),
];
