import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isRunning, type RunRecord } from '../../src/core/model/run-record.ts';
import { openWorkspace, type Workspace } from '../../src/core/workspace.ts';
import { overwrite, settle } from '../core/database/recovery/damaged-home.ts';
import { gatedConfig, gatedSite } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { quickscrape, startProgram } from '../program.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

const SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };

/** Opens a home for a moment: who kept it open would keep what is lost below. */
function within<T>(home: string, work: (workspace: Workspace) => T): T {
  const workspace = openWorkspace({ home, actor: 'library' });
  try {
    return work(workspace);
  } finally {
    workspace.close();
  }
}

const runsOf = (home: string, jobId: string) =>
  within(home, ({ runs }) => runs.list({ jobId, limit: 10_000 }).runs);

/** A home with a job each second that catches up on all, and a site for one that is due once, which counts. */
async function twoJobs() {
  const [site, once] = [await gatedSite(), await gatedSite()];
  const home = tempFolder();
  const workspace = openWorkspace({ home, actor: 'library' });
  await workspace.configs.write('site', gatedConfig(site.url));
  await workspace.configs.write('once', gatedConfig(once.url));
  const often = { config_name: 'site', schedule: SECOND, catch_up: 'all', misfire_grace_time: null };
  await workspace.jobs.create({ id: 'often', fields: { ...often, keep_runs: 1000 } }, 'library');
  workspace.close();
  return { home, once, database: join(home, 'quickscrape.db') };
}

/** Adds the job that is due once: it was a minute ago, and is caught up on, so that nobody has to wait. */
async function addSingle(home: string): Promise<void> {
  const at = Math.floor(Date.now() / 60_000) * 60_000;
  const [date, time] = new Date(at).toISOString().split('T');
  const schedule = { type: 'once', date, time: time?.slice(0, 5), timezone: 'UTC' };
  const workspace = openWorkspace({ home, actor: 'library' });
  const fields = { config_name: 'once', schedule, catch_up: 'all', misfire_grace_time: null };
  await workspace.jobs.create({ id: 'single', fields }, 'library');
  workspace.db.run(`UPDATE job_state SET watermark = ? WHERE job_id = 'single'`, [at - 1]);
  workspace.close();
}

/** Starts a scheduler; gives its log and what ends it. */
function schedulerOn(home: string) {
  const child = startProgram(['scheduler', 'run'], { home });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      log += data.toString();
    });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    log: () => log,
    async end(signal: NodeJS.Signals) {
      child.kill(signal);
      await ended;
    },
  };
}

const DAMAGES: Record<string, (file: string, copy: Buffer) => void> = {
  'an older copy is put in its place'(file, copy) {
    writeFileSync(file, copy);
    rmSync(`${file}-wal`);
  },
  'its WAL is deleted': (file) => rmSync(`${file}-wal`),
  '500 bytes of its WAL are garbled'(file) {
    overwrite(`${file}-wal`, Math.floor(statSync(`${file}-wal`).size / 5), Buffer.alloc(500, 0xa5));
  },
};

it.skipIf(lacks('signals')).each(Object.keys(DAMAGES))(
  'while all processes are dead %s: nothing starts twice, the history is complete, and every interface says so',
  async (what) => {
    const { home, once, database } = await twoJobs();
    const first = schedulerOn(home);
    await waitFor('two runs', () => succeeded(home, 'often').length >= 2);
    await first.end('SIGTERM');
    await waitFor('all runs to be over', () => within(home, ({ runs }) => runs.active().length === 0));
    await addSingle(home);
    settle(database);
    const copy = readFileSync(database);

    const second = schedulerOn(home);
    await waitFor('the single run', () => succeeded(home, 'single').length === 1);
    await waitFor('more runs', () => succeeded(home, 'often').length >= 5);
    const ran = await killAll(home, second);
    DAMAGES[what]?.(database, copy);

    const from = Date.now();
    const third = schedulerOn(home);
    await waitFor('a run of the time after', () =>
      succeeded(home, 'often').some((run) => run.queuedAt >= from),
    );
    const { stdout: status } = await quickscrape(['scheduler', 'status'], { home });
    const doctor = await quickscrape(['doctor'], { home });
    await third.end('SIGTERM');

    const now = runsOf(home, 'often');
    const startedSince = now.filter((run) => run.startedAt !== null && run.startedAt >= from);
    for (const run of startedSince) expect(run.scheduledFor).toBeGreaterThan(from - 1_000);
    const ids = new Set([...now, ...runsOf(home, 'single')].map(({ runId }) => runId));
    expect(ran.filter(({ runId }) => !ids.has(runId))).toEqual([]);
    expect(once.hits()).toBe(1);
    expect(runsOf(home, 'single')).toMatchObject([{ status: 'succeeded' }]);
    const said = /older than the runs of this home/;
    expect(third.log()).toMatch(said);
    expect(status).toMatch(said);
    expect(doctor.stdout).toMatch(said);
  },
  120_000,
);

function succeeded(home: string, jobId: string): RunRecord[] {
  return runsOf(home, jobId).filter(({ status }) => status === 'succeeded');
}

/** Kills the scheduler and its runs, and leaves the files as they are then; gives the runs that had been started. */
async function killAll(home: string, scheduler: { end(signal: NodeJS.Signals): Promise<void> }) {
  const file = join(home, 'quickscrape.db');
  // The last who leaves folds the WAL in: what it looked like before that is put back.
  const workspace = openWorkspace({ home, actor: 'library' });
  await scheduler.end('SIGKILL');
  // Its runs end by themselves, and record that.
  await waitFor('no run to be under way', () => !workspace.runs.active().some(isRunning));
  const ran = workspace.runs.list({ limit: 10_000 }).runs.filter(({ startedAt }) => startedAt !== null);
  const left = [file, `${file}-wal`].map((name) => [name, readFileSync(name)] as const);
  workspace.close();
  for (const name of [file, `${file}-shm`]) rmSync(name, { force: true });
  for (const [name, bytes] of left) writeFileSync(name, bytes, { mode: 0o600 });
  return ran;
}
