import { defineFeature, listKeys } from '../define-feature.ts';
import { undoActions } from './actions.ts';
import { JournalDialog, journalRules } from './journal-dialog.tsx';
import { EMPTY_JOURNAL } from './model.ts';
import { journalReducer } from './reducer.ts';

export const undo = defineFeature({
  initial: { journal: EMPTY_JOURNAL },
  reducers: [journalReducer],
  dialogs: {
    journal: {
      ...journalRules,
      Component: JournalDialog,
      footer: ({ journal }) =>
        listKeys(journal.entries.length > 0, { key: 'Enter', word: 'undo or redo it' }),
    },
  },
  actions: undoActions,
});
