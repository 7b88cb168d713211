import { hash } from 'node:crypto';
import * as z from 'zod';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { describeUpgrade } from '../../core/lib/installation.ts';
import { isRecord, tryParseJson } from '../../core/lib/json.ts';
import { isWorkerName, MAX_WORKER_TAGS } from '../../core/model/worker-names.ts';
import { KEY_BYTES } from './keys.ts';

/** The version of the format of invitations. */
const VERSION = 1;
/** All invitations begin with the encoded form of `{"v":`. */
const FIRST_CHARACTERS = 'eyJ2Ijo';
const CHECK_CHARACTERS = 8;

const name = z.string().refine(isWorkerName);
const key = z
  .string()
  .refine((text) => Buffer.from(text, 'base64url').length === KEY_BYTES)
  .transform((text): Buffer => Buffer.from(text, 'base64url'));
const schema = z.object({
  home: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  name,
  redis: z.string().min(1).max(1_000),
  user: z.string().min(1).max(200).optional(),
  key,
  pool: key,
  tags: z.record(name, key).refine((tags) => Object.keys(tags).length <= MAX_WORKER_TAGS),
});

/** What a worker has to know to work for a home. It contains keys: who has it can act as this worker. */
export interface Invitation {
  /** The id of the home in Redis. */
  home: string;
  name: string;
  /** The address of Redis, without a password. */
  redis: string;
  /** The user of Redis; its default user when undefined. */
  user?: string | undefined;
  /** The key between the home and this worker. */
  key: Uint8Array;
  /** The key of all pools. */
  pool: Uint8Array;
  /** The key of each tag. */
  tags: Readonly<Record<string, Uint8Array>>;
}

/** Encodes an invitation as one line of letters, digits, `-` and `_`. */
export function encodeInvitation({ home, name, redis, user, key, pool, tags }: Invitation): string {
  const content = {
    v: VERSION,
    home,
    name,
    redis,
    ...(user !== undefined && { user }),
    key: toBase64(key),
    pool: toBase64(pool),
    tags: Object.fromEntries(Object.entries(tags).map(([tag, each]) => [tag, toBase64(each)])),
  };
  return toBase64(Buffer.from(JSON.stringify({ ...content, check: checkOf(content) })));
}

/**
 * Decodes an invitation; spaces and line breaks, as a terminal or a mail adds them, do not matter.
 * @throws QuickscrapeError `invalid_params` that says what is wrong with it; it repeats nothing of the text
 */
export function decodeInvitation(text: string): Invitation {
  const line = text.replaceAll(/\s/g, '');
  if (line === '') throw invalid('the invitation is empty');
  if (!line.startsWith(FIRST_CHARACTERS) || /[^A-Za-z0-9_-]/.test(line)) {
    throw invalid('this is not an invitation');
  }
  const content = tryParseJson(Buffer.from(line, 'base64url').toString('utf8'));
  if (!isRecord(content)) throw invalid('the invitation is incomplete or was changed');
  if (typeof content['v'] === 'number' && content['v'] > VERSION) {
    throw new QuickscrapeError(
      'invalid_params',
      `the invitation has format ${content['v']}, and this version of QuickScrape reads format ${VERSION}`,
      { hint: `It has to be the version of the home. ${describeUpgrade()}` },
    );
  }
  const { check, ...rest } = content;
  const result = schema.safeParse(rest);
  if (!result.success || check !== checkOf(rest))
    throw invalid('the invitation is incomplete or was changed');
  return result.data;
}

function invalid(message: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', message, {
    hint: 'Copy the whole line that `quickscrape worker invite NAME` printed at home, or make a new one.',
  });
}

/** Detects a character that was changed by accident. */
function checkOf(content: object): string {
  return hash('sha256', JSON.stringify(content)).slice(0, CHECK_CHARACTERS);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
