import type { JobSummary } from '../../core/operations/job-summary.ts';
import type { SchedulerOutput } from '../../core/operations/scheduler-output.ts';
import type { Slice } from './slice.ts';
import { step } from './step.ts';

/** What is known of the home; arrays and objects are replaced when they change, never changed in place. */
export interface HomeData {
  /** The home's folder. */
  path: string;
  /** All jobs, by id; `undefined` until they were read. */
  jobs: readonly JobSummary[] | undefined;
  scheduler: SchedulerOutput | undefined;
  /** When it was last read, in epoch milliseconds. */
  readAt: number | undefined;
  /** Why it cannot be read now; what was read before stays. */
  problem: string | undefined;
}

export const NOTHING_READ: HomeData = {
  path: '',
  jobs: undefined,
  scheduler: undefined,
  readAt: undefined,
  problem: undefined,
};

/** Takes in what `src/tui/live` read. */
export const homeSlice: Slice = (state, event) =>
  event.kind === 'data' ? step({ ...state, home: { ...state.home, ...event.home } }) : step(state);
