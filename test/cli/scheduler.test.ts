import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { it } from '../extend.ts';
import { gatedConfig } from '../gated-site.ts';
import { lacks, needs } from '../platform.ts';
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
  const { qs, program, json } = schedulerHome();
  const status = async () => JSON.parse((await qs('scheduler', 'status', '--json')).stdout);
  expect(await program('scheduler', 'status')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^not running/),
  });
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
  expect(await status()).toMatchObject({ running: false, pid: null });
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

it('prints service files that start this program on this home', async () => {
  const { qs, home } = shopHome();
  const systemd = (await qs('scheduler', 'unit', 'systemd')).stdout;
  expect(systemd).toMatch(/^ExecStart=".*node" ".*cli\.js" "scheduler" "run" "--home" "/m);
  expect(systemd).toContain(home);
  for (const line of ['Type=notify', 'KillMode=process', 'WantedBy=default.target'])
    expect(systemd).toContain(`\n${line}\n`);
  const launchd = (await qs('scheduler', 'unit', 'launchd', '--home', '/tmp/a&b')).stdout;
  expect(launchd).toContain('<string>/tmp/a&amp;b</string>');
  expect(launchd).toContain('<string>scheduler</string>');
  // Two homes are two services.
  expect(launchd).toContain('<string>dev.quickscrape.scheduler.a-b</string>');
});

it('prints the service file of a machine for the user that is named', async () => {
  const { qs, home } = shopHome();
  const unit = ['scheduler', 'unit', 'systemd', '--home', home, '--system', '--run-as', 'scraper'];
  const { stdout } = await qs(...unit, '--writable', '/srv/a b,/srv/c');
  for (const line of [
    'User=scraper',
    `ReadWritePaths="${home}" "/srv/a b" "/srv/c"`,
    'ProtectSystem=strict',
    'WantedBy=multi-user.target',
  ])
    expect(stdout).toContain(`\n${line}\n`);
  expect(await qs(...unit.slice(0, -1), 'root')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('needs an ordinary user'),
  });
  expect(await qs(...unit.slice(0, -1), 'a\nb')).toMatchObject({ code: 2 });
  expect(await qs('scheduler', 'unit', 'systemd', '--writable', '/srv')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('need --system'),
  });
  expect(await qs('scheduler', 'unit', 'launchd', '--system')).toMatchObject({ code: 2 });
});

it('prints a property list that others can read', async () => {
  needs('linux');
  const { qs } = shopHome();
  const { stdout } = await qs('scheduler', 'unit', 'launchd', '--home', '/tmp/a&<b>');
  const read =
    'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read(), fmt=plistlib.FMT_XML)))';
  const list = JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', read], { input: stdout, encoding: 'utf8' }),
  );
  expect(list).toMatchObject({
    Label: 'dev.quickscrape.scheduler.a-b-',
    ProgramArguments: [process.execPath, expect.any(String), 'scheduler', 'run', '--home', '/tmp/a&<b>'],
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    AbandonProcessGroup: true,
    StandardErrorPath: '/tmp/a&<b>/scheduler.log',
  });
});
