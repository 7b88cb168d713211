import { activityReducer } from '../activity/activity.ts';
import { homeNoticesReducer } from '../activity/home-notices.ts';
import { batchesReducer } from '../batch/batches.ts';
import { configsReducer } from '../configs/configs-reducer.ts';
import { detailReducer } from '../detail/detail-reducer.ts';
import { formReducer } from '../form/form-reducer.ts';
import { homeReducer } from '../home/home-reducer.ts';
import { itemsReducer } from '../items/items-view.ts';
import { jobsReducer } from '../jobs/jobs-view.ts';
import { logReducer } from '../log/log-view.ts';
import { runsReducer } from '../runs/runs-view.ts';
import { timelineReducer } from '../timeline/timeline-view.ts';
import { trashReducer } from '../trash/trash-view.ts';
import { journalReducer } from '../undo/journal-reducer.ts';
import { clockReducer } from './clock-reducer.ts';
import { noticesReducer } from './notices.ts';
import type { Reducer } from './reducer.ts';

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
