import { expect, it } from 'vitest';
import { listChannelHealth } from '../../../src/core/messages/channel-health.ts';
import { messageFacts } from '../../../src/core/messages/message-facts.ts';
import {
  countSent,
  insertMessages,
  listDueMessages,
  listMessages,
  markFailed,
  markSending,
  markSent,
  nextMessageAt,
  postponeMessages,
  pruneMessages,
  readMessage,
  releaseFromFuture,
} from '../../../src/core/messages/message-store.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-01T12:00:00Z');

function storeWith(...channels: string[]) {
  const { db } = openTempWorkspace();
  const ids = channels.flatMap((channel, index) =>
    insertMessages(
      db,
      [
        {
          channel,
          event: 'failure',
          jobId: 'prices',
          runId: `run${index}`,
          facts: messageFacts().parse({ at: NOW }),
        },
      ],
      NOW + index,
    ),
  );
  return { db, ids };
}

it('messages are due in the order in which they were written', () => {
  const { db, ids } = storeWith('me', 'team', 'me');
  expect(nextMessageAt(db, NOW)).toBe(NOW);
  expect(listDueMessages(db, NOW + 10, { limit: 100 }).map(({ messageId }) => messageId)).toEqual(ids);
  expect(listDueMessages(db, NOW, { limit: 100 }).map(({ messageId }) => messageId)).toEqual([ids[0]]);
});

it('a message whose sender died is due again', () => {
  const { db, ids } = storeWith('me');
  markSending(db, ids, NOW);
  expect(readMessage(db, ids[0] ?? '')).toMatchObject({ status: 'sending', triedAt: NOW });
  expect(listDueMessages(db, NOW, { limit: 100 })).toHaveLength(1);
});

it('messages that were handed over together are due together, also where only one of them is read', () => {
  const { db, ids } = storeWith('me', 'me', 'me', 'me');
  const [, second = '', third = ''] = ids;
  markSending(db, [second, third], NOW);
  postponeMessages(db, [third], NOW + HOUR);
  const due = listDueMessages(db, NOW + 10, { limit: 2 });
  expect(due.map(({ messageId, delivery }) => [messageId, delivery])).toEqual([
    [ids[0], null],
    [second, second],
    [third, second],
  ]);
});

it('a message that a clock ahead of time wrote or put off is due at once', () => {
  const { db, ids } = storeWith('me', 'me', 'me');
  const [later = '', failed = '', digest = ''] = ids;
  db.run('UPDATE messages SET created_at = ?, not_before = ? WHERE message_id = ?', [
    ...[NOW + 30 * 24 * HOUR, NOW + 30 * 24 * HOUR, later],
  ]);
  markFailed(db, [failed], { error: 'HTTP 500', nextAt: NOW + 30 * 24 * HOUR }, NOW);
  postponeMessages(db, [digest], NOW + 24 * HOUR);
  releaseFromFuture(db, NOW + 10);
  expect(listDueMessages(db, NOW + 10, { limit: 9 }).map(({ messageId }) => messageId)).toEqual([
    failed,
    later,
  ]);
  expect(readMessage(db, later)?.createdAt).toBe(NOW + 10);
});

it('neither tests nor messages of a clock that was set back count for the limit of an hour', () => {
  const { db } = openTempWorkspace();
  const facts = messageFacts().parse({ at: NOW });
  const about = { channel: 'me', jobId: null, runId: null, facts };
  const [test = '', later = ''] = insertMessages(
    db,
    [
      { ...about, event: 'test' },
      { ...about, event: 'failure' },
    ],
    NOW,
  );
  markSent(db, [test], NOW);
  markSent(db, [later], NOW + 30 * 24 * HOUR);
  expect(countSent(db, 'me', { since: NOW - HOUR, now: NOW + 1 })).toEqual({ count: 0, first: null });
});

it('messages that were sent together are one for the limit of an hour', () => {
  const { db, ids } = storeWith('me', 'me', 'me');
  markSent(db, ids, NOW + HOUR);
  expect(countSent(db, 'me', { since: NOW, now: NOW + 2 * HOUR })).toEqual({ count: 1, first: NOW + HOUR });
  expect(countSent(db, 'me', { since: NOW + HOUR, now: NOW + 2 * HOUR })).toEqual({ count: 0, first: null });
  expect(listMessages(db, { limit: 9 }).map(({ status, delivery }) => [status, delivery])).toEqual([
    ['joined', ids[0]],
    ['joined', ids[0]],
    ['sent', ids[0]],
  ]);
  expect(nextMessageAt(db, NOW)).toBeUndefined();
});

it('a failed attempt is due later, and one that was the last is not', () => {
  const { db, ids } = storeWith('me', 'team');
  const [first = '', second = ''] = ids;
  markFailed(db, [first], { error: 'HTTP 500', nextAt: NOW + HOUR }, NOW);
  markFailed(db, [second], { error: 'HTTP 404', nextAt: null }, NOW);
  expect(readMessage(db, first)).toMatchObject({
    status: 'waiting',
    attempts: 1,
    error: 'HTTP 500',
    notBefore: NOW + HOUR,
  });
  expect(readMessage(db, second)).toMatchObject({ status: 'failed', finishedAt: NOW });
  expect(listDueMessages(db, NOW + HOUR, { limit: 9 }).map(({ messageId }) => messageId)).toEqual([first]);
});

it('the health of a channel says since when it fails, and why', () => {
  const { db, ids } = storeWith('me', 'team', 'team');
  markSent(db, [ids[0] ?? ''], NOW + 5);
  markSending(db, [ids[1] ?? ''], NOW + 7);
  markFailed(db, [ids[1] ?? ''], { error: 'HTTP 500', nextAt: NOW + HOUR }, NOW + 8);
  expect(listChannelHealth(db, NOW + 10)).toEqual([
    { channel: 'me', waiting: 0, failingSince: null, error: null, lastSentAt: NOW + 5, givenUp: 0 },
    { channel: 'team', waiting: 2, failingSince: NOW + 7, error: 'HTTP 500', lastSentAt: null, givenUp: 0 },
  ]);
});

it('lists by channel, job, run and status, the newest first, in pages', () => {
  const { db, ids } = storeWith('me', 'team', 'me');
  const listed = (filter: object) =>
    listMessages(db, { limit: 9, ...filter }).map(({ messageId }) => messageId);
  expect(listed({})).toEqual(ids.toReversed());
  expect(listed({ channel: 'team' })).toEqual([ids[1]]);
  expect(listed({ runId: 'run2' })).toEqual([ids[2]]);
  expect(listed({ statuses: ['sent'] })).toEqual([]);
  const [newest] = listMessages(db, { limit: 1 });
  expect(listed({ before: newest?.sequence })).toEqual([ids[1], ids[0]]);
});

it('postponed messages wait, and old ones are removed once they ended', () => {
  const { db, ids } = storeWith('me', 'me');
  postponeMessages(db, [ids[0] ?? ''], NOW + HOUR);
  markSent(db, [ids[1] ?? ''], NOW);
  pruneMessages(db, NOW + 1);
  expect(listMessages(db, { limit: 9 }).map(({ messageId }) => messageId)).toEqual([ids[0]]);
  expect(nextMessageAt(db, NOW)).toBe(NOW + HOUR);
});

it('a message alone that waits for the future of a clock that was ahead is due', () => {
  const { db, ids } = storeWith('me');
  postponeMessages(db, ids, NOW + 25 * HOUR);
  expect(nextMessageAt(db, NOW)).toBe(NOW + 25 * HOUR);
  postponeMessages(db, ids, NOW + 30 * 24 * HOUR);
  expect(nextMessageAt(db, NOW)).toBe(NOW);
});
