import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { putInPlace } from '../../../../src/core/database/recovery/replace-damaged.ts';
import { backUpTo, restoreFrom } from '../../../../src/core/database/recovery/restore.ts';
import { currentProcessIdentity } from '../../../../src/core/process/identity.ts';
import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import { claimStart, markStarting } from '../../../../src/core/runs/run-starts.ts';
import { openWorkspace } from '../../../../src/core/workspace.ts';
import { tempFolder } from '../../../temp-folder.ts';

const NOW = Date.now();

/** A home, its backup, and a run that was queued since; nobody has the home open. */
function homeWithQueuedRun() {
  const home = tempFolder();
  const backup = join(tempFolder(), 'backup.db');
  const open = () => openWorkspace({ home, actor: 'library' });
  const workspace = open();
  const { paths, db } = workspace;
  backUpTo(paths, backup);
  const own = { jobId: 'news', configName: 'books', trigger: 'manual', timezone: 'UTC' } as const;
  const rules = {
    scheduledFor: null,
    maxAttempts: 1,
    priority: 0,
    overlap: 'allow',
    requestedBy: 'cli',
  } as const;
  const run = enqueueRun(db, { ...own, ...rules, status: 'queued' }, NOW);
  workspace.close();
  return { paths, backup, open, runId: run?.runId ?? '' };
}

it('a started run that is not claimed yet prevents a restore', () => {
  const { paths, backup, open, runId } = homeWithQueuedRun();
  const workspace = open();
  expect(markStarting(workspace.db, runId, 'token', NOW + 30_000)).toBe(true);
  workspace.close();
  expect(() => restoreFrom(paths, backup, NOW)).toThrow(`runs are active: ${runId}`);
  expect(restoreFrom(paths, backup, NOW + 30_001)).toMatchObject({ droppedRuns: [{ runId, jobId: 'news' }] });
});

it('says which runs waited that do not start any more', () => {
  const { paths, backup, open, runId } = homeWithQueuedRun();
  const { keptAs, droppedRuns } = restoreFrom(paths, backup, NOW);
  expect(keptAs).toMatch(/\.before-restore-/);
  expect(droppedRuns).toEqual([{ runId, jobId: 'news' }]);
  const workspace = open();
  expect(workspace.runs.list({ limit: 10 }).total).toBe(0);
  workspace.close();
});

it('does not say of a run whose process died that it waited: the journal puts it back', () => {
  const { paths, backup, open, runId } = homeWithQueuedRun();
  const workspace = open();
  markStarting(workspace.db, runId, 'token', NOW + 30_000);
  const gone = { ...currentProcessIdentity(), pid: 2 ** 22 + 1 };
  expect(claimStart(workspace.db, runId, 'token', gone, NOW, 60_000)).toBeDefined();
  workspace.close();
  expect(restoreFrom(paths, backup, NOW).droppedRuns).toEqual([]);
  const after = open();
  expect(after.runs.list({ limit: 10 }).runs).toMatchObject([{ runId }]);
  after.close();
});

it('is not put in place when the database before it must not be lost', () => {
  const { paths, backup, open, runId } = homeWithQueuedRun();
  const next = `${paths.database}.next`;
  copyFileSync(backup, next);
  const refuse = () => {
    throw new Error('a run has begun');
  };
  expect(() => putInPlace(paths.database, next, NOW, refuse)).toThrow('a run has begun');
  const workspace = open();
  expect(workspace.runs.get(runId)?.status).toBe('queued');
  workspace.close();
});
