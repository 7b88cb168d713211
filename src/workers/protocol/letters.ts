import type * as z from 'zod';
import { isRecord } from '../../core/lib/json.ts';
import { KEY_BYTES } from './keys.ts';
import {
  type HomeLetter,
  type HomeMessage,
  homeLetterSchema,
  MAX_MESSAGES,
  type Start,
  startSchema,
  type WorkerLetter,
  workerLetterSchema,
} from './messages.ts';
import { LetterError, MAX_SEALED_LENGTH, open, seal } from './seal.ts';

/*
 * The plain text of a letter is the length of its JSON (four bytes), the JSON, and then the bytes of all pieces and
 * checkpoints in order. They have their lengths in the JSON, as `bytes`: so files are compressed as they are, and not as
 * base64.
 */
const LENGTH_BYTES = 4;
/** A grant with the largest configuration and cookies is shorter. Pieces do not count. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** More than the JSON of a letter takes beside its messages. */
const ENVELOPE_BYTES = 1_000;

/** @throws LetterError `size` */
export function sealWorkerLetter(key: Uint8Array, { worker, ...letter }: WorkerLetter): string {
  return seal(key, `worker ${worker}>home`, packLetter(letter));
}

/** @throws LetterError: `content` for a letter that has the worker's key and is invalid */
export function openWorkerLetter(key: Uint8Array, worker: string, sealed: unknown): WorkerLetter {
  const content = unpack(open(key, `worker ${worker}>home`, sealed));
  return { ...validate(workerLetterSchema, content), worker };
}

/**
 * @param incarnation the process of the worker that it is for; undefined for any
 * @throws LetterError `size`
 */
export function sealHomeLetter(
  key: Uint8Array,
  worker: string,
  messages: readonly HomeMessage[],
  incarnation?: string,
): string {
  return seal(key, `home>worker ${worker}`, packLetter({ incarnation: incarnation ?? null, messages }));
}

/** Whether a message is not too large for a letter of the home. */
export function fitsLetter(message: HomeMessage): boolean {
  const { length } = Buffer.from(JSON.stringify(message));
  // Even if it cannot be compressed.
  if (length < MAX_SEALED_LENGTH / 2) return true;
  if (length > MAX_JSON_BYTES - ENVELOPE_BYTES) return false;
  try {
    sealHomeLetter(Buffer.alloc(KEY_BYTES), '', [message]);
    return true;
  } catch (error) {
    if (error instanceof LetterError) return false;
    throw error;
  }
}

/** @throws LetterError */
export function openHomeLetter(key: Uint8Array, worker: string, sealed: unknown): HomeLetter {
  return validate(homeLetterSchema, unpack(open(key, `home>worker ${worker}`, sealed)));
}

/** Seals a start for the workers of a pool. */
export function sealStart(key: Uint8Array, pool: string, start: Start): string {
  return seal(key, `home>pool ${pool}`, pack(start));
}

/** @throws LetterError */
export function openStart(key: Uint8Array, pool: string, sealed: unknown): Start {
  return validate(startSchema, unpack(open(key, `home>pool ${pool}`, sealed)));
}

/** Takes the bytes of messages out of their JSON. */
function packLetter(letter: { messages: readonly object[]; [key: string]: unknown }): Buffer {
  const parts: Uint8Array[] = [];
  const messages = letter.messages.map((message) => {
    if (!('data' in message && message.data instanceof Uint8Array)) return message;
    const { data, ...head } = message;
    parts.push(data);
    return { ...head, bytes: data.byteLength };
  });
  return pack({ ...letter, messages }, parts);
}

function pack(content: unknown, parts: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...parts]);
}

function unpack(plain: Buffer): unknown {
  const length = plain.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : plain.readUInt32BE();
  let at = LENGTH_BYTES + length;
  if (at > plain.length) throw new LetterError('content', 'the letter is incomplete');
  if (length > MAX_JSON_BYTES) throw new LetterError('size', 'its text is too long');
  const content = parse(plain.toString('utf8', LENGTH_BYTES, at));
  if (!isRecord(content) || !Array.isArray(content['messages'])) return content;
  // The schema would check each of them before it counts them.
  if (content['messages'].length > MAX_MESSAGES) throw new LetterError('content', 'too many messages');
  const messages = content['messages'].map((message: unknown) => {
    const bytes = isRecord(message) && hasData(message['kind']) ? message['bytes'] : undefined;
    if (!isRecord(message) || !isLength(bytes) || at + bytes > plain.length) return message;
    at += bytes;
    return { ...message, data: plain.subarray(at - bytes, at) };
  });
  return { ...content, messages };
}

function hasData(kind: unknown): boolean {
  return kind === 'piece' || kind === 'checkpoint' || kind === 'earlier';
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new LetterError('content', 'its content is not JSON');
  }
}

function validate<Schema extends z.ZodType>(schema: Schema, content: unknown): z.infer<Schema> {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new LetterError(
    'content',
    `${issue?.path.join('.') || 'the letter'}: ${issue?.message ?? 'invalid'}`,
  );
}
