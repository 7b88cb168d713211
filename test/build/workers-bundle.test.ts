import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { workers as Workers } from '../../src/workers/open-executor.ts';
import { homeQueueId, poolKey, poolKeysOf, workerKey } from '../../src/workers/protocol/keys.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from '../workers/redis-server.ts';

const MASTER = Buffer.alloc(32, 7);

describe('the bundle of workers on other machines', () => {
  it('is loaded by no other file on its own, and contains no native code', () => {
    const others = readdirSync('dist').filter((name) => name.endsWith('.js') && name !== 'workers.js');
    const loading = others.filter((name) =>
      /(?:from|import\() ?"\.\/workers\.js"/.test(readFileSync(`dist/${name}`, 'utf8')),
    );
    expect(loading).toEqual([]);
    expect(
      others.filter((name) => readFileSync(`dist/${name}`, 'utf8').includes('node_modules/bullmq')),
    ).toEqual([]);
    const bundle = readFileSync('dist/workers.js', 'utf8');
    expect(bundle).not.toContain('node_modules/msgpackr-extract');
    expect(bundle).not.toContain('node_modules/bullmq/dist/esm/postgres');
    expect(bundle).toContain('node_modules/bullmq/dist/esm/classes/worker.js');
  });

  itWithRedis('works as the sources do', async () => {
    const server = await RedisServer.start();
    const url = new URL('../../dist/workers.js', import.meta.url).href;
    const { workers } = (await import(/* @vite-ignore */ url)) as { workers: typeof Workers };
    const poolKeys = poolKeysOf(MASTER, []);
    const common = { redis: server.access(), homeId: homeQueueId(MASTER) };
    const heard: string[] = [];
    const home = new workers.HomeLink({
      ...common,
      workerKey: (name) => workerKey(MASTER, name, 'salt'),
      poolKey: (pool) => poolKey(poolKeys, pool) ?? Buffer.alloc(32),
      onLetter: ({ messages }) => void heard.push(...messages.map(({ kind }) => kind)),
      onHandOverFailed: () => {},
    });
    home.listen();
    onTestFinished(() => home.close());
    const machine = new workers.MachineLink({
      ...common,
      ...{ name: 'paris-1', key: workerKey(MASTER, 'paris-1', 'salt'), poolKeys, tags: [], slots: 1 },
      ...{ version: 'test', incarnation: 'one', executing: () => [], usedSlots: () => 0 },
      onStart: ({ run }) => {
        heard.push(run);
        return Promise.resolve(true);
      },
      onMessage: ({ kind }) => void heard.push(kind),
      onCutOff: () => {},
    });
    onTestFinished(() => machine.close());
    await waitFor('both', () => home.state.isConnected && machine.state.isConnected);
    machine.setPools(['']);
    machine.say({ kind: 'hello', incarnation: 'one' }, { now: true });
    home.handOver('', { run: 'r', token: 't' });
    home.tell('paris-1', [{ kind: 'drain', now: false }]);
    await waitFor('all', () => ['hello', 'r', 'drain'].every((one) => heard.includes(one)));
  });
});
