import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { applyRetention } from '../../../src/core/execution/retention.ts';
import { makeRunId } from '../../../src/core/model/ids.ts';
import { getPersistentFiles, runFiles } from '../../../src/core/runs/run-files.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { canMount, mountAt } from '../../small-disk.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const DAY_MS = 86_400_000;

async function home(): Promise<Workspace> {
  const workspace = openTempWorkspace();
  await job(workspace, 'kept', 2);
  databaseIs(workspace, 300);
  return workspace;
}

async function job(workspace: Workspace, id: string, keepRuns = 50): Promise<void> {
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  const fields = { config_name: 'books', schedule, keep_runs: keepRuns };
  await workspace.jobs.create({ id, fields }, 'library');
}

/** The database was made so many days ago. */
function databaseIs(workspace: Workspace, daysOld: number): void {
  workspace.db.run(`UPDATE facts SET value = json_set(value, '$.at', ?) WHERE name = 'database_loss'`, [
    Date.now() - daysOld * DAY_MS,
  ]);
}

/** A run in this state, `daysAgo`, with its folder. */
function run(
  workspace: Workspace,
  jobId: string,
  status: string,
  daysAgo: number,
  callback?: string,
): string {
  const at = Date.now() - daysAgo * DAY_MS;
  const queued = enqueueRun(
    workspace.db,
    {
      ...{
        jobId,
        configName: 'books',
        trigger: 'manual',
        scheduledFor: null,
        timezone: 'UTC',
        status: 'queued',
      },
      ...{ maxAttempts: 1, priority: 0, overlap: 'skip', requestedBy: 'cli' },
    },
    at,
  );
  const runId = queued?.runId ?? '';
  workspace.db.run('UPDATE runs SET status = ?, finished_at = ?, callback = ? WHERE run_id = ?', [
    status,
    at,
    callback ?? null,
    runId,
  ]);
  workspace.db.run(
    `INSERT INTO attempts (run_id, attempt, status, started_at) VALUES (?, 1, 'succeeded', ?)`,
    [runId, at],
  );
  folder(workspace, jobId, runId, daysAgo);
  return runId;
}

function folder(workspace: Workspace, jobId: string, runId: string, daysAgo: number): string {
  const files = runFiles(workspace.paths, jobId, runId);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.log, 'log\n');
  const at = Date.now() / 1000 - daysAgo * 86_400;
  utimesSync(files.folder, at, at);
  return files.folder;
}

const exists = (workspace: Workspace, jobId: string, runId: string) =>
  existsSync(runFiles(workspace.paths, jobId, runId).folder);

it('prunes each job to its keep_runs, but no unfinished run and none whose callback is due', async () => {
  const workspace = await home();
  const active = ['queued', 'starting', 'running', 'waiting_retry'].map((status) =>
    run(workspace, 'kept', status, 40),
  );
  const due = [run(workspace, 'kept', 'failed', 39, 'due'), run(workspace, 'kept', 'failed', 39, 'running')];
  const old = [
    run(workspace, 'kept', 'failed', 38, 'cancelled'),
    run(workspace, 'kept', 'succeeded', 37, 'done'),
  ];
  const newest = [run(workspace, 'kept', 'succeeded', 36), run(workspace, 'kept', 'failed', 35)];
  await applyRetention(workspace);
  const left = new Set(workspace.runs.list({ jobId: 'kept', limit: 100 }).runs.map(({ runId }) => runId));
  expect(left).toEqual(new Set([...active, ...due, ...newest]));
  for (const runId of left) expect(exists(workspace, 'kept', runId)).toBe(true);
  for (const runId of old) expect(exists(workspace, 'kept', runId)).toBe(false);
  expect(workspace.db.get('SELECT count(*) AS n FROM attempts')).toEqual({ n: left.size });
});

it('keeps the runs of a deleted job as long as its file waits in the trash', async () => {
  const workspace = await home();
  await job(workspace, 'deleted');
  const runId = run(workspace, 'deleted', 'succeeded', 40);
  await workspace.jobs.delete('deleted', { by: 'library' });
  await applyRetention(workspace);
  expect(exists(workspace, 'deleted', runId)).toBe(true);
  await workspace.settings.set('trash_days', 0);
  await applyRetention(workspace);
  expect(exists(workspace, 'deleted', runId)).toBe(false);
  expect(workspace.runs.list({ jobId: 'deleted' }).total).toBe(0);
  expect(existsSync(join(workspace.paths.runs, 'deleted'))).toBe(false);
});

it('keeps the runs of a job whose file is damaged, or was removed lately', async () => {
  const workspace = await home();
  const broken = run(workspace, 'broken', 'succeeded', 400);
  writeFileSync(join(workspace.paths.jobs, 'broken.json'), '{');
  const removed = run(workspace, 'removed', 'succeeded', 10);
  const gone = run(workspace, 'gone', 'succeeded', 40);
  await applyRetention(workspace);
  expect([exists(workspace, 'broken', broken), exists(workspace, 'removed', removed)]).toEqual([true, true]);
  expect(exists(workspace, 'gone', gone)).toBe(false);
});

it('removes folders of runs without a row after a day, and nothing that has not our names', async () => {
  const workspace = await home();
  const old = folder(workspace, 'kept', makeRunId(), 2);
  const young = folder(workspace, 'kept', makeRunId(), 0.5);
  const foreign = folder(workspace, 'kept', 'my notes', 200);
  const elsewhere = folder(workspace, 'Not A Job', makeRunId(), 200);
  await applyRetention(workspace);
  expect([old, young, foreign, elsewhere].map((path) => existsSync(path))).toEqual([false, true, true, true]);
});

it('removes the log of a standby process whose scheduler is dead, and no other log', async () => {
  const workspace = await home();
  const name = (pid: number) => join(workspace.paths.runs, `.run.log.${pid}.0123456789ab.tmp`);
  for (const pid of [999_999_999, process.pid]) writeFileSync(name(pid), '');
  await applyRetention(workspace);
  expect([999_999_999, process.pid].map((pid) => existsSync(name(pid)))).toEqual([false, true]);
});

it('keeps files of runs that were lost with a database as long as the trash', async () => {
  const workspace = await home();
  const lost = folder(workspace, 'kept', makeRunId(), 5);
  databaseIs(workspace, 3);
  await applyRetention(workspace);
  expect(existsSync(lost)).toBe(true);
  await workspace.settings.set('trash_days', 2);
  await applyRetention(workspace);
  expect(existsSync(lost)).toBe(false);
});

it.skipIf(!canMount)(
  'goes on after a folder that cannot be removed, and says which (needs root to mount one)',
  async () => {
    const workspace = await home();
    const stuck = [run(workspace, 'kept', 'succeeded', 40), run(workspace, 'kept', 'succeeded', 39)];
    run(workspace, 'kept', 'succeeded', 2);
    run(workspace, 'kept', 'succeeded', 1);
    const orphans = ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'].map((runId) =>
      folder(workspace, 'kept', runId, 40),
    );
    // A folder that something is mounted on cannot be removed, by nobody.
    const mounted = [runFiles(workspace.paths, 'kept', stuck[0] ?? '').folder, orphans[0] ?? ''];
    for (const place of mounted) mountAt(place);
    await expect(applyRetention(workspace)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(new RegExp(`cannot remove the old run .*${stuck[0]}`)),
    });
    expect(exists(workspace, 'kept', stuck[1] ?? '')).toBe(false);
    expect(orphans.map((place) => existsSync(place))).toEqual([true, false, false]);
  },
);

it('removes a job’s persistent files when its time in the trash has passed, and no other files', async () => {
  const workspace = await home();
  await job(workspace, 'deleted');
  for (const id of ['kept', 'deleted', 'gone']) {
    const files = getPersistentFiles(workspace.paths, id);
    for (const folder of [files.cache, join(files.goodPages, 'aaaaaaaaaa')])
      mkdirSync(folder, { recursive: true });
    writeFileSync(files.cookies, '{}');
    writeFileSync(files.cookies.replace('.json', '.damaged-1.json'), '{');
    writeFileSync(files.knownRows, '');
    writeFileSync(`${files.knownRows}-journal`, '');
    const at = Date.now() / 1000 - 40 * 86_400;
    for (const name of readdirSync(files.folder)) utimesSync(join(files.folder, name), at, at);
  }
  const runs = workspace.paths.runs;
  writeFileSync(join(runs, 'gone', 'notes'), 'mine');
  await workspace.jobs.delete('deleted', { by: 'library' });
  await applyRetention(workspace);
  expect(['kept', 'deleted', 'gone'].map((id) => readdirSync(join(runs, id)).length)).toEqual([6, 6, 1]);
  await workspace.settings.set('trash_days', 0);
  await applyRetention(workspace);
  expect(readdirSync(runs).sort()).toEqual(['gone', 'kept']);
  expect(readdirSync(join(runs, 'kept'))).toHaveLength(6);
});
