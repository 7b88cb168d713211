import { defineFeature } from '../define-feature.ts';
import { detailActions } from './actions.ts';
import { FIRST_TAB, NO_DETAIL } from './model.ts';
import { detailReducer } from './reducer.ts';
import { watchJobDetail } from './watch-job-detail.ts';
import { watchJobTab } from './watch-job-tab.ts';

/** The detail pane beside the list of jobs. The jobs view shows it. */
export const jobDetail = defineFeature({
  initial: { detail: NO_DETAIL, detailTab: FIRST_TAB },
  reducers: [detailReducer],
  actions: detailActions,
  subscribers: { job_detail: watchJobDetail, job_tab: watchJobTab },
});
