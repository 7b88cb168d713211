import { expect } from 'vitest';
import { requestRun, waitForRun } from '../../../src/core/execution/request-run.ts';
import { listActiveRuns } from '../../../src/core/runs/run-queue.ts';
import { announceScheduler, DAILY, it } from '../operations/open-home.ts';

it('a requested run has the tags of its job as its pool', async ({ workspace, call }) => {
  announceScheduler(workspace);
  await call('create_job', {
    job_id: 'one',
    config_name: 'books',
    schedule: DAILY,
    worker: ['eu', 'browser'],
  });
  await call('create_job', { job_id: 'two', config_name: 'books', schedule: DAILY });
  expect(await requestRun(workspace, 'one')).toMatchObject({ status: 'queued', pool: 'browser,eu' });
  expect(await requestRun(workspace, 'two')).toMatchObject({ status: 'queued', pool: '' });
});

it('without a scheduler a job that asks for workers is not run here', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY, worker: ['eu'] });
  await expect(requestRun(workspace, 'one')).rejects.toMatchObject({
    code: 'conflict',
    message: 'job one runs only on a worker with eu, and no scheduler runs that could hand it over',
  });
  expect(listActiveRuns(workspace.db, 'one')).toEqual([]);
  announceScheduler(workspace);
  const { runId } = await requestRun(workspace, 'one');
  workspace.db.run('DELETE FROM scheduler');
  expect(await waitForRun(workspace, runId, { timeoutMs: 20_000 })).toMatchObject({ status: 'queued' });
  expect(listActiveRuns(workspace.db, 'one')).toMatchObject([{ status: 'queued', pool: 'eu' }]);
});
