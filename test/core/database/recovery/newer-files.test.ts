import { copyFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDataLoss } from '../../../../src/core/database/recovery/data-loss.ts';
import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import { tempFolder } from '../../../temp-folder.ts';
import { addRunFolder, open, settle } from './damaged-home.ts';

const MINUTE = 60_000;

/** A home with a job and a run now, and what puts its database and journal back as they are then. */
async function home() {
  const folder = tempFolder();
  const workspace = open(folder);
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'news', fields: { config_name: 'books', schedule } }, 'library');
  const now = Date.now();
  enqueueRun(
    workspace.db,
    {
      ...{ jobId: 'news', configName: 'books', trigger: 'schedule', scheduledFor: now, timezone: 'UTC' },
      ...{ status: 'missed', maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: 'scheduler' },
    },
    now,
  );
  const names = ['quickscrape.db', 'starts.log'];
  settle(workspace.db.file);
  const kept = tempFolder();
  for (const name of names) copyFileSync(join(folder, name), join(kept, name));
  const putBack = () => {
    for (const ending of ['-wal', '-shm', '']) rmSync(workspace.db.file + ending, { force: true });
    for (const name of names) copyFileSync(join(kept, name), join(folder, name));
  };
  return { folder, workspace, putBack, now };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a database that was restored together with its journal', () => {
  it.each(['a run folder', 'a job file'])('counts as older when %s belongs to a later run', async (what) => {
    const { folder, workspace, putBack, now } = await home();
    const later = now + MINUTE;
    if (what === 'a run folder') addRunFolder(folder, 'news', later);
    else {
      workspace.db.run('UPDATE job_state SET last_run = ?', [later]);
      await workspace.jobs.copyRuntime('news');
      utimesSync(join(folder, 'jobs', 'news.json'), later / 1000, later / 1000);
    }
    workspace.close();
    putBack();
    vi.setSystemTime(later + MINUTE);
    const { db } = open(folder);
    db.compareWithFiles();
    expect(db.takeNotices()).toEqual([expect.stringMatching(/older than the runs of this home \(seen by/)]);
    expect(db.get('SELECT watermark FROM job_state')).toEqual({ watermark: later + MINUTE });
    // Said once.
    db.compareWithFiles();
    expect(db.takeNotices()).toEqual([]);
  });

  it('under an open one is seen before anything is written into it', async () => {
    const { folder, workspace, putBack, now } = await home();
    workspace.db.compareWithFiles();
    expect(workspace.db.takeNotices()).toEqual([]);
    addRunFolder(folder, 'news', now + MINUTE);
    putBack();
    workspace.db.run('UPDATE job_state SET failures = 0');
    expect(readDataLoss(workspace.db)).toMatchObject({ kind: 'older', folders: 1 });
  });

  it('is trusted when no file is newer than it', async () => {
    const { folder, workspace, now } = await home();
    workspace.db.run('UPDATE job_state SET last_run = ?', [now]);
    await workspace.jobs.copyRuntime('news');
    // Of a run that was being removed when its process was killed, or one of a copied home.
    addRunFolder(folder, 'news', now - MINUTE);
    workspace.db.compareWithFiles();
    expect(workspace.db.takeNotices()).toEqual([]);
  });
});
