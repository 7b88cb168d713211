import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { reconcileRuns } from '../../../src/core/execution/reconcile-runs.ts';
import { IDLE_TIMEOUT_MS, MAX_WAIT_MS } from '../../../src/core/execution/worker-pool.ts';
import { isActive } from '../../../src/core/model/run-record.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { listWorkers } from '../../list-workers.ts';
import { lacks } from '../../platform.ts';
import { preload } from '../../preload.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { poolOf } from '../../worker-pool-home.ts';

describe.skipIf(lacks('linux'))('a worker', () => {
  it('executes one run after the other, each with its own log', async ({ site }) => {
    const { run, log, workers } = await poolOf({ shop: gatedConfig(site.url) });
    const runs = [await run('shop'), await run('shop'), await run('shop')];
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(new Set(runs.map(({ process }) => process?.pid)).size).toBe(1);
    expect(workers()).toHaveLength(1);
    for (const each of runs) {
      expect(log(each)).toContain(`run ${each.runId} of job shop: attempt 1 of 1`);
      expect(log(each).match(/run succeeded/g)).toHaveLength(1);
    }
  });

  it('waits for its first run, and is taken for it', async ({ site }) => {
    const { keepReady, run, workers } = await poolOf({ shop: gatedConfig(site.url) });
    keepReady(2);
    const waiting = await waitFor('two workers', () => (workers().length === 2 ? workers() : undefined));
    const done = await run('shop');
    expect(waiting.map(({ pid }) => pid)).toContain(done.process?.pid);
  });

  it('is not started while as many as are needed are idle', async ({ site }) => {
    const { pool, keepReady, run, workers } = await poolOf({ shop: gatedConfig(site.url) });
    keepReady(2);
    const idle = await waitFor('two workers', () => (workers().length === 2 ? workers() : undefined));
    keepReady(2);
    keepReady(1);
    expect(pool.size).toBe(2);
    const done = [await run('shop'), await run('shop')];
    expect(workers()).toEqual(idle);
    expect(new Set(done.map(({ process }) => process?.pid)).size).toBe(1);
    keepReady(2);
    expect(pool.size).toBe(2);
  });

  it('is not started while one is about to be free, as its run has its outcome', async ({ site, folder }) => {
    for (const [name, value] of Object.entries(preload('hold', folder, 'after outcome')))
      vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { workspace, pool, keepReady, start, finish } = await poolOf({ shop: gatedConfig(site.url) });
    const first = start('shop');
    await waitFor('the outcome', () => existsSync(join(folder, 'held')));
    expect(workspace.runs.find(first.runId).status).toBe('succeeded');
    keepReady(1);
    expect(pool.size).toBe(1);
    const second = start('shop');
    expect(pool.size).toBe(1);
    keepReady(2);
    expect(pool.size).toBe(2);
    writeFileSync(join(folder, 'go'), '');
    const { process: worker } = await finish(first);
    expect((await finish(second)).process).toEqual(worker);
  });

  it('that is warm is taken before one that has just been started', async ({ site }) => {
    const { keepReady, run } = await poolOf({ shop: gatedConfig(site.url) });
    const { process: warm } = await run('shop');
    keepReady(2);
    expect((await run('shop')).process).toEqual(warm);
  });

  it('is started while another one has its run, or the callback of it, still to do', async ({
    site,
    folder,
  }) => {
    const [called, go] = [join(folder, 'called'), join(folder, 'go')];
    const callback = `touch ${called}; until [ -e ${go} ]; do sleep 0.05; done`;
    const fields = { on_success: ['sh', '-c', callback] };
    const home = { shop: gatedConfig(site.url) };
    const { pool, keepReady, start, finish } = await poolOf(home, { slots: 2, fields });
    site.hold();
    const run = start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    keepReady(1);
    expect(pool.size).toBe(2);
    site.open();
    await waitFor('the callback', () => existsSync(called));
    // The one that executes the command occupies no slot.
    keepReady(2);
    await waitFor('a third worker', () => {
      keepReady(2);
      return pool.size === 3;
    });
    writeFileSync(go, '');
    await finish(run);
    await waitFor('one of them to end', () => pool.size === 2);
  });

  it('executes the run that it was given while it was starting, also when its input has ended since', async ({
    site,
  }) => {
    const { pool, start, finish, workers } = await poolOf({ shop: gatedConfig(site.url) });
    const run = start('shop');
    pool.close();
    expect(await finish(run)).toMatchObject({ status: 'succeeded', attempt: 1 });
    await waitFor('it to end', () => workers().length === 0);
  });

  it('ends when it has been idle for half a minute', async ({ site }) => {
    const { clock, pool, run, workers } = await poolOf({ shop: gatedConfig(site.url) });
    await run('shop');
    clock.advance(IDLE_TIMEOUT_MS - 1);
    expect(pool.size).toBe(1);
    expect(workers()).toHaveLength(1);
    clock.advance(1);
    await waitFor('it to end', () => workers().length === 0);
    expect(pool.size).toBe(0);
  });

  it('is started a second late when all slots have one, and ends after its run when another is idle', async ({
    site,
  }) => {
    const { clock, pool, start, finish, workers } = await poolOf(
      { shop: gatedConfig(site.url) },
      { slots: 1 },
    );
    site.hold();
    const runs = [start('shop'), start('shop')];
    clock.advance(MAX_WAIT_MS - 1);
    expect(pool.size).toBe(1);
    clock.advance(1);
    expect(pool.size).toBe(2);
    await waitFor('both pages to be requested', () => site.hits() === 2);
    site.open();
    for (const each of runs) await finish(each);
    await waitFor('one worker to end', () => workers().length === 1);
  });

  it('is not started ahead again within five seconds after one has died', async ({ site }) => {
    const { clock, pool, keepReady, workers } = await poolOf({ shop: gatedConfig(site.url) });
    keepReady(1);
    const first = await waitFor('a worker', () => workers()[0]);
    sendSignal(first, 'SIGKILL');
    await waitFor('the pool to notice', () => pool.size === 0);
    keepReady(1);
    expect(pool.size).toBe(0);
    clock.advance(5_000);
    keepReady(1);
    expect(pool.size).toBe(1);
  });

  it('takes no run after a new version was installed', async ({ site }) => {
    let build = 'old';
    const { run, workers } = await poolOf({ shop: gatedConfig(site.url) }, { build: () => build });
    const before = await run('shop');
    build = 'new';
    const after = await run('shop');
    expect(after.process?.pid).not.toBe(before.process?.pid);
    await waitFor('the old one to end', () => workers().length === 1);
  });

  it('is killed, and its run is abandoned; the next run gets another one', async ({ site }) => {
    const { workspace, start, finish, run } = await poolOf({ shop: gatedConfig(site.url) });
    site.hold();
    const held = start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    const { process: worker } = workspace.runs.find(held.runId);
    sendSignal(worker, 'SIGKILL');
    await finish(held);
    expect(reconcileRuns(workspace)).toMatchObject([{ runId: held.runId, status: 'abandoned' }]);
    site.open();
    const next = await run('shop');
    expect(next.status).toBe('succeeded');
    expect(next.process?.pid).not.toBe(worker?.pid);
    expect(workspace.runs.find(held.runId).status).toBe('abandoned');
  });
});

describe.skipIf(lacks('linux'))('the worker of a scheduler', () => {
  const EVERY_SECOND = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };

  it('finishes its run after its scheduler was killed, and ends then', async ({
    site,
    folder,
    homeWithJob,
  }) => {
    const told = join(folder, 'told');
    const home = await homeWithJob({
      schedule: EVERY_SECOND,
      max_retries: 0,
      catch_up: 'none',
      on_success: ['touch', told],
    });
    site.hold();
    const scheduler = await home.startScheduler();
    const run = await home.runThat(['running']);
    await waitFor('the page to be requested', () => site.hits() === 1);
    await scheduler.kill();
    site.open();
    expect(await home.runThat(['succeeded'], run.runId)).toMatchObject({ attempt: 1, items: 1 });
    await waitFor('the callback', () => existsSync(told));
    await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
  });

  it.for(['stdout', 'stderr'])(
    'finishes its run although it prints to %s after its scheduler was killed',
    async (stream, { site, folder, homeWithJob }) => {
      const home = await homeWithJob({ schedule: EVERY_SECOND, max_retries: 0, catch_up: 'none' });
      site.hold();
      const scheduler = await home.startScheduler(preload('print', folder, stream));
      const run = await home.runThat(['running']);
      await waitFor('the page to be requested', () => site.hits() === 1);
      await scheduler.kill();
      // The worker has printed by then, and would have failed.
      await delay(200);
      site.open();
      const ended = await waitFor('the run to end', () => {
        reconcileRuns(home.workspace);
        return home.runs().find(({ runId, status }) => runId === run.runId && !isActive(status));
      });
      expect(ended).toMatchObject({ status: 'succeeded', attempt: 1, items: 1 });
      await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
    },
  );

  it('is the only one when one job is due, although four runs may be active', async ({ homeWithJob }) => {
    const due = new Date(Date.now() + 3_000);
    const time = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()}`;
    const once = `${time} ${due.getUTCDate()} ${due.getUTCMonth() + 1} *`;
    const home = await homeWithJob({
      schedule: { type: 'custom', cron_expression: once, timezone: 'UTC' },
    });
    expect(home.workspace.settings.get('max_concurrent_runs')).toBe(4);
    await home.startScheduler();
    const pids = new Set<number>();
    const done = await waitFor('the run', () => {
      for (const { pid } of listWorkers(home.workspace)) pids.add(pid);
      return home.runs().find(({ status }) => status === 'succeeded');
    });
    expect([...pids]).toEqual([done.process?.pid]);
  });

  it('ends when it is idle and its scheduler was killed', async ({ homeWithJob }) => {
    const home = await homeWithJob({ schedule: EVERY_SECOND });
    const scheduler = await home.startScheduler();
    await home.runThat(['succeeded']);
    await home.disableJob();
    await waitFor('an idle worker', () => home.runs().every(({ status }) => !isActive(status)));
    expect(listWorkers(home.workspace).length).toBeGreaterThan(0);
    await scheduler.kill();
    await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
  });
});
