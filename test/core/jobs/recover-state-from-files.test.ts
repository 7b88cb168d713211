import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backUpTo, restoreFrom } from '../../../src/core/database/recovery/restore.ts';
import { currentProcessIdentity } from '../../../src/core/process/identity.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { claimStart, markStarting } from '../../../src/core/runs/run-starts.ts';
import { finishAttempt } from '../../../src/core/runs/run-transitions.ts';
import { openWorkspace } from '../../../src/core/workspace.ts';
import { tempFolder } from '../../temp-folder.ts';

const UNTOUCHED = { retryAt: null, wantsCallback: () => false };

it('a run that was active in a backup and has ended since keeps its outcome when the backup is restored, and so does its job', async () => {
  const workspace = openWorkspace({ home: tempFolder(), actor: 'library' });
  const { db, paths } = workspace;
  await workspace.configs.write('books', 'url: https://books.example\nselectors: {title: h1}\n');
  const fields = { config_name: 'books', schedule: { type: 'hourly', minute: 0, timezone: 'UTC' } };
  await workspace.jobs.create({ id: 'news', fields }, 'library');
  const now = Date.now();
  const run = enqueueRun(
    db,
    {
      ...{ jobId: 'news', configName: 'books', trigger: 'manual', timezone: 'UTC', scheduledFor: null },
      ...{ maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: 'cli', status: 'queued' },
    },
    now,
  );
  const runId = run?.runId ?? '';
  markStarting(db, runId, 'token', now + 30_000);
  claimStart(db, runId, 'token', currentProcessIdentity(), now, 60_000);
  const backup = join(tempFolder(), 'backup.db');
  backUpTo(paths, backup);
  const error = { kind: 'network', message: 'nothing listens there' } as const;
  finishAttempt(db, runId, 'token', { outcome: 'failed', error }, now, UNTOUCHED);
  workspace.close();
  restoreFrom(paths, backup, Date.now());

  const after = openWorkspace({ home: paths.home, actor: 'library' });
  expect(after.runs.get(runId)).toMatchObject({
    status: 'failed',
    error: { kind: 'network', message: expect.stringMatching(/restored from the journal of starts/) },
  });
  expect(after.jobs.get('news')).toMatchObject({ state: { status: 'failed', failures: 1 } });
  after.close();
});
