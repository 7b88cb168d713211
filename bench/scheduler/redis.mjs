import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a row says where it cannot. */
export const NO_REDIS = 'BullMQ: not measured, it needs Redis: apt-get install redis-server';

/** Whether Redis can be started here; says how to get it where it cannot. */
export function isRedisThere() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.error(NO_REDIS);
    return false;
  }
}

/**
 * A Redis of our own on a socket in a temporary folder: nothing is written to the disk, and nothing is ever thrown away, as
 * BullMQ asks for.
 */
export async function startedRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  const socket = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
  while (!existsSync(socket)) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with exit code ${server.exitCode}`);
    await delay(20);
  }
  return {
    socket,
    /** The most memory that it has used since it started, in MB. */
    async peakMb() {
      const { stdout } = await run('redis-cli', ['-s', socket, 'info', 'memory']);
      return Number(/used_memory_peak:(\d+)/.exec(stdout)[1]) / 1e6;
    },
    async end() {
      const ended = new Promise((resolve) => server.once('close', resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
