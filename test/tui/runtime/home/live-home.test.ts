import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WorkerInvitations } from '../../../../src/core/workers/worker-invitations.ts';
import { recordWorker } from '../../../../src/core/workers/worker-records.ts';
import { findJobRow, type HomeEvent } from '../../../../src/tui/home/home-data.ts';
import { LiveHome } from '../../../../src/tui/runtime/home/live-home.ts';
import { DAILY, openHome } from '../../../core/operations/open-home.ts';
import { lacks } from '../../../platform.ts';
import { openTempWorkspace } from '../../../temp-workspace.ts';
import { waitFor } from '../../../wait-for.ts';
import { putRun } from './put-run.ts';

async function live() {
  const home = await openHome();
  await home.call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const told: (HomeEvent & { at: number })[] = [];
  const opened = new LiveHome(home.workspace, (event) => told.push({ ...event, at: performance.now() }));
  onTestFinished(() => opened.close());
  const happened = (text: string) =>
    waitFor(`news that a job was ${text}`, () =>
      told.flatMap((event) => event.activity).find((each) => each.text.includes(text)),
    );
  return { home, opened, told, happened };
}

it('knows the home at once, and reports changes by an editor and an agent', async () => {
  const { home, opened, happened } = await live();
  expect(opened.data.jobs.map(({ id }) => id)).toEqual(['mine']);
  await opened.start();
  const file = join(home.workspace.paths.jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '10:30'));
  expect(await happened('edited: schedule')).toMatchObject({ jobId: 'mine', by: 'hand' });
  const agent = openTempWorkspace({ home: home.workspace.paths.home, actor: 'mcp' });
  await agent.jobs.update('mine', { tags: ['x'] }, { by: 'mcp' });
  expect(await happened('edited: tags')).toMatchObject({ jobId: 'mine', by: 'mcp' });
  expect(findJobRow(opened.data.jobs, 'mine')?.tags).toEqual(['x']);
});

it('knows the workers on other machines, and reports what becomes of them', async () => {
  const { home, opened } = await live();
  const { db, paths, clock, settings } = home.workspace;
  expect(opened.data.executor).toEqual({ kind: 'local', redis: null, workers: [], warnings: [] });
  await opened.start();
  await settings.set('executor', 'bullmq');
  await new WorkerInvitations(paths, clock).invite('paris-1', ['eu']);
  const state = () => opened.data.executor.workers[0]?.state;
  await waitFor('the invitation', () => state() === 'invited' && opened.data.executor.kind === 'bullmq');
  recordWorker(
    db,
    { name: 'paris-1', tags: ['eu'], slots: 2, running: 0, version: '1', skewMs: 0 },
    clock.now(),
  );
  await waitFor('the worker', () => state() === 'connected');
  db.run('UPDATE workers SET last_seen = 0');
  await waitFor('its silence', () => state() === 'silent');
  expect(opened.data.scheduler.warnings).toContain('workers that are not heard: paris-1');
  writeFileSync(paths.workers, '{}');
  await waitFor('the damage', () =>
    opened.data.executor.warnings.some((text) => text.includes('workers.json')),
  );
});

it('reports a storm of changes at most ten times a second, and all of them', async () => {
  const { home, opened, told } = await live();
  await opened.start();
  told.length = 0;
  const other = openTempWorkspace({ home: home.workspace.paths.home });
  const start = performance.now();
  let last = '';
  for (let count = 0; told.length < 5; count += 1) {
    last = putRun(other, 'mine', { items: count });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await waitFor('the last run', () =>
    findJobRow(opened.data.jobs, 'mine')?.history.some(({ runId }) => runId === last),
  );
  for (const [index, { at }] of told.entries()) expect(at - start).toBeGreaterThan((index - 1) * 100);
});

it('keeps the last data while the store cannot be read, says since when and why, and goes on after that', async () => {
  const { home, opened } = await live();
  await opened.start();
  const { jobs } = home.workspace.paths;
  renameSync(jobs, `${jobs}-away`);
  const stale = await waitFor('the reason', () => opened.data.stale ?? undefined);
  expect(stale.reason).toContain(jobs);
  expect(stale.since).toBeLessThanOrEqual(Date.now());
  expect(opened.data.jobs.map(({ id }) => id)).toEqual(['mine']);
  renameSync(`${jobs}-away`, jobs);
  await waitFor('fresh data', () => opened.data.stale === null);
  expect(opened.data.jobs.map(({ id }) => id)).toEqual(['mine']);
});

it('tells changed settings; while there is a mistake in them, those before it stay and all else goes on', async () => {
  const { home, opened, happened } = await live();
  await opened.start();
  const { settings, jobs } = home.workspace.paths;
  writeFileSync(settings, 'max_concurrent_runs: 9\n');
  await waitFor('the slots', () => opened.data.scheduler.slots === 9);
  expect(opened.data.settings.values.max_concurrent_runs).toBe(9);
  writeFileSync(settings, '\nmax_concurrent_runs: many\n');
  const problem = await waitFor('the mistake', () => opened.data.settings.problem ?? undefined);
  expect(problem).toContain(`${settings}:2:22: max_concurrent_runs`);
  expect(opened.data.scheduler.slots).toBe(9);
  const file = join(jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '10:30'));
  await happened('edited: schedule');
  renameSync(settings, `${settings}.wrong`);
  await waitFor('the defaults', () => opened.data.scheduler.slots === 4);
  expect(opened.data.settings.problem).toBeNull();
});

it.skipIf(lacks('modes'))('goes on where the file of settings cannot be read', async () => {
  const { home, opened, happened } = await live();
  await opened.start();
  const { settings, jobs } = home.workspace.paths;
  symlinkSync(settings, settings);
  const problem = await waitFor('the problem', () => opened.data.settings.problem ?? undefined);
  expect(problem).toContain('ELOOP');
  expect(opened.data.stale).toBeNull();
  const file = join(jobs, 'mine.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('09:00', '10:30'));
  await happened('edited: schedule');
});

it('a home that cannot be read from the beginning is an error', async () => {
  const { home } = await live();
  const { jobs } = home.workspace.paths;
  renameSync(jobs, `${jobs}-away`);
  writeFileSync(jobs, 'no folder');
  expect(() => new LiveHome(home.workspace, () => {})).toThrow(
    expect.objectContaining({ code: 'store_unavailable' }),
  );
});

it('can be closed while it is still being set up', async () => {
  const { opened } = await live();
  const started = opened.start();
  await opened.close();
  await started;
});
