import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { isActive } from '../../src/core/model/run-record.ts';
import { readExecutorState } from '../../src/core/workers/executor-state.ts';
import { sendSignal } from '../send-signal.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const JOBS = ['a', 'b', 'c', 'd', 'e', 'f'];

async function noticed(home: RemoteHome, redis: 'connected' | 'away'): Promise<void> {
  await waitFor(`Redis to be ${redis}`, () => readExecutorState(home.workspace.db)?.redis === redis);
}

describe.each([true, false])('Redis (append-only file: %s) is killed for five seconds', (appendOnly) => {
  itWithRedis('and every run is started once, and succeeds at its first attempt', async () => {
    const redis = await RedisServer.start({ appendOnly });
    const home = await RemoteHome.make(redis);
    await home.jobs(JOBS);
    const workers = [await home.worker('one', { slots: 1 }), await home.worker('two', { slots: 1 })];
    await home.scheduler();
    await home.joined(...workers);
    home.site.hold(2);
    await home.request(JOBS);
    await waitFor('two runs at page 2', () => home.site.waiting() === 2);
    await redis.kill();
    await noticed(home, 'away');
    // They end while nobody hears of it.
    home.site.open();
    await delay(5_000);
    expect(JOBS.map((id) => home.run(id)).filter(({ status }) => !isActive(status))).toEqual([]);
    await redis.start();
    await noticed(home, 'connected');
    await home.allEnded(JOBS);
    home.expectOnce(JOBS);
    expect(workers.map((worker) => worker.children().length > 0)).toEqual([true, true]);
  });
});

describe('a start that was handed over', () => {
  itWithRedis('and lost with Redis goes back into the queue, uncounted', async () => {
    const redis = await RedisServer.start();
    const home = await RemoteHome.make(redis, { worker_lost_after: 3600 });
    await home.jobs(['job']);
    const worker = await home.worker('paris');
    await home.scheduler();
    await home.joined(worker);
    sendSignal(worker, 'SIGSTOP');
    await home.request(['job']);
    await home.runThat('job', ({ status }) => status === 'starting', 'the start to be handed over');
    const token = home.run('job').startToken;
    await waitFor('it to be in Redis', async () =>
      String(await redis.call('KEYS', '*')).includes(`${token}`),
    );
    await redis.kill();
    sendSignal(worker, 'SIGCONT');
    await redis.start();
    await home.allEnded(['job']);
    home.expectOnce(['job']);
    expect(home.run('job')).toMatchObject({ voidStarts: 0 });
  });

  itWithRedis(
    'and that no worker is left for is queued again, and starts here if the settings say so',
    async () => {
      const redis = await RedisServer.start();
      const home = await RemoteHome.make(redis, { executor_fallback: 'local' });
      await home.jobs(['job', 'later']);
      const worker = await home.worker('paris');
      await home.scheduler();
      await home.joined(worker);
      sendSignal(worker, 'SIGSTOP');
      await home.request(['job']);
      await home.runThat('job', ({ status }) => status === 'starting', 'the start to be handed over');
      await worker.end('SIGKILL');
      await home.allEnded(['job']);
      home.expectOnce(['job']);
      expect(home.run('job').worker).toBeNull();
      expect(await redis.call('LLEN', await waitList(redis))).toBe(0);
      await redis.kill();
      await noticed(home, 'away');
      await home.request(['later']);
      await home.allEnded(['later']);
      home.expectOnce(['later']);
    },
  );
});

async function waitList(redis: RedisServer): Promise<string> {
  const keys = (await redis.call('KEYS', '*')) as string[];
  const [, prefix = ''] = /^(\{qs-[0-9a-f]+\})/.exec(keys[0] ?? '') ?? [];
  return `${prefix}:runs:wait`;
}

describe('a worker that is cut off from Redis', () => {
  itWithRedis(
    'ends its runs before the home would give them up, and says so when Redis is back',
    async () => {
      const redis = await RedisServer.start();
      const home = await RemoteHome.make(redis, { worker_lost_after: 15 });
      await home.jobs(['job']);
      const worker = await home.worker('paris');
      await home.scheduler();
      await home.joined(worker);
      home.site.hold(2);
      await home.request(['job']);
      await waitFor('page 2', () => home.site.waiting() === 1);
      await redis.kill();
      await waitFor('the run to be ended', () => worker.said().includes('away for too long'));
      await waitFor('no request to be left', () => home.site.waiting() === 0);
      expect(home.run('job').status).toBe('running');
      await redis.start();
      await home.allEnded(['job']);
      expect(home.run('job')).toMatchObject({ status: 'failed', error: { kind: 'terminated' } });
      expect(home.site.hits('job')).toBe(1);
    },
  );
});

describe('two homes on one Redis', () => {
  itWithRedis('do not get each other’s runs, with workers of the same name', async () => {
    const redis = await RedisServer.start();
    const one = await RemoteHome.make(redis);
    const two = await RemoteHome.make(redis, {}, one.site);
    for (const [home, ids] of [
      [one, ['a', 'b']],
      [two, ['c', 'd']],
    ] as const) {
      await home.jobs(ids);
      const worker = await home.worker('paris');
      await home.scheduler();
      await home.joined(worker);
    }
    await Promise.all([one.request(['a', 'b']), two.request(['c', 'd'])]);
    await one.allEnded(['a', 'b']);
    await two.allEnded(['c', 'd']);
    one.expectOnce(['a', 'b']);
    two.expectOnce(['c', 'd']);
  });
});
