import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { JobManager } from '../../../src/core/api/job-manager.ts';
import { DAILY, openHome } from './open-home.ts';

/** A home whose job has failed three times in a row and pauses after three. */
async function pausedJob() {
  const home = await openHome();
  await home.call('create_job', {
    job_id: 'mine',
    config_name: 'books',
    schedule: DAILY,
    pause_after_failures: 3,
  });
  home.workspace.db.run(
    `UPDATE job_state SET failures = 3, strikes = 3, paused_at = ?, paused_after = 3, watermark = 1`,
    [Date.parse('2026-11-25T08:00:00Z')],
  );
  const row = () =>
    home.workspace.db.get<{ strikes: number; failures: number; paused_at: number | null; watermark: number }>(
      'SELECT strikes, failures, paused_at, watermark FROM job_state',
    );
  const file = `${home.workspace.paths.jobs}/mine.json`;
  return { ...home, row, file };
}

it('shows as paused, with no next run, in list_jobs and get_job', async () => {
  const { call } = await pausedJob();
  const paused = { since: '2026-11-25T09:00:00.000+01:00', failures: 3 };
  expect((await call('list_jobs', {})).jobs[0]).toMatchObject({ paused, next_run: null, enabled: true });
  expect(await call('get_job', { job_id: 'mine' })).toMatchObject({
    paused,
    next_runs: [],
    job: { next_run: null },
  });
});

it('goes on when it is enabled, although it is enabled already', async () => {
  const { call, row, workspace, file } = await pausedJob();
  await workspace.jobs.copyRuntime('mine');
  expect(JSON.parse(readFileSync(file, 'utf8')).next_run).toBeNull();
  const dry = await call('update_job', { job_id: 'mine', changes: { enabled: true }, dry_run: true });
  expect(dry).toMatchObject({ changed: ['paused'], job: { next_run: expect.any(String) } });
  expect(row()?.paused_at).not.toBeNull();

  const before = workspace.clock.now();
  const { job, changed } = await call('update_job', { job_id: 'mine', changes: { enabled: true } });
  expect(changed).toEqual(['paused']);
  expect(job).toMatchObject({ revision: 1, next_run: expect.any(String) });
  // The streak goes on: its recovery is still to be told.
  expect(row()).toMatchObject({ strikes: 0, failures: 3, paused_at: null });
  expect(JSON.parse(readFileSync(file, 'utf8')).next_run).not.toBeNull();
  // What came due while it was paused does not count as missed.
  expect(row()?.watermark).toBeGreaterThanOrEqual(before);
  expect((await call('get_job', { job_id: 'mine' })).paused).toBeNull();
});

it.each([
  ['another schedule', { schedule: { type: 'hourly' as const, minute: 5 } }, ['schedule', 'paused']],
  ['another number of failures', { pause_after_failures: 5 }, ['pause_after_failures', 'paused']],
  ['no pausing at all', { pause_after_failures: 0 }, ['pause_after_failures', 'paused']],
])('goes on with %s', async (_what, changes, expected) => {
  const { call, row } = await pausedJob();
  const { changed } = await call('update_job', { job_id: 'mine', changes });
  expect(changed).toEqual(expected);
  expect(row()).toMatchObject({ strikes: 0, paused_at: null });
});

it('stays paused when something else changes, and when it is disabled', async () => {
  const { call, row } = await pausedJob();
  expect((await call('update_job', { job_id: 'mine', changes: { timeout: 20 } })).changed).toEqual([
    'timeout',
  ]);
  expect((await call('update_job', { job_id: 'mine', changes: { enabled: false } })).changed).toEqual([
    'enabled',
  ]);
  expect(row()?.paused_at).not.toBeNull();
});

it('answers no changed fields when it is not paused and enabled already', async () => {
  const { call } = await pausedJob();
  await call('update_job', { job_id: 'mine', changes: { enabled: true } });
  expect((await call('update_job', { job_id: 'mine', changes: { enabled: true } })).changed).toEqual([]);
});

it.each([
  ['the schedule', '"time": "09:00"', '"time": "10:00"'],
  ['pause_after_failures', '"pause_after_failures": 3', '"pause_after_failures": 4'],
])('resumes when %s is edited in its file', async (_what, before, after) => {
  const { call, file, row, workspace } = await pausedJob();
  const since = workspace.clock.now();
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(before);
  writeFileSync(file, text.replace(before, after));
  const answer = await call('get_job', { job_id: 'mine' });
  expect(answer.paused).toBeNull();
  expect(answer.next_runs).toHaveLength(5);
  expect((await call('list_jobs', {})).jobs[0]?.paused).toBeNull();
  expect(row()).toMatchObject({ strikes: 0, failures: 3, paused_at: null });
  expect(row()?.watermark).toBeGreaterThanOrEqual(since);
});

it('goes on by enable() of the library, and not by storing another field', async () => {
  const { workspace, row } = await pausedJob();
  await using manager = new JobManager({ home: workspace.paths.home });
  const job = await manager.getJob('mine');
  if (!job) throw new Error('no job');
  expect(job.pausedSince).toEqual(new Date('2026-11-25T08:00:00Z'));
  expect(job.nextRun).toBeNull();
  job.description = 'new';
  await manager.updateJob(job);
  expect(row()?.paused_at).not.toBeNull();
  await job.enable();
  expect(row()).toMatchObject({ strikes: 0, paused_at: null });
  expect(job.pausedSince).toBeNull();
  expect(job.nextRun).not.toBeNull();
});
