import { isRedisThere, NO_REDIS } from './scheduler/redis.mjs';
import { firstRequest } from './workers/first-request.mjs';
import { idle } from './workers/idle.mjs';
import { manyRows } from './workers/many-rows.mjs';
import { rates } from './workers/rates.mjs';

/** Runs in workers that are reached through Redis, as if on other machines; all is on this one. */
export async function workers(options) {
  if (!isRedisThere()) throw new Error(NO_REDIS);
  const rows = [];
  for (const measure of [rates, firstRequest, manyRows, idle]) rows.push(...(await measure(options)));
  return rows;
}
