import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cancelRun } from '../../src/core/execution/cancel-run.ts';
import { reconcileRuns } from '../../src/core/execution/reconcile-runs.ts';
import { requestRun } from '../../src/core/execution/request-run.ts';
import { findLeaseHolder } from '../../src/core/lease/lease.ts';
import { findProcessIdentity } from '../../src/core/process/identity.ts';
import { enqueueRun } from '../../src/core/runs/run-queue.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { quickscrape, startProgram, succeed } from '../program.ts';
import { scheduledHome } from '../scheduled-home.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

async function setting(job: Record<string, unknown>, folder?: string) {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), { max_retries: 0, ...job }, folder);
  const succeeded = () => home.runs().filter(({ status }) => status === 'succeeded').length;
  return { site, home, succeeded };
}

describe('a scheduler', () => {
  it('goes on when the database was locked for longer than it waits, while jobs came due', async () => {
    const { home, succeeded } = await setting({ schedule: EVERY_SECOND });
    await home.startScheduler();
    await waitFor('a first run', () => succeeded() >= 1);
    const other = new Libsql(home.workspace.paths.database);
    other.exec('PRAGMA busy_timeout = 5000');
    other.exec('BEGIN IMMEDIATE');
    // Longer than a statement waits: the scheduler's tick fails at least once.
    await new Promise((passed) => setTimeout(passed, 7_000));
    other.exec('ROLLBACK');
    other.close();
    const before = succeeded();
    await waitFor('more runs', () => succeeded() >= before + 2);
  });

  it.skipIf(!canMount)('goes on when a full disk has space again (needs root to mount one)', async () => {
    const disk = smallDisk(8 * 1024 * 1024);
    const { home, succeeded } = await setting({ schedule: EVERY_SECOND }, join(disk.folder, 'home'));
    await home.workspace.settings.set('min_free_space', '0');
    await home.startScheduler();
    await waitFor('a first run', () => succeeded() >= 1);
    disk.fill();
    await new Promise((passed) => setTimeout(passed, 4_000));
    disk.free();
    const before = succeeded();
    await waitFor('more runs', () => succeeded() >= before + 2);
  });

  it('goes on, and can be seen and stopped, when its database is deleted under it', async () => {
    const { home } = await setting({ schedule: EVERY_SECOND });
    const scheduler = await home.startScheduler();
    const { database, home: folder } = home.workspace.paths;
    for (const ending of ['', '-wal', '-shm']) rmSync(database + ending, { force: true });
    await waitFor('the scheduler to be in the new database', async () => {
      const { stdout } = await quickscrape(['scheduler', 'status', '--json'], { home: folder });
      return JSON.parse(stdout).pid === scheduler.pid;
    });
    await waitFor('a run in the new database', async () => {
      const { stdout } = await quickscrape(['job', 'history', home.jobId, '--json'], { home: folder });
      return JSON.parse(stdout).runs.some((run: { status: string }) => run.status === 'succeeded');
    });
    expect(await quickscrape(['scheduler', 'stop'], { home: folder })).toMatchObject({ code: 0 });
  });

  it('is not bothered when the folder in which it was started is deleted', async () => {
    const { home, site, succeeded } = await setting({ schedule: EVERY_SECOND });
    const cwd = join(tempFolder(), 'gone');
    mkdirSync(cwd);
    const folder = home.workspace.paths.home;
    const started = await quickscrape(['scheduler', 'start', '--daemon'], { home: folder, cwd });
    onTestFinished(async () => {
      await quickscrape(['scheduler', 'stop', '--force'], { home: folder });
    });
    expect(started.code).toBe(0);
    rmSync(cwd, { recursive: true });
    const hits = site.hits();
    await waitFor('a run after that', () => site.hits() > hits && succeeded() >= 1);
  });

  it.skipIf(lacks('signals')).each([
    ['SIGTERM', async (child: { kill(signal: NodeJS.Signals): unknown }) => child.kill('SIGTERM')],
    ['scheduler stop', async (_child: unknown, home: string) => succeed(['scheduler', 'stop'], { home })],
  ])('that is stopped by %s lets the running run finish, then exits with 0', async (_how, stop) => {
    const { home, site } = await setting({ schedule: EVERY_SECOND });
    site.hold();
    const folder = home.workspace.paths.home;
    const child = startProgram(['scheduler', 'run'], { home: folder });
    const exit = once(child, 'exit');
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const run = await home.runThat(['running']);
    await waitFor('the page to be asked for', () => site.hits() === 1);
    const stopping = stop(child, folder);
    const isWaiting = () => said.includes('waiting for 1 active run');
    await waitFor('the scheduler to say that it waits', isWaiting, stopping);
    site.open();
    expect(await exit).toEqual([0, null]);
    expect(said).toContain('scheduler stopped');
    await stopping;
    expect(home.workspace.runs.get(run.runId)?.status).toBe('succeeded');
    expect(findLeaseHolder(home.workspace.db)).toBeUndefined();
  });
});

describe('looking after runs', () => {
  async function bystander() {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)'], {
      detached: true,
      stdio: 'ignore',
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await once(child, 'spawn');
    return child.pid ?? 0;
  }

  it('never signals a process that only has the same pid as a dead worker', async () => {
    const { home } = await setting({ schedule: DAILY });
    const { workspace } = home;
    const pid = await bystander();
    const mine = findProcessIdentity(pid);
    for (const [start, boot] of [
      ['12345', mine?.bootId ?? ''],
      [mine?.start ?? '', 'another boot'],
    ]) {
      workspace.db.run(
        `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, attempt, max_attempts,
           queued_at, not_before, started_at, start_token, pid, pid_start, boot_id)
         VALUES (?, 'watched', 'source', 'manual', 'cli', 'UTC', 'running', 1, 1, 1, 1, 1, 't', ?, ?, ?)`,
        [`run-${boot}`, pid, start ?? '', boot ?? ''],
      );
    }
    reconcileRuns(workspace);
    expect(home.runs().map(({ status }) => status)).toEqual(['abandoned', 'abandoned']);
    workspace.db.run(`UPDATE runs SET status = 'running'`);
    for (const run of home.runs()) await cancelRun(workspace, run.runId, 'cli', 100);
    expect(findProcessIdentity(pid)).toEqual(mine);
  });

  it('starts a queued run that its scheduler left behind when another run is requested', async () => {
    const { home } = await setting({ schedule: DAILY });
    const { workspace, jobId } = home;
    const left = enqueueRun(
      workspace.db,
      {
        jobId,
        configName: 'source',
        trigger: 'schedule',
        scheduledFor: 1_000,
        timezone: 'UTC',
        status: 'queued',
        maxAttempts: 1,
        priority: 0,
        overlap: 'skip',
        requestedBy: 'scheduler',
      },
      workspace.clock.now(),
    );
    const asked = await requestRun(workspace, jobId);
    expect(asked.runId).toBe(left?.runId);
    await home.runThat(['succeeded'], asked.runId);
  });

  it.skipIf(lacks('shell'))(
    'makes the callback that a worker did not live to make, and does not repeat one that was begun',
    async () => {
      const { home } = await setting({
        schedule: DAILY,
        on_success: ['sh', '-c', 'echo made >> callbacks.txt'],
      });
      const { workspace, jobId } = home;
      const { runId } = await requestRun(workspace, jobId);
      const made = () =>
        readFileSync(join(workspace.paths.home, 'callbacks.txt'), 'utf8').split('\n').length - 1;
      const callback = () => workspace.runs.get(runId)?.callback;
      await waitFor('the callback', () => callback() === 'done');
      expect(made()).toBe(1);

      workspace.db.run(`UPDATE runs SET callback = 'due', finished_at = 1, pid_start = 'gone'`);
      reconcileRuns(workspace);
      await waitFor('the callback to be made by another process', () => callback() === 'done');
      expect(made()).toBe(2);

      workspace.db.run(`UPDATE runs SET callback = 'running', finished_at = 1, pid_start = 'gone'`);
      reconcileRuns(workspace);
      expect(callback()).toBe('lost');
      expect(made()).toBe(2);
    },
  );

  it.skipIf(lacks('shell'))(
    'has a lost callback made by the next command, also without a scheduler and without an active run',
    async () => {
      const { home } = await setting({
        schedule: DAILY,
        on_success: ['sh', '-c', 'echo made >> callbacks.txt'],
      });
      const { workspace, jobId } = home;
      const { runId } = await requestRun(workspace, jobId);
      const callback = () => workspace.runs.get(runId)?.callback;
      await waitFor('the callback', () => callback() === 'done');
      workspace.db.run(`UPDATE runs SET callback = 'due', finished_at = 1, pid_start = 'gone'`);
      expect((await quickscrape(['job', 'list'], { home: workspace.paths.home })).code).toBe(0);
      await waitFor('the callback to be made by another process', () => callback() === 'done');
    },
  );
});
