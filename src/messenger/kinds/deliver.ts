import type { Channel, ChannelType } from '../../core/channels/channel-rules.ts';
import type { Deliver, Delivery, OutgoingMessage } from './delivery.ts';

/** The kinds, each loaded when the first message needs it. */
const KINDS: { readonly [T in ChannelType]: () => Promise<Deliver<T>> } = {
  email: async () => (await import('./email.ts')).sendEmail,
  webhook: async () => (await import('./webhook.ts')).callWebhook,
  ntfy: async () => (await import('./ntfy.ts')).publishToNtfy,
  slack: async () => (await import('./slack.ts')).postToSlack,
  discord: async () => (await import('./discord.ts')).postToDiscord,
  telegram: async () => (await import('./telegram.ts')).sendToTelegram,
  gotify: async () => (await import('./gotify.ts')).pushToGotify,
  desktop: async () => (await import('./desktop.ts')).showOnDesktop,
  heartbeat: async () => (await import('./heartbeat.ts')).pingMonitor,
};

/** Hands a message over to a channel of any kind. */
export async function deliver(
  channel: Channel,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<Delivery> {
  const send = (await KINDS[channel.type]()) as Deliver<ChannelType>;
  return send(channel, message, signal);
}
