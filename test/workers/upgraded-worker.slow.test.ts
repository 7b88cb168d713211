import { readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { replaceableProgram } from '../replaceable-program.ts';
import { waitFor } from '../wait-for.ts';
import { itWithRedis, RedisServer } from './redis-server.ts';
import { RemoteHome } from './remote-home.ts';

/** A home with a worker of one slot that a program of its own executes, which the test can upgrade. */
async function upgradableWorker(ids: readonly string[]) {
  const home = await RemoteHome.make(await RedisServer.start());
  await home.jobs(ids);
  const program = replaceableProgram();
  const worker = await home.worker('paris', { slots: 1, program: program.command });
  await home.scheduler();
  await home.joined(worker);
  return { home, program, worker, dist: dirname(program.command) };
}

itWithRedis(
  'a worker that was upgraded finishes its run, executes others with the new files, and asks once for a restart',
  async () => {
    const { home, program, worker } = await upgradableWorker(['before', 'after']);
    home.site.hold(2);
    await home.request(['before']);
    await waitFor('page 2', () => home.site.waiting() === 1);
    program.replace();
    await waitFor('the worker to say so', () => worker.said().includes('Restart it'));
    home.site.open();
    await home.allEnded(['before']);
    await home.request(['after']);
    await home.allEnded(['after']);
    home.expectOnce(['before', 'after']);
    expect(worker.said().match(/was upgraded while this worker ran/g)).toHaveLength(1);
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  },
);

itWithRedis('a worker takes no run while its files are gone', async () => {
  const { home, worker, dist } = await upgradableWorker(['job']);
  const file = join(dist, 'worker.js');
  renameSync(file, `${file}.away`);
  await waitFor('the worker to say so', () => worker.said().includes('are gone: no runs are taken'));
  await home.request(['job']);
  await home.runThat('job', ({ status }) => status === 'starting', 'the start to wait in Redis');
  renameSync(`${file}.away`, file);
  await home.allEnded(['job']);
  home.expectOnce(['job']);
});

itWithRedis(
  'a run that begins while an upgrade has replaced half of the files begins a little later',
  async () => {
    const { home, program, worker, dist } = await upgradableWorker(['job']);
    const modules = readdirSync(dist).filter((name) => name.startsWith('chunk-pipeline-'));
    expect(modules.length).toBeGreaterThan(0);
    for (const name of modules) renameSync(join(dist, name), join(dist, `${name}.away`));
    program.replace();
    await home.request(['job']);
    await waitFor('a process to fail', () => /run \w+: its process/.test(worker.said()));
    for (const name of modules) renameSync(join(dist, `${name}.away`), join(dist, name));
    await home.allEnded(['job']);
    home.expectOnce(['job']);
  },
);
