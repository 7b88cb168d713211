import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkIntegrity } from '../../../src/core/database/check-integrity.ts';
import { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { readDataLoss } from '../../../src/core/database/recovery/data-loss.ts';
import { MIGRATIONS } from '../../../src/core/database/schema.ts';
import { openWorkspace, type Workspace } from '../../../src/core/workspace.ts';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { lacks } from '../../platform.ts';
import { canMount, smallDisk } from '../../small-disk.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { oldHome } from './old-home.ts';

/** QS_KILLS=1000 for a release. */
const KILLS = Math.ceil(Number(process.env['QS_KILLS'] ?? 100) / 20);

let fixture: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  fixture = await bundleFixture('migrate-home');
});
afterAll(() => fixture.remove());

function open(home: string): Workspace {
  const workspace = openTempWorkspace({ home });
  return workspace;
}

const backups = (home: string) => readdirSync(home).filter((name) => name.endsWith('.bak'));

function version(file: string): number | undefined {
  const connection = new Libsql(file);
  const [row] = connection.prepare('PRAGMA user_version').all([]) as { user_version: number }[];
  connection.close();
  return row?.user_version;
}

/** The runs of the frozen home, by an older program's look at them. */
function runsIn(file: string): unknown[] {
  const connection = new Libsql(file);
  const rows = connection.prepare('SELECT run_id, status, not_before FROM runs ORDER BY run_id').all([]);
  connection.close();
  return rows;
}

describe('a home of version 0.1.0', () => {
  it('is read and goes on: jobs, runs, history, what waits for a retry; nothing counts as lost', () => {
    const home = oldHome();
    const before = runsIn(join(home, 'quickscrape.db'));
    const workspace = open(home);
    expect(workspace.db.takeNotices()).toEqual([
      expect.stringMatching(new RegExp(`from schema 1 to ${MIGRATIONS.length}; .*\\.bak$`)),
    ]);
    const jobs = workspace.jobs.list();
    expect(Object.fromEntries(jobs.map(({ id, kind }) => [id, kind]))).toEqual({
      ...{ broken: 'valid', 'daily-news': 'valid', hourly: 'valid', later: 'newer', 'month-end': 'valid' },
      ...{ off: 'valid', once: 'valid', typo: 'invalid', weekly: 'valid' },
    });
    expect(runsIn(join(home, 'quickscrape.db'))).toEqual(before);
    expect(workspace.runs.list({ jobId: 'broken', status: 'waiting_retry' }).runs).toMatchObject([
      { runId: 'pkvczdwbbq', attempt: 1 },
    ]);
    const news = workspace.jobs.get('daily-news');
    expect(news).toMatchObject({ record: { revision: 1 }, state: { status: 'completed', failures: 0 } });
    expect(news?.kind === 'valid' && news.state.decidedUntil).toBe(1795578273297);
    expect(readDataLoss(workspace.db)).toBeUndefined();
    expect(workspace.runs.list({ status: 'missed' }).total).toBe(0);
  });

  it.skipIf(lacks('modes'))('is kept as an intact backup, mode 0600, that can be restored', () => {
    const home = oldHome();
    const before = runsIn(join(home, 'quickscrape.db'));
    open(home).close();
    const [name = ''] = backups(home);
    expect(name).toMatch(/^quickscrape\.db\.v1-\d{4}-\d\d-\d\dT[\d-]+Z\.bak$/);
    const file = join(home, name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(version(file)).toBe(1);
    expect(runsIn(file)).toEqual(before);
    expect(checkIntegrity(file)).toEqual({ ok: true, problems: [] });
    expect(readdirSync(home).filter((other) => other.endsWith('.tmp'))).toEqual([]);
  });

  it('keeps what was noted of single jobs among the single values, each kind in a table of its own', () => {
    const home = oldHome();
    const file = join(home, 'quickscrape.db');
    const connection = new Libsql(file);
    const older = MIGRATIONS.slice(1, 5);
    connection.exec(`${older.join(';')}; PRAGMA user_version = ${older.length + 1};
      INSERT INTO facts VALUES ('tz_version', '2024a'),
        ('decided until, job news_1', '2000000000000'), ('decided until, job a', '1900000000000'),
        ('away since: job b-2', '1795578273297')`);
    connection.close();
    const { db } = open(home);
    expect(db.all('SELECT * FROM set_back_watermarks ORDER BY job_id')).toEqual([
      { job_id: 'a', watermark: 1_900_000_000_000 },
      { job_id: 'news_1', watermark: 2_000_000_000_000 },
    ]);
    expect(db.all('SELECT * FROM missing_job_files')).toEqual([{ job_id: 'b-2', since: 1_795_578_273_297 }]);
    expect(db.all(`SELECT name FROM facts WHERE name LIKE '%job%' OR name = 'tz_version'`)).toEqual([
      { name: 'tz_version' },
    ]);
  });

  it('has runs of this machine alone, and knows no worker', () => {
    const home = oldHome();
    const file = join(home, 'quickscrape.db');
    const connection = new Libsql(file);
    const older = MIGRATIONS.slice(1, 6);
    connection.exec(`${older.join(';')}; PRAGMA user_version = ${older.length + 1}`);
    connection.close();
    const { db, runs } = open(home);
    const ofOthers = `worker IS NOT NULL OR pool <> ''`;
    expect(runs.list().total).toBeGreaterThan(0);
    expect(db.all(`SELECT 1 FROM runs WHERE ${ofOthers}`)).toEqual([]);
    expect(db.all('SELECT 1 FROM attempts WHERE worker IS NOT NULL')).toEqual([]);
    expect(db.all('SELECT * FROM workers')).toEqual([]);
  });

  it('migrates once when several processes open it at once', async () => {
    const home = oldHome();
    const ends = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, [fixture.file, home], { stdio: ['ignore', 'ignore', 'inherit'] });
      return new Promise((resolve) => child.once('close', resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    expect(backups(home)).toHaveLength(1);
    expect(version(join(home, 'quickscrape.db'))).toBe(MIGRATIONS.length);
  });

  it(`is old or new after each of ${KILLS} kill -9, never half`, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const home = oldHome();
      const before = runsIn(join(home, 'quickscrape.db'));
      const child = spawn(process.execPath, [fixture.file, home], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise((ready) => child.stdout.once('data', ready));
      await delay(Math.random() * 25);
      child.kill('SIGKILL');
      await ended;
      expect([1, MIGRATIONS.length]).toContain(version(join(home, 'quickscrape.db')));
      const workspace = openWorkspace({ home, actor: 'library' });
      expect(workspace.jobs.list()).toHaveLength(9);
      workspace.close();
      expect(runsIn(join(home, 'quickscrape.db'))).toEqual(before);
      for (const name of backups(home)) expect(checkIntegrity(join(home, name)).ok).toBe(true);
    }
  });

  it.skipIf(!canMount)(
    'is not touched when the disk has no room for the backup, and says how much it takes',
    () => {
      const disk = smallDisk(512 * 1024);
      const home = join(disk.folder, 'home');
      cpSync(oldHome(), home, { recursive: true });
      disk.fill(64 * 1024);
      expect(() => openWorkspace({ home, actor: 'library' })).toThrowError(
        expect.objectContaining({
          code: 'store_unavailable',
          message: expect.stringMatching(
            /not enough space for the backup .* takes about 0\.1 MiB, 0\.0 MiB are free/,
          ),
        }),
      );
      disk.free();
      expect(version(join(home, 'quickscrape.db'))).toBe(1);
      expect(open(home).jobs.list()).toHaveLength(9);
    },
  );
});

describe('a migration', () => {
  it('that fails in the middle leaves the tables as they were', () => {
    const home = oldHome();
    const file = join(home, 'quickscrape.db');
    const [first = '', second = ''] = MIGRATIONS;
    const failing = [first, `${second}; INSERT INTO facts (name, value) VALUES ('a', 'b'), ('a', 'c');`];
    const before = runsIn(file);
    expect(() => new QuickscrapeDatabase(file, { migrations: failing })).toThrowError(
      expect.objectContaining({ code: 'store_unavailable' }),
    );
    expect(version(file)).toBe(1);
    expect(runsIn(file)).toEqual(before);
    expect(open(home).jobs.list()).toHaveLength(9);
  });

  it('is refused for a file of a newer version, which stays byte for byte the same', () => {
    const home = oldHome();
    const file = join(home, 'quickscrape.db');
    const newer = new Libsql(file);
    newer.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)`);
    newer.close();
    const before = readFileSync(file);
    expect(() => openWorkspace({ home, actor: 'library' })).toThrowError(/newer version .*schema 99/);
    expect(readFileSync(file)).toEqual(before);
    expect(backups(home)).toEqual([]);
  });

  it('keeps the newest three backups', () => {
    const home = oldHome();
    const file = join(home, 'quickscrape.db');
    let at = Date.UTC(2026, 0, 1);
    for (let more = 0; more < 4; more += 1) {
      at += 86_400_000;
      const migrations = [...MIGRATIONS, ...Array(more).fill('SELECT 1')];
      new QuickscrapeDatabase(file, { migrations, now: () => at }).close();
    }
    const now = MIGRATIONS.length;
    const kept = [
      `quickscrape.db.v${now}-2026-01-03T00-00-00-000Z.bak`,
      `quickscrape.db.v${now + 1}-2026-01-04T00-00-00-000Z.bak`,
      `quickscrape.db.v${now + 2}-2026-01-05T00-00-00-000Z.bak`,
    ];
    expect(backups(home).sort()).toEqual(kept.sort());
  });
});

it('a restored backup is recognised: its waiting runs are not started and no occurrence repeats', () => {
  const home = oldHome();
  const file = join(home, 'quickscrape.db');
  open(home).close();
  const [backup = ''] = backups(home);
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
  renameSync(join(home, backup), file);
  const workspace = open(home);
  expect(readDataLoss(workspace.db)).toMatchObject({ kind: 'restored' });
  expect(workspace.runs.list({ status: 'waiting_retry' }).total).toBe(0);
  expect(workspace.runs.get('pkvczdwbbq')).toMatchObject({
    status: 'abandoned',
    error: { kind: 'database_lost' },
  });
  const news = workspace.jobs.get('daily-news');
  expect(news?.kind === 'valid' && news.state.decidedUntil).toBeGreaterThan(1795578273297);
  workspace.close();
  // Known once; afterwards it is a database like any other.
  expect(open(home).db.takeNotices()).toEqual([]);
});
