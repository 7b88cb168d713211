import * as z from 'zod';
import { tryParseJson } from '../lib/json.ts';
import { once } from '../lib/once.ts';
import { NOTIFY_EVENTS, type NotifyEvent } from '../model/notify-events.ts';

/** What a message is about: an event of a job, the start or success of a run for a heartbeat, a channel, or a test. */
export type MessageEvent = NotifyEvent | 'start' | 'success' | 'channel' | 'test';

/** What the channels of a message are chosen by, while the files that define them cannot be read. */
const channelChoice = once(() =>
  z.object({
    /** The channels of the job; `null` for those of the settings. */
    notify: z
      .array(z.object({ channel: z.string(), on: z.array(z.enum(NOTIFY_EVENTS)) }))
      .readonly()
      .nullable(),
    /** The most important first. */
    events: z.array(z.enum(NOTIFY_EVENTS)),
    /** What monitors get. */
    beat: z.enum(['start', 'success', 'failure']).nullable(),
  }),
);

export type ChannelChoice = z.infer<ReturnType<typeof channelChoice>>;

/**
 * What a message says even if its run, its job or its channel is gone when it is sent. Instants are epoch milliseconds.
 */
export const messageFacts = once(() =>
  z.object({
    config_name: z.string().nullable().default(null),
    timezone: z.string().nullable().default(null),
    status: z.string().nullable().default(null),
    /** When it happened. */
    at: z.number(),
    /** Failed runs in a row, with this one; before a recovery, without it. */
    failures: z.number().default(0),
    error: z.object({ kind: z.string(), message: z.string() }).nullable().default(null),
    items: z.number().nullable().default(null),
    changes: z
      .object({ added: z.number(), removed: z.number(), changed: z.number(), with_run_id: z.string() })
      .nullable()
      .default(null),
    /** Occurrences that were missed: how many, the first and the last. */
    missed: z.object({ count: z.number(), first: z.number(), last: z.number() }).nullable().default(null),
    /** Why an occurrence was missed, or what is wrong with a channel. */
    reason: z.string().nullable().default(null),
    /** The channel that a message is about. */
    about_channel: z.string().nullable().default(null),
    choice: channelChoice().nullable().default(null),
  }),
);

export type MessageFacts = z.infer<ReturnType<typeof messageFacts>>;

/** Parses the facts of a row; those of a text that this program does not write are empty. */
export function readFacts(text: string, at: number): MessageFacts {
  const parsed = messageFacts().safeParse(tryParseJson(text));
  return parsed.success ? parsed.data : messageFacts().parse({ at });
}
