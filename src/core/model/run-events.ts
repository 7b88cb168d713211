import { hasDifferences, type RunDifferences } from './differences.ts';
import type { NotifyEntry, NotifyEvent } from './notify-events.ts';
import type { StoredStatus } from './run-record.ts';

/** How a run of a job ended. */
export interface RunEnd {
  status: StoredStatus;
  /** How many runs of the job had failed in a row before. */
  failuresBefore: number;
  changes: RunDifferences | null;
  /** Whether this outcome paused the job. */
  pauses: boolean;
}

/**
 * The events of an outcome, the most important first. A cancelled run is no event, because a person cancelled it.
 * @param mode `streak`: only the first failure in a row is an event
 */
export function eventsOf(
  { status, failuresBefore, changes, pauses }: RunEnd,
  mode: 'each' | 'streak',
): NotifyEvent[] {
  switch (status) {
    case 'succeeded':
      return [
        ...(failuresBefore > 0 ? (['recovery'] as const) : []),
        ...(hasDifferences(changes) ? (['change'] as const) : []),
      ];
    case 'failed':
    case 'timed_out':
    case 'abandoned':
      return [
        ...(pauses ? (['paused'] as const) : []),
        ...(mode === 'streak' && failuresBefore > 0 ? [] : (['failure'] as const)),
      ];
    default:
      return [];
  }
}

/**
 * The channels to tell, each once: with the first of the events that one of its entries names.
 * @param events as {@link eventsOf} returns them
 */
export function selectChannels(
  notify: readonly NotifyEntry[],
  events: readonly NotifyEvent[],
): { channel: string; event: NotifyEvent }[] {
  const names = [...new Set(notify.map(({ channel }) => channel))];
  return names.flatMap((channel) => {
    const wanted = new Set(notify.filter((entry) => entry.channel === channel).flatMap(({ on }) => on));
    const event = events.find((one) => wanted.has(one));
    return event === undefined ? [] : [{ channel, event }];
  });
}

/** What a heartbeat monitor gets at the end of a run; `undefined` when the run says nothing about the site. */
export function heartbeatOf(status: StoredStatus): 'success' | 'failure' | undefined {
  if (status === 'succeeded') return 'success';
  return ['failed', 'timed_out', 'abandoned'].includes(status) ? 'failure' : undefined;
}
