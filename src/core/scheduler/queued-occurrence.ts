import type { JobEntry } from '../job/record.ts';
import { remedy } from '../remedies.ts';
import type { RunRecord } from '../run/record.ts';
import { policyInWords } from '../schedule/misfire.ts';
import { type Downtime, lostTime, whyNothingRan } from './downtime.ts';
import { pausedReason } from './due-reasons.ts';

/**
 * Less than this in which nothing could be started is no reason not to start a run, in milliseconds: what is on time
 * (ten seconds), and by how much a killed scheduler may seem to have been off for longer than it was.
 */
const LOST_MS = 30_000;

/** What becomes of an occurrence that is not carried out after all. */
export interface PassedOver {
  status: 'skipped' | 'missed';
  reason: string;
}

type Waiting = Pick<RunRecord, 'status' | 'attempt' | 'scheduledFor' | 'notBefore'>;

/**
 * Whether an occurrence that has waited in the queue is still to be carried out now that it could start: not when its
 * job was paused or disabled meanwhile, nor when nothing could be started for longer than its misfire policy allows.
 * A run that somebody asked for, and one that has begun, is carried out in any case.
 * @param downtimes those since the run might have started
 * @returns what it becomes, or `undefined` when it is to start
 */
export function passedOver(
  run: Waiting,
  job: JobEntry | undefined,
  now: number,
  downtimes: readonly Downtime[],
): PassedOver | undefined {
  if (run.status !== 'queued' || run.attempt > 0 || run.scheduledFor === null || job?.kind !== 'valid')
    return;
  const { record, state } = job;
  const { definition } = record;
  if (!definition.enabled) {
    const reason = `the job was disabled before it could start; ${remedy('enable_job', job.id)}`;
    return { status: 'skipped', reason };
  }
  if (state.pausedAt !== null) return { status: 'skipped', reason: pausedReason(record, state.pausedAt) };
  const lost = lostTime(downtimes, run.notBefore, now);
  const { catch_up, misfire_grace_time: grace } = definition;
  if (lost <= LOST_MS) return;
  const because =
    catch_up === 'none' ? 'none' : grace !== null && lost > grace * 1000 ? 'grace_time' : undefined;
  if (because === undefined) return;
  const down = downtimes.findLast(({ to }) => to > run.notBefore);
  const at = Math.max(run.notBefore, down?.from ?? run.notBefore);
  const why = whyNothingRan(at, downtimes, definition.schedule.timezone);
  return { status: 'missed', reason: `it was queued, and ${why}; ${policyInWords(because, definition)}` };
}
