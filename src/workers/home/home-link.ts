import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { isWorkerName } from '../../core/model/worker-names.ts';
import { openWorkerLetter, sealHomeLetter, sealStart } from '../protocol/letters.ts';
import type { HomeMessage, Start, WorkerLetter } from '../protocol/messages.ts';
import {
  HOME_QUEUE,
  JOB_OPTIONS,
  poolQueue,
  QUEUE_OPTIONS,
  queuePrefix,
  RECEIVER_OPTIONS,
  workerQueue,
} from '../protocol/names.ts';
import {
  openRedis,
  type RedisAccess,
  type RedisState,
  RedisWatch,
  withinTime,
} from '../protocol/redis-client.ts';
import { LetterError } from '../protocol/seal.ts';

/** So that all letters of one moment can be one transaction. */
const LETTERS_AT_ONCE = 32;
/** How often the home writes to itself: what arrives proves that the letters of workers would, in milliseconds. */
const ECHO_MS = 5_000;
/** How long a message that is not urgent waits for others, in milliseconds. */
const LATER_MS = 250;
/** The messages of one letter, in bytes: a letter of several is at most as large as one piece of a grant. */
const LETTER_BYTES = 512 * 1024;

export interface HomeLinkOptions {
  redis: RedisAccess;
  /** The id of the home in Redis. */
  homeId: string;
  /** The key of a worker; undefined when its letters are refused, and it gets none. */
  workerKey: (worker: string) => Uint8Array | undefined;
  /** The key of a pool. */
  poolKey: (pool: string) => Uint8Array;
  /** A letter has arrived. It settles, or throws, when the letter has been dealt with; errors are warnings. */
  onLetter: (letter: WorkerLetter) => void | Promise<void>;
  /** Whether a letter is ignored, because its worker has another process by now. */
  isOutdated?: (letter: WorkerLetter) => boolean;
  /** A start could not be handed over: it is not in the queue, or is not certain to be. */
  onHandOverFailed: (start: Start, why: string) => void;
  /** A worker has another protocol. */
  onForeignProtocol: (worker: string, protocol: number) => void;
  onState?: (state: RedisState) => void;
  /** A message of this home to itself has arrived: see {@link ECHO_MS}. */
  onEcho?: () => void;
  warn?: (message: string) => void;
}

/**
 * The home's end of the queues. What it sends may be lost with Redis: each side asks again for what it needs. While
 * Redis is away everything fails at once, and nothing is stored for later.
 */
export class HomeLink {
  readonly #options: HomeLinkOptions;
  /** What all keys of this home begin with. */
  readonly prefix: string;
  readonly #sender: Redis;
  readonly #watch: RedisWatch;
  readonly #queues = new Map<string, Queue>();
  #receiver: { worker: Worker; client: Redis } | undefined;
  /** The process of each worker that was heard last. */
  readonly #incarnations = new Map<string, string>();
  #handOvers = new Map<string, Start[]>();
  #messages = new Map<string, HomeMessage[]>();
  #isFlushing = false;
  #laterTimer: NodeJS.Timeout | undefined;
  /** Only this process knows it, so that no other one can pretend that the home hears. */
  readonly #echo = randomUUID();
  #echoTimer: NodeJS.Timeout | undefined;

  constructor(options: HomeLinkOptions) {
    this.#options = options;
    this.prefix = queuePrefix(options.homeId);
    this.#sender = openRedis(options.redis);
    this.#watch = new RedisWatch(this.#sender, (state) => options.onState?.(state));
  }

  get state(): RedisState {
    return this.#watch.state;
  }

  /** Reads what the workers write. */
  listen(): void {
    if (this.#receiver) return;
    const client = openRedis(this.#options.redis, true);
    const worker = new Worker(HOME_QUEUE, (job) => this.#read(job.data), {
      connection: client,
      prefix: this.prefix,
      concurrency: LETTERS_AT_ONCE,
      ...RECEIVER_OPTIONS,
      ...this.#options.redis.tracing?.options,
    });
    worker.on('error', (error) => this.#watch.report(error));
    this.#echoTimer = setInterval(() => void this.#sendEcho(), ECHO_MS);
    this.#echoTimer.unref();
    this.#receiver = { worker, client };
  }

  /** Puts a start where each worker of its pool can take it. All of one turn of the loop go in one command a pool. */
  handOver(pool: string, start: Start): void {
    append(this.#handOvers, pool, start);
    this.#flushSoon();
  }

  /** Whether a start is in the queue, or a worker has just taken it; undefined when Redis does not say. */
  async isQueued(token: string, pool: string): Promise<boolean | undefined> {
    try {
      return (await this.#queue(poolQueue(pool)).getJobState(token)) !== 'unknown';
    } catch (error) {
      this.#watch.report(error);
      return undefined;
    }
  }

  /** Removes a start from the queue, if Redis answers and no worker has taken it. */
  async takeBack(token: string, pool: string): Promise<void> {
    try {
      await this.#queue(poolQueue(pool)).remove(token);
    } catch (error) {
      this.#watch.report(error);
    }
  }

  /**
   * Tells a worker something. All messages of one turn of the loop go in one letter. So do those that are not urgent,
   * and wait for others: each letter takes processor time on both machines.
   */
  tell(worker: string, messages: readonly HomeMessage[], { later = false } = {}): void {
    for (const message of messages) append(this.#messages, worker, message);
    if (later) this.#laterTimer ??= setTimeout(() => this.#flushSoon(), LATER_MS);
    else this.#flushSoon();
  }

  /** Sends what is left, and closes all connections. */
  async close(): Promise<void> {
    clearInterval(this.#echoTimer);
    await withinTime(this.#flush());
    this.#watch.close();
    await withinTime(this.#receiver?.worker.close(!this.state.isConnected));
    this.#receiver?.client.disconnect();
    this.#sender.disconnect();
    await withinTime(this.#options.redis.tracing?.close());
  }

  async #sendEcho(): Promise<void> {
    try {
      await this.#queue(HOME_QUEUE).add('echo', { echo: this.#echo }, JOB_OPTIONS);
    } catch (error) {
      this.#watch.report(error);
    }
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    this.#isFlushing = false;
    clearTimeout(this.#laterTimer);
    this.#laterTimer = undefined;
    const [handOvers, messages] = [this.#handOvers, this.#messages];
    this.#handOvers = new Map();
    this.#messages = new Map();
    await Promise.all([
      ...[...handOvers].map(([pool, starts]) => this.#addStarts(pool, starts)),
      ...[...messages].map(([worker, told]) => this.#addLetters(worker, told)),
    ]);
  }

  async #addStarts(pool: string, starts: readonly Start[]): Promise<void> {
    try {
      const key = this.#options.poolKey(pool);
      // The token is the id: the same start cannot be there twice. Without a priority the queue is a plain list, which
      // is cheap, and which autoscalers can count.
      await this.#queue(poolQueue(pool)).addBulk(
        starts.map((start) => ({
          name: 'start',
          data: { s: sealStart(key, pool, start) },
          opts: { ...JOB_OPTIONS, jobId: start.token },
        })),
      );
    } catch (error) {
      this.#watch.report(error);
      for (const start of starts) this.#options.onHandOverFailed(start, String(error));
    }
  }

  async #addLetters(worker: string, messages: readonly HomeMessage[]): Promise<void> {
    const key = this.#options.workerKey(worker);
    if (key === undefined) return;
    for (const group of groupBySize(messages)) {
      try {
        const s = sealHomeLetter(key, worker, group, this.#incarnations.get(worker));
        await this.#queue(workerQueue(worker)).add('letter', { s }, JOB_OPTIONS);
      } catch (error) {
        this.#watch.report(error);
        if (error instanceof LetterError)
          this.#options.warn?.(`worker ${worker} gets no answer: ${error.message}`);
      }
    }
  }

  /**
   * @throws Error while Redis is away. BullMQ would keep what is added to a queue that was never connected, and send
   *   it whenever that is
   */
  #queue(name: string): Queue {
    if (this.#sender.status !== 'ready') throw new Error('Redis is away');
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, {
        connection: this.#sender,
        prefix: this.prefix,
        ...QUEUE_OPTIONS,
        ...this.#options.redis.tracing?.options,
      });
      queue.on('error', (error) => this.#watch.report(error));
      this.#queues.set(name, queue);
    }
    return queue;
  }

  async #read(data: unknown): Promise<void> {
    if ((data as { echo?: unknown } | null)?.echo === this.#echo) return this.#options.onEcho?.();
    const { w: worker, s: sealed } = (data ?? {}) as { w?: unknown; s?: unknown };
    const name = typeof worker === 'string' && isWorkerName(worker) ? worker : undefined;
    const key = name === undefined ? undefined : this.#options.workerKey(name);
    if (name === undefined || key === undefined) {
      this.#options.warn?.(`a letter of ${name ?? 'nobody'} was refused: no such worker is invited`);
      return;
    }
    try {
      const letter = openWorkerLetter(key, name, sealed);
      if (this.#options.isOutdated?.(letter)) return;
      this.#incarnations.set(name, letter.incarnation);
      await this.#options.onLetter(letter);
    } catch (error) {
      if (error instanceof LetterError && error.reason === 'protocol')
        return this.#options.onForeignProtocol(name, error.protocol ?? 0);
      this.#options.warn?.(`a letter of worker ${name} was refused: ${messageOf(error)}`);
    }
  }
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** About how long a message is in a letter, in bytes. */
function sizeOf(message: HomeMessage): number {
  if (message.kind === 'grant') return JSON.stringify(message).length;
  return message.kind === 'earlier' ? message.data.byteLength + 200 : 200;
}

/** Splits messages so that only a single large one makes a large letter. */
function groupBySize(messages: readonly HomeMessage[]): HomeMessage[][] {
  const groups: HomeMessage[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const bytes = sizeOf(message);
    if (size + bytes > LETTER_BYTES) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(message);
    size += bytes;
  }
  return groups;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
