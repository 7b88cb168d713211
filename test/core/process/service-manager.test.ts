import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  mergeMessage,
  type NotifyAddress,
  ServiceManager,
  takeNotifyAddress,
} from '../../../src/core/process/service-manager.ts';
import { NotifySocket } from '../../notify-socket.ts';
import { needs } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { waitFor } from '../../wait-for.ts';

describe('the environment of a service', () => {
  it.each([
    ['no service manager', {}, undefined],
    ['an empty address', { NOTIFY_SOCKET: '' }, undefined],
    ['a path', { NOTIFY_SOCKET: '/run/n' }, { socket: '/run/n', isWrapped: false }],
    [
      'an abstract socket and a watchdog',
      { NOTIFY_SOCKET: '@n', WATCHDOG_USEC: '300000000', WATCHDOG_PID: '7' },
      { socket: '@n', watchdogMs: 300_000, isWrapped: false },
    ],
    ['a watchdog that is none', { NOTIFY_SOCKET: '@n', WATCHDOG_USEC: 'soon' }, { socket: '@n' }],
    ['this process as the main one', { NOTIFY_SOCKET: '@n', SYSTEMD_EXEC_PID: '7' }, { isWrapped: false }],
    ['a wrapper as the main one', { NOTIFY_SOCKET: '@n', SYSTEMD_EXEC_PID: '6' }, { isWrapped: true }],
  ])('is understood: %s', (_, env: NodeJS.ProcessEnv, expected) => {
    const given = { PATH: '/bin', ...env };
    const address = takeNotifyAddress(given, 7);
    if (expected === undefined) expect(address).toBeUndefined();
    else expect(address).toMatchObject(expected);
    // What it starts must not speak for it.
    const names = Object.keys(given);
    expect(names.filter((name) => /^NOTIFY|^WATCHDOG/.test(name))).toEqual([]);
    expect(names).toContain('PATH');
  });
});

it('of messages that wait, only the newest status is left, and changes of state stay apart', () => {
  const messages = [
    { STATUS: 'starts' },
    { STATUS: 'one' },
    { READY: '1', STATUS: 'two' },
    { WATCHDOG: '1' },
    { STATUS: 'three' },
    { STOPPING: '1', STATUS: 'stopping' },
  ];
  const waiting = messages.reduce(mergeMessage, [] as Record<string, string>[]);
  expect(waiting).toEqual([
    { STATUS: 'one' },
    { READY: '1', STATUS: 'three', WATCHDOG: '1' },
    { STOPPING: '1', STATUS: 'stopping' },
  ]);
});

interface Started {
  manager: ServiceManager;
  errors: string[];
  state: { isReady: boolean; status: string };
}

function startManager(address: Partial<NotifyAddress> & { socket: string }, isReady = true): Started {
  const state = { isReady, status: 'at work' };
  const errors: string[] = [];
  const manager = new ServiceManager({
    address: { watchdogMs: undefined, isWrapped: false, ...address },
    isReady: () => state.isReady,
    status: () => state.status,
    onError: (message) => errors.push(message),
  });
  onTestFinished(() => manager.close());
  return { manager, errors, state };
}

describe('a service', () => {
  it('says that it is ready only when it is, and that it stops', async () => {
    const name = join(tempFolder(), 'notify');
    const socket = await NotifySocket.open(name);
    const { manager, state, errors } = startManager({ socket: name }, false);
    expect(await socket.message('STATUS=at work')).toEqual(['STATUS=at work']);
    state.isReady = true;
    expect(await socket.message('READY=1')).toEqual(['READY=1', 'STATUS=at work']);
    state.status = 'waits for 2 runs';
    manager.stopping();
    expect(await socket.message('STOPPING=1')).toEqual(['STOPPING=1', 'STATUS=waits for 2 runs']);
    expect(errors).toEqual([]);
  });

  it('speaks to an abstract socket, and names itself where a wrapper was started', async () => {
    const name = `@quickscrape-test-${randomUUID()}`;
    const socket = await NotifySocket.open(name);
    startManager({ socket: name, isWrapped: true });
    expect(await socket.message('READY=1')).toContain(`MAINPID=${process.pid}`);
  });

  it('shows that it is alive as long as it is ready and does not hang', async () => {
    const name = join(tempFolder(), 'notify');
    const socket = await NotifySocket.open(name);
    const { state } = startManager({ socket: name, watchdogMs: 30 }, false);
    await socket.message('STATUS=at work');
    expect(socket.messages.flat()).not.toContain('WATCHDOG=1');
    state.isReady = true;
    await waitFor(
      'three signs of life',
      () => socket.messages.flat().filter((line) => line === 'WATCHDOG=1').length > 2,
    );
  });

  it('goes on when its state cannot be read', async () => {
    const name = join(tempFolder(), 'notify');
    const socket = await NotifySocket.open(name);
    const manager = new ServiceManager({
      address: { socket: name, watchdogMs: undefined, isWrapped: false },
      isReady: () => true,
      status: () => {
        throw new Error('the database is locked');
      },
      onError: () => {},
    });
    onTestFinished(() => manager.close());
    expect(await socket.message('READY=1')).toContain(
      'STATUS=its state cannot be read: the database is locked',
    );
  });

  it('says once why nobody hears it', async () => {
    needs('linux');
    const { manager, errors } = startManager({ socket: join(tempFolder(), 'nobody') });
    manager.stopping();
    await waitFor('an error', () => errors.length > 0);
    expect(errors[0]).toMatch(
      /^the service manager does not learn the state of this process: .*nobody|No such file/s,
    );
    const { PATH = '' } = process.env;
    process.env['PATH'] = tempFolder();
    onTestFinished(() => {
      process.env['PATH'] = PATH;
    });
    const other = startManager({ socket: '@nobody' });
    await waitFor('another error', () => other.errors.length > 0);
    expect(other.errors).toEqual([
      'the service manager does not learn the state of this process: the program systemd-notify is not in PATH',
    ]);
    expect(errors).toHaveLength(1);
  });
});
