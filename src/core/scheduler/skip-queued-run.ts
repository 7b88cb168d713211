import { formatCommandHint } from '../lib/hints.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { describeMisfirePolicy } from '../schedule/misfire.ts';
import { type Downtime, describeNotStarted, totalDowntimeMs } from './downtime.ts';
import { describePausedReason } from './due-reasons.ts';

/**
 * Less than this in which nothing could be started is no reason not to start a run, in milliseconds: what is on time
 * (ten seconds), and by how much a killed scheduler may seem to have been off for longer than it was.
 */
const TOLERATED_DOWNTIME_MS = 30_000;

/** What becomes of an occurrence that is not carried out after all. */
export interface SkipDecision {
  status: 'skipped' | 'missed';
  reason: string;
}

type QueuedRun = Pick<RunRecord, 'status' | 'attempt' | 'scheduledFor' | 'notBefore'>;

/**
 * Whether an occurrence that has waited in the queue is still to be carried out now that it could start: not when its
 * job was paused or disabled meanwhile, nor when nothing could be started for longer than its misfire policy allows.
 * A run that somebody asked for, and one that has begun, is carried out in any case.
 * @param downtimes those since the run might have started
 * @returns what it becomes, or `undefined` when it is to start
 */
export function decideSkip(
  run: QueuedRun,
  job: JobEntry | undefined,
  now: number,
  downtimes: readonly Downtime[],
): SkipDecision | undefined {
  if (run.status !== 'queued' || run.attempt > 0 || run.scheduledFor === null || job?.kind !== 'valid')
    return;
  const { record, state } = job;
  const { definition } = record;
  if (!definition.enabled) {
    const reason = `the job was disabled before it could start; ${formatCommandHint({ id: 'enable_job', job: job.id })}`;
    return { status: 'skipped', reason };
  }
  if (state.pausedAt !== null)
    return { status: 'skipped', reason: describePausedReason(record, state.pausedAt) };
  const downtimeMs = totalDowntimeMs(downtimes, run.notBefore, now);
  const { catch_up, misfire_grace_time: grace } = definition;
  if (downtimeMs <= TOLERATED_DOWNTIME_MS) return;
  const because =
    catch_up === 'none' ? 'none' : grace !== null && downtimeMs > grace * 1000 ? 'grace_time' : undefined;
  if (because === undefined) return;
  const down = downtimes.findLast(({ to }) => to > run.notBefore);
  const at = Math.max(run.notBefore, down?.from ?? run.notBefore);
  const why = describeNotStarted(at, downtimes, definition.schedule.timezone);
  return {
    status: 'missed',
    reason: `it was queued, and ${why}; ${describeMisfirePolicy(because, definition)}`,
  };
}
