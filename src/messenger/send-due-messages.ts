import type { Channel } from '../core/channels/channel-rules.ts';
import { channelSecrets } from '../core/channels/channel-secrets.ts';
import { fillVariables } from '../core/channels/fill-variables.ts';
import { parseQuietHours } from '../core/channels/quiet-hours.ts';
import { type Environment, readHomeEnvironment } from '../core/configs/home-environment.ts';
import { HOUR_MS, MINUTE_MS } from '../core/lib/clock.ts';
import { QuickscrapeError } from '../core/lib/errors.ts';
import { createRedactor } from '../core/lib/redact.ts';
import { type DeliveryRule, earliestDelivery, retryDelayMs } from '../core/messages/delivery-times.ts';
import {
  countSent,
  listDueMessages,
  type Message,
  markAccepted,
  markFailed,
  markSending,
  markSent,
  postponeMessages,
  releaseFromFuture,
} from '../core/messages/message-store.ts';
import type { Workspace } from '../core/workspace.ts';
import { announceFailingChannels } from './announce-failing-channels.ts';
import { attemptDelivery } from './attempt-delivery.ts';
import type { Delivery } from './kinds/delivery.ts';
import { planDeliveries, splitBegun } from './plan-deliveries.ts';
import { settleChoices } from './settle-choices.ts';

/** Messages that one pass reads; the next pass reads on. */
const MAX_MESSAGES = 2_000;
/** A heartbeat that is late says something wrong: the monitor has long noticed. */
const MAX_HEARTBEAT_AGE_MS = 5 * MINUTE_MS;
/** While `channels.yaml` cannot be read, messages wait without an attempt. */
const UNREADABLE_DELAY_MS = 10_000;
const MAX_ERROR_CHARACTERS = 300;

type Failure = Extract<Delivery, { isSent: false }>;

/**
 * Sends the messages that are due: those of one channel one after the other, each channel by itself, so that one that
 * does not answer holds no other one up.
 */
export class MessageSender {
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal;
  readonly #busy = new Map<string, Promise<void>>();
  #error: unknown;

  /** @param signal ends running attempts; their messages stay due */
  constructor(workspace: Workspace, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
    releaseFromFuture(workspace.db, workspace.clock.now());
  }

  /** Whether messages are being sent. */
  get isBusy(): boolean {
    return this.#busy.size > 0;
  }

  /**
   * Begins to send what is due on the channels that are free.
   * @returns how many messages that are
   * @throws the error of the database that ended the sending of a channel
   */
  pass(): number {
    if (this.#error !== undefined) throw this.#error;
    const { db, clock, channels, paths } = this.#workspace;
    const now = clock.now();
    const due = listDueMessages(db, now, { limit: MAX_MESSAGES, except: [...this.#busy.keys()] });
    if (due.length === 0) return 0;
    if (!isReadable(channels)) {
      postponeMessages(db, idsOf(due), now + UNREADABLE_DELAY_MS);
      return 0;
    }
    const waiting = due.filter(({ facts }) => facts.choice !== null);
    postponeMessages(db, idsOf(settleChoices(this.#workspace, waiting)), now + UNREADABLE_DELAY_MS);
    const { env } = readHomeEnvironment(paths);
    for (const [name, messages] of byChannel(due.filter(({ facts }) => facts.choice === null))) {
      const sending = sendToChannel({ workspace: this.#workspace, env, signal: this.#signal }, name, messages)
        .then(() => announceFailingChannels(this.#workspace))
        .catch((error: unknown) => {
          this.#error ??= error;
        })
        .finally(() => this.#busy.delete(name));
      this.#busy.set(name, sending);
    }
    return due.length;
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy.values());
  }
}

function isReadable(channels: Workspace['channels']): boolean {
  try {
    channels.list();
    return true;
  } catch (error) {
    if (error instanceof QuickscrapeError) return false;
    throw error;
  }
}

function byChannel(due: readonly Message[]): Map<string, Message[]> {
  const found = new Map<string, Message[]>();
  for (const message of due) {
    const others = found.get(message.channel);
    if (others === undefined) found.set(message.channel, [message]);
    else others.push(message);
  }
  return found;
}

/** What all messages of a pass share. */
interface Pass {
  workspace: Workspace;
  env: Environment;
  signal: AbortSignal;
}

async function sendToChannel(pass: Pass, name: string, due: readonly Message[]): Promise<void> {
  const { workspace } = pass;
  const { db, clock } = workspace;
  const found = readChannel(workspace, name);
  const { begun, fresh } = splitBegun(due);
  if ('error' in found) {
    for (const messages of [...begun, ...alone(fresh)])
      recordFailure(workspace, messages, { isSent: false, error: found.error });
    return;
  }
  const { channel } = found;
  const rule = channel.type === 'heartbeat' ? null : deliveryRule(workspace, channel);
  const now = clock.now();
  const isReady = (messages: readonly Message[]) => {
    const times = messages.map(({ createdAt }) =>
      rule === null ? now : earliestDelivery(rule, createdAt, now),
    );
    const at = Math.max(...times);
    if (at > now) postponeMessages(db, idsOf(messages), at);
    return at <= now;
  };
  const repeated = begun.filter((messages) => !isTest(messages) && isReady(messages));
  const ready = alone(fresh).filter((messages) => !isTest(messages) && isReady(messages));
  // A person waits for a test, so neither hours nor limits hold for it.
  const tests = [...begun, ...alone(fresh)].filter(isTest);
  const room = Math.max(0, leftInHour(workspace, name, channel, now));
  const nextAt = await sendInOrder(pass, channel, [...tests, ...repeated.slice(0, room)]);
  const plan = planDeliveries(ready.flat(), {
    budget: leftInHour(workspace, name, channel, clock.now()),
    isJoined: rule?.digest != null,
  });
  const tooMany = [...repeated.slice(room).flat(), ...plan.postpone];
  if (tooMany.length > 0) {
    const { first } = countSent(db, name, { since: now - HOUR_MS, now });
    postponeMessages(db, idsOf(tooMany), (first ?? now) + HOUR_MS);
  }
  if (nextAt === undefined) await sendInOrder(pass, channel, plan.send);
  else postponeMessages(db, idsOf(plan.send.flat()), nextAt);
}

function alone(messages: readonly Message[]): Message[][] {
  return messages.map((message) => [message]);
}

function isTest([first]: readonly Message[]): boolean {
  return first?.event === 'test';
}

/**
 * Sends one after the other. After a receiver that cannot be reached, or asks to wait, the others wait as long.
 * @returns when the channel takes messages again, if it takes none now
 */
async function sendInOrder(
  pass: Pass,
  channel: Channel,
  groups: readonly Message[][],
): Promise<number | undefined> {
  for (const [at, messages] of groups.entries()) {
    if (pass.signal.aborted) return undefined;
    const nextAt = await sendTogether(pass, channel, messages);
    if (nextAt === undefined) continue;
    postponeMessages(pass.workspace.db, idsOf(groups.slice(at + 1).flat()), nextAt);
    return nextAt;
  }
  return undefined;
}

/** @returns when other messages may be tried, if the channel takes none now */
async function sendTogether(
  { workspace, env, signal }: Pass,
  channel: Channel,
  messages: readonly Message[],
): Promise<number | undefined> {
  const { db, clock } = workspace;
  const [first] = messages;
  if (first === undefined) return undefined;
  if (channel.type === 'heartbeat' && clock.now() - first.createdAt > MAX_HEARTBEAT_AGE_MS) {
    const error = 'not sent within five minutes; a later ping would mislead the monitor';
    recordFailure(workspace, messages, { isSent: false, error, isFinal: true });
    return undefined;
  }
  const filled = fillVariables(channel, env);
  if ('unset' in filled) {
    const error = `${filled.unset.join(', ')}: not set in secrets.env`;
    recordFailure(workspace, messages, { isSent: false, error });
    return undefined;
  }
  const ids = idsOf(messages);
  markSending(db, ids, clock.now());
  const accepted = [...first.accepted];
  const onAccepted = (recipient: string) => {
    accepted.push(recipient);
    markAccepted(db, first.messageId, accepted);
  };
  const delivery = await attemptDelivery(workspace, filled.value, messages, { signal, onAccepted });
  if (delivery.isSent) {
    markSent(db, ids, clock.now());
    return undefined;
  }
  if (signal.aborted) {
    // This process was asked to end; the next one sends it.
    postponeMessages(db, ids, clock.now());
    return undefined;
  }
  const redact = createRedactor({ ...channelSecrets(filled.value), ...filled.secrets });
  const nextAt = recordFailure(workspace, messages, { ...delivery, error: redact(delivery.error) });
  return delivery.isUnreachable || delivery.retryAfterMs !== undefined ? nextAt : undefined;
}

function idsOf(messages: readonly Message[]): string[] {
  return messages.map(({ messageId }) => messageId);
}

/**
 * Records a failure. Messages that are sent as one stay together: they are tried as long as the newest of them.
 * @returns when the channel may be tried again
 */
function recordFailure({ db, clock }: Workspace, messages: readonly Message[], delivery: Failure): number {
  const now = clock.now();
  const attempts = Math.min(...messages.map((message) => message.attempts));
  const since = Math.max(...messages.map(({ triedAt }) => triedAt ?? now));
  const delay = retryDelayMs(attempts + 1, now - since, delivery.retryAfterMs);
  // A person waits for the result of a test.
  const isLast = delivery.isFinal === true || messages[0]?.event === 'test';
  const nextAt = isLast || delay === null ? null : now + delay;
  const error = delivery.error.slice(0, MAX_ERROR_CHARACTERS);
  markFailed(db, idsOf(messages), { error, nextAt }, now);
  return now + Math.min(delay ?? HOUR_MS, HOUR_MS);
}

function readChannel({ channels }: Workspace, name: string): { channel: Channel } | { error: string } {
  try {
    return { channel: channels.get(name) };
  } catch (error) {
    if (error instanceof QuickscrapeError) return { error: error.message };
    throw error;
  }
}

function deliveryRule(
  { settings }: Workspace,
  channel: Exclude<Channel, { type: 'heartbeat' }>,
): DeliveryRule {
  return {
    timezone: channel.timezone ?? settings.getOrLast('timezone') ?? 'UTC',
    quiet: channel.quiet_hours === undefined ? null : parseQuietHours(channel.quiet_hours),
    digest: channel.digest ?? null,
  };
}

function leftInHour({ db }: Workspace, name: string, channel: Channel, now: number): number {
  if (channel.type === 'heartbeat') return Number.POSITIVE_INFINITY;
  return channel.max_per_hour - countSent(db, name, { since: now - HOUR_MS, now }).count;
}
