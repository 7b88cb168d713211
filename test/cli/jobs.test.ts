import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type * as z from 'zod';
import { OPERATIONS, type OperationName } from '../../src/core/operations/operations.ts';
import { shopHome } from './shop-home.ts';

async function isOutputOf(name: OperationName, printed: unknown): Promise<void> {
  const { output } = (await OPERATIONS[name]()) as unknown as { output: z.ZodObject };
  output.strict().parse(printed);
}

it('creates, lists, shows, changes, copies, deletes and restores a job, in words', async () => {
  const { program: qs } = shopHome();
  const created = await qs(
    'job',
    'create',
    '--config',
    'books',
    '--schedule',
    'daily',
    '--at',
    '09:00',
    '--timezone',
    'Europe/Berlin',
    '--id',
    'morning',
  );
  expect(created).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('quickscrape scheduler start --daemon'),
  });
  expect(created.stdout).toMatch(
    /^Created job morning\nNext runs:\n {2}\d{4}-\d\d-\d\d 09:00 \+0[12]:00 \(in /,
  );
  expect((await qs('job', 'list')).stdout).toMatch(
    /^JOB +CONFIG +SCHEDULE +STATUS +LAST RUN +NEXT RUN.*\nmorning +books +every day at 09:00 \(Europe\/Berlin\) +pending +- +\d{4}/,
  );
  expect((await qs('job', 'show', 'mor')).stdout).toMatch(/revision +1\n/);
  expect((await qs('job', 'update', 'mor', '--at', '07:30', '--disable')).stdout).toBe(
    'Changed schedule, enabled of job morning (revision 2)\n',
  );
  expect((await qs('job', 'list')).stdout).toMatch(/morning .*every day at 07:30.* disabled +- +-/);
  expect((await qs('job', 'clone', 'mor', 'evening')).stdout).toMatch(/^Created job evening as a copy/);
  expect((await qs('job', 'next', 'mor', '--count', '2')).stdout.split('\n')).toHaveLength(4);
  expect((await qs('job', 'delete', 'morning', '--force')).code).toBe(0);
  expect((await qs('job', 'list')).stdout).not.toContain('morning');
  expect((await qs('job', 'restore', 'morning')).stdout).toBe('Restored job morning\n');
});

it('prints exactly the operation’s output with --json', async () => {
  const { json, qs } = shopHome();
  const create = [
    'job',
    'create',
    '--config',
    'books',
    '--cron',
    '0 9 * * 1-5',
    '--timezone',
    'UTC',
    '--id',
    'mine',
  ];
  await isOutputOf('create_job', await json(...create));
  expect(await json(...create)).toMatchObject({ created: false });
  await isOutputOf('list_jobs', await json('job', 'list'));
  await isOutputOf('get_job', await json('job', 'show', 'mine'));
  await isOutputOf('update_job', await json('job', 'update', 'mine', '--max-retries', '1'));
  await isOutputOf('preview_schedule', await json('job', 'next', 'mine'));
  await isOutputOf('list_runs', await json('job', 'history', 'mine'));
  await isOutputOf('create_job', await json('job', 'clone', 'mine', 'other'));
  await isOutputOf('delete_job', await json('job', 'delete', 'mine', '--force'));
  await isOutputOf('restore_job', await json('job', 'restore', 'mine'));
  await isOutputOf('list_configs', await json('list'));
  await isOutputOf('get_config', await json('show', 'books'));
  await isOutputOf('get_scheduler', JSON.parse((await qs('scheduler', 'status', '--json')).stdout));
  await isOutputOf('preview_schedule', await json('schedule', 'preview', '--schedule', 'hourly'));
});

it('has a flag for every field of a job', async () => {
  const { json } = shopHome();
  const flags = [
    ['--description', 'what for'],
    ['--output-format', 'json'],
    ['--output-path', 'x/{date}.json'],
    ['--max-retries', '7'],
    ['--retry-delay', '1.5'],
    ['--retry-backoff', 'exponential'],
    ['--timeout', '60'],
    ['--overlap', 'queue'],
    ['--catch-up', 'none'],
    ['--misfire-grace-time', '30'],
    ['--jitter', '3'],
    ['--stagger', '4'],
    ['--priority', '-5'],
    ['--keep-runs', '9'],
    ['--pause-after-failures', '2'],
    ['--on-success', 'echo done'],
    ['--on-failure', 'echo failed'],
    ['--on-failure-mode', 'streak'],
    ['--on-recovery', 'echo well'],
    ['--on-change', 'echo new'],
    ['--tag', 'one'],
    ['--tag', 'two'],
    ['--expect-min-items', '5'],
    ['--expect-required-fields', 'title,price'],
    ['--expect-max-drop-percent', '40'],
    ['--expect-min-fill-percent', 'price=95, title=99.5'],
    ['--expect-allow-empty', 'no'],
    ['--expect-retry', 'yes'],
    ['--expect-usual-since', '2026-11-25T09:00:00+01:00'],
  ].flat();
  const { job } = await json(
    'job',
    'create',
    '--config',
    'books',
    '--schedule',
    'hourly',
    '--id',
    'full',
    '--disabled',
    ...flags,
  );
  const set = {
    description: 'what for',
    output_format: 'json',
    output_path: 'x/{date}.json',
    max_retries: 7,
    retry_delay: 1.5,
    retry_backoff: 'exponential',
    timeout: 60,
    overlap: 'queue',
    catch_up: 'none',
    misfire_grace_time: 30,
    jitter: 3,
    stagger: 4,
    priority: -5,
    keep_runs: 9,
    pause_after_failures: 2,
    on_success: 'echo done',
    on_failure: 'echo failed',
    on_failure_mode: 'streak',
    on_recovery: 'echo well',
    on_change: 'echo new',
    tags: ['one', 'two'],
    expect: {
      ...{ allow_empty: false, min_items: 5, required_fields: ['title', 'price'] },
      ...{ min_fill_percent: { price: 95, title: 99.5 }, max_drop_percent: 40, retry: true },
      usual_since: '2026-11-25T08:00:00.000Z',
    },
    enabled: false,
  };
  expect(job).toMatchObject(set);
  const cleared = await json(
    'job',
    'update',
    'full',
    '--on-success',
    'none',
    '--misfire-grace-time',
    'none',
    '--tag',
    '',
    '--description',
    '',
    '--expect-min-items',
    'none',
    '--expect-min-fill-percent',
    'none',
    '--expect-retry',
    'none',
    '--expect-usual-since',
    'none',
    '--output-path',
    'none',
  );
  expect(cleared['job']).toMatchObject({
    ...set,
    on_success: null,
    misfire_grace_time: null,
    tags: [],
    description: null,
    output_path: null,
    expect: { allow_empty: false, required_fields: ['title', 'price'], max_drop_percent: 40 },
  });
});

it('shows first why a job runs next when it does, or why it does not', async () => {
  const { qs, json } = shopHome();
  await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'news');
  expect((await qs('job', 'show', 'news')).stdout).toMatch(/^It does not run by itself: no scheduler/);
  await json('job', 'update', 'news', '--disable');
  expect((await qs('job', 'show', 'news')).stdout).toMatch(/^It does not run by itself: it is disabled/);
});

it('names the jobs that a prefix fits when it fits several', async () => {
  const { qs, json } = shopHome();
  for (const id of ['news-one', 'news-two'])
    await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', id);
  const said = await qs('job', 'show', 'news');
  expect(said.code).toBe(4);
  expect(said.stderr).toMatch(/news-one, news-two/);
  expect((await json('job', 'show', 'news-o'))['job']).toMatchObject({ id: 'news-one' });
});

it('shows a job file that cannot be used with its line, and never writes it', async () => {
  const { qs, home, json } = shopHome();
  await json('job', 'create', '--config', 'books', '--cron', '@daily', '--id', 'good');
  const file = join(home, 'jobs', 'broken.json');
  writeFileSync(file, '{\n  "config_name": 7\n}\n');
  const list = await qs('job', 'list');
  expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/broken .*invalid/) });
  expect(list.stdout).toContain('good');
  expect(list.stdout).toMatch(/broken\.json:\d+:\d+: /);
  for (const args of [
    ['show', 'broken'],
    ['update', 'broken', '--disable'],
    ['delete', 'broken', '--force'],
  ]) {
    const said = await qs('job', ...args);
    expect(said.code).toBe(2);
    expect(said.stderr).toContain('broken.json');
  }
  expect(readFileSync(file, 'utf8')).toBe('{\n  "config_name": 7\n}\n');
});

it('takes global flags before and after the command', async () => {
  const { home } = shopHome();
  const { qs } = shopHome({});
  for (const args of [
    ['--home', home, '--json', 'list'],
    ['list', '--json', '--home', home],
    ['--json', 'list', `--home=${home}`],
  ]) {
    const said = await qs(...args);
    expect(JSON.parse(said.stdout)).toMatchObject({ total: 1 });
  }
});

it('prints YAML with --format yaml, which says the same as JSON', async () => {
  const { qs, json } = shopHome();
  await json(
    'job',
    'create',
    '--config',
    'books',
    '--cron',
    '@daily',
    '--id',
    'mine',
    '--description',
    'two\nlines',
  );
  const { parse } = await import('yaml');
  const said = await qs('job', 'list', '--format', 'yaml');
  expect(parse(said.stdout)).toEqual(await json('job', 'list'));
});

it('lets no control character of a description reach the terminal', async () => {
  const { qs, json } = shopHome();
  await json(
    'job',
    'create',
    '--config',
    'books',
    '--cron',
    '@daily',
    '--id',
    'mine',
    '--description',
    'x\x1b]0;owned\x07\u202ey',
  );
  for (const args of [
    ['job', 'show', 'mine'],
    ['job', 'show', 'mine', '--json'],
    ['job', 'show', 'mine', '--format', 'yaml'],
  ]) {
    const { stdout } = await qs(...args);
    expect(stdout).toContain('owned');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    expect(stdout).not.toMatch(/[\x1b\x07\u202e]/);
  }
});
