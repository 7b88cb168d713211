import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Queue } from 'bullmq';
import { describe, expect, onTestFinished } from 'vitest';
import { WorkerInvitations } from '../../src/core/workers/worker-invitations.ts';
import { homeQueueId } from '../../src/workers/protocol/keys.ts';
import { queuePrefix } from '../../src/workers/protocol/names.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const JOBS = ['a', 'b', 'c', 'd'];

const GARBAGE: unknown[] = [
  {},
  { s: '' },
  { s: 7 },
  { s: null, w: null },
  { s: [], w: 'paris' },
  { s: '!!!', w: 'paris' },
  { s: randomBytes(400).toString('base64'), w: 'paris' },
  { s: 'A'.repeat(3_000_000), w: 'paris' },
  { w: '../../x', s: 'AAAA' },
  { w: '__proto__', s: 'AAAA' },
  'text',
  7,
  [1, 2],
];

/** Somebody who can read and write everything in Redis, and has no key. */
class Intruder {
  readonly #queues: Queue[];
  readonly #seen = new Set<string>();
  copies = 0;

  constructor(redis: RedisServer, prefix: string, names: readonly string[]) {
    const connection = redis.client({ retry: true });
    this.#queues = names.map((name) => new Queue(name, { connection, prefix, skipVersionCheck: true }));
    const monitor = connect(redis.socket, () => monitor.write('MONITOR\r\n'));
    let rest = '';
    monitor.on('data', (bytes) => {
      const lines = (rest + String(bytes)).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#copy(line);
    });
    monitor.on('error', () => {});
    onTestFinished(async () => {
      monitor.destroy();
      await Promise.all(this.#queues.map((queue) => queue.close()));
      connection.disconnect();
    });
  }

  async addGarbage(): Promise<void> {
    for (const queue of this.#queues)
      for (const data of GARBAGE) await queue.add('letter', data, { removeOnComplete: true });
  }

  /** Adds each message that is new to all queues, its own among them, several times. */
  #copy(line: string): void {
    for (const [, json = ''] of unquote(line).matchAll(/"(\{(?:"w":"[^"]+",)?"s":"[\w+/=]+"\})"/g)) {
      if (this.#seen.has(json)) continue;
      this.#seen.add(json);
      const data: unknown = JSON.parse(json);
      for (const queue of this.#queues) {
        for (let copy = 0; copy < 2; copy += 1) {
          this.copies += 1;
          void queue.add('letter', data, { removeOnComplete: true }).catch(() => {});
        }
      }
    }
  }
}

describe('somebody who can read and write all queues', () => {
  itWithRedis('copies each message into all of them, and adds others: each run is started once', async () => {
    const redis = await RedisServer.start();
    const home = await RemoteHome.make(redis, { executor_max_result: 8 });
    await home.jobs(JOBS);
    await home.jobs(['tagged'], { worker: ['eu'] });
    await home.invite('paris', ['eu']);
    const { key } = new WorkerInvitations(home.workspace.paths, home.workspace.clock).read() ?? {};
    const prefix = queuePrefix(homeQueueId(key ?? Buffer.alloc(0)));
    const intruder = new Intruder(redis, prefix, ['home', 'runs', 'runs-eu', 'w-paris', 'w-oslo']);
    const scheduler = await home.scheduler();
    const workers = [await home.worker('paris'), await home.worker('oslo')];
    await home.joined(...workers);
    await intruder.addGarbage();
    await home.request([...JOBS, 'tagged']);
    await home.allEnded([...JOBS, 'tagged']);
    home.expectOnce([...JOBS, 'tagged']);
    // The copies that are read after the runs have ended begin nothing.
    await intruder.addGarbage();
    await home.jobs(['last']);
    await home.request(['last']);
    await home.allEnded(['last']);
    home.expectOnce([...JOBS, 'tagged', 'last']);
    expect(intruder.copies).toBeGreaterThan(100);
    expect(scheduler.said()).toContain('was refused');
    expect(workers.every(({ said }) => said().includes('was refused'))).toBe(true);
    for (const program of [scheduler, ...workers]) {
      program.signal('SIGTERM');
      expect(await program.ended).toBe(0);
    }
  });

  itWithRedis('copies what an earlier process of a worker wrote: its next one keeps its runs', async () => {
    const redis = await RedisServer.start();
    const home = await RemoteHome.make(redis, { worker_lost_after: 3600 });
    await home.jobs(['job']);
    await home.scheduler();
    await home.invite('paris');
    const { key } = new WorkerInvitations(home.workspace.paths, home.workspace.clock).read() ?? {};
    const prefix = queuePrefix(homeQueueId(key ?? Buffer.alloc(0)));
    const first = await home.worker('paris');
    const letters: unknown[] = [];
    const monitor = connect(redis.socket, () => monitor.write('MONITOR\r\n'));
    onTestFinished(() => void monitor.destroy());
    monitor.on('data', (bytes) => {
      for (const [, json = ''] of unquote(String(bytes)).matchAll(/"(\{"w":[^}]+\})"/g))
        letters.push(JSON.parse(json));
    });
    await home.joined(first);
    await waitFor('a letter', () => letters.length > 0);
    await first.end('SIGKILL');
    const old = [...letters];
    await home.worker('paris', { folder: first.folder });
    home.site.hold(2);
    await home.request(['job']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    const connection = redis.client({ retry: true });
    const queue = new Queue('home', { connection, prefix, skipVersionCheck: true });
    onTestFinished(async () => {
      await queue.close();
      connection.disconnect();
    });
    for (const data of old) await queue.add('letter', data, { removeOnComplete: true });
    await waitFor('the copies to be read', async () => {
      const counts = await queue.getJobCounts('wait', 'active');
      return counts['wait'] === 0 && counts['active'] === 0;
    });
    const read = letters.length;
    await waitFor('later letters of the worker', () => letters.length >= read + 3);
    home.site.open();
    await home.allEnded(['job']);
    home.expectOnce(['job']);
  });
});

/** Redis writes `\"` in what MONITOR prints, and Valkey a bare quotation mark. */
function unquote(printed: string): string {
  return printed.replaceAll('\\"', '"');
}
