import * as z from 'zod';
import { MAX_CHECKPOINT_BYTES, MAX_COOKIES_LENGTH } from '../../core/execution/collect-task.ts';
import { TRIGGERS } from '../../core/model/run-record.ts';
import { isPool, isWorkerName, MAX_WORKER_TAGS } from '../../core/model/worker-names.ts';

/** The files of a run that a worker may write at home. */
export const RUN_FILE_NAMES = [
  'run.log',
  'items.jsonl',
  'collected.json',
  ...([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((page) => `pages/${page}.html` as const),
] as const;
export type RunFileName = (typeof RUN_FILE_NAMES)[number];

/** The most bytes of a file that one message contains. */
export const MAX_PIECE_BYTES = 128 * 1024;
/** The most starts that a worker executes at the same time. */
export const MAX_SLOTS = 1_000;
/** The most messages of a letter. */
export const MAX_MESSAGES = 2_000;

const id = z.string().min(1).max(200);
const token = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
const fileName = z.enum(RUN_FILE_NAMES);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const shortText = z.string().max(1_000);
/** Epoch milliseconds, by the sender's clock. */
const now = z.number().min(0).max(8.64e15);
const bytesUpTo = (max: number) => z.instanceof(Uint8Array).refine(({ byteLength }) => byteLength <= max);
const workerName = z.string().refine(isWorkerName);

/** A start of a run that a worker may claim. */
export const startSchema = z.object({ run: id, token });
export type Start = z.infer<typeof startSchema>;

export const workerMessageSchema = z.discriminatedUnion('kind', [
  /** The last one of a process that ends. */
  z.object({ kind: z.literal('bye') }),
  /** The first message of a worker's process: runs of its earlier incarnations have ended. */
  z.object({ kind: z.literal('hello'), incarnation: token }),
  /** Asks whether a start still counts. The same claim may be repeated until it is answered. */
  z.object({ kind: z.literal('claim'), run: id, token, claim: token }),
  z.object({
    kind: z.literal('progress'),
    token,
    items: count,
    pages: count,
    bytes: count,
    /** How many pages there will be, where that is known. */
    total: count.nullable(),
  }),
  /** Bytes of a file, beginning at the offset `at` of the file at home. */
  z.object({
    kind: z.literal('piece'),
    token,
    file: fileName,
    at: count,
    data: bytesUpTo(MAX_PIECE_BYTES),
  }),
  /**
   * Asks for what an earlier attempt has left, from this offset: `items.jsonl`, followed by its checkpoint. The answer
   * is as many pieces as may be on their way.
   */
  z.object({ kind: z.literal('want_earlier'), token, at: count }),
  /** The attempt cannot continue the earlier one: its rows begin at offset 0. Repeated until the home has removed the others. */
  z.object({ kind: z.literal('start_over'), token }),
  /**
   * A checkpoint, whole; without data, there is none any more. It counts when the home has `items` bytes of the items.
   * `number` counts the checkpoints of the attempt, from 1.
   */
  z.object({
    kind: z.literal('checkpoint'),
    token,
    number: count,
    items: count,
    data: bytesUpTo(MAX_CHECKPOINT_BYTES),
  }),
  /**
   * There will be no result: the process of the attempt has died, or the attempt was not begun because what an earlier
   * one has left did not arrive.
   */
  z.object({ kind: z.literal('lost'), token, because: z.enum(['process', 'earlier']) }),
  /**
   * The attempt has ended. `sizes` are the sizes of all its files, as the home counts, and `checkpoint` is the number of
   * the last one; 0 for none. `cookies` is the text of the job's cookies.json after it, which is on no disk of the
   * worker.
   */
  z.object({
    kind: z.literal('collected'),
    token,
    sizes: z.partialRecord(fileName, count),
    checkpoint: count,
    cookies: z.string().max(MAX_COOKIES_LENGTH).nullable(),
  }),
]);
/** What a worker tells the home. */
export type WorkerMessage = z.infer<typeof workerMessageSchema>;

export const workerLetterSchema = z.object({
  /** The build of the worker's program. */
  version: shortText,
  /** A new one for each process of the worker. */
  incarnation: token,
  now,
  slots: z.int().min(0).max(MAX_SLOTS),
  tags: z.array(workerName).max(MAX_WORKER_TAGS),
  /** The tokens of the starts that the worker executes, or that have files which are not at home yet. */
  executing: z.array(token).max(MAX_SLOTS * 4),
  /** Why the worker cannot take starts; null when it can. */
  problem: shortText.nullable(),
  messages: z.array(workerMessageSchema).max(MAX_MESSAGES),
});
/** A letter of a worker. Its name is that of the key with which the letter was sealed. */
export type WorkerLetter = z.infer<typeof workerLetterSchema> & { worker: string };

export const grantSchema = z.object({
  kind: z.literal('grant'),
  run: id,
  token,
  claim: token,
  now,
  job_id: id,
  attempt: z.int().min(1),
  max_attempts: z.int().min(1),
  trigger: z.enum(TRIGGERS),
  timezone: z.string().max(100),
  timeout_seconds: z.number().positive(),
  /** The size of run.log at home when the attempt begins, in bytes. */
  log_at: count,
  config: z.object({
    yaml: z.string(),
    /** The name that messages give. */
    file: shortText,
    /** Whether the text comes from a client and not from a file of the home. */
    is_client_text: z.boolean(),
  }),
  /** The variables that the configuration names. */
  env: z.record(z.string().min(1).max(1_000), z.string()),
  settings: z.record(z.string().max(100), z.unknown()),
  /** The values of parameters that the job and the run give; absent from an older home. */
  params: z.record(z.string().max(100), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** What the job expects of a run. */
  expect: z.unknown(),
  /** The text of the job's cookies.json. */
  cookies: z.string().nullable(),
  max_result_bytes: count,
  /** The sizes of what an earlier attempt has left, in bytes; null when this one starts from the first page. */
  earlier: z.object({ items: count, checkpoint: z.int().min(1).max(MAX_CHECKPOINT_BYTES) }).nullable(),
  /** Why it does, for the log; null when there is nothing to tell. */
  starts_over: shortText.nullable(),
});
/** All that a worker gets to execute a start. */
export type Grant = z.infer<typeof grantSchema>;

export const homeMessageSchema = z.discriminatedUnion('kind', [
  grantSchema,
  /** The start does not count, or not any more: the worker ends it and removes its files. */
  z.object({ kind: z.literal('refuse'), token, why: shortText }),
  /** The size of a file at home. */
  z.object({ kind: z.literal('have'), token, file: fileName, size: count }),
  /** A part of what an earlier attempt has left. */
  z.object({ kind: z.literal('earlier'), token, at: count, data: bytesUpTo(MAX_PIECE_BYTES) }),
  /** The number of the last checkpoint that the home has of this attempt. */
  z.object({ kind: z.literal('kept'), token, number: count }),
  /** The home has all that it needs of the start. */
  z.object({ kind: z.literal('done'), token }),
  z.object({ kind: z.literal('cancel'), token, by: shortText }),
  /**
   * The home lives. `pools` are those whose starts the worker may take. A worker that is cut off from Redis for longer
   * than `max_away_seconds` ends its runs: the home may have given them up by then.
   */
  z.object({
    kind: z.literal('alive'),
    pools: z.array(z.string().refine(isPool)).max(2 ** MAX_WORKER_TAGS),
    max_away_seconds: z.int().min(1).max(100_000),
  }),
  /** Take no more starts. `now`: end those that are active, too. */
  z.object({ kind: z.literal('drain'), now: z.boolean() }),
  z.object({ kind: z.literal('revoked') }),
]);
/** What the home tells a worker. */
export type HomeMessage = z.infer<typeof homeMessageSchema>;

export const homeLetterSchema = z.object({
  /** The process of the worker that it is for; null for any. */
  incarnation: token.nullable(),
  messages: z.array(homeMessageSchema).max(MAX_MESSAGES),
});
export type HomeLetter = z.infer<typeof homeLetterSchema>;
