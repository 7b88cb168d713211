import { once } from 'node:events';
import { expect } from 'vitest';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { startProgram } from '../program.ts';
import { waitFor } from '../wait-for.ts';
import { schedulerHome } from './scheduler-home.ts';

it('stop waits for the active run, and cancels it with --force', async ({ site }) => {
  const { home, program, json } = schedulerHome({ page: gatedConfig(site.url) });
  await json('job', 'create', '--config', 'page', '--cron', '@yearly', '--id', 'mine');
  await json('scheduler', 'start', '--daemon');
  site.hold();
  await json('job', 'run', 'mine', '--background');
  await waitFor('the page to be asked for', () => site.hits() > 0);
  const stopping = startProgram(['scheduler', 'stop'], { home });
  let said = '';
  stopping.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  await waitFor('the stop to wait', () => said.includes('Waiting for 1 run to finish'));
  expect(await json('scheduler', 'status')).toMatchObject({ running: true, running_runs: 1 });
  site.open();
  expect((await once(stopping, 'close'))[0]).toBe(0);
  expect(await json('job', 'history', 'mine')).toMatchObject({ runs: [{ status: 'succeeded' }] });

  await json('scheduler', 'start', '--daemon');
  site.hold();
  await json('job', 'run', 'mine', '--background');
  await waitFor('the page to be asked for again', () => site.hits() > 1);
  expect((await program('scheduler', 'stop', '--force')).code).toBe(0);
  expect((await json('job', 'history', 'mine', '--limit', '1'))['runs']).toMatchObject([
    { status: 'cancelled' },
  ]);
});

it.skipIf(lacks('signals')).each([
  ['SIGINT', 130],
  ['SIGTERM', 0],
] as const)('in the foreground ends cleanly at %s with %i', async (signal, code) => {
  const { home, qs } = schedulerHome();
  const child = startProgram(['scheduler', 'run'], { home });
  let log = '';
  child.stderr?.on('data', (data: Buffer) => {
    log += data.toString();
  });
  await waitFor('the start', () => log.includes('scheduler started'));
  child.kill(signal);
  expect((await once(child, 'close'))[0]).toBe(code);
  expect(log).toContain('scheduler stopped');
  expect((await qs('scheduler', 'status')).code).toBe(1);
});
