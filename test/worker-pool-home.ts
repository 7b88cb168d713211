import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { homeWorker } from '../src/core/execution/run-process.ts';
import { startRun } from '../src/core/execution/start-run.ts';
import { WorkerPool } from '../src/core/execution/worker-pool.ts';
import type { RunRecord } from '../src/core/model/run-record.ts';
import { runFiles } from '../src/core/runs/run-files.ts';
import { enqueueRun } from '../src/core/runs/run-queue.ts';
import { isStartOver } from '../src/core/runs/run-starts.ts';
import type { Workspace, WorkspaceOptions } from '../src/core/workspace.ts';
import { listWorkers } from './list-workers.ts';
import { ManualClock } from './manual-clock.ts';
import { sendSignal } from './send-signal.ts';
import { openTempWorkspace } from './temp-workspace.ts';
import { waitFor } from './wait-for.ts';

interface PoolOptions {
  slots?: number;
  /** Identifies the program; each change makes the next run take a new worker. */
  build?: () => string;
  /** Fields of each job. */
  fields?: Record<string, unknown>;
}

/** Requests a run of a job whose configuration has its name. */
export function enqueueManual({ db, clock }: Workspace, job: string, maxAttempts = 1): RunRecord {
  const run = enqueueRun(
    db,
    {
      jobId: job,
      configName: job,
      trigger: 'manual',
      scheduledFor: null,
      timezone: 'UTC',
      status: 'queued',
      maxAttempts,
      priority: 0,
      overlap: 'allow',
      requestedBy: 'library',
    },
    clock.now(),
  );
  if (!run) throw new Error('the run was not queued');
  return run;
}

/** A home with a job per configuration, whose workers have ended when the test has. */
export async function homeOf(
  configs: Record<string, string>,
  fields: Record<string, unknown> = {},
  options: Partial<WorkspaceOptions> = {},
): Promise<Workspace> {
  const workspace = openTempWorkspace(options);
  for (const [name, yaml] of Object.entries(configs)) {
    await workspace.configs.write(name, yaml);
    const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
    const job = { config_name: name, schedule, max_retries: 0, ...fields };
    await workspace.jobs.create({ id: name, fields: job }, 'library');
  }
  onTestFinished(async () => {
    for (const worker of listWorkers(workspace)) sendSignal(worker, 'SIGKILL');
    await waitFor('the workers to end', () => listWorkers(workspace).length === 0);
  });
  return workspace;
}

export type PoolHome = Awaited<ReturnType<typeof poolOf>>;

/** A home with a job per configuration, and a pool whose clock only the test moves. */
export async function poolOf(
  configs: Record<string, string>,
  { slots = 4, build = () => 'this', fields }: PoolOptions = {},
) {
  const clock = new ManualClock(Date.now());
  const workspace = await homeOf(configs, fields);
  const isOver = (start: { runId: string; token: string }) => isStartOver(workspace.db, start);
  const pool = new WorkerPool(homeWorker(workspace.paths), clock, slots, { build, isOver });
  onTestFinished(() => pool.close());
  const ended = new Set<string>();
  /** Gives a run that was started before, and is queued again, to the pool. */
  const restart = (run: RunRecord): RunRecord => {
    ended.delete(run.runId);
    const isStarted = startRun(workspace, run, () => ended.add(run.runId), pool);
    if (!isStarted) throw new Error('the run was not started');
    return run;
  };
  const start = (job: string): RunRecord =>
    restart(enqueueManual(workspace, job, 1 + Number(fields?.['max_retries'] ?? 0)));
  const finish = async ({ runId }: RunRecord) => {
    await waitFor('the worker to be done', () => ended.has(runId));
    return workspace.runs.find(runId);
  };
  return {
    clock,
    workspace,
    pool,
    keepReady: (count: number) => pool.keepReady(count),
    start,
    restart,
    finish,
    run: (job: string) => finish(start(job)),
    log: ({ jobId, runId }: RunRecord) => readFileSync(runFiles(workspace.paths, jobId, runId).log, 'utf8'),
    workers: () => listWorkers(workspace),
  };
}
