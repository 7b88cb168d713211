import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { childProcessIdentity, findProcessIdentity, isAlive } from '../../src/core/process/identity.ts';
import {
  hasProcesses,
  killTree,
  PROCESS_TREE_VARIABLE,
  terminateTree,
} from '../../src/core/process/process-tree.ts';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { quickscrape } from '../program.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { waitFor } from '../wait-for.ts';

// What differs between systems, as a user meets it. Nothing here is skipped anywhere (docs/how-to/platforms.md).

/** A program with a child of its own, whose pid it writes into a file. */
const PARENT = `
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)'], { stdio: 'ignore' });
require('node:fs').writeFileSync('pid.part', String(child.pid));
require('node:fs').renameSync('pid.part', 'pid');
setTimeout(() => {}, 300_000);
`;

it('a program ends with all that it started', async ({ folder }) => {
  const mark = `test/${randomUUID()}`;
  const env = { ...process.env, [PROCESS_TREE_VARIABLE]: mark };
  const parent = spawn(process.execPath, ['-e', PARENT], {
    ...{ cwd: folder, env, stdio: 'ignore', detached: true, windowsHide: true },
  });
  const leader = childProcessIdentity(parent.pid ?? 0);
  const tree = { leaders: [leader], mark };
  onTestFinished(() => killTree(tree));
  await waitFor('the pid of the child', () => existsSync(join(folder, 'pid')));
  const child = findProcessIdentity(Number(readFileSync(join(folder, 'pid'), 'utf8')));
  if (child === undefined) throw new Error('the child does not run');
  expect([leader, child].map(isAlive)).toEqual([true, true]);
  await terminateTree(tree, 10_000);
  await waitFor('both to end', () => !isAlive(leader) && !isAlive(child));
  expect(hasProcesses(tree)).toBe(false);
});

it('a scheduler in the background starts a run and cancels one, and ends when it is asked to, without a signal', async ({
  home,
  site,
}) => {
  const call = (...args: string[]) => quickscrape(args, { home });
  const workspace = openTempWorkspace({ home });
  await workspace.configs.write('source', gatedConfig(site.url));
  expect(
    await call('job', 'create', '--id', 'mine', '--config', 'source', '--schedule', 'daily', '--at', '09:00'),
  ).toMatchObject({ code: 0 });
  const started = await call('scheduler', 'start', '--daemon');
  onTestFinished(async () => {
    await call('scheduler', 'stop', '--force');
  });
  expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^running/) });
  expect(await call('scheduler', 'start', '--daemon')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('already running'),
  });

  expect(await call('job', 'run', 'mine')).toMatchObject({ code: 0 });
  const [first] = workspace.runs.list({ jobId: 'mine' }).runs;
  expect(first).toMatchObject({ status: 'succeeded' });
  expect(readFileSync(first?.outputPath ?? '', 'utf8')).toContain('only row');

  site.hold();
  expect(await call('job', 'run', 'mine', '--background')).toMatchObject({ code: 0 });
  await waitFor('the page to be asked for', () => site.hits() > 1);
  const [second] = workspace.runs.list({ jobId: 'mine' }).runs;
  expect(await call('job', 'cancel', String(second?.runId))).toMatchObject({ code: 0 });
  expect(workspace.runs.list({ jobId: 'mine' }).runs[0]).toMatchObject({ status: 'cancelled' });
  site.open();

  expect(await call('scheduler', 'stop')).toMatchObject({ code: 0 });
  expect(await call('scheduler', 'status')).toMatchObject({ stdout: expect.stringMatching(/^not running/) });
  expect(readFileSync(join(home, 'scheduler.log'), 'utf8')).toContain('scheduler stopped');
  expect(await call('doctor')).toMatchObject({ code: 0 });
});

it('a job is found by its name alone, whatever the case of names means to the disk', async ({ home }) => {
  const call = (...args: string[]) => quickscrape(args, { home });
  expect(await call('init')).toMatchObject({ code: 0 });
  const schedule = ['--config', 'example', '--schedule', 'daily', '--at', '09:00'];
  expect(await call('job', 'create', '--id', 'mine', ...schedule)).toMatchObject({ code: 0 });
  expect(await call('job', 'create', '--id', 'Mine', ...schedule)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"Mine" is not a valid name'),
  });
  expect(await call('job', 'create', '--id', 'nul', ...schedule)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Windows keeps this name for a device'),
  });
});

it('files with the line ends of Windows are read as those of any other system', async ({ home, site }) => {
  const workspace = openTempWorkspace({ home });
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');
  await workspace.configs.write('source', crlf(gatedConfig(site.url)));
  const call = (...args: string[]) => quickscrape(args, { home });
  expect(await call('scrape', 'source')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 item from 1 page/),
  });
});
