import { defineFeature, listKeys } from '../define-feature.ts';
import { messagesActions } from './actions.ts';
import { MessagesDialog, messagesRules } from './messages-dialog.tsx';
import { messagesOf, messagesReducer } from './reducer.ts';

export const messages = defineFeature({
  reducers: [messagesReducer],
  dialogs: {
    messages: {
      ...messagesRules,
      Component: MessagesDialog,
      footer: (_, dialog) => {
        const selected = messagesOf(dialog)[dialog.index];
        const isOfJob = selected !== undefined && selected.job_id !== null;
        const go = isOfJob ? [{ key: 'Enter', word: 'go to the job' }] : [];
        return listKeys(selected !== undefined, ...go, { key: 't', word: 'test the channel' });
      },
    },
  },
  actions: messagesActions,
});
