import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { type Change, watchChanges } from '../../../src/core/api/changes.ts';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { recordWorker, setWorkerDrain } from '../../../src/core/workers/worker-records.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { startProgram } from '../../program.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';
import { waitFor } from '../../wait-for.ts';
import { DAILY, type OpenHome, openHome } from '../operations/open-home.ts';

async function watched(home: OpenHome) {
  const told: Change[] = [];
  const watch = await watchChanges(home.workspace, (change) => told.push(change));
  onTestFinished(() => watch.close());
  return {
    told,
    /** Waits for a change that the test is after. */
    seen: (what: string, is: (change: Change) => boolean) => waitFor(what, () => told.find(is)),
  };
}

it('report a job that an editor changed, and a deleted one', async () => {
  const home = await openHome();
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const { told, seen } = await watched(home);
  const file = join(home.workspace.paths.jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '10:30'));
  await seen('the edit', (change) => change.kind === 'job_changed' && change.job_id === 'mine');
  expect((await home.call('get_job', { job_id: 'mine' })).job.schedule['time']).toBe('10:30');
  told.length = 0;
  rmSync(file);
  await seen('the removal', (change) => change.kind === 'job_changed' && change.job_id === 'mine');
});

it('report a configuration that another process wrote', async () => {
  const home = await openHome();
  const { told, seen } = await watched(home);
  const other = openTempWorkspace({ home: home.workspace.paths.home });
  await other.configs.write('prices', 'url: "http://127.0.0.1:9/"\nselectors:\n  price: b\n');
  await seen('it', (change) => change.kind === 'config_changed' && change.config_name === 'prices');
  expect(told.every(({ kind }) => kind === 'config_changed')).toBe(true);
});

it('report settings that an editor changed, another process wrote, and somebody removed', async () => {
  const home = await openHome();
  const { told, seen } = await watched(home);
  const { settings: file } = home.workspace.paths;
  const isSettings = ({ kind }: Change) => kind === 'settings_changed';
  const changes = [
    () => writeFileSync(file, 'keep_runs: 7\n'),
    () => home.workspace.settings.set('keep_runs', 8),
    () => rmSync(file),
  ];
  for (const change of changes) {
    told.length = 0;
    await change();
    await seen('the change', isSettings);
  }
  expect(told).toEqual([{ kind: 'settings_changed' }]);
});

it('report a run from its request to its outcome, and its job’s new state', async ({ site }) => {
  const home = await openHome();
  site.hold();
  await home.workspace.configs.write('books', gatedConfig(site.url));
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const { told, seen } = await watched(home);
  const other = openTempWorkspace({ home: home.workspace.paths.home });
  const { callOperation } = await import('../../../src/core/operations/call-operation.ts');
  const { run } = await callOperation(other, 'run_job', { job_id: 'mine' });
  const is = (status: string) => (change: Change) =>
    change.kind === 'run_changed' && change.run.run_id === run.run_id && change.run.status === status;
  await seen('the running run', is('running'));
  site.open();
  await seen('its outcome', is('succeeded'));
  const statuses = told.flatMap((change) => (change.kind === 'run_changed' ? [change.run.status] : []));
  expect(statuses.filter((status, at) => statuses.indexOf(status) === at)).toEqual(
    statuses.includes('queued') ? ['queued', 'running', 'succeeded'] : ['running', 'succeeded'],
  );
  await waitFor('the job to be told as completed', async () => {
    const { job } = await home.call('get_job', { job_id: 'mine' });
    return job.status === 'completed' && told.some(({ kind }) => kind === 'job_changed');
  });
});

it('report a scheduler’s start, and its end when it was killed', async () => {
  const home = await openHome();
  const { seen } = await watched(home);
  const child = startProgram(['scheduler', 'run'], { home: home.workspace.paths.home });
  const is = (running: boolean) => (change: Change) =>
    change.kind === 'scheduler_changed' && change.scheduler.running === running;
  const begun = await seen('its begin', is(true));
  expect(begun).toMatchObject({ scheduler: { pid: child.pid } });
  child.kill('SIGKILL');
  await seen('its end', is(false));
});

it('report workers that come, drain, go silent and are revoked', async () => {
  const home = await openHome();
  const { db, paths, clock } = home.workspace;
  const { told, seen } = await watched(home);
  const worker = { name: 'paris-1', tags: [], slots: 2, running: 0, version: '1', skewMs: 0 };
  const invitations = new WorkerInvitations(paths, clock);
  const heard = (at: number) => db.run('UPDATE workers SET last_seen = ?', [at]);
  const changes = [
    () => invitations.invite('paris-1', []),
    () => recordWorker(db, worker, clock.now()),
    () => recordWorker(db, { ...worker, running: 1 }, clock.now()),
    () => setWorkerDrain(db, 'paris-1', 1),
    () => heard(clock.now() - 600_000),
    () => invitations.revoke('paris-1'),
  ];
  for (const change of changes) {
    told.length = 0;
    await change();
    await seen('the change', ({ kind }) => kind === 'workers_changed');
  }
  expect(told).toEqual([{ kind: 'workers_changed' }]);
});

it('do not report a worker that says nothing new', async () => {
  const home = await openHome();
  const { workspace } = home;
  const worker = { name: 'paris-1', tags: [], slots: 2, running: 0, version: '1', skewMs: 0 };
  await new WorkerInvitations(workspace.paths, workspace.clock).invite('paris-1', []);
  recordWorker(workspace.db, worker, workspace.clock.now() - 60_000);
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const { told, seen } = await watched(home);
  recordWorker(workspace.db, worker, workspace.clock.now());
  putRun(workspace, 'mine', { status: 'queued' });
  await seen('a later change', ({ kind }) => kind === 'run_changed');
  expect(told.map(({ kind }) => kind)).not.toContain('workers_changed');
});

it('survive a home that is moved away, and report what happened meanwhile when it is back', async () => {
  const home = await openHome();
  const { home: path, jobs } = home.workspace.paths;
  for (const job_id of ['mine', 'other'])
    await home.call('create_job', { job_id, config_name: 'books', schedule: DAILY });
  const { told, seen } = await watched(home);
  renameSync(path, `${path}-away`);
  // The configurations' watcher has seen it; that of the jobs as well, or it is going to.
  for (const name of ['books', 'news'])
    await seen(
      'the folders gone',
      (change) => change.kind === 'config_changed' && change.config_name === name,
    );
  expect(told.filter(({ kind }) => kind === 'job_changed')).toEqual([]);
  renameSync(`${path}-away`, path);
  const file = join(jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '10:30'));
  await seen('the edit', (change) => change.kind === 'job_changed' && change.job_id === 'mine');
});

it('report what becomes of waiting runs, and do not read those again that keep waiting', async () => {
  const home = await openHome();
  const { workspace } = home;
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const ids = Array.from({ length: 4 }, () => putRun(workspace, 'mine', { status: 'queued' }));
  const { told, seen } = await watched(home);
  const reads = vi.spyOn(workspace.runs, 'since');
  const runOf = (status: string, id: string | undefined) => (change: Change) =>
    change.kind === 'run_changed' && change.run.run_id === id && change.run.status === status;
  await home.call('cancel_run', { run_id: ids[0] ?? '' });
  await seen('the run that was called off', runOf('cancelled', ids[0]));
  workspace.db.transaction(() => {
    workspace.db.run(`UPDATE runs SET status = 'failed', attempt = 1, finished_at = 5 WHERE run_id = ?`, [
      ids[1] ?? '',
    ]);
    workspace.db.run(
      `INSERT INTO attempts (run_id, attempt, status, started_at) VALUES (?, 1, 'failed', 4)`,
      [ids[1] ?? ''],
    );
  });
  await seen('the run that began and ended between two looks', runOf('failed', ids[1]));
  workspace.db.run('UPDATE runs SET not_before = not_before + 60000 WHERE run_id = ?', [ids[2] ?? '']);
  await seen('the run that waits longer', runOf('queued', ids[2]));
  expect(told.filter(({ kind }) => kind === 'run_changed')).toHaveLength(3);
  expect(reads.mock.calls.flatMap(([, asked]) => asked)).not.toContain(ids[3]);
});
