import { CLOSE, defineFeature, SCROLL } from '../define-feature.ts';
import { Log } from '../log/view.tsx';
import { runsActions } from './actions.ts';
import { AttemptsDialog, attemptsReducer, attemptsRules } from './attempts-dialog.tsx';
import { NO_RUNS } from './model.ts';
import { runsRules } from './panes.ts';
import { runsReducer, settingsReducer } from './reducer.ts';
import { Runs } from './view.tsx';

export const runs = defineFeature({
  initial: { runs: NO_RUNS },
  earlyReducers: [settingsReducer],
  reducers: [runsReducer, attemptsReducer],
  views: { runs: { ...runsRules, where: 'in the runs of a job', Main: Runs, Side: Log } },
  dialogs: {
    attempts: { ...attemptsRules, Component: AttemptsDialog, footer: [SCROLL, CLOSE] },
  },
  actions: runsActions,
});
