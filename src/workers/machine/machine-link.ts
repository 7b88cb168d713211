import { DelayedError, type Job, Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type PoolKeys, poolKey } from '../protocol/keys.ts';
import { openHomeLetter, openStart, sealWorkerLetter } from '../protocol/letters.ts';
import { type HomeMessage, MAX_PIECE_BYTES, type Start, type WorkerMessage } from '../protocol/messages.ts';
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

/** Messages leave this often, except those that the caller sends at once. */
const FLUSH_MS = 250;
const ALIVE_BUSY_MS = 2_000;
const ALIVE_IDLE_MS = 15_000;
const TICK_MS = 500;
/** The messages of one letter, in bytes before it is compressed. */
const LETTER_BYTES = 1_048_576;
/** A worker that is cut off from Redis for longer ends its runs, unless the home has said how long it may be. */
const MAX_AWAY_MS = 60_000;
/** BullMQ tries again sooner than this after an error, in milliseconds: without another error, it has passed. */
const PROBLEM_MS = 60_000;
/** A start that could not be claimed is back in the queue after this time. */
const RETRY_START_MS = 1_000;

export interface MachineLinkOptions {
  redis: RedisAccess;
  /** The id of the home in Redis. */
  homeId: string;
  /** The name of this worker. */
  name: string;
  /** The key between the home and this worker. */
  key: Uint8Array;
  poolKeys: PoolKeys;
  /** The build of this program. */
  version: string;
  /** A new one for each process. */
  incarnation: string;
  slots: number;
  tags: readonly string[];
  /** The tokens of the starts that are executed here, or whose files are not at home yet. */
  executing: () => readonly string[];
  /** How many slots these need. A start counts from when {@link onStart} has settled. */
  usedSlots: () => number;
  /**
   * A start was taken. It settles when the home has answered: true when that is the end of it, granted or refused;
   * false puts it back into the queue.
   */
  onStart: (start: Start) => Promise<boolean>;
  /** It must not throw. */
  onMessage: (message: HomeMessage) => void;
  /** The home has another protocol. */
  onForeignProtocol?: (protocol: number) => void;
  /** Called once when Redis has been away for as long as it may. */
  onCutOff: () => void;
  onState?: (state: RedisState) => void;
  warn?: (message: string) => void;
}

/** A worker's end of the queues. What it says may be lost with Redis: it says it again until the home answers. */
export class MachineLink {
  readonly #options: MachineLinkOptions;
  readonly #prefix: string;
  readonly #sender: Redis;
  readonly #watch: RedisWatch;
  readonly #tick: NodeJS.Timeout;
  readonly #inbox: { worker: Worker; client: Redis };
  readonly #pools = new Map<string, { worker: Worker; client: Redis }>();
  /** Why starts of a pool cannot be taken, and when that was last so. */
  readonly #poolProblems = new Map<string, { text: string; at: number }>();
  #home: Queue | undefined;
  #messages: WorkerMessage[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isFlushing = false;
  #lastLetterAt = Number.NEGATIVE_INFINITY;
  /** Starts that were taken, and that the home has not answered yet. */
  #claiming = 0;
  #isDraining = false;
  #isCutOff = false;
  #hasWritten = false;
  #maxAwayMs = MAX_AWAY_MS;

  constructor(options: MachineLinkOptions) {
    this.#options = options;
    this.#prefix = queuePrefix(options.homeId);
    this.#sender = openRedis(options.redis);
    this.#watch = new RedisWatch(this.#sender, (state) => this.#onState(state));
    this.#inbox = this.#openWorker(workerQueue(options.name), 1, (job) => this.#read(job.data));
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
  }

  get state(): RedisState {
    return this.#watch.state;
  }

  /** Whether a letter to the home was written into Redis, which now has this worker. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Tells the home something; with `now` at once, otherwise with the next letter. */
  say(message: WorkerMessage, { now = false } = {}): void {
    const bytes = 'data' in message ? message.data.byteLength : 200;
    if (this.#bytes + bytes > LETTER_BYTES) void this.#flush();
    this.#messages.push(message);
    this.#bytes += bytes;
    if (this.#bytes > LETTER_BYTES - MAX_PIECE_BYTES) void this.#flush();
    else if (now) this.#flushSoon();
    else this.#timer ??= setTimeout(() => void this.#flush(), FLUSH_MS);
  }

  /** Takes starts of exactly these pools, as far as this worker has their keys. */
  setPools(pools: readonly string[]): void {
    if (this.#isDraining) return;
    for (const [pool, opened] of this.#pools) {
      if (pools.includes(pool)) continue;
      this.#pools.delete(pool);
      void this.#closeWorker(opened);
    }
    for (const pool of pools) {
      const key = this.#pools.has(pool) ? undefined : poolKey(this.#options.poolKeys, pool);
      if (key === undefined) continue;
      const opened = this.#openWorker(poolQueue(pool), this.#options.slots, (job, lock) =>
        this.#take(pool, key, job, lock),
      );
      opened.worker.on('error', (error) => this.#notePoolError(pool, error));
      this.#pools.set(pool, opened);
      if (this.#freeSlots() <= 0) void opened.worker.pause(true);
    }
  }

  /** How long Redis may be away until the home may have given up what is executed here. */
  setMaxAway(ms: number): void {
    this.#maxAwayMs = ms;
  }

  get maxAwayMs(): number {
    return this.#maxAwayMs;
  }

  /** The caller has a free slot again, or fewer. */
  slotsChanged(): void {
    const isFull = this.#freeSlots() <= 0;
    for (const { worker } of this.#pools.values()) {
      // What is active settles by itself: it waits for the home only.
      if (isFull && !worker.isPaused()) void worker.pause(true);
      else if (!isFull && worker.isPaused()) void worker.resume();
    }
  }

  /** Takes no more starts. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const opened = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(opened.map((each) => this.#closeWorker(each)));
  }

  /** Sends what is left, and closes all connections. */
  async close(): Promise<void> {
    clearInterval(this.#tick);
    await this.drain();
    this.#messages.push({ kind: 'bye' });
    await this.#flush();
    clearTimeout(this.#timer);
    await this.#closeWorker(this.#inbox);
    this.#watch.close();
    this.#sender.disconnect();
    await withinTime(this.#options.redis.tracing?.close());
  }

  #freeSlots(): number {
    return this.#options.slots - this.#options.usedSlots() - this.#claiming;
  }

  #openWorker(queue: string, concurrency: number, process: (job: Job, lock?: string) => Promise<void>) {
    const client = openRedis(this.#options.redis, true);
    const worker = new Worker(queue, process, {
      connection: client,
      prefix: this.#prefix,
      concurrency,
      ...RECEIVER_OPTIONS,
      ...this.#options.redis.tracing?.options,
    });
    worker.on('error', (error) => this.#watch.report(error));
    return { worker, client };
  }

  /** The home shall hand over no starts that cannot be taken, and tell a person why. */
  #notePoolError(pool: string, error: Error): void {
    if (!/NOPERM/.test(error.message)) return;
    const keys = `~${this.#prefix}:${poolQueue(pool)}:*`;
    const text = `its user of Redis may not use ${keys}: add that to the user's ACL`;
    const isNew = this.#problem() === null;
    this.#poolProblems.set(pool, { text, at: performance.now() });
    if (!isNew) return;
    this.#options.warn?.(`no runs can be taken: ${text}`);
    this.#flushSoon();
  }

  #problem(): string | null {
    const now = performance.now();
    const present = [...this.#poolProblems].filter(
      ([pool, { at }]) => this.#pools.has(pool) && now - at < PROBLEM_MS,
    );
    return present[0]?.[1].text ?? null;
  }

  async #closeWorker({ worker, client }: { worker: Worker; client: Redis }): Promise<void> {
    await withinTime(worker.close(!this.state.isConnected));
    client.disconnect();
  }

  /** @throws DelayedError, WaitingError by which BullMQ knows that the start is back in the queue */
  async #take(pool: string, key: Uint8Array, job: Job, lock?: string): Promise<void> {
    if (this.#freeSlots() <= 0 || this.#isDraining) {
      this.slotsChanged();
      await job.moveToWait(lock);
      throw new WaitingError();
    }
    this.#claiming += 1;
    this.slotsChanged();
    try {
      if (await this.#start(pool, key, job)) return;
    } finally {
      this.#claiming -= 1;
      this.slotsChanged();
    }
    await job.moveToDelayed(Date.now() + RETRY_START_MS, lock);
    throw new DelayedError();
  }

  async #start(pool: string, key: Uint8Array, job: Job): Promise<boolean> {
    try {
      return await this.#options.onStart(openStart(key, pool, (job.data as { s?: unknown } | undefined)?.s));
    } catch (error) {
      this.#options.warn?.(`a start was refused: ${messageOf(error)}`);
      return true;
    }
  }

  #read(data: unknown): Promise<void> {
    const { name, key, incarnation, onForeignProtocol, warn, onMessage } = this.#options;
    try {
      const letter = openHomeLetter(key, name, (data as { s?: unknown } | undefined)?.s);
      // What an earlier process of this worker did not read would end this one, or drain it.
      if ((letter.incarnation ?? incarnation) !== incarnation) return Promise.resolve();
      for (const message of letter.messages) onMessage(message);
    } catch (error) {
      if (error instanceof LetterError && error.reason === 'protocol')
        onForeignProtocol?.(error.protocol ?? 0);
      warn?.(`a letter of the home was refused: ${messageOf(error)}`);
    }
    return Promise.resolve();
  }

  #onState(state: RedisState): void {
    if (state.isConnected) {
      this.#isCutOff = false;
      // The home has not heard this worker for a while.
      this.#flushSoon();
    }
    this.#options.onState?.(state);
  }

  #onTick(): void {
    const { isConnected, since } = this.state;
    if (!isConnected && !this.#isCutOff && performance.now() - since > this.#maxAwayMs) {
      this.#isCutOff = true;
      this.#options.onCutOff();
    }
    const every = this.#options.executing().length > 0 ? ALIVE_BUSY_MS : ALIVE_IDLE_MS;
    if (performance.now() - this.#lastLetterAt >= every) void this.#flush();
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isFlushing = false;
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    this.#lastLetterAt = performance.now();
    const { name, key, version, incarnation, slots, tags, executing } = this.#options;
    try {
      const s = sealWorkerLetter(key, {
        worker: name,
        version,
        incarnation,
        now: Date.now(),
        slots: this.#isDraining ? 0 : slots,
        tags: [...tags],
        executing: [...executing()],
        problem: this.#problem(),
        messages,
      });
      // BullMQ would keep what is added to a queue that was never connected.
      if (this.#sender.status !== 'ready') return;
      await this.#homeQueue().add('letter', { w: name, s }, JOB_OPTIONS);
      this.#hasWritten = true;
    } catch (error) {
      this.#watch.report(error);
      if (error instanceof LetterError) this.#options.warn?.(`a letter was not sent: ${error.message}`);
    }
  }

  #homeQueue(): Queue {
    if (this.#home === undefined) {
      this.#home = new Queue(HOME_QUEUE, {
        connection: this.#sender,
        prefix: this.#prefix,
        ...QUEUE_OPTIONS,
        ...this.#options.redis.tracing?.options,
      });
      this.#home.on('error', (error) => this.#watch.report(error));
    }
    return this.#home;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
