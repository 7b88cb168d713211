import { QuickscrapeError } from '../../core/lib/errors.ts';
import { programCommand } from '../../core/lib/installation.ts';
import { checkRedisAddress, splitRedisAddress } from '../../core/settings/redis-address.ts';
import { WorkerInvitations } from '../../core/workers/worker-invitations.ts';
import { forgetWorker } from '../../core/workers/worker-records.ts';
import type { Workspace } from '../../core/workspace.ts';
import { encodeInvitation } from '../../workers/protocol/invitation.ts';
import { homeQueueId, poolKeysOf, workerKey } from '../../workers/protocol/keys.ts';

interface InviteRequest {
  name: string;
  tags: readonly string[];
  /** The address by which the worker reaches Redis; default: the setting `executor_redis`. */
  redis: string | undefined;
  /** The user as which it signs in; default: the one in the address. */
  redisUser: string | undefined;
}

/**
 * Invites a worker and makes the line that it needs.
 * @throws QuickscrapeError `invalid_params`: no address of Redis, or a name that is not allowed; `conflict`;
 *   `invalid_config` when `workers.json` cannot be used
 */
export async function inviteWorker(
  { paths, clock, db, settings }: Workspace,
  { name, tags, redis, redisUser }: InviteRequest,
): Promise<{ tags: readonly string[]; invitation: string }> {
  const address = redis ?? settings.get('executor_redis');
  if (address === null) {
    throw new QuickscrapeError('invalid_params', 'redis: no address by which the worker reaches Redis', {
      field: 'redis',
      hint: `Set it with: ${programCommand()} config set executor_redis rediss://HOST:PORT, or give --redis.`,
    });
  }
  checkRedisAddress(address);
  const { key, invitation } = await new WorkerInvitations(paths, clock).invite(name, tags);
  // What was heard of an earlier worker of this name, such as its drain, does not concern the new one.
  forgetWorker(db, name);
  return { tags: invitation.tags, invitation: formatInvitation(key, invitation, { address, redisUser }) };
}

function formatInvitation(
  master: Buffer,
  { name, salt, tags }: { name: string; salt: string; tags: readonly string[] },
  { address, redisUser }: { address: string; redisUser: string | undefined },
): string {
  const redis = splitRedisAddress(address);
  const keys = poolKeysOf(master, tags);
  return encodeInvitation({
    home: homeQueueId(master),
    name,
    redis: redis.address,
    user: redisUser ?? redis.user,
    key: workerKey(master, name, salt),
    pool: keys.pool,
    tags: Object.fromEntries(keys.tags),
  });
}
