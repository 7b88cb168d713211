import { defineFeature } from '../define-feature.ts';
import { detailActions } from './actions.ts';
import { NO_DETAIL } from './model.ts';
import { detailReducer } from './reducer.ts';
import { watchJobDetail } from './watch-job-detail.ts';

/** The detail pane beside the list of jobs. The jobs view shows it. */
export const jobDetail = defineFeature({
  initial: { detail: NO_DETAIL },
  reducers: [detailReducer],
  actions: detailActions,
  subscribers: { job_detail: watchJobDetail },
});
