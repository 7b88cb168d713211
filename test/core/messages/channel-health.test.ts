import { expect, it } from 'vitest';
import {
  hasFailedForLong,
  isAnnounced,
  listFailingChannels,
} from '../../../src/core/messages/channel-health.ts';
import { type MessageEvent, messageFacts } from '../../../src/core/messages/message-facts.ts';
import {
  insertMessages,
  markFailed,
  markSending,
  markSent,
} from '../../../src/core/messages/message-store.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const LATER = NOW + 60 * MINUTE;
const MONTH = 30 * 24 * 60 * MINUTE;

function openStore() {
  const { db } = openTempWorkspace();
  const add = (channel: string, at: number, event: MessageEvent = 'failure') =>
    insertMessages(
      db,
      [{ channel, event, jobId: 'prices', runId: 'run', facts: messageFacts().parse({ at }) }],
      at,
    );
  const fail = (ids: readonly string[], at: number, error: string, nextAt: number | null = at + MINUTE) => {
    markSending(db, ids, at);
    markFailed(db, ids, { error, nextAt }, at);
  };
  const send = (ids: readonly string[], at: number) => {
    markSending(db, ids, at);
    markSent(db, ids, at);
  };
  return { db, add, fail, send };
}

it('a channel fails since the first attempt that failed after its last message', () => {
  const { db, add, fail, send } = openStore();
  fail(add('team', NOW), NOW, 'connection refused');
  send(add('team', NOW + MINUTE), NOW + MINUTE);
  expect(listFailingChannels(db, LATER)).toEqual([]);
  const late = add('team', NOW + 2 * MINUTE);
  fail(late, NOW + 2 * MINUTE, 'connection refused');
  fail(late, NOW + 3 * MINUTE, 'connection timed out');
  fail(add('team', NOW + 4 * MINUTE), NOW + 4 * MINUTE, 'status 410', null);
  send(add('me', NOW + 5 * MINUTE), NOW + 5 * MINUTE);
  expect(listFailingChannels(db, LATER)).toEqual([
    {
      channel: 'team',
      since: NOW + 2 * MINUTE,
      error: 'status 410',
      waiting: 1,
      givenUp: 1,
      lastSentAt: NOW + MINUTE,
    },
  ]);
});

it('a channel that is gone counts only while messages wait for it', () => {
  const { db, add, fail } = openStore();
  const ids = add('old', NOW);
  fail(ids, NOW, 'there is no channel old');
  expect(listFailingChannels(db, LATER, ['me'])).toHaveLength(1);
  fail(ids, NOW + MINUTE, 'there is no channel old', null);
  expect(listFailingChannels(db, LATER, ['me'])).toEqual([]);
  expect(listFailingChannels(db, LATER, ['me', 'old'])).toHaveLength(1);
});

it('what a clock that was ahead has sent or given up says nothing about a channel', () => {
  const { db, add, fail, send } = openStore();
  send(add('me', NOW), LATER + MONTH);
  fail(add('me', NOW), NOW + MINUTE, 'status 500');
  fail(add('team', NOW), LATER + MONTH, 'status 500', null);
  send(add('team', NOW), NOW + MINUTE);
  expect(listFailingChannels(db, LATER)).toMatchObject([
    { channel: 'me', since: NOW + MINUTE, lastSentAt: 0 },
  ]);
});

it('a failed test says nothing about a channel', () => {
  const { db, add, fail } = openStore();
  fail(add('team', NOW, 'test'), NOW, 'status 403', null);
  expect(listFailingChannels(db, LATER)).toEqual([]);
});

it('a message that could not be handed over counts, too', () => {
  const { db, add } = openStore();
  markFailed(db, add('gone', NOW), { error: 'there is no channel gone', nextAt: NOW + MINUTE }, NOW);
  expect(listFailingChannels(db, LATER)).toMatchObject([{ channel: 'gone', since: NOW }]);
});

it('an hour of failures is long, and so is a message that was given up, but not of a heartbeat', () => {
  const hasFailed = (minutes: number, givenUp: number, isHeartbeat: boolean) =>
    hasFailedForLong({ since: NOW - minutes * MINUTE, givenUp }, { now: NOW, isHeartbeat });
  expect(hasFailed(59, 0, false)).toBe(false);
  expect(hasFailed(60, 0, false)).toBe(true);
  expect(hasFailed(1, 1, false)).toBe(true);
  expect(hasFailed(59, 5, true)).toBe(false);
  expect(hasFailed(60, 5, true)).toBe(true);
});

it('an announcement under a clock that was ahead does not stand for one of now', () => {
  const { db } = openStore();
  const ahead = NOW + 30 * 24 * 60 * MINUTE;
  const facts = messageFacts().parse({ at: ahead, about_channel: 'team' });
  const about = { channel: 'me', event: 'channel' as const, jobId: null, runId: null, facts };
  insertMessages(db, [about], ahead);
  const failing = { channel: 'team', lastSentAt: NOW };
  expect(isAnnounced(db, failing, NOW + MINUTE)).toBe(false);
  insertMessages(db, [about], NOW);
  expect(isAnnounced(db, failing, NOW + MINUTE)).toBe(true);
});
