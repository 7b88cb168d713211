import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { localExecutor } from '../../../src/core/execution/executor.ts';
import { reconcileRun } from '../../../src/core/execution/reconcile-runs.ts';
import { recordResult } from '../../../src/core/execution/record-result.ts';
import { CLAIM_TIMEOUT_MS } from '../../../src/core/execution/run-process.ts';
import { EXIT_TIMEOUT_MS, IDLE_TIMEOUT_MS, MAX_WAIT_MS } from '../../../src/core/execution/worker-pool.ts';
import { isActive, type RunRecord } from '../../../src/core/model/run-record.ts';
import { isAlive } from '../../../src/core/process/identity.ts';
import { markStarting } from '../../../src/core/runs/run-starts.ts';
import { it } from '../../extend.ts';
import { gatedConfig } from '../../gated-site.ts';
import { listWorkers } from '../../list-workers.ts';
import { ManualClock } from '../../manual-clock.ts';
import { lacks } from '../../platform.ts';
import { sendSignal } from '../../send-signal.ts';
import { waitFor } from '../../wait-for.ts';
import { enqueueManual, homeOf, type PoolHome, poolOf } from '../../worker-pool-home.ts';

/** Reconciles a start as if thirty seconds had gone by. */
function reconcileLate({ workspace }: PoolHome, { runId }: RunRecord): RunRecord | undefined {
  workspace.db.run('UPDATE runs SET start_deadline = 0 WHERE run_id = ?', [runId]);
  return reconcileRun(workspace, workspace.runs.find(runId));
}

/** Stops an idle worker by a signal before `dismiss`, and expects it to be killed afterwards. */
async function expectKilledAfter({ clock, pool, run, workers }: PoolHome, dismiss: () => void) {
  await run('shop');
  const [hanging] = workers();
  sendSignal(hanging, 'SIGSTOP');
  dismiss();
  expect(pool.size).toBe(0);
  clock.advance(EXIT_TIMEOUT_MS - 1);
  expect(workers()).toEqual([hanging]);
  clock.advance(1);
  await waitFor('it to end', () => workers().length === 0);
}

describe.skipIf(lacks('linux'))('a worker that hangs before it has claimed its run', () => {
  it('is killed thirty seconds after its start was revoked, and the run is executed once, by another worker', async ({
    site,
  }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) });
    const { clock, pool, keepReady, workers, start, restart, finish } = home;
    keepReady(1);
    const hanging = await waitFor('a worker', () => workers()[0]);
    sendSignal(hanging, 'SIGSTOP');
    const run = start('shop');
    expect(workers()).toEqual([hanging]);
    expect(reconcileLate(home, run)).toMatchObject({ status: 'queued' });
    pool.killHanging();
    restart(run);
    expect(pool.size).toBe(1);
    clock.advance(MAX_WAIT_MS);
    expect(pool.size).toBe(2);
    const done = await finish(run);
    expect(done).toMatchObject({ status: 'succeeded', attempt: 1, error: null });
    expect(done.process?.pid).not.toBe(hanging.pid);
    clock.advance(CLAIM_TIMEOUT_MS - MAX_WAIT_MS - 1);
    pool.killHanging();
    expect(workers()).toContainEqual(hanging);
    clock.advance(1);
    pool.killHanging();
    await waitFor('the first one to end', () => pool.size === 1);
    expect(workers().map(({ pid }) => pid)).toEqual([done.process?.pid]);
    expect(site.hits()).toBe(1);
  });

  it('is killed when the scheduler reconciles its runs', async ({ site }) => {
    const clock = new ManualClock(Date.now());
    const workspace = await homeOf({ shop: gatedConfig(site.url) }, {}, { clock });
    const executor = localExecutor(workspace, 4);
    onTestFinished(() => executor.close());
    executor.keepReady(1);
    const hanging = await waitFor('a worker', () => listWorkers(workspace)[0]);
    sendSignal(hanging, 'SIGSTOP');
    const run = enqueueManual(workspace, 'shop');
    const ends: string[] = [];
    expect(executor.start(run, (runId) => ends.push(runId))).toBe(true);
    clock.advance(CLAIM_TIMEOUT_MS + 1);
    expect(executor.reconcileAll()).toMatchObject([{ runId: run.runId, status: 'queued' }]);
    clock.advance(CLAIM_TIMEOUT_MS);
    executor.reconcileAll();
    await waitFor('it to end', () => ends.length === 1);
    expect(listWorkers(workspace)).toEqual([]);
    expect(executor.start(run, (runId) => ends.push(runId))).toBe(true);
    await waitFor('the run to end', () => ends.length === 2);
    expect(workspace.runs.find(run.runId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(site.hits()).toBe(1);
  });

  it('is not killed while its start is valid', async ({ site }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) });
    home.keepReady(1);
    const slow = await waitFor('a worker', () => home.workers()[0]);
    sendSignal(slow, 'SIGSTOP');
    const run = home.start('shop');
    home.pool.killHanging();
    home.clock.advance(CLAIM_TIMEOUT_MS);
    home.pool.killHanging();
    sendSignal(slow, 'SIGCONT');
    expect(await home.finish(run)).toMatchObject({ status: 'succeeded', process: { pid: slow.pid } });
  });
});

describe.skipIf(lacks('linux'))('a dismissed worker', () => {
  it('is killed if it has not ended five seconds after it was idle for long', async ({ site }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) });
    await expectKilledAfter(home, () => home.clock.advance(IDLE_TIMEOUT_MS));
  });

  it('is killed if it has not ended five seconds after the scheduler has stopped', async ({ site }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) });
    await expectKilledAfter(home, () => home.pool.close());
  });

  it('occupies no slot while it hangs', async ({ site }) => {
    let build = 'old';
    const home = await poolOf({ shop: gatedConfig(site.url) }, { slots: 1, build: () => build });
    const before = await home.run('shop');
    sendSignal(before.process, 'SIGSTOP');
    build = 'new';
    expect((await home.run('shop')).process?.pid).not.toBe(before.process?.pid);
    expect(home.workers()).toHaveLength(2);
  });

  it('keeps no timer waiting when it has ended by itself', async ({ site }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) });
    await home.run('shop');
    home.pool.close();
    expect(home.clock.waiting).toBe(1);
    await waitFor('the timer to be cancelled', () => home.clock.waiting === 0);
  });
});

describe.skipIf(lacks('linux'))('a worker that has claimed its run', () => {
  it('is not killed, however long the run takes, until the run has been over for thirty seconds', async ({
    site,
  }) => {
    const home = await poolOf({ shop: gatedConfig(site.url) }, { fields: { max_retries: 1 } });
    const { clock, workspace, start, finish } = home;
    site.hold();
    const held = start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    clock.advance(10 * CLAIM_TIMEOUT_MS);
    home.pool.killHanging();
    const error = { kind: 'timeout', message: 'as another process recorded' };
    recordResult(workspace, workspace.runs.find(held.runId), { outcome: 'timed_out', error });
    home.pool.killHanging();
    expect(markStarting(workspace.db, held.runId, 'of the retry', 0)).toBe(true);
    clock.advance(CLAIM_TIMEOUT_MS - 1);
    home.pool.killHanging();
    expect(home.workers()).toHaveLength(1);
    clock.advance(1);
    home.pool.killHanging();
    await finish(held);
    expect(home.workers()).toEqual([]);
  });

  it('is left alone when the retry of a run that it executed before is not claimed in time', async ({
    site,
  }) => {
    const home = await poolOf(
      { shop: gatedConfig(site.url), gone: `url: "${site.url}gone"\nselectors:\n  name: b\n` },
      { fields: { max_retries: 1 } },
    );
    const { workspace, start, finish, run } = home;
    const failed = await run('gone');
    expect(failed.status).toBe('waiting_retry');
    site.hold();
    const other = start('shop');
    await waitFor('the page to be requested', () => site.hits() === 1);
    const { process: worker } = workspace.runs.find(other.runId);
    expect(worker).toEqual(failed.process);
    expect(markStarting(workspace.db, failed.runId, 'of the retry', 0)).toBe(true);
    expect(reconcileLate(home, failed)).toMatchObject({ status: 'queued', process: worker });
    site.open();
    expect(await finish(other)).toMatchObject({ status: 'succeeded', process: worker });
    expect(worker && isAlive(worker)).toBe(true);
  });
});

it.skipIf(lacks('linux'))(
  'a scheduler that stops ends its idle workers, also one that hangs',
  async ({ homeWithJob }) => {
    const schedule = { type: 'custom', cron_expression: '* * * * * *', timezone: 'UTC' };
    const home = await homeWithJob({ schedule });
    const scheduler = await home.startScheduler();
    await home.runThat(['succeeded']);
    await home.disableJob();
    await waitFor('the runs to end', () => home.runs().every(({ status }) => !isActive(status)));
    // It reports that it is free some milliseconds after the outcome.
    await delay(1_000);
    const [hanging] = listWorkers(home.workspace);
    sendSignal(hanging, 'SIGSTOP');
    await scheduler.kill('SIGTERM');
    await waitFor('all workers to end', () => listWorkers(home.workspace).length === 0);
  },
);
