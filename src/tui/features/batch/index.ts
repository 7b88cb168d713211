import { CLOSE, defineFeature, SCROLL } from '../define-feature.ts';
import { jobChangeActions } from './actions.ts';
import { NO_BATCHES } from './model.ts';
import { batchesReducer } from './reducer.ts';
import { ResultsDialog, resultsRules } from './results-dialog.tsx';
import { TagsDialog, tagsKeys, tagsRules } from './tags-dialog.tsx';

export const batch = defineFeature({
  initial: { batches: NO_BATCHES },
  lateReducers: [batchesReducer],
  dialogs: {
    results: {
      ...resultsRules,
      Component: ResultsDialog,
      footer: [{ key: 'u', word: 'undo' }, SCROLL, CLOSE],
    },
    tags: { ...tagsRules, Component: TagsDialog, footer: (_, dialog) => tagsKeys(dialog) },
  },
  actions: jobChangeActions,
});
