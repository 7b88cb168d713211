import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { CHANNEL_TYPES, type Channel } from '../channels/channel-rules.ts';
import { startMessenger } from '../execution/start-messenger.ts';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { MINUTE_MS } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { listChannelHealth } from '../messages/channel-health.ts';
import { messageFacts } from '../messages/message-facts.ts';
import { MESSAGE_STATUSES, type MessageStatus } from '../messages/message-statuses.ts';
import {
  countTests,
  insertMessages,
  listMessages,
  type Message,
  readMessage,
} from '../messages/message-store.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { formatInstantOrNull, instantOutput, jobIdInput } from './operation-fields.ts';
import { makePageCursor, readPageCursor } from './page-cursor.ts';
import { fillPage } from './page-room.ts';

const channelNameInput = () => z.string().min(1).describe('The name of the channel (list_channels shows it)');

export const listChannels = defineOperation({
  name: 'list_channels',
  title: 'List the channels',
  description:
    'Where messages can go, for notify of a job; whether each gets them. Only a person makes channels.',
  input: () => z.strictObject({}),
  output: () =>
    z.object({
      channels: z.array(
        z.object({
          name: z.string(),
          type: z.enum(CHANNEL_TYPES).nullable(),
          to: z.string().nullable().describe('The recipients or the host; never a secret'),
          problem: z.string().nullable().describe('What is wrong in channels.yaml'),
          waiting: z.int().describe('Messages not sent yet'),
          failing_since: instantOutput().nullable().describe('Since when messages do not get through'),
          error: z.string().nullable().describe('Why the last attempt failed'),
          given_up: z.int().describe('Messages of the last week that could not be sent'),
          last_sent_at: instantOutput().nullable(),
        }),
      ),
      file: z.string(),
    }),
  annotations: READ_ONLY,
  errors: ['invalid_config'],
  handler(workspace) {
    const { channels, db, clock, paths, settings } = workspace;
    const zone = settings.get('timezone');
    const health = new Map(listChannelHealth(db, clock.now()).map((one) => [one.channel, one]));
    return {
      channels: channels.list().map(({ name, type, channel, problem }) => {
        const found = health.get(name);
        return {
          name,
          type,
          to: channel === undefined ? null : describeRecipient(channel),
          problem: problem === undefined ? null : `${problem.file}:${problem.line}: ${problem.message}`,
          waiting: found?.waiting ?? 0,
          failing_since: formatInstantOrNull(found?.failingSince ?? null, zone),
          error: found?.error ?? null,
          given_up: found?.givenUp ?? 0,
          last_sent_at: formatInstantOrNull(found?.lastSentAt ?? null, zone),
        };
      }),
      file: paths.channels,
    };
  },
});

/** How long a test waits for its message. */
const TEST_TIMEOUT_MS = 75_000;
const POLL_INTERVAL_MS = 100;
/** Tests of a channel that assistants may send within a period. */
const MAX_TESTS = 5;
const TEST_PERIOD_MS = 10 * MINUTE_MS;

export const testChannel = defineOperation({
  name: 'test_channel',
  title: 'Test a channel',
  description: 'Sends a test message now, and says whether the channel took it.',
  input: () => z.strictObject({ channel: channelNameInput() }),
  output: () =>
    z.object({
      channel: z.string(),
      sent: z.boolean(),
      error: z.string().nullable().describe('Why it was not taken'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  errors: ['invalid_config'],
  async handler(workspace, { channel }, { signal }) {
    const { channels, db, clock } = workspace;
    channels.get(channel);
    const now = clock.now();
    if (workspace.actor === 'mcp') refuseManyTests(db, channel, now);
    const facts = messageFacts().parse({ at: now });
    const [id = ''] = insertMessages(db, [{ channel, event: 'test', jobId: null, runId: null, facts }], now);
    void startMessenger(workspace);
    const message = await waitForEnd(workspace, id, signal);
    const sent = message?.status === 'sent';
    return { channel, sent, error: sent ? null : (message?.error ?? 'it was not tried within 75 seconds') };
  },
});

/** A page could make a model fill a mailbox with tests. @throws QuickscrapeError `not_allowed` */
function refuseManyTests(db: Workspace['db'], channel: string, now: number): void {
  if (countTests(db, channel, now - TEST_PERIOD_MS) < MAX_TESTS) return;
  throw new QuickscrapeError(
    'not_allowed',
    `channel: ${channel} got ${MAX_TESTS} test messages within the last ten minutes`,
    { field: 'channel', hint: 'list_messages shows how they ended. A person can test it again at any time.' },
  );
}

/** Waits until a test message was sent or refused. */
async function waitForEnd(
  { db }: Workspace,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Message | undefined> {
  const end = performance.now() + TEST_TIMEOUT_MS;
  for (;;) {
    const message = readMessage(db, id);
    if (message === undefined || message.finishedAt !== null || performance.now() > end) return message;
    await delay(POLL_INTERVAL_MS, undefined, { signal });
  }
}

export const listMessagesOperation = defineOperation({
  name: 'list_messages',
  title: 'List messages',
  description:
    'Messages to channels, newest first: about which run, whether each was sent, when it is tried again, why it failed.',
  input: () =>
    z.strictObject({
      channel: channelNameInput().optional(),
      job_id: jobIdInput().optional(),
      run_id: z.string().min(1).optional(),
      status: z.enum(MESSAGE_STATUSES).optional(),
      limit: z.int().min(1).max(1000).default(20),
      cursor: z.string().optional().describe('next_cursor of the previous answer'),
    }),
  output: () =>
    z.object({
      messages: z.array(
        z.object({
          message_id: z.string(),
          channel: z.string(),
          event: z
            .string()
            .describe('failure, recovery, change, missed, paused, start, success, channel, test'),
          job_id: z.string().nullable(),
          run_id: z.string().nullable(),
          status: z
            .enum(MESSAGE_STATUSES)
            .describe('joined: sent within another message; failed: given up after a day'),
          created_at: instantOutput(),
          sent_at: instantOutput().nullable(),
          next_attempt_at: instantOutput().nullable(),
          attempts: z.int().describe('Failed ones'),
          error: z.string().nullable(),
        }),
      ),
      next_cursor: z.string().optional(),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler({ db, settings }, { channel, job_id, run_id, status, limit, cursor }, { room }) {
    const zone = settings.get('timezone');
    const call = ['list_messages', channel, job_id, run_id, status];
    const found = listMessages(db, {
      channel,
      jobId: job_id,
      runId: run_id,
      statuses: status === undefined ? undefined : [status],
      before: cursor === undefined ? undefined : readPageCursor(cursor, call, 1)[0],
      limit: limit + 1,
    });
    const messages = fillPage(room, {}, found.slice(0, limit), (message) => ({
      message_id: message.messageId,
      channel: message.channel,
      event: message.event,
      job_id: message.jobId,
      run_id: message.runId,
      status: message.status,
      created_at: formatInstant(message.createdAt, zone),
      sent_at: isSent(message.status) ? formatInstantOrNull(message.finishedAt, zone) : null,
      next_attempt_at: message.finishedAt === null ? formatInstant(message.notBefore, zone) : null,
      attempts: message.attempts,
      error: message.error,
    }));
    const last = found[messages.length - 1];
    return {
      messages,
      ...(found.length > messages.length &&
        last !== undefined && { next_cursor: makePageCursor(call, [last.sequence]) }),
    };
  },
});

function isSent(status: MessageStatus): boolean {
  return status === 'sent' || status === 'joined';
}

/** Whom a channel reaches, in a few words: the addresses of mail, else the host. A token is in neither. */
function describeRecipient(channel: Channel): string | null {
  if (channel.type === 'desktop') return 'this machine';
  if (channel.type === 'email') return [channel.to].flat().join(', ');
  const address = channel.type === 'telegram' ? channel.server : channel.url;
  return canParseUrl(address) ? new URL(address).host : null;
}
