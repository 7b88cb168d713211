import type { QuickscrapeDatabase } from '../database/database.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';

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
  /** When the channel got its last message; 0 for never. */
  lastSentAt: number;
}

/** A channel that fails for this long needs a person: shorter failures end by themselves. */
const FAILS_FOR_LONG_MS = HOUR_MS;

/**
 * The channels that have got no message since an attempt failed, by name. Neither tests count, nor what was sent or
 * given up by a clock that was ahead.
 * @param now epoch milliseconds
 * @param names those that there are now; others count only while messages wait for them
 */
export function listFailingChannels(
  db: Pick<QuickscrapeDatabase, 'all'>,
  now: number,
  names?: readonly string[],
): FailingChannel[] {
  const found = db.all<FailingChannel>(
    `WITH
     sent AS (
       SELECT channel, max(finished_at) AS at FROM messages WHERE status = 'sent' AND finished_at <= ?1 GROUP BY channel
     ),
     failed AS (
       SELECT channel, status, tried_at, error, coalesce(sent.at, 0) AS lastSentAt
       FROM messages LEFT JOIN sent USING (channel)
       WHERE ((status = 'failed' AND finished_at <= ?1) OR (status = 'waiting' AND attempts > 0)) AND event <> 'test'
         AND tried_at > coalesce(sent.at, 0)
     ),
     newest AS (SELECT channel, error, max(tried_at) FROM failed GROUP BY channel)
     SELECT channel, min(tried_at) AS since, newest.error, lastSentAt,
       sum(status = 'waiting') AS waiting, sum(status = 'failed') AS givenUp
     FROM failed JOIN newest USING (channel) GROUP BY channel ORDER BY channel`,
    [now + MINUTE_MS],
  );
  return found.filter(
    ({ channel, waiting }) => waiting > 0 || names === undefined || names.includes(channel),
  );
}

/**
 * Whether a person should hear of it: the channel has failed for an hour, or it has given a message up. A
 * heartbeat is given up after minutes, so only the hour counts for it.
 * @param now epoch milliseconds
 */
export function hasFailedForLong(
  { since, givenUp }: Pick<FailingChannel, 'since' | 'givenUp'>,
  { now, isHeartbeat }: { now: number; isHeartbeat: boolean },
): boolean {
  return now - since >= FAILS_FOR_LONG_MS || (givenUp > 0 && !isHeartbeat);
}

/** Whether a message has said until `now` that a channel fails, since it got its last message. */
export function isAnnounced(
  db: Pick<QuickscrapeDatabase, 'get'>,
  { channel, lastSentAt }: Pick<FailingChannel, 'channel' | 'lastSentAt'>,
  now: number,
): boolean {
  const row = db.get(
    `SELECT 1 FROM messages
     WHERE event = 'channel' AND created_at BETWEEN ? AND ? AND json_extract(facts, '$.about_channel') = ? LIMIT 1`,
    [Math.floor(lastSentAt), now + MINUTE_MS, channel],
  );
  return row !== undefined;
}

/** What the messages of a channel say about it; instants in epoch milliseconds. */
export interface ChannelHealth {
  channel: string;
  waiting: number;
  /** Since when it gets no messages, and why; `null` while it works. */
  failingSince: number | null;
  error: string | null;
  lastSentAt: number | null;
  /** Messages given up within the last week. */
  givenUp: number;
}

const WEEK_MS = 7 * DAY_MS;

/** The health of each channel that has messages, by name. */
export function listChannelHealth(db: Pick<QuickscrapeDatabase, 'all'>, now: number): ChannelHealth[] {
  const failing = new Map(listFailingChannels(db, now).map((one) => [one.channel, one]));
  const counted = db.all<Pick<ChannelHealth, 'channel' | 'waiting' | 'lastSentAt' | 'givenUp'>>(
    `SELECT channel,
       sum(status IN ('waiting', 'sending')) AS waiting,
       max(CASE WHEN status = 'sent' AND finished_at <= ?1 THEN finished_at END) AS lastSentAt,
       sum(status = 'failed' AND finished_at > ?2) AS givenUp
     FROM messages GROUP BY channel ORDER BY channel`,
    [now + MINUTE_MS, now - WEEK_MS],
  );
  return counted.map(({ channel, ...counts }) => {
    const { since: failingSince = null, error = null } = failing.get(channel) ?? {};
    return { channel, ...counts, failingSince, error };
  });
}
