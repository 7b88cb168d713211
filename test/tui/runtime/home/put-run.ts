import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';

export interface PutRun {
  status?: string;
  items?: number;
  /** Milliseconds before now at which it was queued and began. */
  ago?: number;
  tookMs?: number;
  by?: string;
}

/** Writes a run of a job as if it had been carried out; the job's own state stays as it is. */
export function putRun(
  { db, clock }: Workspace,
  jobId: string,
  { status = 'succeeded', items = 0, ago = 0, tookMs = 1_000, by = 'scheduler' }: PutRun = {},
): string {
  const at = clock.now() - ago;
  const run = enqueueRun(
    db,
    {
      ...{
        jobId,
        configName: 'none',
        trigger: 'manual',
        scheduledFor: null,
        timezone: 'UTC',
        status: 'queued',
      },
      ...{ maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: by },
    },
    at,
  );
  const over = !['queued', 'running', 'waiting_retry'].includes(status);
  db.run('UPDATE runs SET status = ?, items = ?, started_at = ?, finished_at = ? WHERE run_id = ?', [
    status,
    items,
    status === 'queued' ? null : at,
    over ? at + tookMs : null,
    run?.runId ?? '',
  ]);
  return run?.runId ?? '';
}
