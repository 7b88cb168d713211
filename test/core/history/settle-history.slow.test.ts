import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { callOperation } from '../../../src/core/operations/call-operation.ts';
import { getPersistentFiles } from '../../../src/core/runs/run-files.ts';
import { bundleFixture } from '../../fixtures/bundle-fixture.ts';
import { lacks } from '../../platform.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';

const program = await bundleFixture('settle-history');
afterAll(() => program.remove());

/** QS_KILLS=1000 for a release; each run of the tests does fewer. */
const KILLS = Number(process.env['QS_KILLS'] ?? 20);

async function openHome() {
  const workspace = openTempWorkspace();
  await workspace.configs.write(
    'mine',
    'url: http://127.0.0.1:9/\nitem: li\nselectors: {id: .id, price: .price}\nchanges: {key: id}\nhistory: price\n',
  );
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create({ id: 'mine', fields: { config_name: 'mine', schedule } }, 'cli');
  const start = (...args: string[]) =>
    spawn(process.execPath, [program.file, workspace.paths.home, ...args], { stdio: 'ignore' });
  const finish = (last: number) =>
    promisify(execFile)(process.execPath, [program.file, workspace.paths.home, '', String(last)]);
  const count = () => workspace.db.get<{ n: number }>('SELECT count(*) AS n FROM runs')?.n ?? 0;
  return { workspace, start, finish, count };
}

type Home = Awaited<ReturnType<typeof openHome>>;

/** The price of a row after each run, as it is kept, oldest first. */
async function keptOf({ workspace }: Home, key: number): Promise<unknown[]> {
  const { values } = await callOperation(workspace, 'get_item_history', {
    job_id: 'mine',
    key,
    limit: 1_000,
  });
  return values.map(({ value, run_id }) => `${run_id} ${value}`).reverse();
}

const runs = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

async function expectWhole(home: Home, count: number): Promise<void> {
  const all = runs(count).map((run) => `run-${run} ${run}`);
  expect(await keptOf(home, 0)).toEqual(all);
  expect(await keptOf(home, 299)).toEqual(all);
  const sometimes = runs(count).slice(1);
  expect(await keptOf(home, 1)).toEqual(sometimes.map((run) => `run-${run} ${run % 2 === 0 ? run : null}`));
}

const STEPS = [
  'before the transaction',
  'before the values',
  'after the values',
  'before the commit',
  'after the commit',
];

describe.skipIf(lacks('signals'))('a process that is killed while it writes the values of a run', () => {
  it.each(STEPS)('%s: each value is there once', async (step) => {
    const home = await openHome();
    await home.finish(2);
    const [, signal] = await once(home.start(step), 'exit');
    expect(signal).toBe('SIGKILL');
    // The reader of the history is the next process.
    await expectWhole(home, 3);
    await home.finish(4);
    await expectWhole(home, 4);
  });

  it('at any moment, again and again: none is lost and none is there twice', async () => {
    const home = await openHome();
    for (let kills = 0; kills < KILLS; kills += 1) {
      const before = home.count();
      const child = home.start();
      const ended = once(child, 'exit');
      await waitFor('the next run', () => home.count() > before);
      await delay(Math.random() * 60);
      child.kill('SIGKILL');
      await ended;
    }
    const n = home.count();
    await expectWhole(home, n);
    await home.finish(n + 1);
    await expectWhole(home, n + 1);
  });

  it('two processes write each value once', async () => {
    const home = await openHome();
    await home.finish(2);
    rmSync(getPersistentFiles(home.workspace.paths, 'mine').history);
    await Promise.all([home.finish(2), home.finish(2), keptOf(home, 0)]);
    await expectWhole(home, 2);
  });
});
