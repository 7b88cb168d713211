import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { JobManager, JobSchedule } from '../../dist/index.js';
import { jobHome } from '../job-home.mjs';
import { elapsed, round, shown, spreadOf } from '../rounds.mjs';
import { startedScheduler } from './program.mjs';

const EVERY_MS = 2_000;
const BUDGET = 3;

/**
 * From the instant of an occurrence to the first request of its run (robots.txt), as the site sees it: a scheduler that has
 * been running, and a site on loopback. In the same rounds: a run that is asked for while the scheduler runs, and what Node
 * takes to start and end with nothing to do.
 */
export async function firstRequest({ rounds = 7, isSmoke }) {
  const site = new Site();
  const url = await site.listening();
  const home = await jobHome(1, () => ({ overlap: 'allow' }), {
    schedule: JobSchedule.custom(`*/${EVERY_MS / 1000} * * * * *`, { timezone: 'Etc/UTC' }),
    configs: { prices: `url: ${url}\nitem: li\nselectors: { name: b }\n` },
  });
  const manager = new JobManager({ home });
  const { scheduler } = await startedScheduler(home);
  try {
    const job = await manager.getJob('prices-00000');
    const [due, asked, node] = [[], [], []];
    // What is loaded for the first time is not what the hundredth run waits for.
    for (let left = isSmoke ? 1 : rounds + 1; left > 0; left -= 1) {
      const occurrence = Math.ceil((Date.now() + 200) / EVERY_MS) * EVERY_MS;
      due.push((await site.requestAfter(occurrence)) - occurrence);
      await delay(300);
      node.push(await elapsed(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
      // At any moment of the scheduler's looks, which come every 250 ms, and between two occurrences.
      await delay(Math.random() * 250);
      const at = Date.now();
      const run = job.run();
      asked.push((await site.requestAfter(at)) - at);
      await run;
    }
    return rowsOf(due, asked, node, isSmoke ? 0 : 1);
  } finally {
    await scheduler.end();
    await manager.close();
    site.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function rowsOf(due, asked, node, unseen) {
  const [us, manual, bare] = [due, asked, node].map((all) => spreadOf(all.slice(unseen)));
  const peers = [{ name: 'node -e 0', ...shown(bare) }];
  const row = (name, figure) => {
    const { value, spread } = shown(figure);
    return { name, ours: value, spread, unit: 'ms', peers, ratio: round(figure.median / bare.median) };
  };
  const first = row('scheduler, due to the first request of the run', us);
  return [
    { ...first, budget: BUDGET, met: first.ratio <= BUDGET, why: WHY },
    row('scheduler, run asked for to its first request', manual),
  ];
}

/** One page of one row, and when each request came. */
class Site {
  #server = createServer((request, response) => {
    const at = Date.now();
    this.#waiting = this.#waiting.filter(({ from, resolve }) => {
      if (at < from) return true;
      resolve(at);
      return false;
    });
    const isPage = request.url === '/';
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html' });
    response.end(isPage ? '<ul><li><b>a row</b></ul>' : '');
  });
  #waiting = [];

  async listening() {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  /** When the first request came from `from` on, epoch milliseconds. */
  requestAfter(from) {
    return new Promise((resolve) => {
      this.#waiting.push({ from, resolve });
    });
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const WHY =
  "The floor is Node itself, of whose start and end 50 ms come before a line of ours; by a profile the rest is compiling 1.6 MB of JavaScript (48 ms), Node's own modules (45), evaluating packages (75), garbage (27), reading job and configuration (35) and the claim. Only a process that waits for its instant would be faster.";
