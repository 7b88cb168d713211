import { formatCommandHint } from '../lib/hints.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { describeMisfirePolicy } from '../schedule/misfire.ts';
import { type Downtime, describeNotStarted, totalDowntimeMs } from './downtime.ts';
import { describePausedReason } from './occurrence-reasons.ts';

/**
 * A downtime up to this long never skips a run, in milliseconds. It exceeds the on-time limit (ten seconds) plus the 20
 * s by which the downtime of a killed scheduler may begin too early.
 */
const TOLERATED_DOWNTIME_MS = 30_000;

/** The outcome of a queued occurrence that does not start. */
interface SkipDecision {
  status: 'skipped' | 'missed';
  reason: string;
}

type QueuedRun = Pick<RunRecord, 'status' | 'attempt' | 'scheduledFor' | 'notBefore'>;

/**
 * Decides whether an occurrence that has waited in the queue still starts, now that it could. It does not start when
 * its job was paused or disabled meanwhile, or when no run could start for longer than its misfire policy allows. A
 * manual run, and a run that has already begun, always starts.
 * @param downtimes the downtimes since the run might have started
 * @returns the outcome, or `undefined` when the run starts
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
