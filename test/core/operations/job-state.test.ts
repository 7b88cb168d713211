import { expect } from 'vitest';
import { JOB_STATES } from '../../../src/core/jobs/job-display-state.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';
import { DAILY, it } from './open-home.ts';

it('a job has one state in list_jobs, get_job and filters; its status is how the last run ended', async ({
  workspace,
  call,
}) => {
  const make = (job_id: string, enabled = true) =>
    call('create_job', { job_id, config_name: 'books', schedule: DAILY, enabled });
  for (const id of ['fresh', 'good', 'bad', 'waits', 'stopped', 'again']) await make(id);
  for (const id of ['off', 'off-bad', 'off-waits']) await make(id, false);
  const runs = {
    good: 'succeeded',
    bad: 'failed',
    waits: 'queued',
    stopped: 'cancelled',
    again: 'waiting_retry',
    'off-bad': 'failed',
    'off-waits': 'queued',
  } as const;
  for (const [id, status] of Object.entries(runs)) putRun(workspace, id, { status });
  workspace.db.run("UPDATE job_state SET status = 'failed' WHERE job_id IN ('bad', 'off-bad', 'stopped')");

  const { jobs } = await call('list_jobs', {});
  const listed = Object.fromEntries(jobs.map(({ job_id, state, status }) => [job_id, [state, status]]));
  expect(listed).toEqual({
    fresh: ['new', 'pending'],
    good: ['ok', 'pending'],
    bad: ['failed', 'failed'],
    waits: ['queued', 'pending'],
    stopped: ['cancelled', 'failed'],
    again: ['retrying', 'pending'],
    off: ['disabled', 'pending'],
    'off-bad': ['disabled', 'failed'],
    'off-waits': ['queued', 'pending'],
  });
  for (const { job_id, state, status } of jobs) {
    const shown = await call('get_job', { job_id });
    expect([job_id, shown.state, shown.job.status]).toEqual([job_id, state, status]);
  }
  for (const state of JOB_STATES) {
    const { jobs: found } = await call('list_jobs', { filter: `state:${state}` });
    const same = jobs.filter((job) => job.state === state).map(({ job_id }) => job_id);
    expect([state, found.map(({ job_id }) => job_id)]).toEqual([state, same]);
  }
});
