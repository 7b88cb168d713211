import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { announceScheduler, DAILY, it, refusal } from './open-home.ts';

const MINUTE = 60_000;

function decideSkip(
  workspace: Workspace,
  jobId: string,
  status: 'skipped' | 'missed',
  at: number,
  reason: string,
) {
  const run = enqueueRun(
    workspace.db,
    {
      jobId,
      configName: 'books',
      trigger: 'schedule',
      scheduledFor: at,
      timezone: 'Europe/Berlin',
      status,
      reason,
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'scheduler',
    },
    at,
  );
  return run?.runId ?? '';
}

it('get_job explains why a job does not run, and what became of its last occurrences', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  const now = Date.now();
  decideSkip(workspace, 'one', 'missed', now - 2 * MINUTE, 'the scheduler was off');
  const skipped = decideSkip(workspace, 'one', 'skipped', now - MINUTE, 'still running: run r0');
  const { explanation } = await call('get_job', { job_id: 'one' });
  expect(explanation).toEqual([
    expect.stringContaining('no scheduler has run on this home yet'),
    expect.stringMatching(/^The last occurrence, .*\+0[12]:00, was skipped: still running: run r0\.$/),
    'Of its last 2 occurrences, 1 was skipped and 1 missed.',
  ]);
  expect(await call('get_run', { run_id: skipped })).toMatchObject({
    run: { status: 'skipped', reason: 'still running: run r0' },
  });
  await call('update_job', { job_id: 'one', changes: { enabled: false } });
  expect((await call('get_job', { job_id: 'one' })).explanation[0]).toContain('it is disabled');
});

it('the times to come begin after what a clock that was ahead has decided, in get_job and preview_schedule', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: { type: 'hourly', minute: 0 } });
  workspace.db.run('UPDATE job_state SET watermark = ?', [Date.now() + 200 * MINUTE]);
  const { job, next_runs, explanation } = await call('get_job', { job_id: 'one' });
  expect(next_runs[0]).toBe(job.next_run);
  expect(explanation[0]).toContain(job.next_run);
  const preview = await call('preview_schedule', { job_id: 'one' });
  expect(preview.next_runs).toEqual(next_runs);
  const asked = await call('preview_schedule', { job_id: 'one', schedule: { type: 'hourly', minute: 0 } });
  expect(Date.parse(asked.next_runs[0] ?? '')).toBeLessThan(Date.now() + 61 * MINUTE);
});

it('get_job says what a scheduler will do about occurrences that passed without one', async ({
  workspace,
  call,
}) => {
  const schedule = { type: 'custom', cron_expression: '* * * * *', timezone: 'UTC' } as const;
  await call('create_job', { job_id: 'one', config_name: 'books', schedule });
  const said = async () => (await call('get_job', { job_id: 'one' })).explanation[1];
  workspace.db.run('UPDATE job_state SET watermark = ?', [Date.now() - 10 * MINUTE]);
  expect(await said()).toMatch(
    /passed with no scheduler; when one starts, the latest missed one is caught up/,
  );
  announceScheduler(workspace);
  expect(await said()).toContain('the scheduler is about to decide about it: the latest missed one');
  const date = new Date(Date.now() - 5 * MINUTE).toISOString();
  const once = { type: 'once', date: date.slice(0, 10), time: date.slice(11, 16), timezone: 'UTC' } as const;
  const changes = { schedule: once, misfire_grace_time: 60 };
  await call('update_job', { job_id: 'one', changes });
  workspace.db.run('UPDATE job_state SET watermark = ?', [Date.now() - 10 * MINUTE]);
  expect(await said()).toContain('it is too late to be caught up (misfire_grace_time: 60 s)');
});

it('get_job says when the configuration of a job does not exist', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  rmSync(join(workspace.paths.configs, 'books.yaml'));
  const { explanation } = await call('get_job', { job_id: 'one' });
  expect(explanation.join()).toContain('Its configuration "books" does not exist');
});

it('get_job says what holds a queued run', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  const queued = enqueueRun(
    workspace.db,
    {
      jobId: 'one',
      configName: 'books',
      trigger: 'manual',
      scheduledFor: null,
      timezone: 'Europe/Berlin',
      status: 'queued',
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'cli',
    },
    Date.now(),
  );
  const { explanation } = await call('get_job', { job_id: 'one' });
  expect(explanation[0]).toBe(`Run ${queued?.runId} is queued: no scheduler is running to start it.`);
  expect(explanation[1]).toContain('It does not run by itself');
  const held = { waits_for: 'no scheduler is running to start it' };
  expect((await call('list_runs', { job_id: 'one' })).runs).toMatchObject([held]);
  expect((await call('get_run', { run_id: queued?.runId ?? '' })).run).toMatchObject(held);
  const { run } = await call('cancel_run', { run_id: queued?.runId ?? '' });
  expect(run).toMatchObject({ status: 'cancelled', waits_for: null });
});

it('the error of a job whose file cannot be used says that it does not run, and how it last went', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  decideSkip(workspace, 'one', 'skipped', Date.now() - MINUTE, 'still running: run r0');
  appendFileSync(join(workspace.paths.jobs, 'one.json'), '}');
  const error = await refusal(call('get_job', { job_id: 'one' }));
  expect(error).toMatchObject({ code: 'invalid_job', field: 'job_id' });
  expect(error.hint).toMatch(
    /Until then it does not run\. The last occurrence, .* was skipped: still running/,
  );
});

it('run_job says what the run waits for that is in its way', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY });
  workspace.db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, attempt, max_attempts,
       queued_at, not_before) VALUES ('r1', 'one', 'books', 'schedule', 'scheduler', 'UTC', 'waiting_retry', 1, 3, 1, ?)`,
    [Date.parse('2099-01-01T00:00:00Z')],
  );
  const { message } = await refusal(call('run_job', { job_id: 'one' }));
  expect(message).toBe(
    'job one has run r1, which is not finished: it waits for its retry: attempt 2 of 3, not before 2099-01-01T00:00:00.000+00:00',
  );
});
