import type { Action } from '../../kernel/action.ts';
import { currentView } from '../../kernel/step.ts';
import { openMessages } from './reducer.ts';

/** Shows what channels were told. */
export const messagesActions: readonly Action[] = [
  {
    id: 'messages.open',
    title: 'Show the messages of channels: sent, waiting, given up',
    synonyms: ['channels', 'notify', 'mail', 'alerts', 'notifications'],
    group: 'View',
    scope: ['jobs', 'runs'],
    keys: ['M'],
    perform: (state) => {
      const view = currentView(state);
      return openMessages(state, view.name === 'runs' ? view.jobId : null);
    },
    command: (state) => {
      const view = currentView(state);
      return view.name === 'runs'
        ? `quickscrape channels log --job ${view.jobId}`
        : 'quickscrape channels log';
    },
  },
];
