import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeHolder } from '../../../src/core/lease/lease.ts';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { currentProcessIdentity, findProcessIdentity } from '../../../src/core/process/identity.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { openWorkspace, type Workspace } from '../../../src/core/workspace.ts';
import { BOOKS, DAILY, type OpenHome, openHome, refusal } from './open-home.ts';

const HOUR = 3_600_000;
const ASKED = { job_id: 'one' } as const;

let ahead = HOUR;
beforeEach(() => {
  ahead = HOUR;
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + ahead);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A home with a job that somebody has asked for. */
async function askedBefore(prepare?: (workspace: Workspace) => void): Promise<OpenHome> {
  const home = await openHome();
  prepare?.(home.workspace);
  await home.call('create_job', {
    job_id: 'one',
    config_name: 'books',
    schedule: DAILY,
    pause_after_failures: 3,
  });
  await home.call('get_job', ASKED);
  return home;
}

/** What somebody is told who opens the home now, and has nothing in mind. */
async function toldAnew({ paths }: Workspace) {
  const other = openWorkspace({ home: paths.home, actor: 'library' });
  try {
    return await callOperation(other, 'get_job', ASKED);
  } finally {
    other.close();
  }
}

const run = (status: 'queued' | 'skipped') => ({
  jobId: 'one',
  configName: 'books',
  trigger: 'schedule' as const,
  scheduledFor: Date.now() - 1_000,
  timezone: 'Europe/Berlin',
  status,
  ...(status === 'skipped' && { reason: 'still running: run r0' }),
  maxAttempts: 1,
  priority: 0,
  overlap: 'skip' as const,
  requestedBy: 'scheduler' as const,
});

const scheduler = (process = currentProcessIdentity()) => ({
  process,
  since: Date.now(),
  version: '0.1.0',
  slots: 4,
});

it.each<[string, (home: OpenHome) => unknown]>([
  ['a change here', ({ call }) => call('update_job', { job_id: 'one', changes: { enabled: false } })],
  [
    'a change by another process',
    async ({ workspace }) => {
      const other = openWorkspace({ home: workspace.paths.home, actor: 'library' });
      await other.jobs.update('one', { description: 'by another' }, { by: 'cli' });
      other.close();
    },
  ],
  [
    'an edit by hand',
    ({ workspace: { paths, jobs } }) => {
      const text = jobs.get('one');
      const { definition } = (text as Extract<typeof text, { kind: 'valid' }>).record;
      const { config_name, schedule } = definition;
      writeFileSync(
        join(paths.jobs, 'one.json'),
        JSON.stringify({ id: 'one', config_name, schedule, description: 'by hand' }),
      );
    },
  ],
  ['the deletion of its configuration', ({ workspace }) => rmSync(workspace.configs.fileOf('books'))],
  ['the start of a scheduler', ({ workspace: { db } }) => writeHolder(db, scheduler())],
  ['a run of it was queued', ({ workspace: { db } }) => enqueueRun(db, run('queued'), Date.now())],
  ['an occurrence was passed over', ({ workspace: { db } }) => enqueueRun(db, run('skipped'), Date.now())],
  [
    'a pause began',
    ({ workspace: { db } }) =>
      db.run('UPDATE job_state SET failures = 3, strikes = 3, paused_at = ?, paused_after = 3', [Date.now()]),
  ],
  [
    'its next occurrence',
    () => {
      ahead += 25 * HOUR;
    },
  ],
  [
    'a clock that was set back',
    () => {
      ahead -= 25 * HOUR;
    },
  ],
])('after %s a job is answered as to a first-time caller', async (_, change) => {
  const home = await askedBefore();
  const before = await home.call('get_job', ASKED);
  await change(home);
  const after = await home.call('get_job', ASKED);
  expect(after).not.toEqual(before);
  expect(after).toEqual(await toldAnew(home.workspace));
});

it('says that no scheduler runs as soon as the one that ran is dead', async () => {
  const { workspace, call } = await askedBefore();
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const identity = findProcessIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('it does not run');
  writeHolder(workspace.db, scheduler(identity));
  const running = await call('get_job', ASKED);
  expect(running.explanation[0]).toMatch(/^Due next at/);
  child.stdin?.end();
  await once(child, 'exit');
  expect((await call('get_job', ASKED)).explanation[0]).toMatch(/^It does not run by itself/);
});

it('says that the disk is too full as soon as it is', async () => {
  const { workspace, call } = await askedBefore(({ db }) => writeHolder(db, scheduler()));
  writeFileSync(workspace.paths.settings, 'min_free_space: 1000000\n');
  expect((await call('get_job', ASKED)).explanation[0]).toMatch(/^No run starts for lack of disk space/);
});

it('says that a configuration is missing until it is there', async () => {
  const { workspace, call } = await askedBefore();
  rmSync(workspace.configs.fileOf('books'));
  const missing = await call('get_job', ASKED);
  expect(missing.explanation.join(' ')).toContain('"books" does not exist');
  await workspace.configs.write('books', BOOKS);
  expect((await call('get_job', ASKED)).explanation.join(' ')).not.toContain('does not exist');
});

it('a deleted job and unreadable settings are errors, whatever was answered before', async () => {
  const { workspace, call } = await askedBefore();
  writeFileSync(workspace.paths.settings, 'min_free_space: [\n');
  expect(await refusal(call('get_job', ASKED))).toMatchObject({ code: 'invalid_config' });
  rmSync(workspace.paths.settings);
  expect(await call('get_job', ASKED)).toMatchObject({ job: { id: 'one' } });
  rmSync(join(workspace.paths.jobs, 'one.json'));
  expect(await refusal(call('get_job', ASKED))).toMatchObject({ code: 'job_not_found' });
});

it('an edit by hand that could not be noted is noted by the next call, so that another one has another revision', async () => {
  const { workspace, call } = await askedBefore();
  const edit = (description: string) =>
    writeFileSync(
      join(workspace.paths.jobs, 'one.json'),
      JSON.stringify({ id: 'one', config_name: 'books', schedule: DAILY, description }),
    );
  const writer = new Libsql(workspace.paths.database);
  writer.exec('BEGIN IMMEDIATE');
  edit('first');
  const { revision } = (await call('get_job', ASKED)).job;
  writer.exec('ROLLBACK');
  writer.close();
  expect((await call('get_job', ASKED)).job.revision).toBe(revision);
  edit('the second');
  expect((await call('get_job', ASKED)).job.revision).toBe(revision + 1);
});

it('the same job of two homes is not mistaken', async () => {
  const [one, two] = [await askedBefore(), await askedBefore()];
  await two.call('update_job', { job_id: 'one', changes: { description: 'of the second' } });
  expect((await one.call('get_job', ASKED)).job.description).toBeNull();
  expect((await two.call('get_job', ASKED)).job.description).toBe('of the second');
});
