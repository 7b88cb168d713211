import type { Channel } from '../core/channels/channel-rules.ts';
import { fillVariables } from '../core/channels/fill-variables.ts';
import { parseQuietHours } from '../core/channels/quiet-hours.ts';
import { type Environment, readHomeEnvironment } from '../core/configs/home-environment.ts';
import { HOUR_MS, MINUTE_MS } from '../core/lib/clock.ts';
import { QuickscrapeError } from '../core/lib/errors.ts';
import { type DeliveryRule, earliestDelivery, retryDelayMs } from '../core/messages/delivery-times.ts';
import {
  countSent,
  listDueMessages,
  type Message,
  markFailed,
  markSending,
  markSent,
  postponeMessages,
} from '../core/messages/message-store.ts';
import type { Workspace } from '../core/workspace.ts';
import { announceFailingChannels } from './announce-failing-channels.ts';
import { deliver } from './kinds/deliver.ts';
import type { Delivery } from './kinds/delivery.ts';
import { planDeliveries } from './plan-deliveries.ts';
import { composeMessage } from './text/compose-message.ts';

/** Messages that one pass reads; the next pass reads on. */
const MAX_MESSAGES = 2_000;
/** How long one attempt may take. */
const ATTEMPT_TIMEOUT_MS = MINUTE_MS;
/** A heartbeat that is late says something wrong: the monitor has long noticed. */
const MAX_HEARTBEAT_AGE_MS = 5 * MINUTE_MS;

/**
 * Sends the messages that are due: those of one channel one after the other, all channels at the same time.
 * @returns how many messages were due
 */
export async function sendDueMessages(workspace: Workspace, signal: AbortSignal): Promise<number> {
  const { db, clock } = workspace;
  const due = listDueMessages(db, clock.now(), MAX_MESSAGES);
  const byChannel = new Map<string, Message[]>();
  for (const message of due) {
    const others = byChannel.get(message.channel);
    if (others === undefined) byChannel.set(message.channel, [message]);
    else others.push(message);
  }
  const { env } = readHomeEnvironment(workspace.paths);
  await Promise.all(
    [...byChannel].map(([name, messages]) => sendToChannel({ workspace, env, signal }, name, messages)),
  );
  if (due.length > 0) announceFailingChannels(workspace);
  return due.length;
}

/** What all messages of a pass share. */
interface Pass {
  workspace: Workspace;
  env: Environment;
  signal: AbortSignal;
}

async function sendToChannel(pass: Pass, name: string, due: readonly Message[]): Promise<void> {
  const { workspace, signal } = pass;
  const { db, clock } = workspace;
  const found = readChannel(workspace, name);
  if ('error' in found) {
    for (const message of due) recordFailure(workspace, [message], { isSent: false, error: found.error });
    return;
  }
  const { channel } = found;
  const isHeartbeat = channel.type === 'heartbeat';
  const rule = isHeartbeat ? null : deliveryRule(workspace, channel);
  const now = clock.now();
  const ready: Message[] = [];
  for (const message of due) {
    // A person waits for a test, so neither hours nor limits hold for it.
    if (message.event === 'test') {
      await sendTogether(pass, channel, [message]);
      continue;
    }
    const at = rule === null ? now : earliestDelivery(rule, message.createdAt, now);
    if (at <= now) ready.push(message);
    else postponeMessages(db, [message.messageId], at);
  }
  const plan = planDeliveries(ready, {
    budget: isHeartbeat ? ready.length : leftInHour(workspace, name, channel, now),
    isJoined: rule?.digest != null,
  });
  if (plan.postpone.length > 0)
    postponeMessages(
      db,
      plan.postpone.map(({ messageId }) => messageId),
      (countSent(db, name, now - HOUR_MS).first ?? now) + HOUR_MS,
    );
  for (const messages of plan.send) {
    if (signal.aborted) return;
    await sendTogether(pass, channel, messages);
  }
}

async function sendTogether(
  { workspace, env, signal }: Pass,
  channel: Channel,
  messages: readonly Message[],
): Promise<void> {
  const { db, clock } = workspace;
  const [first] = messages;
  if (first === undefined) return;
  if (channel.type === 'heartbeat' && clock.now() - first.createdAt > MAX_HEARTBEAT_AGE_MS) {
    const error = 'not sent within five minutes; a later ping would mislead the monitor';
    recordFailure(workspace, messages, { isSent: false, error, isFinal: true });
    return;
  }
  const ids = messages.map(({ messageId }) => messageId);
  markSending(db, ids, clock.now());
  const filled = fillVariables(channel, env);
  const delivery: Delivery =
    'unset' in filled
      ? { isSent: false, error: `${filled.unset.join(', ')}: not set in secrets.env` }
      : await attempt(workspace, filled.value, messages, signal).catch((error: unknown) => ({
          isSent: false as const,
          error: error instanceof Error ? error.message : String(error),
        }));
  if (delivery.isSent) markSent(db, ids, delivery.accepted ?? [], clock.now());
  else {
    const secrets = 'unset' in filled ? [] : filled.secrets;
    recordFailure(workspace, messages, { ...delivery, error: withoutSecrets(delivery.error, secrets) });
  }
}

async function attempt(
  workspace: Workspace,
  channel: Channel,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<Delivery> {
  const [first] = messages;
  if (first === undefined) return { isSent: true };
  const text = await composeMessage(workspace, channel, messages);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
  return deliver(
    channel,
    { id: first.messageId, time: first.createdAt, text, accepted: first.accepted },
    limit,
  );
}

function recordFailure(
  { db, clock }: Workspace,
  messages: readonly Message[],
  delivery: Extract<Delivery, { isSent: false }>,
): void {
  const now = clock.now();
  for (const { messageId, event, attempts, triedAt } of messages) {
    const delay = retryDelayMs(attempts + 1, now - (triedAt ?? now), delivery.retryAfterMs);
    // A person waits for the result of a test.
    const isLast = delivery.isFinal === true || event === 'test';
    const nextAt = isLast || delay === null ? null : now + delay;
    markFailed(db, [messageId], { error: delivery.error, nextAt, accepted: delivery.accepted ?? [] }, now);
  }
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
    timezone: channel.timezone ?? settings.get('timezone'),
    quiet: channel.quiet_hours === undefined ? null : parseQuietHours(channel.quiet_hours),
    digest: channel.digest ?? null,
  };
}

function leftInHour({ db }: Workspace, name: string, channel: Channel, now: number): number {
  if (channel.type === 'heartbeat') return Number.POSITIVE_INFINITY;
  return channel.max_per_hour - countSent(db, name, now - HOUR_MS).count;
}

/** Errors of libraries may repeat an address with a token in it. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 3)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
    .slice(0, 500);
}
