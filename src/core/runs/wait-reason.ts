import type { QuickscrapeDatabase } from '../database/database.ts';
import { truncateList } from '../lib/text.ts';
import type { RunRecord } from '../model/run-record.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { listRunning } from './run-queue.ts';

/** Why a run does not start: a code for programs, and a text for people. */
export interface WaitReason {
  kind: 'not_before' | 'cancelling' | 'no_scheduler' | 'disk' | 'job_busy' | 'host_busy' | 'slots' | 'turn';
  text: string;
}

/** The text for a run that nothing blocks. */
export const ABOUT_TO_START = 'it is about to start';

/**
 * The conditions that decide whether a run may start, apart from the run itself. The current ones are read in
 * execution/start-limits.ts.
 */
export interface StartLimits {
  /** Epoch milliseconds. */
  now: number;
  /** The maximum number of concurrent runs; `null` while no scheduler is running. */
  slots: number | null;
  /** The setting `max_runs_per_host`. */
  perHost: number;
  /** Why disk space prevents new runs, as text; omitted when it does not. */
  disk?: string | undefined;
}

type WaitingRun = Pick<
  RunRecord,
  'runId' | 'jobId' | 'status' | 'host' | 'overlap' | 'notBefore' | 'timezone' | 'attempt' | 'maxAttempts'
> &
  Pick<RunRecord, 'scheduledFor' | 'voidStarts' | 'cancelRequestedAt'>;

/**
 * Returns why a run has not started yet; `undefined` when it has started or finished. Reads the running runs from the
 * database.
 */
export function findWaitReason(
  db: QuickscrapeDatabase,
  run: RunRecord,
  limits: StartLimits,
): WaitReason | undefined {
  return isWaiting(run) ? explainWaiting(run, listRunning(db), limits) : undefined;
}

/**
 * Returns the same from plain data. It reports the first reason that applies, in this order: the run's instant, the
 * scheduler and the disk, its job, its host, the slots.
 * @param running the runs that occupy a slot
 */
export function explainWaiting(
  run: WaitingRun,
  running: readonly Pick<RunRecord, 'runId' | 'jobId' | 'host'>[],
  limits: StartLimits,
): WaitReason | undefined {
  if (!isWaiting(run)) return undefined;
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling', text: 'it is being cancelled' };
  if (run.notBefore > limits.now) return { kind: 'not_before', text: notBefore(run) };
  if (limits.slots === null) return { kind: 'no_scheduler', text: 'no scheduler is running to start it' };
  if (limits.disk !== undefined) return { kind: 'disk', text: limits.disk };
  const ofJob = running.filter((other) => other.jobId === run.jobId);
  if (ofJob.length > 0 && run.overlap !== 'allow')
    return { kind: 'job_busy', text: `another run of its job is active: ${names(ofJob)}` };
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

/** Whether a run has not started, or waits for a retry. */
export function isWaiting(run: Pick<RunRecord, 'status'>): boolean {
  return run.status === 'queued' || run.status === 'waiting_retry';
}

function notBefore(run: WaitingRun): string {
  const instant = formatInstant(run.notBefore, run.timezone);
  if (run.status === 'waiting_retry')
    return `it waits for its retry: attempt ${run.attempt + 1} of ${run.maxAttempts}, not before ${instant}`;
  if (run.voidStarts > 0) return `no worker could be started for it; the next try is at ${instant}`;
  return run.scheduledFor === null
    ? `not before ${instant}`
    : `not before ${instant} (stagger and jitter of its job)`;
}

function names(runs: readonly Pick<RunRecord, 'runId'>[]): string {
  return `${runs.length === 1 ? 'run' : 'runs'} ${truncateList(runs.map(({ runId }) => runId))}`;
}
