import { defineFeature, listKeys } from '../define-feature.ts';
import { activityActions } from './actions.ts';
import { ActivityDialog, activityRows, activityRules } from './activity-dialog.tsx';
import { NO_ACTIVITY } from './model.ts';
import { activityReducer, homeNoticesReducer } from './reducer.ts';

export const activity = defineFeature({
  initial: { activity: NO_ACTIVITY },
  earlyReducers: [activityReducer, homeNoticesReducer],
  dialogs: {
    activity: {
      ...activityRules,
      Component: ActivityDialog,
      footer: (state, { index }) => {
        const selected = activityRows(state)[index];
        const isOfJob = selected !== undefined && selected.jobId !== null;
        return listKeys(
          selected !== undefined,
          ...(isOfJob ? [{ key: 'Enter', word: 'go to the job' }] : []),
        );
      },
    },
  },
  actions: activityActions,
});
