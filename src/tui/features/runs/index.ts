import { defineFeature } from '../define-feature.ts';
import { runsActions } from './actions.ts';
import { NO_RUNS } from './model.ts';
import { runsReducer, runsRules, settingsReducer } from './reducer.ts';
import { Runs } from './view.tsx';

export const runs = defineFeature({
  initial: { runs: NO_RUNS },
  earlyReducers: [settingsReducer],
  reducers: [runsReducer],
  views: { runs: { ...runsRules, where: 'in the runs of a job', Main: Runs } },
  actions: runsActions,
});
