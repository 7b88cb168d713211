import { CHOOSE, CLOSE, defineFeature } from '../define-feature.ts';
import { JobDetailPane } from '../job-detail/view.tsx';
import { findActions, jobsActions, markActions, sortActions } from './actions.ts';
import { jobColumnActions } from './arrange-columns.ts';
import { awaitJobReducer, sendKeys } from './await-job.ts';
import { INITIAL_JOBS } from './model.ts';
import { jobsReducer, jobsRules } from './reducer.ts';
import { SortDialog, sortRules } from './sort-dialog.tsx';
import { Jobs } from './view.tsx';

export const jobs = defineFeature({
  initial: { jobs: INITIAL_JOBS },
  reducers: [jobsReducer, awaitJobReducer],
  effects: { send_keys: sendKeys },
  views: {
    jobs: { ...jobsRules, where: 'in the list of jobs', Main: Jobs, Side: JobDetailPane },
  },
  dialogs: {
    sort: { ...sortRules, Component: SortDialog, footer: [{ key: 'Enter', word: 'sort' }, CHOOSE, CLOSE] },
  },
  actions: [...jobsActions, ...findActions, ...sortActions, ...markActions, ...jobColumnActions],
});
