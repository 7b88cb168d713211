import { setTimeout as delay } from 'node:timers/promises';
import { requireDiskSpace } from '../jobs/disk-space.ts';
import { requireValidJob } from '../jobs/job-errors.ts';
import { canStartRuns } from '../lease/holder.ts';
import { currentStartLimits } from '../lease/start-limits.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { runIsActive, runNotFound } from '../runs/run-errors.ts';
import { enqueueRun, findActiveRun } from '../runs/run-queue.ts';
import { findWaitReason } from '../runs/wait-reason.ts';
import type { Workspace } from '../workspace.ts';
import { hasCapacity, requireCapacity } from './capacity.ts';
import { reconcileRun } from './reconcile-runs.ts';
import { startRun } from './start-run.ts';

export interface RunRequest {
  /** `retry` for a run asked for from an earlier one. */
  trigger?: 'manual' | 'retry';
  maxAttempts?: number;
  requestedBy?: string;
  retryOf?: string;
}

/**
 * Asks for a run of a job now, whatever its schedule. The scheduler starts it within its slots; when none runs, the
 * caller's process starts it itself.
 * @throws QuickscrapeError `job_not_found`; `invalid_job`; `conflict` while a run of the job is not over (unless its
 *   overlap is `allow`), naming it, or when a client asks and there is no room without a
 *   scheduler
 */
export async function requestRun(
  workspace: Workspace,
  jobId: string,
  request: RunRequest = {},
): Promise<RunRecord> {
  const { record } = requireValidJob(workspace.jobs.find(jobId));
  const { definition } = record;
  // With a scheduler it waits in the queue until there is space.
  if (!canStartRuns(workspace.db)) requireDiskSpace(workspace);
  const run = workspace.db.transaction(() => {
    const active = findActiveRun(workspace.db, record.id);
    // Nobody is there to start it: that is what the caller wants.
    const isOurs = active?.status === 'queued' && !canStartRuns(workspace.db);
    if (active && !isOurs && definition.overlap !== 'allow') {
      const why = findWaitReason(workspace.db, active, currentStartLimits(workspace))?.text;
      throw runIsActive(active, why);
    }
    if (!canStartRuns(workspace.db)) requireCapacity(workspace);
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
        requestedBy: request.requestedBy ?? workspace.actor,
        ...(request.retryOf !== undefined && { retryOf: request.retryOf }),
      },
      workspace.clock.now(),
    );
  });
  if (!run) throw new QuickscrapeError('internal', `no run could be queued for job ${record.id}`);
  if (!canStartRuns(workspace.db)) startRun(workspace, run);
  return workspace.runs.get(run.runId) ?? run;
}

export interface WaitOptions {
  /** Give up waiting after this long; the run goes on. Default: never. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Called with the run at first and whenever it has changed. */
  onChange?: (run: RunRecord) => void;
}

const POLL_MS = 50;
/** A dead run process or scheduler is looked for this often. */
const RECONCILE_EVERY = 10;

/**
 * Waits until a run is over, or waits for a retry that only a scheduler will start. Whoever waits also looks after
 * the run: it starts it if the scheduler that should have has gone, and records a dead process.
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
      // The run process does the same, a moment later: who has waited may look at the file now. A file that cannot be
      // written makes no failure of a run that succeeded.
      await workspace.jobs.copyRuntime(run.jobId).catch(() => {});
      return run;
    }
    if (performance.now() >= end || options.signal?.aborted) return run;
    if (round % RECONCILE_EVERY === RECONCILE_EVERY - 1 && !canStartRuns(workspace.db)) {
      if (run.status === 'waiting_retry') return run;
      if (run.status === 'queued') {
        requireDiskSpace(workspace);
        if (hasCapacity(workspace)) startRun(workspace, run);
      } else reconcileRun(workspace, run);
    }
    await delay(POLL_MS);
  }
}
