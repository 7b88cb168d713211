import { MINUTE_MS } from '../lib/clock.ts';
import {
  computeLoad,
  type ForecastJob,
  forEachStart,
  type Load,
  lastActiveMinute,
  type Span,
} from './start-forecast.ts';

/** A minute in which a job starts and more runs are due than the limit allows. */
export interface Collision {
  /** The beginning of the minute, epoch ms. */
  at: number;
  /** Which limit is exceeded: the slots, or the runs on one host. */
  limit: 'slots' | 'host';
  host: string | null;
  /** The ids of the jobs, in the order in which they start. Those beyond `allowed` wait. */
  jobs: string[];
  /** How many of them started before this minute and are not finished. */
  alreadyRunning: number;
  allowed: number;
}

export interface CollisionLimits {
  slots: number;
  perHost: number;
  /** At most this many collisions are listed. */
  maxCollisions: number;
}

/** Returns the collisions in a span, in order of time, and their total number. */
export function findCollisions(
  jobs: readonly ForecastJob[],
  span: Span,
  load: Load,
  { slots, perHost, maxCollisions }: CollisionLimits,
): { collisions: Collision[]; total: number } {
  const groups = [
    { jobs, load, allowed: slots, limit: 'slots' as const, host: null },
    ...[...groupByHost(jobs)]
      .filter(([, onHost]) => onHost.length > perHost)
      .map(([host, onHost]) => ({
        jobs: onHost,
        load: computeLoad(onHost, span),
        allowed: perHost,
        limit: 'host' as const,
        host,
      })),
  ];
  let total = 0;
  const collisions = groups.flatMap((group) => {
    const minutes = minutesOverLimit(group.load, group.allowed);
    total += minutes.length;
    const named = jobsByMinute(group.jobs, span, new Set(minutes.slice(0, maxCollisions)));
    return [...named].map(([index, { ids, alreadyRunning }]) => ({
      at: span.first + index * MINUTE_MS,
      limit: group.limit,
      host: group.host,
      jobs: ids,
      alreadyRunning,
      allowed: group.allowed,
    }));
  });
  return { collisions: collisions.sort((a, b) => a.at - b.at).slice(0, maxCollisions), total };
}

function groupByHost(jobs: readonly ForecastJob[]): Map<string, ForecastJob[]> {
  const hosts = new Map<string, ForecastJob[]>();
  for (const job of jobs) {
    if (job.host === null) continue;
    const onHost = hosts.get(job.host);
    if (onHost) onHost.push(job);
    else hosts.set(job.host, [job]);
  }
  return hosts;
}

/** A minute in which nothing starts adds no new collision, so it is left out. */
function minutesOverLimit({ jobs, starts }: Load, allowed: number): number[] {
  const found: number[] = [];
  for (const [index, count] of jobs.entries()) if (count > allowed && starts[index] !== 0) found.push(index);
  return found;
}

interface MinuteJobs {
  ids: string[];
  alreadyRunning: number;
}

/** The jobs that are due to run in each of the minutes, in the order of the queue: by time, then by priority. */
function jobsByMinute(
  jobs: readonly ForecastJob[],
  span: Span,
  wanted: ReadonlySet<number>,
): Map<number, MinuteJobs> {
  const found = new Map(
    [...wanted].map((index) => [index, new Map<string, { job: ForecastJob; at: number }>()]),
  );
  if (wanted.size === 0) return new Map();
  const isWanted = new Uint8Array(span.length);
  for (const index of wanted) isWanted[index] = 1;
  for (const job of jobs) {
    forEachStart(job, span, (index, _starts, at) => {
      const end = lastActiveMinute(job, span, index, at);
      for (let minute = index; minute <= end; minute += 1) {
        const there = isWanted[minute] === 1 ? found.get(minute) : undefined;
        if (there && !there.has(job.jobId)) there.set(job.jobId, { job, at });
      }
    });
  }
  const named = (index: number, runs: ReadonlyMap<string, { job: ForecastJob; at: number }>): MinuteJobs => ({
    ids: [...runs.values()]
      .sort((a, b) => a.at - b.at || b.job.priority - a.job.priority || (a.job.jobId < b.job.jobId ? -1 : 1))
      .map(({ job }) => job.jobId),
    alreadyRunning: [...runs.values()].filter(({ at }) => at < span.first + index * MINUTE_MS).length,
  });
  return new Map([...found].map(([index, runs]) => [index, named(index, runs)]));
}
