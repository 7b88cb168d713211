import type { JobRow } from '../home/job-row.ts';
import { JOB_STATES, type JobDisplayState } from '../home/job-states.ts';
import { memoize } from '../memoize.ts';

interface StateCount {
  readonly state: JobDisplayState;
  readonly jobs: number;
}

/** How many jobs are in each state that some are in, what needs somebody first. */
export const stateCounts = memoize((rows: readonly JobRow[]): readonly StateCount[] => {
  const counts = new Map<JobDisplayState, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return JOB_STATES.flatMap((state) => {
    const jobs = counts.get(state) ?? 0;
    return jobs === 0 ? [] : [{ state, jobs }];
  });
});
