import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished, type TestAPI, test } from 'vitest';
import type { RedisAccess } from '../../src/workers/protocol/redis-client.ts';
import { tempFolder } from '../temp-folder.ts';
import { waitFor } from '../wait-for.ts';

/** `redis-server`, or with `QS_REDIS_SERVER=valkey-server` the other one. */
const PROGRAM = process.env['QS_REDIS_SERVER'] ?? 'redis-server';

export interface RedisServerOptions {
  /** Whether an append-only file brings back what was there when it was killed. */
  appendOnly?: boolean;
  /** Lines of its configuration, such as `['requirepass', 'secret']`. */
  config?: readonly (readonly [string, ...string[]])[];
}

/** `it` for tests that need a server: skipped where none is installed, and failed there in continuous integration. */
export const itWithRedis: TestAPI = isInstalled() ? test : withoutRedis();

function isInstalled(): boolean {
  try {
    execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function withoutRedis(): TestAPI {
  if (process.env['CI'] === 'true') throw new Error(`${PROGRAM} is not installed`);
  process.stderr.write(`${PROGRAM} is not installed: tests of workers on other machines are skipped\n`);
  return test.skip as unknown as TestAPI;
}

/** A server of a test's own on a Unix socket in a temporary folder. It ends with the test, or with its process. */
export class RedisServer {
  readonly folder: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;

  private constructor(options: RedisServerOptions) {
    this.folder = tempFolder();
    this.#options = options;
    mkdirSync(join(this.folder, 'data'));
    const kill = () => this.#child?.kill('SIGKILL');
    process.once('exit', kill);
    onTestFinished(async () => {
      process.off('exit', kill);
      await this.kill();
    });
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(options);
    await server.start();
    return server;
  }

  get socket(): string {
    return join(this.folder, 'redis.sock');
  }

  access(login: { user?: string; password?: string } = {}): RedisAccess {
    return { address: `unix://${this.socket}`, ...login };
  }

  async start(): Promise<void> {
    const { appendOnly = false, config = [] } = this.#options;
    const settings: (readonly string[])[] = [
      ['port', '0'],
      ['unixsocket', this.socket],
      ['dir', join(this.folder, 'data')],
      ['save', ''],
      ['appendonly', appendOnly ? 'yes' : 'no'],
      ['maxmemory-policy', 'noeviction'],
      ...config,
    ];
    const child = spawn(PROGRAM, ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    this.#child = child;
    const line = ([name, ...values]: readonly string[]) =>
      `${name} ${values.map((value) => (value === '' ? '""' : value)).join(' ')}\n`;
    child.stdin?.end(settings.map(line).join(''));
    const client = this.client({ retry: true });
    // Whatever it answers, an error that asks for a password included.
    await waitFor('the server of Redis', () => {
      if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with ${child.exitCode}`);
      return client.ping().then(
        () => true,
        (error: unknown) => /NOAUTH|WRONGPASS/.test(String(error)),
      );
    });
    client.disconnect();
  }

  /** Ends it as a power loss would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Stops it for a while, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Runs one command. */
  async call(command: string, ...args: string[]): Promise<unknown> {
    const client = this.client({ retry: true });
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** A connection for a test's own questions. */
  client({
    user,
    password,
    retry = false,
  }: {
    user?: string;
    password?: string;
    retry?: boolean;
  } = {}): Redis {
    const client = new Redis({
      path: this.socket,
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password }),
      ...(retry && { retryStrategy: () => 20 }),
      maxRetriesPerRequest: null,
    });
    client.on('error', () => {});
    return client;
  }
}
