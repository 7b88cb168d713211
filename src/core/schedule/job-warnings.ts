import { formatDuration } from '../lib/format-duration.ts';
import { JobSchedule } from './job-schedule.ts';
import type { OverlapPolicy } from './overlap.ts';
import type { ScheduleDict } from './rule.ts';
import { startOffsetMs } from './spread.ts';
import { zoneWarnings } from './zone-warnings.ts';

/** So many occurrences are looked at for the shortest time between two of them. */
const SAMPLED_OCCURRENCES = 10;

interface TimedJob {
  schedule: ScheduleDict;
  /** Seconds. */
  stagger: number;
  jitter: number;
  overlap: OverlapPolicy;
}

/** What the owner of a job has to know of its times, in words: zones that Node has wrong, runs that wait too long. */
export function jobWarnings(jobId: string, job: TimedJob, now: number): string[] {
  return [...zoneWarnings(job.schedule.timezone, now), ...spreadWarnings(jobId, job, now)];
}

/** A run that still waits for its spread when the next occurrence comes is an earlier run that is not over. */
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
