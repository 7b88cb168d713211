import { expect } from 'vitest';
import { WorkerInvitations } from '../../src/core/workers/worker-invitations.ts';
import { openExecutor } from '../../src/workers/open-executor.ts';
import { it } from '../extend.ts';

it('signs in to Redis as the user of executor_redis', async ({ workspace }) => {
  await workspace.settings.set('executor_redis', 'redis://home@127.0.0.1:9/2');
  const executor = await openExecutor(workspace, 1, () => {});
  executor.close();
  await executor.dispose?.();
});

it('has the key with which workers are invited later', async ({ workspace }) => {
  await workspace.settings.set('executor_redis', 'redis://127.0.0.1:9');
  const executor = await openExecutor(workspace, 1, () => {});
  executor.close();
  await executor.dispose?.();
  const invitations = new WorkerInvitations(workspace.paths, workspace.clock);
  const key = invitations.read()?.key.toString('hex');
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect((await invitations.invite('paris', [])).key.toString('hex')).toBe(key);
});
