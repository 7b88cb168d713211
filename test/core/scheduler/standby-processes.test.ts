import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localExecutor } from '../../../src/core/execution/executor.ts';
import { SchedulerLoop } from '../../../src/core/scheduler/scheduler-loop.ts';
import { SchedulerService } from '../../../src/core/scheduler/scheduler-service.ts';
import { gatedConfig, gatedSite } from '../../gated-site.ts';
import { ManualClock } from '../../manual-clock.ts';
import {
  listRunFiles,
  listStandbyProcesses,
  waitForNoRunProcess,
  waitForRunProcess,
} from '../../run-processes.ts';
import { sendSignal } from '../../send-signal.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';

/** A scheduler whose clock only the test moves, with real processes, one second before its job is due. */
async function secondBefore() {
  const site = await gatedSite();
  const minute = Math.ceil(Date.now() / 60_000) * 60_000;
  const clock = new ManualClock(minute - 30_000);
  const workspace = openTempWorkspace({ clock });
  await workspace.configs.write('source', gatedConfig(site.url));
  const schedule = { type: 'custom', cron_expression: '* * * * *', timezone: 'UTC' };
  const fields = { config_name: 'source', schedule, max_retries: 0 };
  await workspace.jobs.create({ id: 'a', fields }, 'library');
  const runs = () => workspace.runs.list({ jobId: 'a' }).runs;
  return { site, clock, workspace, runs };
}

/** The same with a loop of its own. */
async function loopBefore() {
  const home = await secondBefore();
  const { workspace, clock } = home;
  const local = localExecutor(workspace);
  const ids: string[] = [];
  const executor = {
    ...local,
    prepare(runId: string) {
      ids.push(runId);
      local.prepare(runId);
    },
  };
  const events = { onStopRequested() {}, onDatabaseReplaced() {} };
  const loop = new SchedulerLoop(workspace, 4, () => {}, events, executor);
  onTestFinished(() => {
    clock.dropTimers();
    for (const runId of ids) local.discard(runId);
  });
  loop.begin();
  clock.advance(29_000);
  const [runId = ''] = ids;
  return { ...home, loop, runId, waiting: await waitForRunProcess(runId) };
}

describe.skipIf(process.platform !== 'linux')('a scheduler with real processes', () => {
  it('has a run carried by a process that was there before its instant', async () => {
    const { site, clock, runs, runId, waiting } = await loopBefore();
    expect(runs()).toEqual([]);
    clock.advance(1_000);
    const run = await waitFor('the run to succeed', () =>
      runs().find(({ status }) => status === 'succeeded'),
    );
    expect(run).toMatchObject({
      runId,
      trigger: 'schedule',
      queuedAt: clock.now(),
      scheduledFor: clock.now(),
      process: { pid: waiting.pid, start: waiting.start },
    });
    expect(site.hits()).toBe(1);
  });

  it('starts another process when the one that waited was killed a moment before', async () => {
    const { clock, workspace, runs, waiting } = await loopBefore();
    sendSignal(waiting, 'SIGKILL');
    clock.advance(1_000);
    expect(runs()).toHaveLength(1);
    const run = await waitFor('the run to succeed', () => {
      clock.advance(100);
      return runs().find(({ status }) => status === 'succeeded');
    });
    expect(run.process?.pid).not.toBe(waiting.pid);
    expect(run.attempt).toBe(1);
    expect(listRunFiles(workspace).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['disabled', { enabled: false }],
    ['given another schedule', { schedule: { type: 'once', date: '2099-01-01', time: '12:00' } }],
  ])('leaves no process, log or folder of a job that is %s in its last second', async (_, changes) => {
    const { clock, workspace, loop, runs, runId } = await loopBefore();
    await workspace.jobs.update('a', changes, { by: 'library' });
    loop.jobsChanged(['a']);
    clock.advance(1_000);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
    expect(runs()).toEqual([]);
  });

  it('leaves nothing of a job that is deleted in its last second', async () => {
    const { clock, workspace, runId, runs } = await loopBefore();
    await workspace.jobs.delete('a', { by: 'library' });
    clock.advance(1_000);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
    expect(runs()).toEqual([]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const { workspace, loop, runId } = await loopBefore();
    await loop.stop(() => false);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
  });

  it('leaves nothing behind when it loses its lease', async () => {
    const { clock, workspace, runs } = await secondBefore();
    const service = new SchedulerService(workspace);
    await service.start();
    onTestFinished(() => service.stop({ force: true }));
    clock.advance(29_000);
    await waitFor('a process that waits', () => listStandbyProcesses(workspace)[0]);
    rmSync(join(workspace.paths.locks, 'scheduler.db'));
    clock.advance(1_000);
    await service.stopped;
    expect(service.loss).toBeDefined();
    await waitFor('it to end', () => listStandbyProcesses(workspace).length === 0);
    expect(listRunFiles(workspace)).toEqual([]);
    expect(runs()).toEqual([]);
  });
});
