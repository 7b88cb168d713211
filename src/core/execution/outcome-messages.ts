import type { ChannelChoice, MessageFacts } from '../messages/message-facts.ts';
import type { NewMessage } from '../messages/message-store.ts';
import type { CallbackFields } from '../model/definition.ts';
import type { NotifyEntry } from '../model/notify-events.ts';
import { eventsOf, heartbeatOf, type RunEnd, selectChannels } from '../model/run-events.ts';
import type { AttemptResult, RunRecord } from '../model/run-record.ts';
import type { Workspace } from '../workspace.ts';

type NotifyContext = Pick<Workspace, 'settings' | 'channels'>;

/**
 * The messages about the outcome of a run. Settings or channels that cannot be read are no reason to lose it, nor to
 * lose its messages: {@link chooseMessages}.
 * @param fields the job's callbacks and channels at the start of the run
 * @param now epoch milliseconds
 */
export function outcomeMessages(
  context: NotifyContext,
  run: RunRecord,
  fields: CallbackFields | undefined,
  { end, result, now }: { end: RunEnd; result: AttemptResult; now: number },
): NewMessage[] {
  const events = eventsOf(end, fields?.on_failure_mode ?? 'each');
  const beat = heartbeatOf(end.status) ?? null;
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
  const choice = { notify: fields?.notify ?? null, events, beat };
  return chooseMessages(context, choice, { jobId: run.jobId, runId: run.runId, facts });
}

/** The messages of a run that starts: those of heartbeats, which measure how long it takes. */
export function startMessages(context: NotifyContext, run: RunRecord, now: number): NewMessage[] {
  const facts = { ...NO_FACTS, config_name: run.configName, timezone: run.timezone, at: now };
  const choice = { notify: run.callbacks?.notify ?? null, events: [], beat: 'start' as const };
  return chooseMessages(context, choice, { jobId: run.jobId, runId: run.runId, facts });
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
  const facts = {
    ...NO_FACTS,
    config_name: configName,
    timezone,
    at: now,
    missed: { count, first, last },
    reason,
  };
  return chooseMessages(context, { notify, events: ['missed'], beat: null }, { jobId, runId: null, facts });
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
  choice: null,
} as const;

/**
 * One message for each channel that a choice names. While `channels.yaml` cannot be read, or `settings.yaml` and this
 * process has not read it before, one message in their place waits until it can: under the name of the file, with the
 * choice.
 * @param about what the messages are about, for all channels
 */
export function chooseMessages(
  { settings, channels }: NotifyContext,
  choice: ChannelChoice,
  about: Omit<NewMessage, 'channel' | 'event'>,
): NewMessage[] {
  const { events, beat } = choice;
  const [event = beat] = events;
  if (event === null) return [];
  const wait = (file: string): NewMessage[] => [
    { ...about, channel: file, event, facts: { ...about.facts, choice } },
  ];
  const notify = choice.notify ?? settings.getOrLast('notify');
  if (notify === undefined) return wait('settings.yaml');
  if (notify.length === 0) return [];
  const entries = listOrUndefined(channels);
  if (entries === undefined) return wait('channels.yaml');
  const monitors = new Set(entries.filter(({ type }) => type === 'heartbeat').map(({ name }) => name));
  const isMonitor = ({ channel }: NotifyEntry) => monitors.has(channel);
  const told = selectChannels(
    notify.filter((entry) => !isMonitor(entry)),
    events,
  );
  const pinged = beat === null ? [] : new Set(notify.filter(isMonitor).map(({ channel }) => channel));
  return [
    ...told.map((one) => ({ ...about, ...one })),
    ...[...pinged].map((channel) => ({ ...about, channel, event: beat ?? event })),
  ];
}

function listOrUndefined(channels: Workspace['channels']) {
  try {
    return channels.list();
  } catch {
    return undefined;
  }
}
