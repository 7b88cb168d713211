import { readHomeEnvironment } from '../core/configs/home-environment.ts';
import type { Executor } from '../core/execution/executor.ts';
import { QuickscrapeError } from '../core/lib/errors.ts';
import { programCommand } from '../core/lib/installation.ts';
import { splitRedisAddress } from '../core/settings/redis-address.ts';
import { WorkerInvitations } from '../core/workers/worker-invitations.ts';
import type { Workspace } from '../core/workspace.ts';
import { RemoteExecutor } from './home/remote-executor.ts';
import { WorkerService } from './machine/worker-service.ts';
import { openTracing } from './protocol/tracing.ts';

/** The variable with the password of Redis, in the environment or in `secrets.env`. */
const PASSWORD = 'QUICKSCRAPE_REDIS_PASSWORD';

/**
 * Opens the executor for runs on other machines (setting `executor: bullmq`).
 * @param slots the maximum number of runs at the same time
 * @throws QuickscrapeError `invalid_config` without an address of Redis, or when `workers.json` cannot be used;
 *   `store_unavailable` when it cannot be made
 */
export async function openExecutor(
  workspace: Workspace,
  slots: number,
  log: (level: 'info' | 'warn' | 'error', message: string) => void,
): Promise<Executor> {
  const address = workspace.settings.get('executor_redis');
  if (address === null) {
    throw new QuickscrapeError('invalid_config', 'executor is bullmq, and executor_redis is not set', {
      hint: `Set the address: ${programCommand()} config set executor_redis redis://HOST:6379, or executor local.`,
    });
  }
  await new WorkerInvitations(workspace.paths, workspace.clock).prepare();
  const password = readHomeEnvironment(workspace.paths).env[PASSWORD];
  const tracing = await openTracing({ name: 'quickscrape-scheduler' }, (message) => log('warn', message));
  const redis = { ...splitRedisAddress(address), password, tracing };
  const executor = new RemoteExecutor(workspace, { redis, slots, log });
  executor.open();
  return executor;
}

/** Works for another machine's home until it is drained. */
export const runWorker = WorkerService.run;
