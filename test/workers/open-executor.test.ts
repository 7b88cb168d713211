import { openExecutor } from '../../src/workers/open-executor.ts';
import { it } from '../extend.ts';

it('signs in to Redis as the user of executor_redis', async ({ workspace }) => {
  await workspace.settings.set('executor_redis', 'redis://home@127.0.0.1:9/2');
  const executor = await openExecutor(workspace, 1, () => {});
  executor.close();
  await executor.dispose?.();
});
