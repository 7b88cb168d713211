import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { WorkerInvitations } from '../../../src/core/workers/worker-invitations.ts';
import { RemoteExecutor } from '../../../src/workers/home/remote-executor.ts';
import { homeQueueId, poolKeysOf, workerKey } from '../../../src/workers/protocol/keys.ts';
import { waitFor } from '../../wait-for.ts';
import { enqueueManual, homeOf } from '../../worker-pool-home.ts';
import { Machine } from '../link-pair.ts';
import { itWithRedis, RedisServer } from '../redis-server.ts';

itWithRedis('a run is not taken for lost while the claim of its worker is answered', async () => {
  const server = await RedisServer.start();
  const workspace = await homeOf({ books: 'url: https://shop.example/\nitem: li\nselectors: {name: b}\n' });
  const invitations = new WorkerInvitations(workspace.paths, workspace.clock);
  const { key, invitation } = await invitations.invite('paris-1', []);
  const executor = new RemoteExecutor(workspace, { redis: server.access(), slots: 2, log: () => {} });
  executor.open();
  onTestFinished(async () => {
    executor.close();
    await executor.dispose();
  });
  const machine = new Machine(server.access(), {
    homeId: homeQueueId(key),
    key: workerKey(key, 'paris-1', invitation.salt),
    poolKeys: poolKeysOf(key, []),
    tags: [],
  });
  machine.answer = (start) => {
    machine.link.say({ kind: 'claim', ...start, claim: 'c1' }, { now: true });
    return Promise.resolve(true);
  };
  machine.link.say({ kind: 'hello', incarnation: 'one' }, { now: true });
  machine.link.setPools(['']);
  const run = enqueueManual(workspace, 'books');
  await waitFor('the start to be handed over', () => executor.start(run, () => {}));
  // Other processes and the scheduler's loop may look at the runs at any moment.
  while (!machine.messages.some(({ kind }) => kind === 'grant' || kind === 'refuse')) {
    executor.reconcileAll();
    await nextTurn();
  }
  expect(workspace.runs.find(run.runId)).toMatchObject({ status: 'running', worker: 'paris-1' });
  expect(machine.messages.map(({ kind }) => kind)).toContain('grant');
});
