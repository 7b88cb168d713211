import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import { summarize } from '../../../src/rpc/mcp/summary.ts';
import { addRun } from './add-run.ts';
import { it, refusal } from './open-home.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' } as const;
const without = (hidden: string) => ({ offers: (operation: string) => operation !== hidden });

it('says why no job matches, and which hosts and tags there are', async ({ call }) => {
  const none = await call('list_jobs', {});
  expect(none.hint).toBe('There are no jobs yet: create_job makes one.');
  expect((await call('list_jobs', {}, without('create_job'))).hint).toBe('There are no jobs yet.');
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY, tags: ['shops'] });
  const host = await call('list_jobs', { host: 'amazon.example' });
  expect(host.hint).toBe('No job has a host with "amazon.example". Hosts: 127.0.0.1:9.');
  expect(summarize('list_jobs', {}, host)).toBe(`0 jobs. ${host.hint}`);
  expect((await call('list_jobs', { tag: 'shop' })).hint).toBe(
    'No job has the tag "shop". Did you mean shops?',
  );
  expect((await call('list_jobs', { query: 'x', enabled: false })).hint).toMatch(
    /^None of 1 job matches (enabled and query|query and enabled)\. Leave some/,
  );
  expect(await call('list_jobs', {})).not.toHaveProperty('hint');
});

it('says why no run, line or item is there', async ({ workspace, call }) => {
  await call('create_job', { job_id: 'mine', config_name: 'books', schedule: DAILY });
  expect((await call('list_runs', { job_id: 'mine' })).hint).toBe(
    'Job mine has not run yet: run_job starts one now.',
  );
  addRun({ workspace }, 'r', { status: 'failed' });
  expect((await call('list_runs', { status: 'succeeded' })).hint).toBe(
    'None of 1 run has status succeeded. The newest is r, failed.',
  );
  expect((await call('list_items', { run_id: 'r' })).hint).toBe(
    'Run r ended as failed, without items: explain_run says why.',
  );
  expect((await call('list_items', { run_id: 'r' }, without('explain_run'))).hint).toBe(
    'Run r ended as failed, without items.',
  );
  const { log, folder } = runFiles(workspace.paths, 'mine', 'r');
  mkdirSync(folder, { recursive: true });
  writeFileSync(log, '2026-11-25T08:00:00.000Z INFO  run r\n');
  const lines = await call('get_log', { run_id: 'r', find: 'nowhere' });
  expect(lines.hint).toBe('None of 1 line has "nowhere". Leave find out to see others.');
  expect(summarize('get_log', {}, lines)).toBe(`0 lines. ${lines.hint}`);
});

it('names the field of an unknown setting', async ({ call }) => {
  expect(await refusal(call('set_setting', { name: 'keep_rnus', value: '7' }))).toMatchObject({
    field: 'name',
  });
});
