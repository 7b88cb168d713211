import type { QuickscrapeDatabase } from '../database/database.ts';
import { HOUR_MS } from '../lib/clock.ts';

/** A channel that does not get its messages; instants in epoch milliseconds. */
export interface FailingChannel {
  channel: string;
  /** The first attempt that failed since a message was last sent. */
  since: number;
  /** Why the newest attempt failed. */
  error: string;
  /** Messages that wait for their next attempt. */
  waiting: number;
  /** Messages that were given up since `since`. */
  givenUp: number;
}

/** A channel that fails for this long needs a person: shorter failures end by themselves. */
const FAILS_FOR_LONG_MS = HOUR_MS;

/** The channels that have got no message since an attempt failed, by name. Tests do not count. */
export function listFailingChannels(db: Pick<QuickscrapeDatabase, 'all'>): FailingChannel[] {
  return db.all<FailingChannel>(
    `WITH failed AS (
       SELECT channel, status, tried_at, error FROM messages AS failed
       WHERE (status = 'failed' OR (status = 'waiting' AND attempts > 0)) AND event <> 'test'
         AND tried_at > coalesce(
           (SELECT max(finished_at) FROM messages WHERE channel = failed.channel AND status = 'sent'), 0)
     )
     SELECT channel, min(tried_at) AS since, sum(status = 'waiting') AS waiting, sum(status = 'failed') AS givenUp,
       (SELECT error FROM failed AS newest WHERE newest.channel = failed.channel ORDER BY tried_at DESC LIMIT 1) AS error
     FROM failed GROUP BY channel ORDER BY channel`,
    [],
  );
}

/**
 * Whether a person should hear of it: the channel has failed for an hour, or it has refused a message for good. A
 * heartbeat is given up after minutes, so only the hour counts for it.
 * @param now epoch milliseconds
 */
export function hasFailedForLong(
  { since, givenUp }: Pick<FailingChannel, 'since' | 'givenUp'>,
  { now, isHeartbeat }: { now: number; isHeartbeat: boolean },
): boolean {
  return now - since >= FAILS_FOR_LONG_MS || (givenUp > 0 && !isHeartbeat);
}

/** Whether a message has said, since an instant, that a channel fails. */
export function isAnnounced(db: Pick<QuickscrapeDatabase, 'get'>, channel: string, since: number): boolean {
  const row = db.get(
    `SELECT 1 FROM messages
     WHERE event = 'channel' AND created_at >= ? AND json_extract(facts, '$.about_channel') = ? LIMIT 1`,
    [Math.floor(since), channel],
  );
  return row !== undefined;
}
