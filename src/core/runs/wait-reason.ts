import type { QuickscrapeDatabase } from '../database/database.ts';
import { truncateList } from '../lib/text.ts';
import type { RunRecord } from '../model/run-record.ts';
import { tagsOfPool } from '../model/worker-names.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { WorkerRecord } from '../workers/worker-records.ts';
import { listRunning } from './run-queue.ts';

/** Why a run does not start: a code for programs, and a text for people. */
export interface WaitReason {
  kind:
    | 'not_before'
    | 'cancelling'
    | 'no_scheduler'
    | 'disk'
    | 'job_busy'
    | 'host_busy'
    | 'slots'
    | 'worker'
    | 'executor'
    | 'turn';
  text: string;
}

/** The text for a run that nothing blocks. */
export const ABOUT_TO_START = 'it is about to start';
/** How long Redis may be away before runs start here (`executor_fallback: local`), in milliseconds. */
export const FALLBACK_AFTER_MS = 30_000;

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
  /** The machines that runs go to; omitted while all runs stay on this machine. */
  remote?: RemoteLimits | undefined;
}

/** What is known of the machines that runs go to. */
export interface RemoteLimits {
  /** The workers that take runs now. */
  workers: readonly Pick<WorkerRecord, 'name' | 'tags' | 'slots' | 'running'>[];
  /** The workers that are there and cannot take runs. */
  unusable?: readonly Pick<WorkerRecord, 'name' | 'tags' | 'problem'>[];
  /** Since when Redis has been away, in epoch milliseconds; `null` while it is connected. */
  awaySince: number | null;
  /** What is wrong with Redis, as text. */
  problem?: string | undefined;
  /** Whether runs without tags start on this machine while no worker can be reached. */
  fallsBack: boolean;
}

type WaitingRun = Pick<
  RunRecord,
  'runId' | 'jobId' | 'status' | 'host' | 'overlap' | 'notBefore' | 'timezone' | 'attempt' | 'maxAttempts'
> &
  Pick<RunRecord, 'scheduledFor' | 'voidStarts' | 'cancelRequestedAt' | 'pool'>;

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
 * scheduler and the disk, its job, its host, the slots, the workers on other machines.
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
  return explainWorkers(run, limits) ?? { kind: 'turn', text: ABOUT_TO_START };
}

function explainWorkers(
  { pool, timezone }: WaitingRun,
  { remote, now }: StartLimits,
): WaitReason | undefined {
  const tags = tagsOfPool(pool);
  const wanted =
    tags.length === 0 ? '' : ` with the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}`;
  if (remote === undefined) {
    if (tags.length === 0) return undefined;
    const text = `it waits for a worker${wanted}: runs go to other machines only with the setting executor: bullmq`;
    return { kind: 'worker', text };
  }
  const fallsBack = remote.fallsBack && tags.length === 0;
  if (remote.awaySince !== null && !(fallsBack && now - remote.awaySince > FALLBACK_AFTER_MS)) {
    const why = remote.problem === undefined ? '' : ` (${remote.problem})`;
    const since = formatSince(remote.awaySince, now, timezone);
    const then = fallsBack ? `; after ${FALLBACK_AFTER_MS / 1000} s it starts here` : '';
    return {
      kind: 'executor',
      text: `the runs go to other machines, and Redis has been away since ${since}${why}${then}`,
    };
  }
  if (fallsBack) return undefined;
  const fitting = remote.workers.filter((worker) => tags.every((tag) => worker.tags.includes(tag)));
  if (fitting.length === 0) {
    const [unusable] =
      remote.unusable?.filter((worker) => tags.every((tag) => worker.tags.includes(tag))) ?? [];
    const why = unusable
      ? `worker ${unusable.name} cannot take it: ${unusable.problem}`
      : 'none is connected';
    return { kind: 'worker', text: `it waits for a worker${wanted}: ${why}` };
  }
  if (fitting.some(({ running, slots }) => running < slots)) return undefined;
  const busy = fitting.length === 1 ? `${fitting[0]?.name} is` : `all ${fitting.length} are`;
  return { kind: 'worker', text: `it waits for a free worker${wanted}: ${busy} busy` };
}

/** The time of day, or the instant when it was not today. */
function formatSince(at: number, now: number, timezone: string): string {
  const [instant, today] = [formatInstant(at, timezone), formatInstant(now, timezone)];
  return instant.slice(0, 10) === today.slice(0, 10) ? instant.slice(11, 16) : instant;
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
