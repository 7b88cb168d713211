import { CHOOSE, CLOSE, defineFeature } from '../define-feature.ts';
import { messagesActions } from './actions.ts';
import { MessagesDialog, messagesRules } from './messages-dialog.tsx';
import { messagesOf, messagesReducer } from './reducer.ts';

export const messages = defineFeature({
  reducers: [messagesReducer],
  dialogs: {
    messages: {
      ...messagesRules,
      Component: MessagesDialog,
      footer: (_, dialog) =>
        messagesOf(dialog).length === 0
          ? [CLOSE]
          : [{ key: 'Enter', word: 'go to the job' }, { key: 't', word: 'test the channel' }, CHOOSE, CLOSE],
    },
  },
  actions: messagesActions,
});
