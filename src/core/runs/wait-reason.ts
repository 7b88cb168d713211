import type { QuickscrapeDatabase } from '../database/database.ts';
import { truncateList } from '../lib/truncate-list.ts';
import type { RunRecord } from '../model/run-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { listRunning } from './run-queue.ts';

/** What keeps a run from starting: a word for machines, and the same for people. */
export interface WaitReason {
  kind: 'not_before' | 'cancelling' | 'no_scheduler' | 'disk' | 'job_busy' | 'host_busy' | 'slots' | 'turn';
  text: string;
}

/** What is said of a run that nothing keeps from starting. */
export const ABOUT_TO_START = 'it is about to start';

/** What decides whether a run may start, beside the run itself. */
export interface StartLimits {
  /** Epoch milliseconds. */
  now: number;
  /** Runs that may be under way at once; `null` while no scheduler is there to start any. */
  slots: number | null;
  /** The setting `max_runs_per_host`. */
  perHost: number;
  /** Why the disk allows no new runs, in words; left out when it does. */
  disk?: string | undefined;
}

type WaitingRun = Pick<
  RunRecord,
  'runId' | 'jobId' | 'status' | 'host' | 'overlap' | 'notBefore' | 'timezone' | 'attempt' | 'maxAttempts'
> &
  Pick<RunRecord, 'scheduledFor' | 'voidStarts' | 'cancelRequestedAt'>;

/** Why a run has not started yet; `undefined` for one that has, or is over. Reads the runs that are under way. */
export function findWaitReason(
  db: QuickscrapeDatabase,
  run: RunRecord,
  limits: StartLimits,
): WaitReason | undefined {
  return isWaiting(run) ? explainWaiting(run, listRunning(db), limits) : undefined;
}

/**
 * The same from plain data. The first thing that holds it is named, in the order in which they stop mattering: its
 * instant, the scheduler and the disk, its job, its host, the slots.
 * @param running the runs that use a slot
 */
export function explainWaiting(
  run: WaitingRun,
  running: readonly Pick<RunRecord, 'runId' | 'jobId' | 'host'>[],
  limits: StartLimits,
): WaitReason | undefined {
  if (!isWaiting(run)) return undefined;
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling', text: 'it is being cancelled' };
  if (run.notBefore > limits.now) return { kind: 'not_before', text: notBefore(run) };
  if (limits.slots === null)
    return { kind: 'no_scheduler', text: 'no scheduler is running that would start it' };
  if (limits.disk !== undefined) return { kind: 'disk', text: limits.disk };
  const ofJob = running.filter((other) => other.jobId === run.jobId);
  if (ofJob.length > 0 && run.overlap !== 'allow')
    return { kind: 'job_busy', text: `another run of its job is under way: ${names(ofJob)}` };
  const onHost = run.host === null ? [] : running.filter((other) => other.host === run.host);
  if (onHost.length >= limits.perHost) {
    return {
      kind: 'host_busy',
      text: `host ${run.host} is busy with ${names(onHost)} (max_runs_per_host is ${limits.perHost})`,
    };
  }
  if (running.length >= limits.slots) {
    return {
      kind: 'slots',
      text: `all ${limits.slots} slots are in use (max_concurrent_runs): ${names(running)}`,
    };
  }
  return { kind: 'turn', text: ABOUT_TO_START };
}

/** Whether a run has not begun, or waits to begin again. */
export function isWaiting(run: Pick<RunRecord, 'status'>): boolean {
  return run.status === 'queued' || run.status === 'waiting_retry';
}

function notBefore(run: WaitingRun): string {
  const instant = formatInstant(run.notBefore, run.timezone);
  if (run.status === 'waiting_retry')
    return `it waits for its retry: attempt ${run.attempt + 1} of ${run.maxAttempts}, not before ${instant}`;
  if (run.voidStarts > 0) return `its process could not be started; tried again at ${instant}`;
  return run.scheduledFor === null
    ? `not before ${instant}`
    : `not before ${instant} (stagger and jitter of its job)`;
}

function names(runs: readonly Pick<RunRecord, 'runId'>[]): string {
  return `${runs.length === 1 ? 'run' : 'runs'} ${truncateList(runs.map(({ runId }) => runId))}`;
}
