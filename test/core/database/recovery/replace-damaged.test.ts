import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileInstant } from '../../../../src/core/database/backup.ts';
import { readDataLoss } from '../../../../src/core/database/recovery/data-loss.ts';
import { snapshotFolder, takeSnapshot } from '../../../../src/core/database/snapshots.ts';
import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import { lacks } from '../../../platform.ts';
import { oldHome } from '../old-home.ts';
import { fullHome, open, overwrite, PAGE } from './damaged-home.ts';

const NOISE = Buffer.alloc(PAGE, 0xa5);

describe('a replacement whose process died over it', () => {
  it
    .skipIf(lacks('modes'))
    .each(['before the old WAL was moved', 'after the old WAL was moved', 'before the old file was linked'])(
    '%s is completed by the next process that opens the database',
    async (when) => {
      const home = await fullHome(2, 3);
      const { database } = home;
      const whole = readFileSync(database);
      overwrite(database, PAGE, NOISE);
      const damaged = readFileSync(database);
      writeFileSync(`${database}.rescued`, whole, { mode: 0o600 });
      utimesSync(`${database}.rescued`, 1_790_000_000, 1_790_000_000);
      const kept = `${database}.corrupt-${fileInstant(1_790_000_000_000)}`;
      if (when !== 'before the old file was linked') linkSync(database, kept);
      const wal = when === 'after the old WAL was moved' ? `${kept}-wal` : `${database}-wal`;
      writeFileSync(wal, 'the WAL of the damaged one');
      const workspace = open(home.home);
      expect(workspace.runs.list().runs).toHaveLength(6);
      expect(readFileSync(kept)).toEqual(damaged);
      expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('the WAL of the damaged one');
      expect(existsSync(`${database}.rescued`)).toBe(false);
    },
  );
});

it('occurrences after a snapshot are not started, even when no journal says what was started since', async () => {
  const { home, database } = await fullHome(2, 3);
  const before = open(home);
  before.db.run('UPDATE job_state SET watermark = ?', [Date.now() - 30 * 86_400_000]);
  takeSnapshot(database, Date.now());
  before.close();
  rmSync(join(home, 'starts.log'));
  overwrite(database, PAGE, NOISE);
  const now = Date.now();
  const workspace = open(home);
  expect(workspace.runs.list().total).toBe(6);
  for (const entry of workspace.jobs.list())
    expect(entry.kind === 'valid' && entry.state.decidedUntil).toBeGreaterThanOrEqual(now);
});

describe('a database whose WAL alone is damaged', () => {
  it('is replaced by the snapshot when that has more than its main file', async () => {
    const { home, database } = await fullHome(1, 3);
    const before = open(home);
    const run = { jobId: 'job-0', configName: 'books', trigger: 'schedule', timezone: 'UTC' } as const;
    for (let n = 0; n < 30; n += 1)
      enqueueRun(
        before.db,
        {
          ...{ ...run, scheduledFor: Date.now() - n * 1_000, status: 'missed', maxAttempts: 1, priority: 0 },
          ...{ overlap: 'skip', requestedBy: 'scheduler' },
        },
        Date.now(),
      );
    const total = before.runs.list().total;
    takeSnapshot(database, Date.now());
    const [main, wal] = [readFileSync(database), readFileSync(`${database}-wal`)];
    before.close();
    writeFileSync(database, main);
    writeFileSync(`${database}-wal`, Buffer.alloc(wal.length, 0xa5));
    expect(open(home).runs.list().total).toBe(total);
  });

  it('goes on without it when an old version wrote it, which stored no position', () => {
    const home = oldHome();
    writeFileSync(join(home, 'quickscrape.db-wal'), Buffer.alloc(2 * PAGE, 0xa5));
    expect(open(home).runs.list().total).toBeGreaterThan(0);
  });
});

it.skipIf(lacks('links'))(
  'an entry of the snapshots that is no file, leads nowhere, or cannot be followed, does not hide the older ones',
  async () => {
    const { home, database } = await fullHome(2, 3);
    takeSnapshot(database, Date.now() - 60_000);
    const folder = snapshotFolder(database);
    mkdirSync(join(folder, `quickscrape-${fileInstant(Date.now() - 30_000)}.db`));
    symlinkSync('/nowhere', join(folder, `quickscrape-${fileInstant(Date.now() - 20_000)}.db`));
    const loop = join(folder, `quickscrape-${fileInstant(Date.now() - 10_000)}.db`);
    symlinkSync(loop, loop);
    overwrite(database, PAGE, NOISE);
    const workspace = open(home);
    expect(workspace.runs.list().total).toBe(6);
    expect(readDataLoss(workspace.db)?.source).toMatchObject({ kind: 'snapshot' });
  },
);
