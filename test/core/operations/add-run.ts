import { mkdirSync, writeFileSync } from 'node:fs';
import { runFiles } from '../../../src/core/runs/run-files.ts';
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
