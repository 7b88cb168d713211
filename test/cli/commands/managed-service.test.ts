import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSchedulerLine, formatWorkerLine } from '../../../src/cli/commands/managed-service.ts';
import { NotifySocket } from '../../notify-socket.ts';
import { startProgram } from '../../program.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';
import { shopHome } from '../shop-home.ts';

const IDLE = { running: 0, waiting: 0, isStopping: false, next: undefined, problem: undefined };
const NEXT = Date.parse('2026-11-30T13:05:00Z');

describe('systemctl status shows of a scheduler', () => {
  it.each([
    [{}, '0 runs active; no job is scheduled'],
    [{ running: 1, next: NEXT }, '1 run active; next at 2026-11-30 14:05 +01:00'],
    [{ running: 4, waiting: 12, next: NEXT }, '4 runs active, 12 waiting; next at 2026-11-30 14:05 +01:00'],
    [
      { problem: 'no runs start:\nthe disk is full' },
      '0 runs active; no job is scheduled; no runs start: the disk is full',
    ],
    [{ isStopping: true, next: NEXT }, 'stopping'],
    [{ isStopping: true, running: 2 }, 'stopping after 2 active runs'],
  ])('%j: %s', (line, text) => {
    expect(formatSchedulerLine({ ...IDLE, ...line }, 'Europe/Berlin')).toBe(text);
  });
});

describe('systemctl status shows of a worker', () => {
  const view = {
    isRegistered: true,
    isConnected: true,
    problem: undefined,
    isDraining: false,
    running: 1,
    slots: 2,
  };
  it.each([
    [{}, '1 of 2 slots in use'],
    [{ isConnected: false }, '1 of 2 slots in use; waiting for Redis'],
    [
      { problem: 'Redis refuses the user or the password' },
      '1 of 2 slots in use; Redis refuses the user or the password',
    ],
    [{ isDraining: true }, 'stopping after 1 active run'],
    [{ isDraining: true, running: 0 }, 'stopping'],
  ])('%j: %s', (changed, text) => {
    expect(formatWorkerLine({ ...view, ...changed })).toBe(text);
  });
});

it('a scheduler is ready when it holds its lease, and says when it stops by itself', async () => {
  const { home, program, json } = shopHome();
  const name = join(tempFolder(), 'notify');
  const socket = await NotifySocket.open(name);
  const child = startProgram(['scheduler', 'run'], {
    home,
    env: { NOTIFY_SOCKET: name, SYSTEMD_EXEC_PID: '1' },
  });
  expect(await socket.message('READY=1')).toEqual([
    'READY=1',
    `MAINPID=${child.pid}`,
    'STATUS=0 runs active; no job is scheduled',
  ]);
  expect(await json('scheduler', 'status')).toMatchObject({ running: true, pid: child.pid });
  // A second one never is.
  const second = startProgram(['scheduler', 'run'], { home, env: { NOTIFY_SOCKET: name } });
  await waitFor('the second one to be refused', () => second.exitCode === 4);
  await program('scheduler', 'stop');
  expect(await socket.message('STOPPING=1')).toContain('STATUS=stopping');
  expect(socket.messages.flat().filter((line) => line === 'READY=1')).toHaveLength(1);
});

it('a command of a job is not told where its scheduler speaks to systemd', async () => {
  const { home, json } = shopHome();
  const name = join(tempFolder(), 'notify');
  const socket = await NotifySocket.open(name);
  const file = join(tempFolder(), 'environment');
  const command = JSON.stringify(['/bin/sh', '-c', `env > ${file}`]);
  await json('job', 'create', '--config', 'books', '--cron', '@yearly', '--id', 'b', '--on-failure', command);
  startProgram(['scheduler', 'run'], { home, env: { NOTIFY_SOCKET: name, WATCHDOG_USEC: '60000000' } });
  await socket.message('READY=1');
  await json('job', 'run', 'b', '--background');
  const text = await waitFor('the command', () => {
    try {
      return readFileSync(file, 'utf8').includes('QUICKSCRAPE_') && readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  });
  expect(text).not.toMatch(/^(NOTIFY_SOCKET|WATCHDOG_USEC)=/m);
});
