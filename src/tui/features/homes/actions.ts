import type { Action } from '../../kernel/action.ts';
import { openHomes } from './reducer.ts';

/** Switches between homes. */
export const homesActions: readonly Action[] = [
  {
    id: 'homes.open',
    title: 'Switch to another home, also over ssh',
    synonyms: ['remote', 'machine', 'server', 'host', 'project', 'context', 'workspace'],
    group: 'Program',
    scope: 'everywhere',
    keys: ['H'],
    perform: (state) => openHomes(state),
    command: () => 'quickscrape homes',
  },
];
