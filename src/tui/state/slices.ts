import { batchesSlice } from '../batch/batches.ts';
import { configsSlice } from '../configs/configs-slice.ts';
import { detailSlice } from '../detail/detail-slice.ts';
import { formSlice } from '../form/form-slice.ts';
import { happeningsSlice } from '../happenings/happenings.ts';
import { homeSlice } from '../home/home-reducer.ts';
import { journalSlice } from '../undo/journal-slice.ts';
import { clockSlice } from './clock.ts';
import { homeNoticesSlice } from './home-notices.ts';
import { itemsSlice } from './items-view.ts';
import { jobsSlice } from './jobs-view.ts';
import { logSlice } from './log-view.ts';
import { noticesSlice } from './notices.ts';
import { runsSlice } from './runs-view.ts';
import type { Slice } from './slice.ts';
import { timelineSlice } from './timeline-view.ts';

/** Who is told of what happens, in this order: what compares with before stands before what changes it. */
export const SLICES: readonly Slice[] = [
  clockSlice,
  happeningsSlice,
  homeNoticesSlice,
  journalSlice,
  homeSlice,
  jobsSlice,
  detailSlice,
  runsSlice,
  logSlice,
  itemsSlice,
  timelineSlice,
  formSlice,
  configsSlice,
  noticesSlice,
  batchesSlice,
];
