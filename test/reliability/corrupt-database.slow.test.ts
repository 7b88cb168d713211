import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, onTestFinished } from 'vitest';
import { checkIntegrity } from '../../src/core/database/check-integrity.ts';
import { QuickscrapeDatabase } from '../../src/core/database/database.ts';
import { describeDataLoss, readDataLoss } from '../../src/core/database/recovery/data-loss.ts';
import { listSnapshots, takeSnapshot } from '../../src/core/database/snapshots.ts';
import { QuickscrapeError } from '../../src/core/lib/errors.ts';
import { SchedulerLoop } from '../../src/core/scheduler/scheduler-loop.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import {
  type FullHome,
  fullHome,
  keptFiles,
  open,
  overwrite,
  PAGE,
  pagesOf,
  putBack,
  settle,
} from '../core/database/recovery/damaged-home.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { quickscrape } from '../program.ts';
import { waitFor } from '../wait-for.ts';

/** Every how many-th page is damaged, one at a time; QS_EVERY_PAGE=1 for all. */
const STEP = process.env['QS_EVERY_PAGE'] ? 1 : 8;

const NOISE = Buffer.alloc(PAGE, 0xa5);

/** All that a face reads. */
function readAll(workspace: Workspace) {
  const jobs = workspace.jobs.list();
  for (const entry of jobs) if (entry.kind === 'valid') workspace.runs.list({ jobId: entry.id, limit: 100 });
  return { jobs, runs: workspace.runs.list({ limit: 5_000 }).runs };
}

/** Lets a scheduler decide what it takes to be due now; nothing is started, since it has no slots. */
function decideOnce(workspace: Workspace): string {
  const said: string[] = [];
  const loop = new SchedulerLoop(workspace, 0, (_, message) => said.push(message), {
    onStopRequested: () => {},
    onDatabaseReplaced: () => {},
  });
  loop.begin();
  void loop.stop(() => false);
  return said.join();
}

/** Takes a snapshot as a scheduler does, which has the home open. */
function snapshotOf(home: string): void {
  const workspace = openWorkspace({ home, actor: 'library' });
  takeSnapshot(workspace.paths.database, Date.now());
  workspace.close();
  settle(workspace.paths.database);
}

function expectNothingRepeated(workspace: Workspace, { decided }: FullHome): void {
  const queued = workspace.db.all<{ job_id: string; scheduled_for: number }>(
    `SELECT job_id, scheduled_for FROM runs WHERE status IN ('queued', 'starting', 'running')`,
  );
  expect(queued.filter((run) => decided.has(`${run.job_id} ${run.scheduled_for}`))).toEqual([]);
}

describe('a damaged page of the database', () => {
  it.skipIf(lacks('modes'))(
    'costs what came after the newest snapshot: jobs are listed, the file is kept, no occurrence repeats',
    async () => {
      const home = await fullHome(12, 20);
      snapshotOf(home.home);
      const good = readFileSync(home.database);
      const pages = pagesOf(home.database);
      let damaged = 0;
      for (let page = 0; page < pages; page += STEP) {
        putBack(home.home, good);
        overwrite(home.database, page * PAGE, NOISE);
        const workspace = openWorkspace({ home: home.home, actor: 'library' });
        const { jobs, runs } = readAll(workspace);
        expect(jobs.map(({ kind }) => kind)).toEqual(Array(12).fill('valid'));
        for (const entry of jobs) expect(entry).toMatchObject({ state: { status: 'completed' } });
        expect(runs.length, `page ${page}`).toBe(240);
        const said = workspace.db.takeNotices().join() + decideOnce(workspace);
        expectNothingRepeated(workspace, home);
        const kept = keptFiles(home.home);
        if (kept.length > 0) {
          damaged += 1;
          expect(
            readFileSync(join(home.home, kept[0] ?? '')).subarray(page * PAGE, (page + 1) * PAGE),
          ).toEqual(NOISE);
          expect(said).toContain(kept[0]);
          expect(readDataLoss(workspace.db)).toMatchObject({ kind: 'damaged', source: { kind: 'snapshot' } });
          workspace.close();
          expect(checkIntegrity(home.database)).toEqual({ ok: true, problems: [] });
          expect(statSync(home.database).mode & 0o777).toBe(0o600);
        } else workspace.close();
      }
      expect(damaged).toBeGreaterThan(0);
    },
  );

  it('of which single bytes are wrong gives no other failure than store_unavailable', async () => {
    const home = await fullHome(5, 20);
    const good = readFileSync(home.database);
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < (STEP === 1 ? 400 : 15); round += 1) {
      putBack(home.home, good);
      const bytes = 1 + random(20);
      for (let n = 0; n < bytes; n += 1)
        overwrite(home.database, random(good.length), Buffer.from([random(256)]));
      let workspace: Workspace | undefined;
      try {
        workspace = openWorkspace({ home: home.home, actor: 'library' });
        // As a scheduler does whose predecessor died: a text that is not UTF-8 ends the process.
        workspace.db.verify();
        expect(readAll(workspace).jobs, `round ${round}`).toHaveLength(5);
        decideOnce(workspace);
      } catch (error) {
        if (!(error instanceof QuickscrapeError)) throw error;
        expect(error.code).toBe('store_unavailable');
      } finally {
        workspace?.close();
      }
    }
  });
});

describe('a damaged database', () => {
  it('without a whole snapshot leaves the jobs, with state and last run as their files say', async () => {
    const home = await fullHome(12, 40);
    snapshotOf(home.home);
    for (const { file } of listSnapshots(home.database, Date.now())) overwrite(file, PAGE, NOISE);
    truncateSync(home.database, Math.floor(pagesOf(home.database) / 2) * PAGE + 100);
    const workspace = open(home.home);
    const { jobs } = readAll(workspace);
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    for (const entry of jobs)
      expect(entry).toMatchObject({ state: { status: 'completed', lastRun: midnight - 86_400_000 } });
    decideOnce(workspace);
    expectNothingRepeated(workspace, home);
    expect(keptFiles(home.home)).toHaveLength(1);
    const loss = readDataLoss(workspace.db);
    expect(loss && describeDataLoss(loss, 'quickscrape.db')).toMatch(
      /^quickscrape.db was damaged on 2.*; it is kept as .*; there was no whole snapshot: past runs are gone\..*; 12 jobs taken over from their files$/,
    );
  });

  it('whose WAL is garbage is not taken for an older one that is whole: no occurrence repeats', async () => {
    const home = await fullHome(3, 5);
    writeFileSync(`${home.database}-wal`, Buffer.alloc(10 * PAGE, 0x5a));
    const workspace = open(home.home);
    expect(readAll(workspace).runs).toHaveLength(15);
    const [kept = ''] = keptFiles(home.home);
    expect(readFileSync(join(home.home, `${kept}-wal`))).toEqual(Buffer.alloc(10 * PAGE, 0x5a));
    for (const entry of workspace.jobs.list())
      expect(entry.kind === 'valid' && entry.state.decidedUntil).toBeGreaterThan(Date.now() - 60_000);
  });

  it('that is empty beside a WAL full of runs is damaged: the WAL is kept, a snapshot takes its place', async () => {
    const home = await fullHome(3, 5);
    snapshotOf(home.home);
    const writer = new Libsql(home.database);
    writer.exec('PRAGMA wal_autocheckpoint = 0');
    writer.exec('UPDATE runs SET bytes = bytes + 1');
    const wal = readFileSync(`${home.database}-wal`);
    writer.close();
    putBack(home.home, Buffer.alloc(0));
    writeFileSync(`${home.database}-wal`, wal);
    const workspace = open(home.home);
    expect(readAll(workspace).runs).toHaveLength(15);
    const [kept = ''] = keptFiles(home.home);
    expect(readFileSync(join(home.home, `${kept}-wal`))).toEqual(wal);
  });

  it('is replaced by one of several processes, and the others go on with the new one', async () => {
    const home = await fullHome(5, 20);
    overwrite(home.database, 1 * PAGE, NOISE);
    const said = await Promise.all(
      [1, 2, 3].map(() => quickscrape(['job', 'history', 'job-1', '--json'], { home: home.home })),
    );
    expect(said.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0, 0]);
    expect(keptFiles(home.home)).toHaveLength(1);
    expect(said.filter(({ stderr }) => stderr.includes('was damaged'))).toHaveLength(1);
  });

  it('is not treated as damaged when it is locked or unreadable', async () => {
    const home = await fullHome(2, 2);
    const holder = new Libsql(home.database);
    onTestFinished(() => {
      holder.close();
    });
    holder.exec('BEGIN IMMEDIATE');
    const before = statSync(home.database).ino;
    const use = () => {
      const db = new QuickscrapeDatabase(home.database, { busyWaitMs: 200 });
      onTestFinished(() => db.close());
      db.run(`UPDATE job_state SET status = 'pending'`);
    };
    expect(use).toThrowError(expect.objectContaining({ code: 'store_unavailable' }));
    holder.exec('ROLLBACK');
    expect(statSync(home.database).ino).toBe(before);
    expect(keptFiles(home.home)).toEqual([]);
  });
});

describe('jobs that a lost database does not know any more', () => {
  it('have status and last run from their files, and a missed run where these are unknown', async () => {
    const home = await fullHome(2, 3);
    const midnight = new Date(new Date().setUTCHours(0, 0, 0, 0)).getTime();
    const file = join(home.home, 'jobs', 'job-0.json');
    const job = JSON.parse(readFileSync(file, 'utf8'));
    expect(job).toMatchObject({
      status: 'completed',
      last_run: new Date(midnight - 86_400_000).toISOString(),
    });
    // As the file was at the time when the occurrence of today came up.
    writeFileSync(file, JSON.stringify({ ...job, next_run: new Date(midnight).toISOString() }));
    const implausible = {
      last_run: '2999-01-01T00:00:00.000Z',
      next_run: '2020-02-02T02:02:02.222Z',
      status: 'odd',
    };
    const other = join(home.home, 'jobs', 'job-1.json');
    writeFileSync(other, JSON.stringify({ ...JSON.parse(readFileSync(other, 'utf8')), ...implausible }));
    for (const ending of ['', '-wal', '-shm']) rmSync(home.database + ending, { force: true });

    const workspace = open(home.home);
    const [first, second] = workspace.jobs.list();
    expect(first).toMatchObject({ state: { status: 'completed', lastRun: midnight - 86_400_000 } });
    expect(second).toMatchObject({ state: { status: 'pending', lastRun: null } });
    decideOnce(workspace);
    const runs = workspace.runs.list().runs;
    expect(runs).toMatchObject([{ jobId: 'job-0', status: 'missed', scheduledFor: midnight }]);
    expect(runs[0]?.reason).toMatch(/^the database was lost .* it is unknown/);
    const loss = readDataLoss(workspace.db);
    expect(loss && describeDataLoss(loss, 'quickscrape.db')).toMatch(
      /missing and was created again .* 2 jobs/,
    );
  });

  it('are not taken for lost when they are new', async () => {
    const home = await fullHome(1, 0);
    const workspace = open(home.home);
    const copied = JSON.parse(readFileSync(join(home.home, 'jobs', 'job-0.json'), 'utf8'));
    const past = {
      last_run: '2026-01-01T00:00:00.000Z',
      next_run: '2026-01-02T00:00:00.000Z',
      status: 'failed',
    };
    await waitFor(
      'the clock of files to have gone on',
      () => Date.now() > (readDataLoss(workspace.db)?.at ?? 0) + 20,
    );
    writeFileSync(
      join(home.home, 'jobs', 'copied.json'),
      JSON.stringify({ ...copied, id: 'copied', ...past }),
    );
    expect(workspace.jobs.get('copied')).toMatchObject({ state: { status: 'pending', lastRun: null } });
    expect(workspace.runs.list().total).toBe(0);
  });
});

describe('a database that is damaged while it is used', () => {
  it('is replaced by the scheduler, which goes on; the active run records its outcome in the new one', async ({
    site,
    homeWithJob,
  }) => {
    site.hold();
    const schedule = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
    const home = await homeWithJob({ schedule, max_retries: 0 });
    const scheduler = await home.startScheduler();
    const { runId } = await home.runThat(['running']);
    const { database, home: folder } = home.workspace.paths;
    await waitFor('the page to be asked for', () => site.hits() >= 1);
    // Not for one that is written at this moment: WAL frames would stand in for the pages.
    const holder = new Libsql(database);
    holder.exec('PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE');
    overwrite(database, PAGE, Buffer.alloc((pagesOf(database) - 1) * PAGE, 0xa5));
    overwrite(`${database}-wal`, 0, Buffer.alloc(statSync(`${database}-wal`).size, 0xa5));
    holder.exec('ROLLBACK');
    holder.close();
    await waitFor('the damaged file to be put aside', () => keptFiles(folder).length > 0);
    await waitFor('the scheduler to be in the new database', async () => {
      const { stdout } = await quickscrape(['scheduler', 'status', '--json'], { home: folder });
      return JSON.parse(stdout).pid === scheduler.pid;
    });
    site.open();
    const run = await home.runThat(['succeeded'], runId);
    expect(run).toMatchObject({ attempt: 1, jobId: home.jobId });
    await waitFor('more runs', () => home.runs().filter(({ status }) => status === 'succeeded').length >= 2);
  });
});
