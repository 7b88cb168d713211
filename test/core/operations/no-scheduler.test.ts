import { expect } from 'vitest';
import { writeStopRequest } from '../../../src/core/lease/lease.ts';
import { announceScheduler, DAILY, it } from './open-home.ts';

const NONE =
  'No scheduler is running, so job mine does not start on schedule: start one with: quickscrape scheduler start --daemon';
const JOB = { job_id: 'mine', config_name: 'books', schedule: DAILY };

it('every answer after which a job should start at its times warns while no scheduler runs', async ({
  workspace,
  call,
}) => {
  const change = (changes: Record<string, unknown>, dry_run = false) =>
    call('update_job', { job_id: 'mine', changes, dry_run });
  expect((await call('create_job', { ...JOB, dry_run: true })).warnings).toEqual([NONE]);
  expect((await call('create_job', JOB)).warnings).toEqual([NONE]);
  expect((await call('create_job', JOB)).warnings).toEqual([NONE]);
  expect((await change({ timeout: 60 }, true)).warnings).toEqual([NONE]);
  expect((await change({ timeout: 60 })).warnings).toEqual([NONE]);
  expect((await change({ enabled: false })).warnings).toEqual([]);
  expect((await change({ enabled: true })).warnings).toEqual([NONE]);
  expect((await call('run_job', { job_id: 'mine' })).warnings).toEqual([NONE]);
  for (const { runId } of workspace.runs.active()) await call('cancel_run', { run_id: runId });
});

it('has no warning while a scheduler runs, and one while it stops', async ({ workspace, call }) => {
  announceScheduler(workspace);
  expect((await call('create_job', JOB)).warnings).toEqual([]);
  writeStopRequest(workspace.db, 'graceful');
  const { warnings } = await call('update_job', { job_id: 'mine', changes: { timeout: 60 } });
  expect(warnings).toEqual([NONE.replace('No scheduler is running', 'The scheduler is stopping')]);
});

it('says nothing of a job that would not start either way', async ({ call }) => {
  expect((await call('create_job', { ...JOB, enabled: false })).warnings).toEqual([]);
});
