import { setTimeout as delay } from 'node:timers/promises';
import { requireParams } from '../configs/job-params.ts';
import { requireDiskSpace } from '../fs/disk-space.ts';
import { requireValidJob } from '../jobs/job-errors.ts';
import { canStartRuns } from '../lease/lease.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { truncateList } from '../lib/text.ts';
import type { Actor } from '../model/definition.ts';
import type { ParamValues } from '../model/params.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { tagsOfPool, toPool } from '../model/worker-names.ts';
import { runIsActive, runNotFound } from '../runs/run-errors.ts';
import { enqueueRun, findActiveRun, listRunning } from '../runs/run-queue.ts';
import { findWaitReason } from '../runs/wait-reason.ts';
import type { Workspace } from '../workspace.ts';
import { reconcileRun } from './reconcile-runs.ts';
import { currentStartLimits, readConcurrencyLimits } from './start-limits.ts';
import { startRun } from './start-run.ts';

export interface RunRequest {
  /** `retry` for a run that repeats an earlier one. */
  trigger?: 'manual' | 'retry';
  maxAttempts?: number;
  requestedBy?: string;
  retryOf?: string;
  /** Values of parameters for this run only. */
  params?: ParamValues | null | undefined;
}

/**
 * Requests a run of a job now, regardless of its schedule. The scheduler starts it within its slots; without a
 * scheduler, the calling process starts it.
 * @throws QuickscrapeError `job_not_found`; `invalid_job`; `invalid_params` for values that do not fit the declared
 *   parameters; `conflict` while another run of the job is active (unless
 *   its overlap is `allow`), which it names; without a scheduler also for a job that asks for workers by tags, or when
 *   a client has no capacity left
 */
export async function requestRun(
  workspace: Workspace,
  jobId: string,
  request: RunRequest = {},
): Promise<RunRecord> {
  const { record } = requireValidJob(workspace.jobs.find(jobId));
  const { definition } = record;
  requireParams(definition, workspace.configs, request.params ?? {});
  // With a scheduler, the run waits in the queue until there is space.
  if (!canStartRuns(workspace.db)) requireDiskSpace(workspace);
  const run = workspace.db.transaction(() => {
    const active = findActiveRun(workspace.db, record.id);
    // A queued run that no scheduler will start is the run that the caller wants.
    const isOurs = active?.status === 'queued' && !canStartRuns(workspace.db);
    if (active && !isOurs && definition.overlap !== 'allow') {
      const why = findWaitReason(workspace.db, active, currentStartLimits(workspace))?.text;
      throw runIsActive(active, why);
    }
    if (!canStartRuns(workspace.db)) {
      requireAnyWorker(record.id, definition.worker);
      requireCapacity(workspace);
    }
    if (isOurs) return active;
    return enqueueRun(
      workspace.db,
      {
        jobId: record.id,
        configName: definition.config_name,
        trigger: request.trigger ?? 'manual',
        scheduledFor: null,
        timezone: definition.schedule.timezone,
        status: 'queued',
        maxAttempts: request.maxAttempts ?? 1,
        priority: definition.priority,
        overlap: definition.overlap,
        callbacks: definition,
        host: workspace.configs.hostOf(definition.config_name),
        pool: toPool(definition.worker),
        requestedBy: request.requestedBy ?? workspace.actor,
        ...(request.retryOf !== undefined && { retryOf: request.retryOf }),
        givenParams: request.params,
      },
      workspace.clock.now(),
    );
  });
  if (!run) throw new QuickscrapeError('internal', `no run could be queued for job ${record.id}`);
  if (!canStartRuns(workspace.db)) startRun(workspace, run);
  return workspace.runs.get(run.runId) ?? run;
}

export interface WaitOptions {
  /** Give up waiting after this long; the run continues. Default: never. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Called with the run at first, and after each change. */
  onChange?: (run: RunRecord) => void;
}

const POLL_MS = 50;
/** Reconciles every this many polls. */
const RECONCILE_EVERY = 10;

/**
 * Waits until a run has finished, or until it waits for what only a scheduler would start: a retry, or a run for
 * workers elsewhere. Also reconciles the
 * run: starts it if its scheduler has stopped, and records a dead process.
 */
export async function waitForRun(
  workspace: Workspace,
  runId: string,
  options: WaitOptions = {},
): Promise<RunRecord> {
  const end =
    options.timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeoutMs;
  let shown = '';
  for (let round = 0; ; round += 1) {
    const run = workspace.runs.get(runId);
    if (!run) throw runNotFound(runId);
    const state = JSON.stringify(run);
    if (state !== shown) options.onChange?.(run);
    shown = state;
    if (!isActive(run.status)) {
      // The worker or the scheduler does the same a moment later, but callers may read the file as soon as this
      // returns. A file that cannot be written does not make a successful run fail.
      await workspace.jobs.copyRuntime(run.jobId).catch(() => {});
      return run;
    }
    if (performance.now() >= end || options.signal?.aborted) return run;
    if (round % RECONCILE_EVERY === RECONCILE_EVERY - 1 && !canStartRuns(workspace.db)) {
      if (run.status === 'waiting_retry' || (run.status === 'queued' && run.pool !== '')) return run;
      if (run.status === 'queued') {
        requireDiskSpace(workspace);
        if (hasCapacity(workspace)) startRun(workspace, run);
      } else reconcileRun(workspace, run);
    }
    await delay(POLL_MS);
  }
}

/** Actors whose callers are programs: a faulty program may request runs without end. */
const LIMITED_ACTORS: readonly Actor[] = ['mcp', 'rpc'];

/**
 * Whether a run may start without a scheduler that would queue it. People may start any number of runs; a client that
 * is a program may start no more than a scheduler would.
 */
export function hasCapacity(workspace: Workspace): boolean {
  return (
    !LIMITED_ACTORS.includes(workspace.actor) ||
    listRunning(workspace.db).length < readConcurrencyLimits(workspace).slots
  );
}

/** @throws QuickscrapeError `conflict` for a job that this machine may not run itself */
function requireAnyWorker(jobId: string, tags: readonly string[] | null): void {
  const pool = toPool(tags);
  if (pool === '') return;
  const wanted = tagsOfPool(pool).join(', ');
  throw new QuickscrapeError(
    'conflict',
    `job ${jobId} runs only on a worker with ${wanted}, and no scheduler runs that could hand it over`,
    { hint: 'Start the scheduler, which hands runs over to workers.' },
  );
}

/** @throws QuickscrapeError `conflict` without {@link hasCapacity | capacity} */
function requireCapacity(workspace: Workspace): void {
  if (hasCapacity(workspace)) return;
  const ids = truncateList(listRunning(workspace.db).map(({ runId }) => runId));
  const { slots } = readConcurrencyLimits(workspace);
  throw new QuickscrapeError(
    'conflict',
    `no run can start without a scheduler, as the limit of active runs is reached (max_concurrent_runs is ${slots}): ${ids}`,
    {
      hint: { id: 'queue_with_scheduler' },
    },
  );
}
