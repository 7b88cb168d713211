import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatCommand } from '../../../src/cli/flags/global-flags.ts';
import { jobTable } from '../../../src/cli/render/job-view.ts';
import { runTable } from '../../../src/cli/render/run-view.ts';
import { createTerminal } from '../../../src/cli/render/terminal.ts';
import { shellQuote } from '../../../src/core/process/shell.ts';
import { BOOKS, shopHome } from '../shop-home.ts';

const DAILY = ['job', 'create', '--config', 'books', '--schedule', 'daily', '--at', '09:00'];

it('warns about a configuration that cannot run, and creates the job all the same', async () => {
  const { qs } = shopHome({ books: BOOKS, bad: 'url: "http://127.0.0.1:9/"\nselectors:\n  title: "h3["\n' });
  for (const format of [[], ['--json']]) {
    const said = await qs('job', 'create', '--config', 'bad', '--cron', '@daily', ...format);
    expect(said.code).toBe(0);
    expect(said.stderr).toMatch(/warning: the configuration cannot run: .*bad\.yaml:3:\d+: /);
  }
  expect((await qs(...DAILY)).stderr).not.toContain('warning');
});

it('names the command, not the operation, when an id is taken', async () => {
  const { qs, json } = shopHome();
  await json(...DAILY, '--id', 'mine');
  const said = await qs('job', 'create', '--config', 'books', '--cron', '@hourly', '--id', 'mine');
  expect(said.code).toBe(4);
  expect(said.stderr).toContain('quickscrape job update mine …, or give another --id');
  expect(said.stderr).not.toMatch(/update_job|job_id/);
});

it('names the home in its commands when the user named it', async () => {
  const { home, qs } = shopHome();
  const flag = ['--home', home];
  expect((await qs('job', 'list', ...flag)).stderr).toMatch(
    new RegExp(`quickscrape job create .* --at 09:00 --home ${home}\\n`),
  );
  for (const named of [flag, [`--home=${home}`], ['--home', '/not-this-one', ...flag]])
    expect((await qs('job', 'show', 'nope', ...named)).stderr).toContain(
      `quickscrape job list --home ${home}\n`,
    );
  expect((await qs('scheduler', 'status', ...flag)).stdout).toContain(
    `quickscrape scheduler start --daemon --home ${home}\n`,
  );
  expect((await qs('job', 'show', 'nope')).stderr).toContain('quickscrape job list\n');
});

it('names the home in the fixes of doctor, too, when the user named it', async () => {
  const { home, qs, json } = shopHome();
  await json(...DAILY, '--id', 'mine');
  rmSync(join(home, 'trash'), { recursive: true });
  const fixes = ['doctor --fix', 'scheduler start --daemon'].map((line) => `quickscrape ${line}`);
  const named = (await qs('doctor', '--home', home)).stdout;
  for (const fix of fixes) expect(named).toMatch(new RegExp(`${fix} --home ${home}$`, 'm'));
  const usual = (await qs('doctor')).stdout;
  for (const fix of fixes) expect(usual).toMatch(new RegExp(`${fix}$`, 'm'));
});

it('quotes the home for a shell', () => {
  expect(formatCommand('job list', '/my home/it’s')).toBe(`quickscrape job list --home '/my home/it’s'`);
  expect(shellQuote("/it's", 'linux')).toBe(`'/it'\\''s'`);
  expect(shellQuote('C:\\Users\\me\\home', 'win32')).toBe('C:\\Users\\me\\home');
  expect(shellQuote('C:\\Users\\A B\\home', 'win32')).toBe('"C:\\Users\\A B\\home"');
});

it('calls a job whose last run went well succeeded, and finds it by that word', async () => {
  const { qs, json } = shopHome();
  await json(...DAILY, '--id', 'mine');
  for (const status of ['succeeded', 'completed'])
    expect(await qs('job', 'list', '--status', status)).toMatchObject({ code: 0, stdout: '' });
  const answer = {
    job_id: 'mine',
    enabled: true,
    paused: null,
    callback_failure: null,
    error: null,
    tags: [],
  };
  type Jobs = Parameters<typeof jobTable>[0];
  const terminal = { ...createTerminal(process.stdout, false), columns: undefined };
  const rows = [
    {
      ...answer,
      config_name: 'books',
      schedule: 'daily',
      status: 'completed',
      last_run: null,
      next_run: null,
    },
  ];
  expect(jobTable(rows as unknown as Jobs, terminal, Date.now())).toMatch(/ succeeded /);
});

it('lists the trash and reports an id that is not in it', async () => {
  const { qs, json } = shopHome();
  expect((await qs('job', 'restore')).stderr).toContain('The trash is empty.');
  await json(...DAILY, '--id', 'mine');
  await json(...DAILY, '--id', 'other');
  await json('job', 'delete', 'mine', '--force');
  expect(await json('job', 'restore')).toEqual({
    deleted: [{ job_id: 'mine', deleted_at: expect.stringMatching(/^\d{4}-.*T/) }],
  });
  expect((await qs('job', 'restore')).stdout).toMatch(/^JOB +DELETED\nmine +\d{4}-/);
  const missing = await qs('job', 'restore', 'min');
  expect(missing.code).toBe(3);
  expect(missing.stderr).toMatch(/there is no job "min" in the trash\n.*mine.*quickscrape job restore\n/);
  expect((await qs('job', 'restore', 'other')).stderr).toContain('was not deleted');
});

it('says which part of a schedule a flag cannot change', async () => {
  const { qs, json } = shopHome();
  await json('job', 'create', '--config', 'books', '--cron', '0 9 * * *', '--id', 'mine');
  const said = await qs('job', 'update', 'mine', '--at', '08:00');
  expect(said.code).toBe(2);
  expect(said.stderr).toContain('the job has the schedule --cron "0 9 * * *", which --at cannot change');
  expect(said.stderr).toContain('--schedule daily --at');
});

it('says that the time of a run that happens once has passed', async () => {
  const { qs } = shopHome();
  const once = [
    'job',
    'create',
    '--config',
    'books',
    '--schedule',
    'once',
    '--date',
    '2020-01-01',
    '--at',
    '09:00',
  ];
  const said = await qs(...once, '--timezone', 'UTC');
  expect(said.code).toBe(0);
  expect(said.stdout).toContain('Its time, 2020-01-01 09:00 UTC, has passed');
});

it('refuses an empty output path, and the ending of an Excel that is no more', async () => {
  const { qs, json } = shopHome();
  await json(...DAILY, '--id', 'mine');
  for (const args of [DAILY, ['scrape', 'books'], ['job', 'update', 'mine']]) {
    expect((await qs(...args, '--output-path', '')).code).toBe(2);
    const said = await qs(...args, '--output-path', 'x.xls');
    expect({ args, ...said }).toMatchObject({ args, code: 2, stderr: expect.stringContaining('in .xlsx') });
  }
});

it('warns when a job’s path has the ending of another format than its configuration writes', async () => {
  const { qs } = shopHome();
  const path = ['--output-path', 'o.jsonl'];
  const said = await qs(...DAILY, ...path, '--id', 'mine');
  expect(said.stderr).toMatch(/warning: o\.jsonl will hold csv.*job update mine --output-format jsonl/);
  expect((await qs(...DAILY, ...path, '--output-format', 'jsonl')).stderr).not.toContain('warning');
  expect((await qs(...DAILY, '--output-path', 'o.csv')).stderr).not.toContain('warning');
});

it('overwrites a file at export only with --force', async () => {
  const { home, qs, json } = shopHome();
  const file = join(home, 'mine.json');
  writeFileSync(file, 'mine');
  expect(await qs('export', file)).toMatchObject({ code: 4, stderr: expect.stringContaining('--force') });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await json('export', file, '--force')).toMatchObject({ configs: 1 });
});

it('shows no start time for a skipped occurrence', () => {
  const run = {
    run_id: 'r1',
    trigger: 'schedule',
    queued_at: '2026-11-25T09:00:00.000+01:00',
    scheduled_for: '2026-11-25T08:00:12.000+01:00',
    started_at: null,
    duration_ms: null,
    attempt: 1,
    max_attempts: 4,
    pages: 0,
    items: 0,
    checks: [],
    changes: null,
    error: null,
    reason: null,
    waits_for: 'host shop.example is busy',
    output_path: null,
  };
  type Runs = Parameters<typeof runTable>[0];
  const terminal = { ...createTerminal(process.stdout, false), columns: undefined };
  const table = (status: string) => runTable([{ ...run, status }] as unknown as Runs, terminal);
  expect(table('queued')).toContain('2026-11-25 09:00');
  expect(table('queued')).toContain('host shop.example is busy');
  for (const status of ['missed', 'skipped'])
    expect(table(status)).toContain('due 2026-11-25 08:00:12 +01:00');
});
