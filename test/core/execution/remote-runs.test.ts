import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, vi } from 'vitest';
import { cancelRun } from '../../../src/core/execution/cancel-run.ts';
import { localExecutor } from '../../../src/core/execution/executor.ts';
import { recordResult } from '../../../src/core/execution/record-result.ts';
import { startRun } from '../../../src/core/execution/start-run.ts';
import { acquireLease } from '../../../src/core/lease/lease.ts';
import type { NewRun } from '../../../src/core/runs/run-queue.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { claimRemoteStart, HANDED_OVER, markStarting } from '../../../src/core/runs/run-starts.ts';
import { drainRuns } from '../../../src/core/scheduler/active-runs.ts';
import { Dispatcher } from '../../../src/core/scheduler/dispatcher.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { FakeRemoteExecutor } from '../../fake-remote-executor.ts';

function queued(workspace: Workspace, change: Partial<NewRun> = {}): string {
  const run = enqueueRun(
    workspace.db,
    {
      ...{ jobId: 'prices', configName: 'none', trigger: 'manual', scheduledFor: null, timezone: 'UTC' },
      ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'allow', requestedBy: 'library' },
      ...change,
    },
    workspace.clock.now(),
  );
  if (!run) throw new Error('no run');
  return run.runId;
}

function handedOver(workspace: Workspace): string {
  const runId = queued(workspace);
  markStarting(workspace.db, runId, runId, null, HANDED_OVER);
  return runId;
}

function remote(workspace: Workspace, timeoutMs = 60_000): string {
  const runId = handedOver(workspace);
  claimRemoteStart(workspace.db, runId, runId, 'paris', workspace.clock.now(), timeoutMs);
  return runId;
}

/** As if a scheduler ran on the home. */
async function withScheduler(workspace: Workspace, work: () => Promise<unknown>): Promise<void> {
  const lease = await acquireLease(workspace, 'test', 4);
  try {
    await work();
  } finally {
    lease.release();
  }
}

describe('cancelling a run of another machine', () => {
  it('ends it at once while no worker has claimed it', async ({ workspace }) => {
    const runId = handedOver(workspace);
    expect(await cancelRun(workspace, runId, 'cli')).toMatchObject({ status: 'cancelled' });
  });

  it('leaves the request in its row when no scheduler runs', async ({ workspace }) => {
    const runId = remote(workspace);
    const run = await cancelRun(workspace, runId, 'cli');
    expect(run).toMatchObject({ status: 'running', cancelRequestedBy: 'cli' });
    expect(run.cancelRequestedAt).not.toBeNull();
  });

  it('waits for its worker while a scheduler runs', async ({ workspace }) => {
    const runId = remote(workspace);
    await withScheduler(workspace, async () => {
      const cancelled = cancelRun(workspace, runId, 'cli', 60_000);
      await delay(120);
      const run = workspace.runs.find(runId);
      expect(run).toMatchObject({ status: 'running', cancelRequestedBy: 'cli' });
      recordResult(workspace, run, { outcome: 'failed', error: { kind: 'terminated', message: 'asked to' } });
      expect(await cancelled).toMatchObject({ status: 'cancelled' });
    });
  });

  it('is recorded after the grace and five seconds when its worker does not answer', async ({
    workspace,
  }) => {
    const runId = remote(workspace);
    await withScheduler(workspace, async () => {
      const { now } = performance;
      const begin = performance.now();
      const spy = vi
        .spyOn(performance, 'now')
        .mockImplementation(() => begin + 50 * (now.call(performance) - begin));
      try {
        expect(await cancelRun(workspace, runId, 'cli', 1_000)).toMatchObject({ status: 'cancelled' });
        expect(performance.now() - begin).toBeGreaterThanOrEqual(6_000);
      } finally {
        spy.mockRestore();
      }
    });
  });
});

describe('a run that no worker can take', () => {
  it('does not keep others from starting, in the same dispatch', ({ workspace }) => {
    const waiting = queued(workspace, { jobId: 'a', pool: 'mars', priority: 9 });
    const free = queued(workspace, { jobId: 'b' });
    const executor = new FakeRemoteExecutor(workspace);
    executor.comes({ name: 'paris', tags: [], slots: 1 });
    const dispatcher = new Dispatcher(workspace, executor, () => {});
    const started = dispatcher.dispatch(workspace.clock.now(), 1);
    expect(started.map(({ runId }) => runId)).toEqual([free]);
    expect(workspace.runs.get(waiting)?.status).toBe('queued');
  });
});

describe('a scheduler that stops', () => {
  it('does not wait for runs of other machines, and says how many go on', async ({ workspace }) => {
    const runIds = [remote(workspace), handedOver(workspace)];
    const said: string[] = [];
    const executor = new FakeRemoteExecutor(workspace);
    await drainRuns(
      workspace,
      executor,
      (_level, message) => said.push(message),
      () => false,
    );
    expect(said).toEqual(['2 runs on other machines go on']);
    expect(runIds.map((runId) => workspace.runs.get(runId)?.status)).toEqual(['running', 'starting']);
  });

  it('cancels them when it is forced', async ({ workspace }) => {
    const runIds = [remote(workspace), handedOver(workspace)];
    const executor = new FakeRemoteExecutor(workspace);
    const cancel = vi.spyOn(executor, 'cancel');
    await drainRuns(
      workspace,
      executor,
      () => {},
      () => true,
    );
    expect(cancel.mock.calls.map(([runId]) => runId).sort()).toEqual(runIds.sort());
  });
});

describe('a scheduler whose runs stay on this machine', () => {
  it('holds the runs that ask for tags, and starts nothing for them', ({ workspace }) => {
    const executor = localExecutor(workspace, 2);
    const runId = queued(workspace, { pool: 'browser,eu' });
    expect(executor.heldPools?.()).toEqual([]);
    expect(executor.start(workspace.runs.find(runId), () => {})).toBe(false);
    expect(executor.heldPools?.()).toEqual(['browser,eu']);
    expect(startRun(workspace, workspace.runs.find(runId))).toBe(false);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'queued', voidStarts: 0, startToken: null });
    executor.close();
  });

  it('takes unclaimed starts back, and leaves claimed runs their time', ({ workspace }) => {
    const executor = localExecutor(workspace, 2);
    const [unclaimed, claimed] = [handedOver(workspace), remote(workspace)];
    expect(executor.reconcileAll()).toMatchObject([{ runId: unclaimed, status: 'queued', worker: null }]);
    expect(workspace.runs.get(claimed)).toMatchObject({ status: 'running', worker: 'paris' });
    const late = remote(workspace, -1);
    executor.reconcileAll();
    const now = performance.now();
    const spy = vi.spyOn(workspace.clock, 'monotonic').mockReturnValue(now + 3_600_000);
    expect(executor.reconcileAll()).toMatchObject([
      { runId: late, status: 'abandoned', error: { message: expect.stringContaining('worker paris') } },
    ]);
    spy.mockRestore();
    executor.close();
  });
});
