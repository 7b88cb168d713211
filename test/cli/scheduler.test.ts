import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { needs } from '../platform.ts';
import { schedulerHome } from './scheduler-home.ts';
import { shopHome } from './shop-home.ts';

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
