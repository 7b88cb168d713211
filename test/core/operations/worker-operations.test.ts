import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { writeExecutorState } from '../../../src/core/workers/executor-state.ts';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { readWorker, recordWorker, setWorkerDrain } from '../../../src/core/workers/worker-records.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { announceScheduler, it, refusal } from './open-home.ts';

const REPORT = { tags: ['eu'], slots: 4, running: 1, version: '1', skewMs: 12 };

async function invite(workspace: Workspace, name: string, heardAgoMs?: number): Promise<void> {
  const { paths, clock, db } = workspace;
  await new WorkerInvitations(paths, clock).invite(name, ['eu']);
  if (heardAgoMs !== undefined) recordWorker(db, { name, ...REPORT }, clock.now() - heardAgoMs);
}

it('lists workers with what was heard of them', async ({ workspace, call }) => {
  expect(await call('list_workers', {})).toEqual({ workers: [] });
  await invite(workspace, 'near', 5_000);
  await invite(workspace, 'new');
  const { workers } = await call('list_workers', {});
  expect(workers).toMatchObject([
    { name: 'near', tags: ['eu'], state: 'connected', slots: 4, running: 1, heard_s: 5, revoked_at: null },
    { name: 'new', state: 'invited', slots: 0, version: null, heard_s: null, skew_ms: null },
  ]);
  expect(workers[1]?.invited_at).toMatch(/^\d{4}-/);
});

it('drains a worker, and makes no drain milder', async ({ workspace, call }) => {
  await invite(workspace, 'near', 5_000);
  await invite(workspace, 'new');
  expect(await call('drain_worker', { name: 'near' })).toMatchObject({ worker: { state: 'draining' } });
  expect(readWorker(workspace.db, 'near')?.drain).toBe(1);
  await call('drain_worker', { name: 'near', now: true });
  await call('drain_worker', { name: 'near' });
  expect(readWorker(workspace.db, 'near')?.drain).toBe(2);
  expect(await refusal(call('drain_worker', { name: 'new' }))).toMatchObject({
    code: 'worker_not_found',
    message: 'worker "new" has never connected',
  });
  expect(await refusal(call('drain_worker', { name: 'nobody' }))).toMatchObject({
    code: 'worker_not_found',
    hint: 'List the workers with: quickscrape worker list',
  });
});

it('revokes a worker for good', async ({ workspace, call }) => {
  await invite(workspace, 'near', 5_000);
  const { worker } = await call('revoke_worker', { name: 'near' });
  expect(worker).toMatchObject({ state: 'revoked', revoked_at: expect.stringMatching(/^\d{4}-/) });
  expect(await call('revoke_worker', { name: 'near' })).toEqual({ worker });
});

it('says where runs are executed, and by whom', async ({ workspace, call }) => {
  const local = { kind: 'local', redis: null, redis_since: null, prefix: null, problem: null, workers: [] };
  expect((await call('get_scheduler', {})).executor).toEqual(local);
  await workspace.settings.set('executor', 'bullmq');
  expect(await call('get_scheduler', {})).toMatchObject({
    executor: { ...local, kind: 'bullmq' },
    warnings: ['runs go to other machines, and no worker is invited'],
  });
  await invite(workspace, 'near', 5_000);
  await invite(workspace, 'far', 600_000);
  await invite(workspace, 'drained', 600_000);
  await invite(workspace, 'gone', 5_000);
  await call('revoke_worker', { name: 'gone' });
  setWorkerDrain(workspace.db, 'drained', 1);
  writeExecutorState(workspace.db, {
    redis: 'away',
    since: Date.now(),
    prefix: '{qs-1}',
    problem: 'Redis is full',
  });
  const before = await call('get_scheduler', {});
  expect(before.executor).toMatchObject({ redis: null, problem: null });
  expect(before.executor.workers.map(({ name, state }) => [name, state])).toEqual([
    ['drained', 'silent'],
    ['far', 'silent'],
    ['near', 'connected'],
  ]);
  expect(before.warnings).toEqual(['workers that are not heard: far']);
  announceScheduler(workspace);
  const { executor, warnings } = await call('get_scheduler', {});
  expect(executor).toMatchObject({ redis: 'away', prefix: '{qs-1}', problem: 'Redis is full' });
  expect(warnings).toEqual([
    expect.stringMatching(/^Redis has been away since \d{4}-/),
    'Redis is full',
    'workers that are not heard: far',
  ]);
});

it('shows a workers.json that cannot be used, and still says the rest', async ({ workspace, call }) => {
  writeFileSync(workspace.paths.workers, '{');
  expect(await call('get_scheduler', {})).toMatchObject({
    executor: { workers: [] },
    warnings: [expect.stringContaining('workers.json: must be a JSON object')],
  });
  expect(await refusal(call('list_workers', {}))).toMatchObject({ code: 'invalid_config' });
});
