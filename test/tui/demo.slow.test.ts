import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { insertRun } from '../../src/core/runs/run-queue.ts';
import { it } from '../extend.ts';
import { lacks } from '../platform.ts';
import { PROGRAM, quickscrape } from '../program.ts';
import { openTempWorkspace } from '../temp-workspace.ts';
import { TestTerminal } from './terminal.ts';

it.skipIf(lacks('shell')).for([
  ['q', 'q', 0],
  ['Ctrl-C', '\u0003', 130],
] as const)(
  'shows the demo in the dashboard until %s, then stops everything and says where it is kept',
  async ([_, key, code], { home }) => {
    const terminal = new TestTerminal(process.execPath, [PROGRAM, 'demo', '--home', home], { columns: 120 });
    await terminal.waitFor(/✓ ok +books-every-m/);
    await terminal.waitFor(/✗ failed +prices-hourly/);
    // It opens on the broken job, with its reason.
    await terminal.waitFor(/▌ ✗ failed +prices-hourly[\s\S]*R shows the broken selector/);
    expect(terminal.onAlternateScreen).toBe(true);
    if (process.env['TUI_PICTURES']) await terminal.picture('/tmp/tui-safety-demo.png');
    terminal.send(key);
    expect((await terminal.exited).exitCode).toBe(code);
    expect(terminal.onAlternateScreen).toBe(false);
    expect(terminal.raw.slice(terminal.raw.lastIndexOf('\u001b[?1049l'))).toContain(
      `Everything is kept in ${home}`,
    );
    // One of its jobs fails on purpose, which is nothing to warn of at the end.
    expect(terminal.raw).not.toContain('warn');
    expect((await quickscrape(['scheduler', 'status'], { home })).stdout).toMatch(/^not running/);

    // Whatever it says to type is a command here, with or without `npm link`.
    const command = /Look around: (.*?)\r?\n/.exec(terminal.raw)?.[1] ?? '';
    expect(command).toContain(` tui --home ${home}`);
    const typed = spawnSync('sh', ['-c', command.replace(' tui ', ' job list ')], { encoding: 'utf8' });
    expect(typed).toMatchObject({ status: 0, stdout: expect.stringContaining('books-every-minute') });
  },
);

it.skipIf(lacks('shell'))(
  'shows the demo also where the schedule has just started a run',
  async ({ home }) => {
    await quickscrape(['demo', '--once', '--home', home], { home });
    const made = openTempWorkspace({ home, actor: 'cli' });
    const run = {
      jobId: 'books-every-minute',
      configName: 'books',
      trigger: 'schedule',
      scheduledFor: Date.now(),
      status: 'queued',
      timezone: 'UTC',
      maxAttempts: 1,
      priority: 0,
      overlap: 'skip',
      requestedBy: 'scheduler',
    } as const;
    expect(insertRun(made.db, run, Date.now())).toBeDefined();
    made.close();
    const terminal = new TestTerminal(process.execPath, [PROGRAM, 'demo', '--home', home], { columns: 120 });
    await terminal.waitFor(/✓ ok +books-every-m/);
    await terminal.waitFor(/✗ failed +prices-hourly/);
    terminal.send('q');
    expect((await terminal.exited).exitCode).toBe(0);
  },
);

it.skipIf(lacks('shell'))('leaves no scheduler that was started from its dashboard', async ({ home }) => {
  const args = [PROGRAM, 'demo', '--home', home];
  const terminal = new TestTerminal(process.execPath, args, { columns: 120, env: { NO_COLOR: '1' } });
  await terminal.waitFor(/✗ failed +prices-hourly/);
  for (const [key, shown] of [
    ['D', 'x stop'],
    ['x', 'y yes'],
    ['y', 'scheduler off'],
    ['D', 's start'],
    ['s', 'scheduler on'],
  ] as const) {
    terminal.send(key);
    await terminal.waitFor(shown);
  }
  terminal.send('q');
  expect((await terminal.exited).exitCode).toBe(0);
  expect((await quickscrape(['scheduler', 'status'], { home })).stdout).toMatch(/^not running/);
  expect(terminal.raw).not.toContain('Warning');
});
