import { mkdirSync, writeFileSync } from 'node:fs';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import type { OpenHome } from './open-home.ts';

interface PastRun {
  status?: string;
  job?: string;
  items?: unknown[] | null;
}

let queuedAt = 0;

/** A run that is over (or not), with its items; `null` leaves no file. */
export function addRun(
  { workspace }: Pick<OpenHome, 'workspace'>,
  runId: string,
  { status = 'succeeded', job = 'mine', items = [] }: PastRun,
) {
  const started = ['queued', 'skipped'].includes(status) ? null : 1;
  queuedAt += 1;
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at, not_before,
       started_at, items)
     VALUES (?, ?, 'books', 'manual', 'library', 'UTC', ?, 1, ?, 0, ?, ?)`,
    [runId, job, status, queuedAt, started, items?.length ?? 3],
  );
  if (started === null || items === null) return;
  const files = runFiles(workspace.paths, job, runId);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.items, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}

/** A run of the job `mine` that its schedule has asked for, as the scheduler writes it. @returns its id */
export function addScheduledRun(
  { workspace }: Pick<OpenHome, 'workspace'>,
  status: 'queued' | 'skipped' | 'missed',
  at: number,
): string {
  const run = enqueueRun(
    workspace.db,
    {
      jobId: 'mine',
      configName: 'books',
      trigger: 'schedule',
      scheduledFor: at,
      timezone: 'Europe/Berlin',
      status,
      reason: status === 'queued' ? '' : 'as the test wants it',
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'scheduler',
    },
    at,
  );
  if (run === undefined) throw new Error('no run was queued');
  return run.runId;
}
