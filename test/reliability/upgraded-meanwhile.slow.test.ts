import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { quickscrape, startProgram } from '../program.ts';
import { replaceableProgram } from '../replaceable-program.ts';
import { clientOf } from '../rpc/json-rpc/rpc-client.ts';
import { RawClient } from '../rpc/mcp/raw-client.ts';
import { tempFolder } from '../temp-folder.ts';
import { homeWithJobs } from '../tui/home-with-jobs.ts';
import { TestTerminal } from '../tui/terminal.ts';
import { waitFor } from '../wait-for.ts';

/** The modules that `run_job` loads when it is called. */
const OF_RUN_JOB = ['request-run'];

/** The modules that a run loads for its end. */
const OF_ITS_END = ['csv', 'run-callback'];

const LOADED = fileURLToPath(new URL('../fixtures/preload/loaded.js', import.meta.url));

/** Has a program note the modules that it has loaded; `has` tells whether a module is among them. */
function loadedModules() {
  const file = join(tempFolder(), 'loaded');
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(LOADED).href}`, LOADED: file };
  return {
    env,
    has: (name: string) => existsSync(file) && readFileSync(file, 'utf8').includes(`/chunk-${name}-`),
  };
}

describe('a call whose code an upgrade has replaced', () => {
  it('of quickscrape rpc says so, with a code of its own and what to do', async () => {
    const program = replaceableProgram();
    program.removeModules(...OF_RUN_JOB);
    const client = clientOf(startProgram(['rpc'], { home: await homeWithJobs(1), program: program.command }));
    await client.call('list_jobs');
    program.replace();
    expect(await client.refusal('run_job', { job_id: 'job-0000' })).toEqual({
      code: -32015,
      message: 'this QuickScrape was upgraded while it ran',
      data: { code: 'program_replaced', hint: expect.stringContaining('restart this server') },
    });
    expect(await client.call('list_jobs')).toMatchObject({ total: 1 });
    await client.end();
  });

  it('of quickscrape mcp says so to the model', async () => {
    const program = replaceableProgram();
    program.removeModules(...OF_RUN_JOB);
    const started = startProgram(['mcp'], { home: await homeWithJobs(1), program: program.command });
    const client = new RawClient('modern', clientOf(started), {});
    await client.call('list_jobs');
    program.replace();
    const answer = JSON.stringify(await client.call('run_job', { job_id: 'job-0000' }));
    expect(answer).toContain('program_replaced: this QuickScrape was upgraded while it ran');
    expect(answer).toContain('The person has to restart this server');
    await client.wire.end();
  });

  it('of the dashboard says how to go on, and the footer keeps saying it', async () => {
    const program = replaceableProgram();
    program.removeModules(...OF_RUN_JOB);
    const terminal = new TestTerminal(process.execPath, [
      program.command,
      'tui',
      '--home',
      await homeWithJobs(1),
    ]);
    await terminal.waitFor('job-0000');
    program.replace();
    terminal.send('r');
    await terminal.waitFor('this QuickScrape was upgraded while it ran');
    await terminal.waitFor('q upgraded: quit, start again');
    terminal.send('q');
    expect((await terminal.exited).exitCode).toBe(0);
  });
});

it('a file that is missing without an upgrade is a damaged installation', async () => {
  const program = replaceableProgram();
  program.removeModules(...OF_RUN_JOB);
  const client = clientOf(startProgram(['rpc'], { home: await homeWithJobs(1), program: program.command }));
  expect(await client.refusal('run_job', { job_id: 'job-0000' })).toMatchObject({
    code: -32603,
    message: expect.stringMatching(/^a file of QuickScrape is missing: chunk-request-run-.*\.js$/),
    data: { code: 'internal', hint: expect.stringContaining('Install it again') },
  });
  await client.end();
});

it('a server loads soon what its calls need, and serves them after an upgrade', async () => {
  const program = replaceableProgram();
  const loaded = loadedModules();
  const home = await homeWithJobs(1);
  const client = clientOf(startProgram(['rpc'], { home, program: program.command, env: loaded.env }));
  const late = [
    ...OF_RUN_JOB,
    'cancel-run',
    'reconcile-runs',
    'describe-methods',
    'changes',
    'scraper-client',
  ];
  for (const name of late) await waitFor(`${name} to be loaded`, () => loaded.has(name));
  program.removeModules(...late);
  program.replace();
  expect(await client.call('rpc.discover')).toMatchObject({ openrpc: '1.3.2' });
  expect(await client.call('run_job', { job_id: 'job-0000' })).toMatchObject({ run: { job_id: 'job-0000' } });
  await client.end();
});

it('a run that had begun before an upgrade writes its rows and calls its command', async ({ home, site }) => {
  const program = replaceableProgram();
  const loaded = loadedModules();
  const call = (...args: string[]) => quickscrape(args, { home, program: program.command, env: loaded.env });
  await call('init');
  writeFileSync(join(home, 'configs', 'page.yaml'), gatedConfig(site.url));
  const said = join(home, 'said');
  const created = await call(
    ...['job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine'],
    ...['--on-success', `touch ${said}`],
  );
  expect(created).toMatchObject({ code: 0 });
  site.hold();
  const run = call('job', 'run', 'mine');
  await waitFor('the page to be asked for', () => site.hits() > 0);
  for (const name of OF_ITS_END) await waitFor(`${name} to be loaded`, () => loaded.has(name));
  program.removeModules(...OF_ITS_END);
  program.replace();
  site.open();
  expect(await run).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') });
  await waitFor('the command to be called', () => existsSync(said));
});

it('the dashboard loads soon what its actions need, and performs them after an upgrade', async () => {
  const program = replaceableProgram();
  const loaded = loadedModules();
  const args = [program.command, 'tui', '--home', await homeWithJobs(1)];
  const terminal = new TestTerminal(process.execPath, args, { env: loaded.env });
  await terminal.waitFor('job-0000');
  const late = ['trash-operations', 'get-report', 'write-run-items', 'import-bundle', ...OF_RUN_JOB];
  for (const name of late) await waitFor(`${name} to be loaded`, () => loaded.has(name));
  program.removeModules(...late);
  program.replace();
  await terminal.waitFor('QuickScrape was upgraded while this ran: leave with q');
  terminal.send('Z');
  await terminal.waitFor('The trash is empty');
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
});
