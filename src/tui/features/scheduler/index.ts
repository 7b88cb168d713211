import { availability } from '../../kernel/action.ts';
import { CLOSE, defineFeature } from '../define-feature.ts';
import { SCHEDULER_START, SCHEDULER_STOP, schedulerActions } from './actions.ts';
import { SchedulerDialog, schedulerRules } from './scheduler-dialog.tsx';

declare module '../../kernel/model.ts' {
  interface DialogParams {
    /** The activity of the scheduler, and the reason when nothing runs. */
    scheduler: object;
  }
}

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
