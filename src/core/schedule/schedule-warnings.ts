import { DAY_MS, MINUTE_MS } from '../lib/clock.ts';
import { formatDuration } from '../lib/format-duration.ts';
import { truncateList } from '../lib/text.ts';
import { formatDay } from './engine/instant.ts';
import { JobSchedule } from './job-schedule.ts';
import type { OverlapPolicy } from './overlap.ts';
import type { ScheduleDict } from './rule.ts';
import { startDelayMs } from './start-delay.ts';
import { type WrongSpan, type WrongZone, wrongZone, zoneDataVersion } from './zone-data.ts';

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
  return [...zoneWarnings(job.schedule.timezone, now), ...startDelayWarnings(jobId, job, now)];
}

/** A run that still waits for its spread at the next occurrence counts as an active earlier run. */
function startDelayWarnings(
  jobId: string,
  { schedule, overlap, ...spread }: TimedJob,
  now: number,
): string[] {
  const latest = startDelayMs(jobId, spread, 1);
  if (latest === 0 || overlap === 'allow') return [];
  const times = JobSchedule.fromDict(schedule).getNextRunTimes(SAMPLED_OCCURRENCES, new Date(now));
  const shortest = times.reduce((min, at, index) => {
    const before = times[index - 1];
    return before === undefined ? min : Math.min(min, at.getTime() - before.getTime());
  }, Number.POSITIVE_INFINITY);
  if (latest < shortest) return [];
  const what = {
    skip: 'occurrences that come due while a run still waits are skipped',
    queue: 'at most one more run is queued while a run still waits',
    cancel_running: 'each occurrence cancels the run that still waits',
  }[overlap];
  const names = [...(spread.stagger > 0 ? ['stagger'] : []), ...(spread.jitter > 0 ? ['jitter'] : [])].join(
    ' and ',
  );
  return [
    `${names} can make a run start ${formatDuration(latest)} late, and the next occurrence can come after ${formatDuration(shortest)}: ${what} (overlap: ${overlap}). Make ${spread.stagger > 0 && spread.jitter > 0 ? 'them' : 'it'} shorter than that.`,
  ];
}

/**
 * Describes a zone that is wrong in Node: when its times are off, by how much and in which direction, and the fix.
 * @param now epoch milliseconds
 */
export function describeWrongZone({ zone, release, what, spans }: WrongZone, now: number): string {
  return (
    `${zone} ${what}; Node.js ${process.version} (time zone data ${zoneDataVersion()}) does not know it: ` +
    `${describeWrongSpans(spans, now)}. A Node.js with time zone data ${release} or later fixes it.`
  );
}

/** Returns the warning that every output about times in `zone` needs: none, or one. */
export function zoneWarnings(zone: string, now: number): string[] {
  const wrong = wrongZone(zone, now);
  return wrong === undefined ? [] : [describeWrongZone(wrong, now)];
}

/** Returns the same for many jobs: one warning per zone, which names the first of its jobs. */
export function jobZoneWarnings(jobs: readonly { jobId: string; timezone: string }[], now: number): string[] {
  const byZone = new Map<string, string[]>();
  for (const { jobId, timezone } of jobs) {
    const ids = byZone.get(timezone);
    if (ids) ids.push(jobId);
    else byZone.set(timezone, [jobId]);
  }
  return [...byZone].flatMap(([zone, ids]) => {
    const who = `${ids.length === 1 ? 'job' : 'jobs'} ${truncateList(ids)}`;
    return zoneWarnings(zone, now).map((warning) => `${who}: ${warning}`);
  });
}

function describeWrongSpans(spans: readonly WrongSpan[], now: number): string {
  const [first, second] = spans;
  if (first === undefined) return '';
  const { from, to } = first;
  if (to !== null && to - from < DAY_MS)
    return `${describeTimeShift(first)} on ${formatDay(from)}, around the clock change`;
  const when =
    from > now
      ? `from ${formatDay(from)}${to === null ? '' : ` to ${formatDay(to)}`}`
      : to === null
        ? 'from now on'
        : `now, until ${formatDay(to)}`;
  const again = second === undefined ? '' : `, and again from ${formatDay(second.from)}`;
  return `${describeTimeShift(first)} ${when}${again}`;
}

function describeTimeShift({ truth, here }: WrongSpan): string {
  const minutes = Math.abs(truth - here) / MINUTE_MS;
  const size =
    minutes === 60 ? 'one hour' : minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
  // When Node's offset is too small, Node reaches the time of a run too late.
  return `its times are ${size} ${here < truth ? 'late' : 'early'}`;
}
