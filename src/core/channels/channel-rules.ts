import * as z from 'zod';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { once } from '../lib/once.ts';
import { refineWith } from '../model/input-errors.ts';
import { parseTimezone } from '../schedule/timezone.ts';
import { parseQuietHours } from './quiet-hours.ts';

/** The kinds of channels. */
export const CHANNEL_TYPES = [
  'email',
  'webhook',
  'ntfy',
  'slack',
  'discord',
  'telegram',
  'gotify',
  'desktop',
  'heartbeat',
] as const;

export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** Messages an hour that a channel takes before the others are joined into one. */
const MAX_PER_HOUR = 20;
const MAX_TEMPLATE_CHARACTERS = 100_000;

const text = (error: string) => z.string({ error }).min(1, { error });

/** A `${NAME}` is filled in later, so a text that has one cannot be checked before. */
const hasVariable = (value: string) => value.includes('${');

function address(protocols: readonly string[], example: string) {
  const error = `an address such as ${example}`;
  return text(error).refine(
    (value) => hasVariable(value) || (canParseUrl(value) && protocols.includes(new URL(value).protocol)),
    { error },
  );
}

const WEB = ['http:', 'https:'];
const TOPIC = 'https://ntfy.sh/your-topic';
const PRIORITY = 'a whole number from 1 to 5';
const PER_HOUR = 'a whole number from 1 to 1000';
const GOTIFY_PRIORITY = 'a whole number from 0 to 10';
const LINE = 'a text of one line';
const line = () => text(LINE).regex(/^[^\r\n\0]*$/, { error: LINE });
const MAILBOX = 'an e-mail address, or a list of them';
const mailbox = () =>
  line().refine((value) => hasVariable(value) || /^[^\s@]+@[^\s@]+$|<[^\s@<>]+@[^\s@<>]+>$/.test(value), {
    error: MAILBOX,
  });
const HEADERS = 'an object of header names and texts';

/** Fields that each kind of channel but `heartbeat` has. */
const common = () => ({
  quiet_hours: text('hours such as 22:00-07:00')
    .superRefine(refineWith(parseQuietHours))
    .optional()
    .describe('Messages wait until the end of these hours'),
  timezone: text('an IANA time zone')
    .superRefine(refineWith(parseTimezone))
    .optional()
    .describe('The zone of quiet_hours and digest; default: the setting timezone'),
  digest: z
    .enum(['hour', 'day'], { error: 'hour or day' })
    .optional()
    .describe('Joins the messages of an hour or a day into one'),
  max_per_hour: z
    .number({ error: PER_HOUR })
    .int({ error: PER_HOUR })
    .min(1, { error: PER_HOUR })
    .max(1000, { error: PER_HOUR })
    .default(MAX_PER_HOUR)
    .describe('More messages in an hour are joined into one'),
  subject: line().max(MAX_TEMPLATE_CHARACTERS).optional().describe('Template of the subject or title'),
  text: text('a template')
    .max(MAX_TEMPLATE_CHARACTERS, { error: `a template of at most ${MAX_TEMPLATE_CHARACTERS} characters` })
    .optional()
    .describe('Template of the text'),
});

/** The fields of each kind of channel, besides `type`. */
const RULES = {
  email: once(() =>
    z.strictObject({
      type: z.literal('email'),
      server: address(['smtp:', 'smtps:'], 'smtps://smtp.example.com').describe(
        'smtps:// is TLS from the start, smtp:// needs STARTTLS',
      ),
      user: text('a user name').optional().describe('The name to sign in with'),
      password: text('a password').optional().describe('Write a variable of secrets.env'),
      from: mailbox().describe('The sender'),
      to: z
        .union([mailbox(), z.array(mailbox()).min(1).max(50)], { error: MAILBOX })
        .describe('The recipients'),
      tls: z
        .enum(['required', 'optional'], { error: 'required or optional' })
        .default('required')
        .describe('optional: a server without TLS gets the mail in clear text'),
      ...common(),
    }),
  ),
  webhook: once(() =>
    z
      .strictObject({
        type: z.literal('webhook'),
        url: address(WEB, 'https://example.com/hook').describe('The address that gets the request'),
        method: z
          .enum(['POST', 'PUT', 'GET'], { error: 'POST, PUT or GET' })
          .default('POST')
          .describe('The method of the request'),
        headers: z
          .record(z.string(), line(), { error: HEADERS })
          .default({})
          .describe('Further headers of the request'),
        body: text('a template')
          .max(MAX_TEMPLATE_CHARACTERS)
          .optional()
          .describe('Default: the message as JSON'),
        secret: text('a secret').optional().describe('Signs each request (Standard Webhooks)'),
        ...common(),
      })
      .superRefine(({ method, body }, context) => {
        if (method !== 'GET' || body === undefined) return;
        const params = { said: true, hint: 'Use method: POST or PUT, or leave body out.' };
        context.addIssue({ code: 'custom', path: ['body'], message: 'body: a GET request has none', params });
      }),
  ),
  ntfy: once(() =>
    z.strictObject({
      type: z.literal('ntfy'),
      url: address(WEB, TOPIC)
        .refine((value) => hasVariable(value) || !canParseUrl(value) || new URL(value).pathname !== '/', {
          error: `an address such as ${TOPIC}`,
        })
        .describe('The address of the topic'),
      token: text('an access token').optional().describe('An access token'),
      priority: z
        .number({ error: PRIORITY })
        .int()
        .min(1)
        .max(5, { error: PRIORITY })
        .optional()
        .describe('1 to 5; 3 is usual'),
      ...common(),
    }),
  ),
  slack: once(() =>
    z.strictObject({
      type: z.literal('slack'),
      url: address(WEB, 'https://hooks.slack.com/services/…').describe('An incoming webhook'),
      ...common(),
    }),
  ),
  discord: once(() =>
    z.strictObject({
      type: z.literal('discord'),
      url: address(WEB, 'https://discord.com/api/webhooks/…').describe('A webhook of a Discord channel'),
      ...common(),
    }),
  ),
  telegram: once(() =>
    z.strictObject({
      type: z.literal('telegram'),
      token: text('the token of a bot').describe('The token of the bot'),
      chat: z
        .union([text('the id of a chat'), z.number()], { error: 'the id of a chat, or @channel' })
        .describe('The chat that gets the messages'),
      server: address(WEB, 'https://api.telegram.org')
        .default('https://api.telegram.org')
        .describe('The server of the bot API'),
      ...common(),
    }),
  ),
  gotify: once(() =>
    z.strictObject({
      type: z.literal('gotify'),
      url: address(WEB, 'https://gotify.example.com').describe('The address of the server'),
      token: text('the token of an application').describe('The token of the application'),
      priority: z
        .number({ error: GOTIFY_PRIORITY })
        .int()
        .min(0)
        .max(10, { error: GOTIFY_PRIORITY })
        .optional()
        .describe('0 to 10'),
      ...common(),
    }),
  ),
  desktop: once(() => z.strictObject({ type: z.literal('desktop'), ...common() })),
  heartbeat: once(() =>
    z.strictObject({
      type: z.literal('heartbeat'),
      url: address(WEB, 'https://hc-ping.com/your-uuid').describe(
        'Gets /start at the start of a run, itself after a success, /fail after a failure',
      ),
    }),
  ),
} as const;

type Rules = typeof RULES;

/** A channel as `channels.yaml` defines it. `${NAME}` stands as it is written. */
export type Channel = { [T in ChannelType]: z.infer<ReturnType<Rules[T]>> }[ChannelType];

/** The channel of one kind. */
export type ChannelOf<T extends ChannelType> = Extract<Channel, { type: T }>;

/** The rule of a kind of channel. */
export function channelRule<T extends ChannelType>(type: T): z.ZodType<ChannelOf<T>> {
  return RULES[type]() as unknown as z.ZodType<ChannelOf<T>>;
}

export function isChannelType(value: unknown): value is ChannelType {
  return (CHANNEL_TYPES as readonly unknown[]).includes(value);
}

/** The fields of a kind of channel, for "did you mean". */
export function channelFields(type: ChannelType): string[] {
  return Object.keys((RULES[type]() as z.ZodObject).shape);
}
