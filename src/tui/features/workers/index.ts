import { defineFeature } from '../define-feature.ts';
import { workerActions } from './actions.ts';
import { NO_WORKERS } from './model.ts';
import { workersReducer, workersRules } from './reducer.ts';
import { WorkerDetail, Workers } from './view.tsx';

export const workers = defineFeature({
  initial: { workers: NO_WORKERS },
  reducers: [workersReducer],
  views: { workers: { ...workersRules, where: 'in the workers', Main: Workers, Side: WorkerDetail } },
  actions: workerActions,
});
