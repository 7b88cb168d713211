import { expect } from 'vitest';
import type { Executor } from '../../src/core/execution/executor.ts';
import { openExecutor } from '../../src/workers/open-executor.ts';
import { it } from '../extend.ts';

it('signs in to Redis as the user of executor_redis', async ({ workspace }) => {
  await workspace.settings.set('executor_redis', 'redis://home@127.0.0.1:9/2');
  let executor: Executor | undefined;
  expect(() => {
    executor = openExecutor(workspace, 1, () => {});
  }).not.toThrow();
  executor?.close();
  await executor?.dispose?.();
});
