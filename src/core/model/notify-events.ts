/** The events of a job that a channel may get messages about. */
export const NOTIFY_EVENTS = ['failure', 'recovery', 'change', 'missed', 'paused'] as const;

export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** The events of an entry that names none: those that need a person, and their end. */
export const USUAL_EVENTS: readonly NotifyEvent[] = ['failure', 'recovery', 'paused'];

/** A channel that gets messages about a job. */
export interface NotifyEntry {
  channel: string;
  on: NotifyEvent[];
}

/** Channels as one text: `me team:failure,change`, or `off` for none. */
export function formatNotify(notify: readonly NotifyEntry[]): string {
  if (notify.length === 0) return 'off';
  return notify
    .map(({ channel, on }) => (on.join() === USUAL_EVENTS.join() ? channel : `${channel}:${on.join(',')}`))
    .join(' ');
}

/** Parses the output of {@link formatNotify}. Names and events are not checked. */
export function parseNotify(text: string): { channel: string; on?: string[] }[] {
  if (text.trim() === 'off') return [];
  const entries = text
    .trim()
    .split(/\s+/)
    .filter((entry) => entry !== '');
  return entries.map((entry) => {
    const [channel = '', events = ''] = entry.split(/:(.*)/s);
    const on = events.split(',').filter((event) => event !== '');
    return on.length === 0 ? { channel } : { channel, on };
  });
}
