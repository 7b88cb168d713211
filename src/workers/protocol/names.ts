import { toPool } from '../../core/model/worker-names.ts';

/** The queue in which workers write to the home. */
export const HOME_QUEUE = 'home';

/** The prefix of a home's keys in Redis. The braces keep them in one slot of a cluster. */
export function queuePrefix(homeId: string): string {
  return `{qs-${homeId}}`;
}

/** The queue of the starts that each worker with all tags of the pool may take. */
export function poolQueue(pool: string): string {
  // BullMQ allows no colon, and a comma would have to be quoted in shells.
  return pool === '' ? 'runs' : `runs-${pool.replaceAll(',', '.')}`;
}

/** The queue in which the home writes to one worker. */
export function workerQueue(name: string): string {
  return `w-${name}`;
}

/** Redis holds no truth: what was taken leaves nothing behind, and nothing is tried again by it. */
export const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };
/** BullMQ keeps 10,000 events of each queue otherwise, and none is read. Versions are checked by redis-client.ts. */
export const QUEUE_OPTIONS = { skipVersionCheck: true, streams: { events: { maxLen: 100 } } };
export const RECEIVER_OPTIONS = {
  skipVersionCheck: true,
  // A job that was taken and not finished is offered again, however often: the rows at home decide what counts.
  maxStalledCount: 100,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
};

/** All pools that a worker with these tags serves: one for each set of them, the one without tags included. */
export function poolsOf(tags: readonly string[]): string[] {
  const distinct = [...new Set(tags)];
  return Array.from({ length: 2 ** distinct.length }, (_, set) =>
    toPool(distinct.filter((_tag, at) => (set >> at) % 2 === 1)),
  );
}
