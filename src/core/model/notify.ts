import * as z from 'zod';
import { once } from '../lib/once.ts';

/** What a channel may be told of a job. */
export const NOTIFY_EVENTS = ['failure', 'recovery', 'change', 'missed', 'paused'] as const;

export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** The events of an entry that names none: those that need a person, and their end. */
export const USUAL_EVENTS: readonly NotifyEvent[] = ['failure', 'recovery', 'paused'];

/** A channel that gets messages about a job. */
export interface NotifyEntry {
  channel: string;
  on: NotifyEvent[];
}

const MAX_ENTRIES = 20;
const LIST = `an array of at most ${MAX_ENTRIES} objects such as {"channel": "me", "on": ["failure"]}`;
const CHANNEL = 'the name of a channel: letters, digits, "-" and "_", 64 at most';
const EVENTS = `an array of ${NOTIFY_EVENTS.join(', ')}`;

/** The input of a job's `notify`, and of the setting. */
export const notifyInput = once(() =>
  z
    .array(
      z.strictObject(
        {
          channel: z
            .string({ error: CHANNEL })
            .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: CHANNEL })
            .describe('The name of a channel in channels.yaml'),
          on: z
            .array(z.enum(NOTIFY_EVENTS, { error: `one of ${NOTIFY_EVENTS.join(', ')}` }), { error: EVENTS })
            .min(1, { error: EVENTS })
            .default([...USUAL_EVENTS])
            .describe('The events that it gets messages about'),
        },
        { error: (issue) => (issue.code === 'invalid_type' ? 'an object with channel and on' : undefined) },
      ),
      { error: LIST },
    )
    .max(MAX_ENTRIES, { error: LIST }),
);

/** Reads a stored list; `null` for none, and for a text that this program does not write. */
export function readNotify(value: unknown): NotifyEntry[] | null {
  const parsed = Array.isArray(value) ? notifyInput().safeParse(value) : undefined;
  return parsed?.success === true ? parsed.data : null;
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
