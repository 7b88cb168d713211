import type { JobRow } from '../live/job-row.ts';
import { JOB_STATES, type JobStateWord } from './job-states.ts';

/** How many jobs are in each state that some are in, what needs somebody first. */
export function stateCounts(rows: readonly JobRow[]): { state: JobStateWord; jobs: number }[] {
  const counts = new Map<JobStateWord, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return JOB_STATES.flatMap((state) => {
    const jobs = counts.get(state) ?? 0;
    return jobs === 0 ? [] : [{ state, jobs }];
  });
}
