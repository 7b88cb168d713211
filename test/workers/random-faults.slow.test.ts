import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { isActive } from '../../src/core/model/run-record.ts';
import { sendSignal } from '../send-signal.ts';
import { wholeOutput } from './numbered-site.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { type Program, RemoteHome, type WorkerProgram } from './remote-home.ts';

/** QS_REMOTE_FAULTS=200 for a release; each run of the tests does fewer. */
const ROUNDS = Number(process.env['QS_REMOTE_FAULTS'] ?? 4);
const JOBS = ['a', 'b', 'c', 'd', 'e', 'f'];
const FAULTS = ['worker', 'process', 'scheduler', 'redis', 'all but the home', 'stopped worker'] as const;

itWithRedis.for([true, false])(
  `${ROUNDS} rounds of faults at any moment, Redis with an append-only file: %s`,
  { timeout: 3_600_000 },
  async (appendOnly) => {
    const redis = await RedisServer.start({ appendOnly });
    const home = await RemoteHome.make(redis, { keep_runs: 100_000 });
    await home.jobs(JOBS, { max_retries: 50, keep_runs: 100_000 });
    home.site.slow(150);
    const workers = new Map<string, WorkerProgram>();
    const startWorker = async (name: string) => {
      const folder = workers.get(name)?.folder;
      workers.set(name, await home.worker(name, folder === undefined ? {} : { folder }));
    };
    for (const name of ['one', 'two']) await startWorker(name);
    let scheduler: Program = await home.scheduler();
    const inject = {
      worker: async () => {
        const [name = ''] = pick([...workers.keys()]);
        await workers.get(name)?.end('SIGKILL');
        await delay(Math.random() * 2_000);
        await startWorker(name);
      },
      process: () => {
        const [worker] = pick([...workers.values()]);
        for (const pid of pick(worker?.children() ?? [])) sendSignal({ pid }, 'SIGKILL');
        return Promise.resolve();
      },
      scheduler: async () => {
        await scheduler.end('SIGKILL');
        await delay(Math.random() * 2_000);
        scheduler = await home.scheduler();
      },
      redis: async () => {
        await redis.kill();
        await delay(Math.random() * 3_000);
        await redis.start();
      },
      'all but the home': async () => {
        await Promise.all([redis.kill(), ...[...workers.values()].map((worker) => worker.end('SIGKILL'))]);
        await redis.start();
        for (const name of workers.keys()) await startWorker(name);
      },
      'stopped worker': async () => {
        const [worker] = pick([...workers.values()]);
        if (worker === undefined) return;
        const machine = [worker.pid, ...worker.children()];
        for (const pid of machine) sendSignal({ pid }, 'SIGSTOP');
        // Longer than its lease in most rounds.
        await delay(8_000 + Math.random() * 6_000);
        for (const pid of machine) trySignal(pid, 'SIGCONT');
      },
    };
    const injected: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await home.request(JOBS);
      await delay(Math.random() * 1_500);
      const [fault = 'worker'] = pick(FAULTS);
      injected.push(fault);
      await inject[fault]();
      await home.allEnded(JOBS);
      // Neither costs an attempt: the workers go on.
      if (fault === 'scheduler' || fault === 'redis') {
        const attempts = JOBS.flatMap((id) => home.workspace.runs.attempts(home.run(id).runId));
        expect(attempts.filter(({ status }) => status !== 'succeeded')).toEqual([]);
      }
    }
    for (const id of JOBS) {
      const { runs } = home.workspace.runs.list({ jobId: id, limit: 100_000 });
      expect(runs).toHaveLength(ROUNDS);
      const attempts = runs.flatMap(({ runId }) => home.workspace.runs.attempts(runId));
      expect(runs.filter(({ status }) => isActive(status) || status !== 'succeeded')).toEqual([]);
      for (const run of runs) {
        const statuses = home.workspace.runs.attempts(run.runId).map(({ status }) => status);
        expect(statuses.filter((status) => status === 'succeeded')).toHaveLength(1);
        expect(readFileSync(run.outputPath ?? '', 'utf8')).toBe(wholeOutput(id));
      }
      // An attempt may have been lost before its first request; none was started twice.
      expect(home.site.hits(id), `starts of job ${id}`).toBeLessThanOrEqual(attempts.length);
      expect(home.site.hits(id)).toBeGreaterThanOrEqual(ROUNDS);
    }
    if (process.env['QS_REMOTE_FAULTS'])
      process.stdout.write(`${ROUNDS} rounds, ${JOBS.length * ROUNDS} runs: ${injected.join(', ')}\n`);
  },
);

function pick<T>(list: readonly T[]): T[] {
  const one = list[Math.floor(Math.random() * list.length)];
  return one === undefined ? [] : [one];
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    sendSignal({ pid }, signal);
  } catch {
    // It has ended.
  }
}
