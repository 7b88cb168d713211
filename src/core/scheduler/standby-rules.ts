import type { JobDefinition } from '../model/definition.ts';
import type { JobEntry, JobRecord, JobState } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { isWaiting } from '../runs/wait-reason.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { startOffsetMs } from '../schedule/spread.ts';
import { decideSkip } from './skip-queued-run.ts';

/**
 * How long before an occurrence its run is prepared, in milliseconds: the start of a process takes 0.3 to 0.4 s here, and
 * four of them at once on a small machine some 2 s. One that is not ready at its instant is still sooner there than one
 * that is started then.
 */
export const STANDBY_LEAD_MS = 2_000;

/** With less time than this a run is not prepared any more, in milliseconds: it would begin no sooner. */
export const MIN_STANDBY_LEAD_MS = 250;

/** A prepared process that nobody has told to begin so long after its instant waits in vain, in milliseconds. */
export const STANDBY_TIMEOUT_MS = 3_000;

/** A run that starts later than this after its occurrence would wait too long, in milliseconds. */
const MAX_START_OFFSET_MS = 1_000;

/** Whether a job's runs may begin so long after their occurrences that they are prepared in the queue, and not before it. */
export function hasLateStart(jobId: string, definition: Pick<JobDefinition, 'stagger' | 'jitter'>): boolean {
  return startOffsetMs(jobId, definition, 1) > MAX_START_OFFSET_MS;
}

/** Whether a run of a job would start at its next occurrence, as far as can be told before. */
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
 * Whether a run that waits in the queue for its instant (`stagger`, `jitter`, a retry) would start then, as far as can be told
 * before.
 * @param job as it is now
 * @param busy the jobs of runs that are under way, or will be
 */
export function needsStandbyForQueued(
  run: RunRecord,
  job: JobEntry | undefined,
  busy: ReadonlySet<string>,
): boolean {
  // Something is wrong with its starts: the next one is made in the ordinary way.
  if (run.voidStarts > 0 || run.cancelRequestedAt !== null) return false;
  if (run.overlap !== 'allow' && busy.has(run.jobId)) return false;
  return decideSkip(run, job, run.notBefore, []) === undefined;
}

/** A run that has been prepared. */
export interface StandbyRun {
  runId: string;
  jobId: string;
  /** When it is to begin, epoch milliseconds: its occurrence, or what it waits for in the queue. */
  at: number;
  /** Whether it was in the queue when it was prepared, so that no occurrence brings it there. */
  wasQueued: boolean;
  /** The host that it is going to scrape, if known. */
  host: string | null;
  /** When it is called off whatever the clock says, on the monotonic clock. */
  until: number;
}

/**
 * Whether a prepared run is still waited for: its occurrence comes up as before, or it waits in the queue, for no other instant.
 * @param planned when the job's next occurrence is now
 * @param run as it is in the queue, if it is there
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
