import type { JobDefinition } from '../model/definition.ts';
import type { JobEntry, JobRecord, JobState } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { isWaiting } from '../runs/wait-reason.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { startDelayMs } from '../schedule/start-delay.ts';
import { decideSkip } from './skip-queued.ts';

/**
 * How long before an occurrence its standby process starts, in milliseconds. Starting one process takes 0.3 to 0.4 s
 * here; four at once on a small machine take about 2 s. A process that is not ready in time is still ready sooner than
 * one started at the occurrence.
 */
export const STANDBY_LEAD_MS = 2_000;

/** With less time left than this, no standby process is started, in milliseconds: the run would not begin sooner. */
export const MIN_STANDBY_LEAD_MS = 250;

/** A standby process that has not been started this long after its instant is discarded, in milliseconds. */
export const STANDBY_TIMEOUT_MS = 3_000;

/**
 * A run that starts later than this after its occurrence would keep a standby process waiting too long, in
 * milliseconds.
 */
const MAX_START_DELAY_MS = 1_000;

/**
 * Whether a job's runs may start so long after their occurrences that they are prepared from the queue, not before the
 * occurrence.
 */
export function hasLateStart(jobId: string, definition: Pick<JobDefinition, 'stagger' | 'jitter'>): boolean {
  return startDelayMs(jobId, definition, 1) > MAX_START_DELAY_MS;
}

/** Whether a job's next occurrence is expected to start a run. */
export function needsStandby(
  { id, definition }: Pick<JobRecord, 'id' | 'definition'>,
  state: Pick<JobState, 'pausedAt'>,
  active: readonly ActiveRun[],
): boolean {
  if (!definition.enabled || state.pausedAt !== null) return false;
  if (hasLateStart(id, definition)) return false;
  return active.length === 0 || definition.overlap === 'allow';
}

/**
 * Whether a run that waits in the queue for its instant (`stagger`, `jitter`, a retry) is expected to start then.
 * @param job the job in its current state
 * @param busy jobs with runs that are active or prepared
 */
export function needsStandbyForQueued(
  run: RunRecord,
  job: JobEntry | undefined,
  busy: ReadonlySet<string>,
): boolean {
  // Earlier starts of this run have failed, or it is to be cancelled: no process is prepared for it.
  if (run.voidStarts > 0 || run.cancelRequestedAt !== null) return false;
  if (run.overlap !== 'allow' && busy.has(run.jobId)) return false;
  return decideSkip(run, job, run.notBefore, []) === undefined;
}

/** A run with a standby process. */
export interface StandbyRun {
  runId: string;
  jobId: string;
  /** When it begins, epoch milliseconds: its occurrence, or the instant that it waits for in the queue. */
  at: number;
  /** Whether it was in the queue when it was prepared, so that no occurrence queues it. */
  wasQueued: boolean;
  /** The host that it will scrape, if known. */
  host: string | null;
  /** When it is discarded, on the monotonic clock, so that changes of the wall clock do not matter. */
  until: number;
}

/**
 * Whether a standby process is still needed: its occurrence is still planned, or its run still waits in the queue for
 * the same instant.
 * @param planned the job's next occurrence as planned now
 * @param run the queued run, if it exists
 */
export function isStandbyNeeded(
  { at, wasQueued, until }: StandbyRun,
  planned: number | undefined,
  run: Pick<RunRecord, 'status' | 'notBefore'> | undefined,
  monotonic: number,
): boolean {
  if (monotonic > until) return false;
  if (wasQueued) return run !== undefined && isWaiting(run) && run.notBefore === at;
  return planned === at || run?.status === 'queued';
}
