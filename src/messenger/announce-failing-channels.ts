import { QuickscrapeError } from '../core/lib/errors.ts';
import {
  type FailingChannel,
  hasFailedForLong,
  isAnnounced,
  listFailingChannels,
} from '../core/messages/channel-health.ts';
import { messageFacts } from '../core/messages/message-facts.ts';
import { insertMessages } from '../core/messages/message-store.ts';
import type { Workspace } from '../core/workspace.ts';

/**
 * Writes messages about channels that have failed for long, to the channels that work: to those that the setting
 * `notify` names, or without such a one to all that take texts. Each failure is announced once, until a message gets
 * through. While `channels.yaml` or the settings cannot be read, nothing is announced: no channel works then.
 */
export function announceFailingChannels(workspace: Workspace): void {
  try {
    const names = workspace.channels.list().map(({ name }) => name);
    const failing = listFailingChannels(workspace.db, workspace.clock.now(), names);
    if (failing.length > 0) announce(workspace, failing);
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
  }
}

function announce(workspace: Workspace, failing: readonly FailingChannel[]): void {
  const { db, clock, settings } = workspace;
  const now = clock.now();
  const entries = workspace.channels.list();
  const isHeartbeat = (name: string) => entries.some((one) => one.name === name && one.type === 'heartbeat');
  const news = failing.filter(
    (one) =>
      hasFailedForLong(one, { now, isHeartbeat: isHeartbeat(one.channel) }) && !isAnnounced(db, one, now),
  );
  const receivers = findReceivers(workspace, failing);
  const timezone = settings.get('timezone');
  db.transaction(() => {
    for (const { channel: about_channel, since, error } of news) {
      const facts = messageFacts().parse({ at: since, timezone, reason: error, about_channel });
      const messages = receivers.map((channel) => ({
        channel,
        event: 'channel' as const,
        jobId: null,
        runId: null,
        facts,
      }));
      insertMessages(db, messages, now);
    }
  });
}

function findReceivers({ channels, settings }: Workspace, failing: readonly FailingChannel[]): string[] {
  const working = channels
    .list()
    .filter(({ name, type, channel }) => {
      const takesTexts = channel !== undefined && type !== 'heartbeat';
      return takesTexts && !failing.some((one) => one.channel === name);
    })
    .map(({ name }) => name);
  const usual = new Set(settings.get('notify').map(({ channel }) => channel));
  const preferred = working.filter((name) => usual.has(name));
  return preferred.length > 0 ? preferred : working;
}
