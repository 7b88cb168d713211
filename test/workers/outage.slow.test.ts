import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { waitFor } from '../wait-for.ts';
import { pair } from './link-pair.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';

describe.each([true, false])('while Redis (with an append-only file: %s)', (appendOnly) => {
  itWithRedis('is away nothing is kept for later, and all goes on when it is back', async () => {
    const server = await RedisServer.start({ appendOnly });
    const { home, machine } = await pair(server);
    machine.link.setPools(['']);
    await server.kill();
    await waitFor('both to notice', () => !home.link.state.isConnected && !machine.link.state.isConnected);
    await waitFor('the reason', () => home.link.state.problem?.startsWith('Redis cannot be reached'));
    home.link.handOver('', { run: 'r', token: 'lost' });
    machine.link.say({ kind: 'hello', incarnation: 'lost' }, { now: true });
    await waitFor('the failure', () => home.failed.length === 1);
    expect(await home.link.isQueued('lost', '')).toBeUndefined();
    // Longer than BullMQ waits for a job: before 6.3.3 a worker could stop for ever (taskforcesh/bullmq#4585).
    await delay(20_000);
    await server.start();
    await Promise.all([home.connected(), machine.connected()]);
    expect(home.link.state.problem).toBeUndefined();
    machine.link.say({ kind: 'hello', incarnation: 'back' }, { now: true });
    home.link.tell('paris-1', [{ kind: 'alive', pools: [''], max_away_seconds: 60 }]);
    home.link.handOver('', { run: 'r', token: 'back' });
    await waitFor(
      'all three',
      () => home.hears('hello') && machine.messages.length > 0 && machine.starts.length > 0,
    );
    expect(machine.starts.map(({ token }) => token)).toEqual(['back']);
    const hellos = home.letters.flatMap(({ messages }) => messages.filter(({ kind }) => kind === 'hello'));
    expect(hellos).toEqual([{ kind: 'hello', incarnation: 'back' }]);
  });
});
