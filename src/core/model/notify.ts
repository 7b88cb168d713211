import * as z from 'zod';
import { once } from '../lib/once.ts';
import { NOTIFY_EVENTS, type NotifyEntry, USUAL_EVENTS } from './notify-events.ts';

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
