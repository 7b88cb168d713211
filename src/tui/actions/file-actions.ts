import { step } from '../state/step.ts';
import type { Action } from './action.ts';

/** Files of the home, in the user's own programs. Found in the palette; they have no keys. */
export const fileActions: readonly Action[] = [
  {
    id: 'scheduler.log',
    title: 'Read the scheduler’s log in $PAGER',
    group: 'Scheduler',
    scope: 'everywhere',
    keys: [],
    perform: (state) =>
      step(state, { kind: 'page_file', path: state.paths.schedulerLog, tag: 'scheduler.log' }),
    command: () => 'quickscrape scheduler logs',
  },
  {
    id: 'settings.edit',
    title: 'Edit the settings in $EDITOR',
    group: 'Program',
    scope: 'everywhere',
    keys: [],
    changes: true,
    perform: (state) => step(state, { kind: 'edit_file', path: state.paths.settings, tag: 'settings.edit' }),
    command: () => 'quickscrape config set <setting> <value>',
  },
];
