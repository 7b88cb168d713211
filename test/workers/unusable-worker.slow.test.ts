import { Queue } from 'bullmq';
import { expect } from 'vitest';
import { WorkerInvitations } from '../../src/core/workers/worker-invitations.ts';
import { readWorker } from '../../src/core/workers/worker-records.ts';
import { homeQueueId, workerKey } from '../../src/workers/protocol/keys.ts';
import { openHomeLetter } from '../../src/workers/protocol/letters.ts';
import { HOME_QUEUE, queuePrefix, workerQueue } from '../../src/workers/protocol/names.ts';
import { openRedis } from '../../src/workers/protocol/redis-client.ts';
import { seal } from '../../src/workers/protocol/seal.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

const RIGHTS = [
  'resetchannels',
  '-@all',
  '+@connection',
  '+@read',
  '+@write',
  '+@scripting',
  '+info',
] as const;

itWithRedis('a worker whose user of Redis may not read its pool says so, and gets no runs', async () => {
  const redis = await RedisServer.start();
  const home = await RemoteHome.make(redis);
  const id = homeQueueId((await home.key()) ?? Buffer.alloc(0));
  const client = redis.client();
  const allow = (...queues: string[]) =>
    client.call(
      ...(['ACL', 'SETUSER', 'paris', 'on', '>secret', 'resetkeys', ...RIGHTS] as const),
      ...queues.map((queue) => `~{qs-${id}}:${queue}:*`),
    );
  await allow('home', 'w-paris');
  await home.jobs(['a']);
  await home.scheduler();
  await home.invite('paris', [], 'paris');
  const worker = await home.worker('paris', { password: 'secret' });
  await waitFor('its problem at home', () => readWorker(home.workspace.db, 'paris')?.problem);
  await home.request(['a']);
  const shown = await waitFor('the reason', async () => {
    const { stdout } = await home.command('job', 'show', 'a');
    return stdout.includes('cannot take it') ? stdout : undefined;
  });
  expect(shown).toContain(`~{qs-${id}}:runs:*`);
  expect((await home.command('worker', 'list')).stdout).toMatch(
    /unusable[\s\S]*\nWorker paris cannot take runs: its/,
  );
  expect((await home.command('scheduler', 'status')).stdout).toContain('worker paris cannot take runs: its');
  expect((await home.command('doctor')).stdout).toContain('worker paris cannot take runs');
  expect(worker.said()).toContain(`add that to the user's ACL`);
  await allow('home', 'w-paris', 'runs');
  await home.allEnded(['a']);
  expect(home.run('a').status).toBe('succeeded');
});

itWithRedis('a worker of another protocol is answered, and a person sees what to do', async () => {
  const redis = await RedisServer.start();
  const home = await RemoteHome.make(redis);
  await home.jobs(['a']);
  await home.scheduler();
  await home.invite('old');
  const invited = new WorkerInvitations(home.workspace.paths, home.workspace.clock).read();
  const key = workerKey(invited?.key ?? Buffer.alloc(0), 'old', invited?.workers.get('old')?.salt ?? '');
  const connection = openRedis(redis.access(), true);
  const prefix = queuePrefix(homeQueueId(invited?.key ?? Buffer.alloc(0)));
  const [toHome, toWorker] = [HOME_QUEUE, workerQueue('old')].map(
    (name) => new Queue(name, { connection, prefix, skipVersionCheck: true }),
  );
  const letter = seal(key, 'worker old>home', Buffer.from('of another time'), 1);
  await toHome?.add('letter', { w: 'old', s: letter }, { removeOnComplete: true });
  const answer = await waitFor('an answer', async () => (await toWorker?.getWaiting())?.[0]);
  expect(openHomeLetter(key, 'old', answer.data.s).messages).toMatchObject([{ kind: 'alive' }]);
  await home.request(['a']);
  const { stdout } = await home.command('job', 'show', 'a');
  expect(stdout).toMatch(
    /worker old cannot take it: it speaks protocol 1 of workers, and this home \d+: install/,
  );
  await Promise.all([toHome?.close(), toWorker?.close()]);
  connection.disconnect();
});

itWithRedis('a worker that has ended is not waited for', async () => {
  const home = await RemoteHome.make(await RedisServer.start());
  await home.jobs(['a']);
  await home.scheduler();
  const worker = await home.worker('paris');
  await home.joined(worker);
  expect(await worker.end('SIGTERM')).toBe(0);
  await waitFor('its last word', () => readWorker(home.workspace.db, 'paris')?.drain === 1);
  await home.request(['a']);
  expect((await home.command('job', 'show', 'a')).stdout).toContain(
    'it waits for a worker: none is connected',
  );
  expect((await home.command('doctor')).stdout).toContain('no worker is connected');
  await home.worker('paris', { folder: worker.folder });
  await home.allEnded(['a']);
  home.expectOnce(['a']);
});
