import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { DAILY, it, openHome, refusal } from './open-home.ts';

async function withJobs() {
  const home = await openHome();
  await home.workspace.configs.write('news', 'url: https://www.news.example/\nselectors: {title: h3}\n');
  const make = (job_id: string, fields: object) =>
    home.call('create_job', { job_id, config_name: 'books', schedule: DAILY, ...fields });
  await make('alpha', { tags: ['shop'], description: 'First of them' });
  await make('beta', { enabled: false });
  await make('gamma', { config_name: 'news', tags: ['shop', 'daily'] });
  writeFileSync(
    join(home.workspace.paths.jobs, 'broken.json'),
    '{\n  "config_name": "books",\n  "schedule": oops\n}',
  );
  return home;
}

it.each([
  [{}, ['alpha', 'beta', 'broken', 'gamma']],
  [{ status: 'pending' }, ['alpha', 'beta', 'gamma']],
  [{ status: 'invalid' }, ['broken']],
  [{ config_name: 'news' }, ['gamma']],
  [{ tag: 'shop' }, ['alpha', 'gamma']],
  [{ enabled: false }, ['beta']],
  [{ enabled: true, tag: 'daily' }, ['gamma']],
  [{ query: 'FIRST' }, ['alpha']],
  [{ query: 'zzz' }, []],
  [{ host: 'NEWS.example' }, ['gamma']],
  [{ host: 'zzz' }, []],
  [{ filter: 'host:news.example tag:shop' }, ['gamma']],
  [{ filter: 'state:invalid' }, ['broken']],
  [{ filter: '!state:invalid', enabled: true, host: '127.0.0.1' }, ['alpha']],
] as const)('list_jobs %j lists %j', async (filter, ids) => {
  const { call } = await withJobs();
  const { jobs, total } = await call('list_jobs', filter);
  expect(jobs.map((job) => job.job_id)).toEqual(ids);
  expect(total).toBe(ids.length);
});

it('names the hosts of a job, three at most, and those of a configuration that has changed', async ({
  workspace,
  call,
}) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  const hosts = async () => (await call('list_jobs', {})).jobs[0]?.hosts;
  expect(await hosts()).toEqual(['127.0.0.1:9']);
  const urls = [1, 2, 3, 4].map((number) => `https://s${number}.example/`);
  await workspace.configs.write('books', `urls: ${JSON.stringify(urls)}\nselectors: {title: h3}\n`);
  expect(await hosts()).toEqual(['s1.example', 's2.example', 's3.example']);
});

it('shows a file that cannot be used with its line and reason, and refuses to show it as a job', async () => {
  const { call, workspace } = await withJobs();
  const { jobs } = await call('list_jobs', { status: 'invalid' });
  expect(jobs[0]?.error).toMatch(/broken\.json:3:\d+: /);
  const error = await refusal(call('get_job', { job_id: 'broken' }));
  expect(error).toMatchObject({ code: 'invalid_job', issues: [{ line: 3 }] });
  expect(readFileSync(join(workspace.paths.jobs, 'broken.json'), 'utf8')).toContain('oops');
});

it('goes through all pages by next_cursor, also when a job of the page before is gone', async () => {
  const { call } = await withJobs();
  const first = await call('list_jobs', { limit: 2, enabled: true });
  expect(first.jobs.map((job) => job.job_id)).toEqual(['alpha', 'gamma']);
  expect(first.next_cursor).toBeUndefined();
  const page = await call('list_jobs', { limit: 1 });
  await call('delete_job', { job_id: 'alpha' });
  const next = await call('list_jobs', { limit: 10, cursor: page.next_cursor });
  expect(next.jobs.map((job) => job.job_id)).toEqual(['beta', 'broken', 'gamma']);
});

it.for(['nonsense', Buffer.from('[]').toString('base64url'), ''])(
  'refuses the cursor %j',
  async (cursor, { call }) => {
    expect(await refusal(call('list_jobs', { cursor }))).toMatchObject({
      code: 'invalid_params',
      field: 'cursor',
    });
  },
);

it('shows a job with five next runs and its last five runs, newest first', async () => {
  const { call, workspace } = await withJobs();
  for (let i = 0; i < 7; i += 1) skippedRun(workspace, Date.UTC(2026, 0, i + 1));
  const { job, next_runs, recent_runs } = await call('get_job', { job_id: 'alpha' });
  expect(job.id).toBe('alpha');
  expect(new Set(next_runs).size).toBe(5);
  expect(recent_runs.map((run) => run.scheduled_for?.slice(0, 10))).toEqual([
    '2026-01-07',
    '2026-01-06',
    '2026-01-05',
    '2026-01-04',
    '2026-01-03',
  ]);
});

it('deletes a job with its revision, restores it, and keeps its history', async () => {
  const { call, workspace } = await withJobs();
  skippedRun(workspace, Date.UTC(2026, 0, 1));
  expect(await refusal(call('delete_job', { job_id: 'alpha', if_revision: 5 }))).toMatchObject({
    code: 'conflict',
  });
  expect(await call('delete_job', { job_id: 'alpha', if_revision: 1 })).toEqual({ deleted: true });
  expect(await refusal(call('get_job', { job_id: 'alpha' }))).toMatchObject({
    code: 'job_not_found',
    hint: expect.stringMatching(/quickscrape job restore alpha$/),
  });
  expect(await call('list_runs', { job_id: 'alpha' })).toMatchObject({ total: 1 });
  expect((await call('restore_job', { job_id: 'alpha' })).job).toMatchObject({ id: 'alpha', tags: ['shop'] });
  expect(await refusal(call('restore_job', { job_id: 'alpha' }))).toMatchObject({
    code: 'job_not_found',
    hint: expect.stringMatching(/was not deleted\. .* job show alpha$/),
  });
});

it('names what is in the trash when a job is not', async () => {
  const { call } = await withJobs();
  const hint = async (job_id: string) => (await refusal(call('restore_job', { job_id }))).hint;
  expect(await hint('nobody')).toBe('The trash is empty.');
  await call('delete_job', { job_id: 'alpha' });
  expect(await hint('alpah')).toMatch(/^Did you mean alpha\? /);
  expect(await hint('something-else')).toBe('There are: alpha.');
});

it('has no deleted job of a name that no file can have, and says nothing of files elsewhere', async () => {
  const { call, workspace } = await withJobs();
  writeFileSync(join(workspace.paths.home, 'elsewhere.json'), '{}');
  for (const job_id of ['../elsewhere', 'a'.repeat(5_000), 'a\0b'])
    expect(await refusal(call('restore_job', { job_id }))).toMatchObject({
      code: 'job_not_found',
      hint: 'The trash is empty.',
    });
});

it('takes a mistyped id for no job without runs, and a job without runs for one', async () => {
  const { call } = await withJobs();
  expect(await refusal(call('list_runs', { job_id: 'alpah', status: 'failed' }))).toMatchObject({
    code: 'job_not_found',
    hint: 'Did you mean alpha?',
  });
  expect(await call('list_runs', { job_id: 'alpha' })).toMatchObject({ runs: [], total: 0 });
});

it('refuses to delete a job with an active run, naming the run', async () => {
  const { call, workspace } = await withJobs();
  const run = enqueueRun(
    workspace.db,
    { ...newRun('alpha'), scheduledFor: null, status: 'queued' },
    Date.now(),
  );
  const error = await refusal(call('delete_job', { job_id: 'alpha' }));
  expect(error.code).toBe('conflict');
  expect(error.message).toContain(run?.runId ?? 'no run');
});

function newRun(jobId: string) {
  return {
    jobId,
    configName: 'books',
    trigger: 'schedule' as const,
    timezone: 'Europe/Berlin',
    maxAttempts: 1,
    priority: 0,
    overlap: 'skip',
    requestedBy: 'scheduler',
  };
}

function skippedRun(
  workspace: Parameters<typeof enqueueRun>[0] extends infer D ? { db: D } : never,
  at: number,
) {
  enqueueRun(workspace.db, { ...newRun('alpha'), scheduledFor: at, status: 'skipped', reason: 'busy' }, at);
}
