import type { ChannelEntry } from '../channels/channels.ts';
import type { MessageEvent, MessageFacts } from '../messages/message-facts.ts';
import type { NewMessage } from '../messages/message-store.ts';
import type { CallbackFields } from '../model/definition.ts';
import type { NotifyEntry } from '../model/notify-events.ts';
import { eventsOf, heartbeatOf, type RunEnd, selectChannels } from '../model/run-events.ts';
import type { AttemptResult, RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';

type NotifyContext = Pick<Workspace, 'settings' | 'channels'>;

/**
 * The messages about the outcome of a run. Settings or channels that cannot be read are no reason to lose the outcome:
 * the last settings hold, and no channel is known to be a heartbeat.
 * @param fields the job's callbacks and channels at the start of the run
 * @param now epoch milliseconds
 */
export function outcomeMessages(
  context: NotifyContext,
  run: RunRecord,
  fields: CallbackFields | undefined,
  { end, result, now }: { end: RunEnd; result: AttemptResult; now: number },
): NewMessage[] {
  const notify = resolveNotify(context, fields?.notify ?? null);
  if (notify.length === 0) return [];
  const { heartbeats, others } = splitByType(context, notify);
  const events = eventsOf(end, fields?.on_failure_mode ?? 'each');
  const beat = heartbeatOf(end.status);
  const isFailure = beat === 'failure';
  const facts: MessageFacts = {
    ...NO_FACTS,
    config_name: run.configName,
    timezone: run.timezone,
    status: end.status,
    at: now,
    failures: end.failuresBefore + (isFailure ? 1 : 0),
    error: result.error,
    items: run.items,
    changes: end.changes && {
      added: end.changes.added,
      removed: end.changes.removed,
      changed: end.changes.changed,
      with_run_id: end.changes.with_run_id,
    },
  };
  const toMessage = (channel: string, event: MessageEvent) => ({
    channel,
    event,
    jobId: run.jobId,
    runId: run.runId,
    facts,
  });
  return [
    ...selectChannels(others, events).map(({ channel, event }) => toMessage(channel, event)),
    ...(beat === undefined ? [] : heartbeats.map((channel) => toMessage(channel, beat))),
  ];
}

/** The messages of a run that starts: those of heartbeats, which measure how long it takes. */
export function startMessages(context: NotifyContext, run: RunRecord, now: number): NewMessage[] {
  const notify = resolveNotify(context, run.callbacks?.notify ?? null);
  if (notify.length === 0) return [];
  return splitByType(context, notify).heartbeats.map((channel) => ({
    channel,
    event: 'start',
    jobId: run.jobId,
    runId: run.runId,
    facts: { ...NO_FACTS, config_name: run.configName, timezone: run.timezone, at: now },
  }));
}

/** The missed occurrences of a job that were recorded together; instants in epoch milliseconds. */
export interface MissedOccurrences {
  jobId: string;
  configName: string;
  timezone: string;
  count: number;
  first: number;
  last: number;
  reason: string;
}

/** The messages about occurrences that did not run because no scheduler could start them. */
export function missedMessages(
  context: NotifyContext,
  { jobId, configName, timezone, count, first, last, reason }: MissedOccurrences,
  notify: readonly NotifyEntry[] | null,
  now: number,
): NewMessage[] {
  const { others } = splitByType(context, resolveNotify(context, notify));
  return selectChannels(others, ['missed']).map(({ channel, event }) => ({
    channel,
    event,
    jobId,
    runId: null,
    facts: {
      ...NO_FACTS,
      config_name: configName,
      timezone,
      at: now,
      missed: { count, first, last },
      reason,
    },
  }));
}

const NO_FACTS = {
  config_name: null,
  timezone: null,
  status: null,
  failures: 0,
  error: null,
  items: null,
  changes: null,
  missed: null,
  reason: null,
  about_channel: null,
} as const;

/** The channels of a job: its own, else those of the settings. */
function resolveNotify(
  { settings }: NotifyContext,
  notify: readonly NotifyEntry[] | null,
): readonly NotifyEntry[] {
  return notify ?? settings.getOrLast('notify');
}

function splitByType({ channels }: NotifyContext, notify: readonly NotifyEntry[]) {
  const entries = notify.length === 0 ? [] : listOrNone(channels);
  const types = new Map(entries.map(({ name, type }) => [name, type]));
  const isHeartbeat = ({ channel }: NotifyEntry) => types.get(channel) === 'heartbeat';
  return {
    heartbeats: [...new Set(notify.filter(isHeartbeat).map(({ channel }) => channel))],
    others: notify.filter((entry) => !isHeartbeat(entry)),
  };
}

function listOrNone(channels: Workspace['channels']): readonly ChannelEntry[] {
  try {
    return channels.list();
  } catch {
    return [];
  }
}
