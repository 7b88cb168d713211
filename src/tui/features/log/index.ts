import { defineFeature } from '../define-feature.ts';
import { logActions } from './actions.ts';
import { NO_LOG } from './model.ts';
import { logReducer, logRules } from './reducer.ts';
import { Log } from './view.tsx';
import { readLog, watchLog } from './watch-log.ts';

export const log = defineFeature({
  initial: { log: NO_LOG },
  reducers: [logReducer],
  views: { log: { ...logRules, where: 'in the log of a run', Main: Log } },
  actions: logActions,
  effects: { read_log: readLog },
  subscribers: { log: watchLog },
});
