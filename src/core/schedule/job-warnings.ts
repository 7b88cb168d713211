import { formatDuration } from '../lib/format-duration.ts';
import { JobSchedule } from './job-schedule.ts';
import type { OverlapPolicy } from './overlap.ts';
import type { ScheduleDict } from './rule.ts';
import { startOffsetMs } from './spread.ts';
import { zoneWarnings } from './zone-warnings.ts';

/** The shortest interval is taken from this many occurrences. */
const SAMPLED_OCCURRENCES = 10;

interface TimedJob {
  schedule: ScheduleDict;
  /** Seconds. */
  stagger: number;
  jitter: number;
  overlap: OverlapPolicy;
}

/**
 * Returns warnings about a job's times, as sentences: zones with wrong data in Node, and spreads longer than the
 * interval.
 */
export function jobWarnings(jobId: string, job: TimedJob, now: number): string[] {
  return [...zoneWarnings(job.schedule.timezone, now), ...spreadWarnings(jobId, job, now)];
}

/** A run that still waits for its spread at the next occurrence counts as an active earlier run. */
function spreadWarnings(jobId: string, { schedule, overlap, ...spread }: TimedJob, now: number): string[] {
  const latest = startOffsetMs(jobId, spread, 1);
  if (latest === 0 || overlap === 'allow') return [];
  const times = JobSchedule.fromDict(schedule).getNextRunTimes(SAMPLED_OCCURRENCES, new Date(now));
  const shortest = times.reduce((min, at, index) => {
    const before = times[index - 1];
    return before === undefined ? min : Math.min(min, at.getTime() - before.getTime());
  }, Number.POSITIVE_INFINITY);
  if (latest < shortest) return [];
  const what = {
    skip: 'what comes due while a run still waits is skipped',
    queue: 'only one more is kept while a run still waits',
    cancel_running: 'each occurrence cancels the run that still waits',
  }[overlap];
  const names = [...(spread.stagger > 0 ? ['stagger'] : []), ...(spread.jitter > 0 ? ['jitter'] : [])].join(
    ' and ',
  );
  return [
    `${names} can make a run start ${formatDuration(latest)} late, and the next occurrence can come after ${formatDuration(shortest)}: ${what} (overlap: ${overlap}). Make ${spread.stagger > 0 && spread.jitter > 0 ? 'them' : 'it'} shorter than that.`,
  ];
}
