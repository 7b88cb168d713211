import { hkdfSync } from 'node:crypto';
import { tagsOfPool } from '../../core/model/worker-names.ts';

/** Keys have 32 bytes. */
export const KEY_BYTES = 32;

/** The keys with which a worker opens starts. */
export interface PoolKeys {
  /** Of all workers. */
  pool: Uint8Array;
  /** Of each tag that the worker has. */
  tags: ReadonlyMap<string, Uint8Array>;
}

/** Derives the key between the home and one worker. A new salt, after a new invitation, gives a new key. */
export function workerKey(master: Uint8Array, name: string, salt: string): Buffer {
  return derive(master, `worker ${name} ${salt}`);
}

/** Derives the keys of the pools that a worker with these tags may serve. */
export function poolKeysOf(master: Uint8Array, tags: readonly string[]): PoolKeys {
  return {
    pool: derive(master, 'pool'),
    tags: new Map(tags.map((tag) => [tag, derive(master, `tag ${tag}`)])),
  };
}

/**
 * Derives the key of one pool from the keys of all its tags: a worker without one of the tags cannot derive it.
 * @param pool sorted tags, joined by commas
 * @returns undefined when the key of a tag is missing
 */
export function poolKey(keys: PoolKeys, pool: string): Buffer | undefined {
  const parts = tagsOfPool(pool).map((tag) => keys.tags.get(tag));
  if (parts.includes(undefined)) return undefined;
  return derive(Buffer.concat([keys.pool, ...parts.flatMap((part) => part ?? [])]), `starts ${pool}`);
}

/** Derives the id that a home has in Redis, twelve hexadecimal digits: it stays the same when the home moves. */
export function homeQueueId(master: Uint8Array): string {
  return derive(master, 'home id').toString('hex').slice(0, 12);
}

function derive(secret: Uint8Array, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'quickscrape workers', label, KEY_BYTES));
}
