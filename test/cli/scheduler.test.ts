import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { lacks } from '../platform.ts';
import { startProgram } from '../program.ts';
import { waitFor } from '../wait-for.ts';
import { shopHome } from './shop-home.ts';

function schedulerHome(configs?: Record<string, string>) {
  const home = shopHome(configs);
  onTestFinished(async () => {
    const { pid } = JSON.parse((await home.qs('scheduler', 'status', '--json')).stdout) as {
      pid: number | null;
    };
    if (pid !== null) process.kill(pid, 'SIGKILL');
  });
  return home;
}

it('starts in the background, refuses a second scheduler, restarts and stops', async () => {
  const { program, json } = schedulerHome();
  expect((await program('scheduler', 'status')).stdout).toMatch(/^not running/);
  const { pid } = await json('scheduler', 'start', '--daemon');
  expect(await json('scheduler', 'status')).toMatchObject({ running: true, pid });
  for (const args of [['start'], ['start', '--daemon'], ['run']]) {
    const second = await program('scheduler', ...args);
    expect([second.code, second.stderr]).toEqual([4, expect.stringContaining(String(pid))]);
  }
  expect((await program('scheduler', 'logs')).stdout).toContain('scheduler started');
  const restarted = await json('scheduler', 'restart');
  expect(restarted).toMatchObject({ running: true });
  expect(restarted['pid']).not.toBe(pid);
  expect((await program('scheduler', 'stop')).stdout).toBe('The scheduler has stopped.\n');
  expect(await json('scheduler', 'status')).toMatchObject({ running: false, pid: null });
});

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
  const { home, json } = schedulerHome();
  const child = startProgram(['scheduler', 'run'], { home });
  let log = '';
  child.stderr?.on('data', (data: Buffer) => {
    log += data.toString();
  });
  await waitFor('the start', () => log.includes('scheduler started'));
  child.kill(signal);
  expect((await once(child, 'close'))[0]).toBe(code);
  expect(log).toContain('scheduler stopped');
  expect(await json('scheduler', 'status')).toMatchObject({ running: false });
});

it('prints service files that start this program on this home', async () => {
  const { qs, home } = shopHome();
  const systemd = (await qs('scheduler', 'unit', 'systemd')).stdout;
  expect(systemd).toMatch(/^ExecStart=".*node" ".*cli\.js" "scheduler" "run" "--home" "/m);
  expect(systemd).toContain(home);
  expect(systemd).toContain('KillMode=process');
  const launchd = (await qs('scheduler', 'unit', 'launchd', '--home', '/tmp/a&b')).stdout;
  expect(launchd).toContain('<string>/tmp/a&amp;b</string>');
  expect(launchd).toContain('<string>scheduler</string>');
});
