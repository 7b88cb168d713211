import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_OPEN_MESSAGE } from '../database/schema.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { tryParseJson } from '../lib/json.ts';
import { makeRunId } from '../model/ids.ts';
import { type MessageEvent, type MessageFacts, readFacts } from './message-facts.ts';
import type { MessageStatus } from './message-statuses.ts';

export interface NewMessage {
  channel: string;
  event: MessageEvent;
  jobId: string | null;
  runId: string | null;
  facts: MessageFacts;
}

/** A message for one channel; instants in epoch milliseconds. */
export interface Message extends NewMessage {
  messageId: string;
  /** Grows with each message that is written. */
  sequence: number;
  createdAt: number;
  status: MessageStatus;
  /** The earliest next attempt. */
  notBefore: number;
  /** Failed attempts, and when the first was made. */
  attempts: number;
  triedAt: number | null;
  /** When it was sent, or given up. */
  finishedAt: number | null;
  /** The recipients that have its delivery, of a channel with several; kept with the first message. */
  accepted: string[];
  /** The first message of those that are sent as one with it, itself for one alone; `null` before the first attempt. */
  delivery: string | null;
  /** Why the last attempt failed. */
  error: string | null;
}

interface MessageRow {
  sequence: number;
  message_id: string;
  channel: string;
  event: string;
  job_id: string | null;
  run_id: string | null;
  facts: string;
  created_at: number;
  status: string;
  not_before: number;
  attempts: number;
  tried_at: number | null;
  finished_at: number | null;
  accepted: string | null;
  joined: string | null;
  error: string | null;
}

const SELECT = 'SELECT rowid AS sequence, * FROM messages';

/**
 * Writes messages; call it in the transaction of the outcome that they are about.
 * @returns their ids
 */
export function insertMessages(
  db: QuickscrapeDatabase,
  messages: readonly NewMessage[],
  now: number,
): string[] {
  return messages.map(({ channel, event, jobId, runId, facts }) => {
    const id = makeRunId();
    db.run(
      `INSERT INTO messages (message_id, channel, event, job_id, run_id, facts, created_at, not_before)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)`,
      [id, channel, event, jobId, runId, JSON.stringify(facts), Math.floor(now)],
    );
    return id;
  });
}

/** No message waits longer at a time: the end of a digest of a day, on a day of 25 hours, is the latest. */
const MAX_DELAY_MS = 26 * HOUR_MS;

/**
 * When the next message is due (epoch ms), among those that are not sent; `undefined` for none. One that waits for the
 * future of a clock that was ahead is due.
 */
export function nextMessageAt(db: QuickscrapeDatabase, now: number): number | undefined {
  const row = db.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(not_before) FROM messages WHERE ${IS_OPEN_MESSAGE}) AS first,
       (SELECT max(not_before) FROM messages WHERE ${IS_OPEN_MESSAGE}) AS last`,
    [],
  );
  if (row?.first == null) return undefined;
  return Number(row.last) > now + MAX_DELAY_MS ? Math.min(row.first, now) : row.first;
}

/**
 * Makes messages due that wait for the future of a clock that was ahead. They would wait until that day, and a digest
 * would join them then.
 */
export function releaseFromFuture(db: QuickscrapeDatabase, now: number): void {
  db.run(
    `UPDATE messages SET created_at = min(created_at, ?1), tried_at = min(tried_at, ?1), not_before = ?1
     WHERE ${IS_OPEN_MESSAGE} AND (created_at > ?2 OR not_before > ?3)`,
    [Math.floor(now), now + MINUTE_MS, now + MAX_DELAY_MS],
  );
}

/**
 * Returns due messages, with all those that were handed over together with them. Only the process that holds the
 * sender's lock calls this, so a message that is `sending` belongs to a process that died.
 * @param except channels whose messages are being sent now
 */
export function listDueMessages(
  db: QuickscrapeDatabase,
  now: number,
  { limit, except = [] }: { limit: number; except?: readonly string[] },
): Message[] {
  const due = db.all<MessageRow>(
    `${SELECT} WHERE ${IS_OPEN_MESSAGE} AND not_before <= ? AND channel NOT IN (SELECT value FROM json_each(?))
     ORDER BY not_before, created_at, rowid LIMIT ?`,
    [now, JSON.stringify(except), limit],
  );
  const begun = [...new Set(due.flatMap(({ joined }) => joined ?? []))];
  if (begun.length === 0) return due.map(toMessage);
  const together = db.all<MessageRow>(
    `${SELECT} WHERE ${IS_OPEN_MESSAGE} AND joined IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(begun)],
  );
  return [...due.filter(({ joined }) => joined === null), ...together].map(toMessage);
}

/**
 * Marks messages before they are handed over as one, so that a death in between can be seen, and each later attempt has
 * the same content: a receiver may have taken it, and drops a second copy by the id of the first message.
 */
export function markSending(db: QuickscrapeDatabase, ids: readonly string[], now: number): void {
  db.run(
    `UPDATE messages SET status = 'sending', tried_at = coalesce(tried_at, ?), joined = ?
     WHERE message_id IN (SELECT value FROM json_each(?)) AND ${IS_OPEN_MESSAGE}`,
    [now, ids[0] ?? null, JSON.stringify(ids)],
  );
}

/** Records that a message was sent, and with it those that were joined to it. */
export function markSent(db: QuickscrapeDatabase, ids: readonly string[], now: number): void {
  const [first = ''] = ids;
  db.run(
    `UPDATE messages SET status = iif(message_id = ?1, 'sent', 'joined'), finished_at = ?2, joined = ?1, error = NULL
     WHERE message_id IN (SELECT value FROM json_each(?3))`,
    [first, now, JSON.stringify(ids)],
  );
}

/** How an attempt failed, and when the next is due; `null` for no further one. */
export interface FailedAttempt {
  error: string;
  nextAt: number | null;
}

/** Records a failed attempt. */
export function markFailed(
  db: QuickscrapeDatabase,
  ids: readonly string[],
  { error, nextAt }: FailedAttempt,
  now: number,
): void {
  db.run(
    `UPDATE messages SET status = ?, attempts = attempts + 1, not_before = ?, finished_at = ?, error = ?,
       tried_at = coalesce(tried_at, ?)
     WHERE message_id IN (SELECT value FROM json_each(?))`,
    [
      nextAt === null ? 'failed' : 'waiting',
      nextAt ?? now,
      nextAt === null ? now : null,
      error,
      now,
      JSON.stringify(ids),
    ],
  );
}

/**
 * Records who has a message that is being sent, and those joined to it, so that no later attempt sends it to them again.
 * @param id the first message of the delivery
 */
export function markAccepted(db: QuickscrapeDatabase, id: string, accepted: readonly string[]): void {
  db.run('UPDATE messages SET accepted = ? WHERE message_id = ?', [JSON.stringify(accepted), id]);
}

/** Lets messages wait longer, without an attempt: for quiet hours, a digest or a limit. */
export function postponeMessages(db: QuickscrapeDatabase, ids: readonly string[], until: number): void {
  db.run(
    `UPDATE messages SET status = 'waiting', not_before = ? WHERE message_id IN (SELECT value FROM json_each(?))`,
    [Math.ceil(until), JSON.stringify(ids)],
  );
}

/**
 * How many messages a channel got from `since` until `now`, joined ones counted as one, and when the first of them was
 * sent. Tests do not count, and nothing after `now`: the clock may have been set back.
 */
export function countSent(
  db: QuickscrapeDatabase,
  channel: string,
  { since, now }: { since: number; now: number },
): { count: number; first: number | null } {
  const row = db.get<{ count: number; first: number | null }>(
    `SELECT count(*) AS count, min(finished_at) AS first FROM messages
     WHERE channel = ? AND status = 'sent' AND event <> 'test' AND finished_at > ? AND finished_at <= ? AND created_at > ?`,
    [channel, since, now, since - MAX_WAIT_MS],
  );
  return row ?? { count: 0, first: null };
}

/** How many test messages a channel was to get since an instant. */
export function countTests(db: QuickscrapeDatabase, channel: string, since: number): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count FROM messages WHERE channel = ? AND event = 'test' AND created_at > ?`,
    [channel, Math.floor(since)],
  );
  return row?.count ?? 0;
}

/** No message is sent later than this after it was written: a digest of a day, its quiet hours, and a day of attempts. */
const MAX_WAIT_MS = 4 * DAY_MS;

export interface MessageFilter {
  jobId?: string | undefined;
  runId?: string | undefined;
  channel?: string | undefined;
  statuses?: readonly MessageStatus[] | undefined;
  /** Only messages written before the one with this number. */
  before?: number | undefined;
  limit: number;
}

/** Lists messages, the newest first. */
export function listMessages(db: QuickscrapeDatabase, filter: MessageFilter): Message[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...given: (string | number)[]) => {
    conditions.push(condition);
    values.push(...given);
  };
  if (filter.jobId !== undefined) add('job_id = ?', filter.jobId);
  if (filter.runId !== undefined) add('run_id = ?', filter.runId);
  if (filter.channel !== undefined) add('channel = ?', filter.channel);
  if (filter.statuses !== undefined)
    add('status IN (SELECT value FROM json_each(?))', JSON.stringify(filter.statuses));
  if (filter.before !== undefined) add('rowid < ?', filter.before);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return db
    .all<MessageRow>(`${SELECT} ${where} ORDER BY rowid DESC LIMIT ?`, [...values, filter.limit])
    .map(toMessage);
}

export function readMessage(db: QuickscrapeDatabase, id: string): Message | undefined {
  const row = db.get<MessageRow>(`${SELECT} WHERE message_id = ?`, [id]);
  return row && toMessage(row);
}

/** Removes a message that others have replaced. */
export function deleteMessage(db: QuickscrapeDatabase, id: string): void {
  db.run('DELETE FROM messages WHERE message_id = ?', [id]);
}

/** Removes messages that ended before an instant. */
export function pruneMessages(db: QuickscrapeDatabase, before: number): void {
  db.run(`DELETE FROM messages WHERE finished_at < ? AND NOT (${IS_OPEN_MESSAGE})`, [before]);
}

function toMessage(row: MessageRow): Message {
  const accepted = row.accepted === null ? [] : tryParseJson(row.accepted);
  return {
    messageId: row.message_id,
    sequence: row.sequence,
    channel: row.channel,
    event: row.event as MessageEvent,
    jobId: row.job_id,
    runId: row.run_id,
    facts: readFacts(row.facts, row.created_at),
    createdAt: row.created_at,
    status: row.status as MessageStatus,
    notBefore: row.not_before,
    attempts: row.attempts,
    triedAt: row.tried_at,
    finishedAt: row.finished_at,
    accepted: Array.isArray(accepted) ? accepted.map(String) : [],
    delivery: row.joined,
    error: row.error,
  };
}
