import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Tracing } from './otlp-tracing.ts';

/** Where Redis, or Valkey, is, and who asks. */
export interface RedisAccess {
  /** `redis://HOST:PORT/DB`, `rediss://…` with TLS, or `unix:///PATH`. */
  address: string;
  user?: string | undefined;
  password?: string | undefined;
  /** Traces what is sent and read. */
  tracing?: Tracing | undefined;
}

/** Whether Redis answers. */
export interface RedisState {
  isConnected: boolean;
  /** Since when, in milliseconds of `performance.now()`. */
  since: number;
  /** Why it does not answer, or what is wrong with it although it does. */
  problem?: string | undefined;
}

const HINT = 'Give redis://HOST:PORT, rediss://HOST:PORT for TLS, or unix:///PATH of a socket.';
const DEFAULT_PORT = 6379;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_RETRY_DELAY_MS = 1_000;
/** How often Redis is asked whether it answers; no answer until the next time is none. */
const PING_MS = 2_000;
/** Its settings may be changed while it runs: they are read again once a minute. */
const PINGS_PER_GREETING = 30;
const MIN_VERSION = [6, 2];

/**
 * Parses the address of Redis.
 * @throws QuickscrapeError `invalid_params`
 */
export function parseRedisAddress(address: string): RedisOptions {
  const url = canParseUrl(address) ? new URL(address) : undefined;
  if (url?.username || url?.password) {
    throw new QuickscrapeError('invalid_params', 'the address of Redis contains a user or a password', {
      hint: 'Leave them out of the address; the password is read from QUICKSCRAPE_REDIS_PASSWORD, or from the --redis-password-file of a worker.',
    });
  }
  if (url?.protocol === 'unix:' && url.host === '' && url.pathname.length > 1) {
    return { path: decodeURIComponent(url.pathname) };
  }
  const database = url?.pathname.slice(1) ?? '';
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  if (!url || !isRedis || url.hostname === '' || !/^\d{0,4}$/.test(database)) {
    throw new QuickscrapeError('invalid_params', `${JSON.stringify(address)} is not an address of Redis`, {
      hint: HINT,
    });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: Number(url.port || DEFAULT_PORT),
    db: Number(database),
    // The name that a certificate is chosen by is no address (RFC 6066); Node warns of one.
    ...(url.protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  };
}

/**
 * Opens a connection that comes back by itself after any outage.
 * @param isBlocking whether it waits for jobs. The others fail at once while Redis is away: what they send is outdated
 *   when it is back
 */
export function openRedis({ address, user, password }: RedisAccess, isBlocking = false): Redis {
  const options: RedisOptions & { replyMapping: 'legacy' } = {
    ...parseRedisAddress(address),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times: number) => Math.min(50 * 2 ** times, MAX_RETRY_DELAY_MS),
    // A command that was on its way when the connection broke fails, unless it waits for jobs.
    maxRetriesPerRequest: isBlocking ? null : 0,
    enableOfflineQueue: isBlocking,
    autoResendUnfulfilledCommands: isBlocking,
    replyMapping: 'legacy',
  };
  const client = new Redis(options);
  // Without a listener, ioredis prints each error.
  client.on('error', () => {});
  return client;
}

/** Watches one connection: whether Redis answers on it, since when, and what is wrong with it. */
export class RedisWatch {
  readonly #client: Redis;
  readonly #listener: (state: RedisState) => void;
  readonly #timer: NodeJS.Timeout;
  #state: RedisState = { isConnected: false, since: performance.now() };
  #isWaiting = false;
  #pings = 0;
  #isClosed = false;

  /** @param onState called when the state changes; it must not throw */
  constructor(client: Redis, onState: (state: RedisState) => void) {
    this.#client = client;
    this.#listener = onState;
    client.on('ready', () => void this.#greet());
    client.on('error', (error: Error) => this.#set(false, describeRedisError(error)));
    client.on('close', () => {
      this.#isWaiting = false;
      this.#set(false, this.#state.isConnected ? undefined : this.#state.problem);
    });
    this.#timer = setInterval(() => void this.#ping(), PING_MS);
    this.#timer.unref();
  }

  get state(): RedisState {
    return this.#state;
  }

  /** A command failed: Redis may answer, and yet be full. */
  report(error: unknown): void {
    const problem = describeRedisError(error);
    if (this.#state.isConnected && problem !== undefined) this.#set(true, problem);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  /** The first question: it names what would break later, and fails where a password is missing. */
  async #greet(): Promise<void> {
    try {
      this.#set(true, describeServer(await this.#client.info()));
    } catch (error) {
      if (/NOPERM/.test(String(error))) this.#set(true, undefined);
      else this.#set(false, describeRedisError(error) ?? String(error));
    }
  }

  async #ping(): Promise<void> {
    if (this.#isWaiting) {
      this.#set(false, 'Redis does not answer');
      // Its machine may have gone without a word: only another connection will tell.
      this.#client.disconnect(true);
      return;
    }
    if (this.#client.status !== 'ready') return;
    this.#isWaiting = true;
    try {
      await this.#client.ping();
      this.#pings = (this.#pings + 1) % PINGS_PER_GREETING;
      const isDue = this.#pings === 0 || this.#state.problem?.startsWith(FULL);
      if (!this.#state.isConnected || isDue) await this.#greet();
    } catch (error) {
      this.#set(false, describeRedisError(error));
    } finally {
      this.#isWaiting = false;
    }
  }

  #set(isConnected: boolean, problem: string | undefined): void {
    if (this.#isClosed) return;
    const isSame = isConnected === this.#state.isConnected;
    if (isSame && problem === this.#state.problem) return;
    this.#state = { isConnected, since: isSame ? this.#state.since : performance.now(), problem };
    this.#listener(this.#state);
  }
}

/** How long a connection may take to close, in milliseconds: Redis may go away meanwhile. */
const CLOSE_MS = 5_000;

/** Settles with `work`, or when a connection should have been closed by then; never rejects. */
export async function withinTime(work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([work, limit]).catch(() => {});
  clearTimeout(timer);
}

const FULL = 'Redis is full';

/** Describes an error of Redis, in words for people; undefined when it says nothing of Redis itself. */
export function describeRedisError(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|invalid password|invalid username/i.test(message))
    return 'Redis refuses the user or the password';
  if (/NOAUTH/.test(message))
    return 'Redis wants a password: set QUICKSCRAPE_REDIS_PASSWORD, or give a worker --redis-password-file';
  if (/NOPERM/.test(message)) return `the user of Redis lacks a permission: ${message}`;
  if (/^OOM|used memory > 'maxmemory'/.test(message)) return `${FULL}: raise its maxmemory`;
  if (/READONLY/.test(message)) return 'Redis is a read-only replica';
  if (/MISCONF/.test(message)) return 'Redis cannot write to its disk';
  if (/LOADING/.test(message)) return 'Redis is loading its data';
  // BullMQ's own errors have numbers.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code))
    return `the certificate of Redis is not trusted (${message}): set NODE_EXTRA_CA_CERTS to the file of its authority`;
  return !/^E[A-Z]/.test(code) ? undefined : `Redis cannot be reached: ${message}`;
}

/** Checks what INFO says about a server; undefined when all is right. */
function describeServer(info: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const version = field('redis_version');
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_VERSION;
  if (version !== undefined && (major < minMajor || (major === minMajor && minor < minMinor))) {
    return `Redis ${version} is too old: at least ${MIN_VERSION.join('.')} is needed`;
  }
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    return `Redis has maxmemory-policy ${policy}, and may drop what was sent: set it to noeviction`;
  }
  return field('role') === 'slave' ? 'Redis is a read-only replica' : undefined;
}
