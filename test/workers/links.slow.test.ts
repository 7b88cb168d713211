import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { homeQueueId } from '../../src/workers/protocol/keys.ts';
import { waitFor } from '../wait-for.ts';
import { Home, MASTER, Machine, pair } from './link-pair.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';

describe('a home and a worker', () => {
  itWithRedis('exchange messages, files among them', async () => {
    const { home, machine } = await pair(await RedisServer.start());
    machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    machine.link.say({ kind: 'piece', token: 't', file: 'run.log', at: 0, data: Buffer.from('höme\n') });
    await waitFor('the piece', () => home.hears('piece') && home.hears('hello'));
    const pieces = home.letters.flatMap(({ messages }) => messages.filter(({ kind }) => kind === 'piece'));
    expect(pieces).toEqual([
      { kind: 'piece', token: 't', file: 'run.log', at: 0, data: Buffer.from('höme\n') },
    ]);
    home.link.tell('paris-1', [{ kind: 'alive', pools: [''], max_away_seconds: 60 }]);
    home.link.tell('paris-1', [{ kind: 'have', token: 't', file: 'run.log', size: 6 }]);
    await waitFor('both answers', () => machine.messages.length === 2);
    expect(machine.messages.map(({ kind }) => kind)).toEqual(['alive', 'have']);
    expect([...home.warnings, ...machine.warnings]).toEqual([]);
  });

  itWithRedis('leave nothing behind in Redis that anybody can read', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    const monitor = connect(server.socket);
    onTestFinished(() => void monitor.destroy());
    let seen = '';
    monitor.on('data', (bytes) => {
      seen += String(bytes);
    });
    monitor.write('MONITOR\r\n');
    await waitFor('the monitor', () => seen.includes('OK'));
    machine.link.say({ kind: 'claim', run: 'my-run', token: 'my-token', claim: 'c' }, { now: true });
    home.link.tell('paris-1', [{ kind: 'refuse', token: 'my-token', why: 'not-any-more' }]);
    await waitFor('the answer', () => machine.messages.length === 1 && home.letters.length > 0);
    expect(seen).toContain('letter');
    expect(seen).not.toMatch(/my-run|my-token|not-any-more/);
  });

  itWithRedis('hand over each start once, to a worker with all of its tags', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    const other = new Machine(server.access(), { name: 'oslo-1', tags: [] });
    await other.connected();
    for (const each of [machine, other]) each.link.setPools(['', 'browser', 'browser,eu']);
    home.link.handOver('browser', { run: 'r-1', token: 't-1' });
    home.link.handOver('browser,eu', { run: 'r-2', token: 't-2' });
    await waitFor('the start', () => machine.starts.length === 1);
    expect(machine.starts).toEqual([{ run: 'r-1', token: 't-1' }]);
    await waitFor('it to leave the queue', async () => !(await home.link.isQueued('t-1', 'browser')));
    expect(await home.link.isQueued('t-2', 'browser,eu')).toBe(true);
    await home.link.takeBack('t-2', 'browser,eu');
    expect(await home.link.isQueued('t-2', 'browser,eu')).toBe(false);
    expect(other.starts).toEqual([]);
  });

  itWithRedis('take no more starts than there are slots, over all pools', async () => {
    const { home, machine } = await pair(await RedisServer.start());
    machine.answer = ({ token }) => {
      machine.executing.push(token);
      return Promise.resolve(true);
    };
    machine.link.setPools(['', 'browser']);
    for (let at = 0; at < 6; at += 1)
      home.link.handOver(at % 2 ? 'browser' : '', { run: `r${at}`, token: `t${at}` });
    await waitFor('both slots', () => machine.executing.length === 2);
    await delay(1_500);
    expect(machine.executing.length).toBe(2);
    for (let ended = 0; ended < 6; ended += 1) {
      await waitFor('a start in the free slot', () => machine.starts.length >= Math.min(6, ended + 2));
      expect(machine.executing.length).toBeLessThanOrEqual(2);
      machine.executing.shift();
      machine.link.slotsChanged();
    }
    expect(machine.starts.map(({ token }) => token).sort()).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
  });

  itWithRedis('pass nothing on that was meant for an earlier process of the worker', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    await waitFor('the first process', () => home.hears('hello'));
    await machine.link.close();
    home.link.tell('paris-1', [{ kind: 'drain', now: true }]);
    const next = new Machine(server.access(), { incarnation: 'two' });
    await waitFor('the second process', () => home.letters.some(({ incarnation }) => incarnation === 'two'));
    home.link.tell('paris-1', [{ kind: 'alive', pools: [''], max_away_seconds: 60 }]);
    await waitFor('an answer', () => next.messages.length > 0);
    expect(next.messages.map(({ kind }) => kind)).toEqual(['alive']);
  });

  itWithRedis('put a start back that could not be claimed', async () => {
    const { home, machine } = await pair(await RedisServer.start());
    machine.answer = () => Promise.resolve(machine.starts.length > 1);
    machine.link.setPools(['']);
    home.link.handOver('', { run: 'r', token: 't' });
    await waitFor('the first attempt', () => machine.starts.length === 1);
    expect(await home.link.isQueued('t', '')).toBe(true);
    await waitFor('the second', () => machine.starts.length === 2);
  });

  itWithRedis('refuse what strangers and other homes write, and go on', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    const stranger = new Machine(server.access(), { name: 'stranger' });
    const forger = new Machine(server.access(), { name: 'paris-1', key: Buffer.alloc(32) });
    await Promise.all([stranger.connected(), forger.connected()]);
    stranger.link.say({ kind: 'hello', incarnation: 'x' }, { now: true });
    await waitFor('a warning', () => home.warnings.some((text) => text.includes('no such worker')));
    await waitFor('a forged letter', () => home.warnings.some((text) => text.includes('another key')));
    machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    await waitFor('a true letter', () => home.hears('hello'));
    expect(home.letters.every(({ worker }) => worker === 'paris-1')).toBe(true);
  });

  itWithRedis('of two homes on one Redis do not hear each other', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    const master = Buffer.alloc(32, 8);
    const [home2, machine2] = [new Home(server.access(), master), new Machine(server.access(), {}, master)];
    await Promise.all([home2.connected(), machine2.connected()]);
    for (const each of [machine, machine2]) each.link.setPools(['']);
    home.link.handOver('', { run: 'r-1', token: 't-1' });
    home2.link.handOver('', { run: 'r-2', token: 't-2' });
    home2.link.tell('paris-1', [{ kind: 'revoked' }]);
    await waitFor(
      'all',
      () => machine.starts.length > 0 && machine2.starts.length > 0 && machine2.messages.length > 0,
    );
    expect([machine.starts, machine2.starts].map(([start]) => start?.run)).toEqual(['r-1', 'r-2']);
    expect(machine.messages).toEqual([]);
    expect([...home.warnings, ...home2.warnings, ...machine.warnings, ...machine2.warnings]).toEqual([]);
  });
});

describe('while Redis', () => {
  itWithRedis('was never there, the links wait for it', async () => {
    const server = await RedisServer.start();
    await server.kill();
    const [home, machine] = [new Home(server.access()), new Machine(server.access())];
    machine.link.setPools(['']);
    home.link.handOver('', { run: 'r', token: 'lost' });
    await waitFor('the failure', () => home.failed.length === 1);
    await server.start();
    await Promise.all([home.connected(), machine.connected()]);
    home.link.handOver('', { run: 'r', token: 't' });
    await waitFor('the start', () => machine.starts.length === 1);
  });

  itWithRedis('loses everything, what is sent afterwards arrives', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    machine.link.setPools(['']);
    await server.call('FLUSHALL');
    home.link.handOver('', { run: 'r', token: 't' });
    machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    await waitFor('both', () => machine.starts.length === 1 && home.hears('hello'));
  });

  itWithRedis('is full, starts fail and the state says so', async () => {
    const server = await RedisServer.start();
    const { home } = await pair(server);
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    home.link.handOver('', { run: 'r', token: 't' });
    await waitFor('the failure', () => home.failed.length === 1);
    expect(home.link.state).toMatchObject({
      isConnected: true,
      problem: 'Redis is full: raise its maxmemory',
    });
    await server.call('CONFIG', 'SET', 'maxmemory', '0');
    await waitFor('the problem to go', () => home.link.state.problem === undefined);
  });

  itWithRedis('stands still, both notice', async () => {
    const server = await RedisServer.start();
    const { home, machine } = await pair(server);
    server.signal('SIGSTOP');
    await waitFor('both to notice', () => !home.link.state.isConnected && !machine.link.state.isConnected);
    expect(home.link.state.problem).toBe('Redis does not answer');
    server.signal('SIGCONT');
    await Promise.all([home.connected(), machine.connected()]);
  });
});

describe('Redis', () => {
  itWithRedis('with a password is reported when the password is wrong or missing', async () => {
    const server = await RedisServer.start({ config: [['requirepass', 'right']] });
    const [none, wrong, right] = [
      new Home(server.access()),
      new Home(server.access({ password: 'wrong' })),
      new Home(server.access({ password: 'right' })),
    ];
    await waitFor('the reports', () => none.link.state.problem && wrong.link.state.problem);
    expect(none.link.state).toMatchObject({
      isConnected: false,
      problem:
        'Redis wants a password: set QUICKSCRAPE_REDIS_PASSWORD, or give a worker --redis-password-file',
    });
    expect(wrong.link.state).toMatchObject({
      isConnected: false,
      problem: 'Redis refuses the user or the password',
    });
    await right.connected();
    expect(right.link.state.problem).toBeUndefined();
  });

  itWithRedis('that may drop keys is reported', async () => {
    const server = await RedisServer.start({ config: [['maxmemory-policy', 'allkeys-lru']] });
    const home = new Home(server.access());
    await home.connected();
    expect(home.link.state.problem).toContain('maxmemory-policy allkeys-lru');
  });

  itWithRedis('gives a worker a user that reaches its own queues and nothing else', async () => {
    const id = homeQueueId(MASTER);
    const server = await RedisServer.start();
    await server.call(
      ...(['ACL', 'SETUSER', 'paris-1', 'on', '>secret', 'resetkeys', 'resetchannels'] as const),
      ...[
        `~{qs-${id}}:runs:*`,
        `~{qs-${id}}:runs-browser:*`,
        `~{qs-${id}}:home:*`,
        `~{qs-${id}}:w-paris-1:*`,
      ],
      ...['-@all', '+@connection', '+@read', '+@write', '+@scripting', '-@dangerous', '+info'],
    );
    const home = new Home(server.access());
    const machine = new Machine(server.access({ user: 'paris-1', password: 'secret' }));
    await Promise.all([home.connected(), machine.connected()]);
    machine.link.setPools(['', 'browser']);
    home.link.handOver('', { run: 'r-1', token: 't-1' });
    home.link.handOver('browser', { run: 'r-2', token: 't-2' });
    home.link.tell('paris-1', [{ kind: 'alive', pools: [''], max_away_seconds: 60 }]);
    machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    await waitFor(
      'all',
      () => machine.starts.length === 2 && machine.messages.length === 1 && home.hears('hello'),
    );
    expect(machine.link.state.problem).toBeUndefined();
    const client = server.client({ user: 'paris-1', password: 'secret' });
    onTestFinished(() => client.disconnect());
    for (const command of [
      ['FLUSHALL'],
      ['KEYS', '*'],
      ['CONFIG', 'GET', '*'],
      ['LRANGE', `{qs-${id}}:w-oslo-1:wait`, '0', '-1'],
    ]) {
      await expect(client.call(command[0] ?? '', ...command.slice(1)), command.join(' ')).rejects.toThrow(
        'NOPERM',
      );
    }
  });
});
