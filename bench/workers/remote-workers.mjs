import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeHome } from '../job-home.mjs';
import { Program } from '../scheduler/program.mjs';

const QUICKSCRAPE = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The settings of a home whose runs go to workers. */
export function remoteSettings({ socket }) {
  return { executor: 'bullmq', executor_redis: `unix://${socket}` };
}

/** Invites a worker: the line that it needs. */
export async function invite(home, name) {
  const args = [QUICKSCRAPE, 'worker', 'invite', name, '--home', home];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim();
}

/** Workers `w1`, `w2` … of a home, each a `quickscrape worker start` with a folder of its own. */
export class RemoteWorkers {
  #folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  #programs = [];

  /** They reach the site on loopback. */
  static async started(home, count, slots) {
    const workers = new RemoteWorkers();
    for (let number = 1; number <= count; number += 1) await workers.#start(home, `w${number}`, slots);
    return workers;
  }

  async #start(home, name, slots) {
    const file = join(this.#folder, `${name}.join`);
    writeFileSync(file, await invite(home, name), { mode: 0o600 });
    const words = ['--join-file', file, '--slots', String(slots), '--dir', join(this.#folder, name)];
    const program = new Program([QUICKSCRAPE, 'worker', 'start', ...words, '--allow-private', '127.0.0.1']);
    this.#programs.push({ name, program });
    await program.said('Redis answers');
  }

  /** Resolves when the scheduler has heard them all. */
  async ready(scheduler) {
    for (const { name } of this.#programs) await scheduler.said(`worker ${name} is there`);
  }

  async end() {
    await Promise.all(this.#programs.map(({ program }) => program.end()));
    await removeHome(this.#folder);
  }
}
