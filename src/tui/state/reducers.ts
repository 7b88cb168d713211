import { clockReducer, homeReducer } from '../app/clock-reducer.ts';
import type { Reducer } from '../app/model.ts';
import { noticesReducer } from '../app/notices.ts';
import { homeNoticesReducer } from '../features/activity/home-notices.ts';
import { activityReducer } from '../features/activity/reducer.ts';
import { batchesReducer } from '../features/batch/reducer.ts';
import { configsReducer } from '../features/config-editor/reducer.ts';
import { itemsReducer } from '../features/items/reducer.ts';
import { detailReducer } from '../features/job-detail/reducer.ts';
import { formReducer } from '../features/job-form/reducer.ts';
import { jobsReducer } from '../features/jobs/reducer.ts';
import { logReducer } from '../features/log/reducer.ts';
import { runsReducer } from '../features/runs/reducer.ts';
import { timelineReducer } from '../features/timeline/reducer.ts';
import { trashReducer } from '../features/trash/reducer.ts';
import { journalReducer } from '../features/undo/reducer.ts';

/** Who is told of what happens, in this order: what compares with before stands before what changes it. */
export const REDUCERS: readonly Reducer[] = [
  clockReducer,
  activityReducer,
  homeNoticesReducer,
  journalReducer,
  homeReducer,
  jobsReducer,
  detailReducer,
  runsReducer,
  logReducer,
  itemsReducer,
  timelineReducer,
  formReducer,
  configsReducer,
  trashReducer,
  noticesReducer,
  batchesReducer,
];
