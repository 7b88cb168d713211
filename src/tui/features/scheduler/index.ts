import { availability } from '../../app/action.ts';
import { CLOSE, defineFeature } from '../../app/define-feature.ts';
import { SCHEDULER_START, SCHEDULER_STOP, schedulerActions } from './actions.ts';
import { SchedulerDialog, schedulerRules } from './scheduler-dialog.tsx';

export const scheduler = defineFeature({
  dialogs: {
    scheduler: {
      ...schedulerRules,
      Component: SchedulerDialog,
      footer: (state) => [
        ...(availability(SCHEDULER_START, state) === true ? [{ key: 's', word: 'start' }] : []),
        ...(availability(SCHEDULER_STOP, state) === true ? [{ key: 'x', word: 'stop' }] : []),
        CLOSE,
      ],
    },
  },
  actions: schedulerActions,
});
