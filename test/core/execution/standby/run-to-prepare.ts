import { closeSync, symlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { localExecutor } from '../../../../src/core/execution/executor.ts';
import { makeRunId } from '../../../../src/core/model/ids.ts';
import type { RunRecord } from '../../../../src/core/model/run-record.ts';
import { openRunLog, runFiles } from '../../../../src/core/runs/run-files.ts';
import { enqueueRun } from '../../../../src/core/runs/run-queue.ts';
import type { Workspace } from '../../../../src/core/workspace.ts';
import { bundleFixture } from '../../../fixtures/bundle-fixture.ts';
import { gatedConfig, gatedSite } from '../../../gated-site.ts';
import { listRunProcesses } from '../../../run-processes.ts';
import { scheduledHome } from '../../../scheduled-home.ts';
import { sendSignal } from '../../../send-signal.ts';

const DAILY = { type: 'daily', time: '09:00', timezone: 'UTC' };

/** A home with a job, and the id of a run that may be prepared and put into the queue. */
export async function runToPrepare() {
  const site = await gatedSite();
  const home = await scheduledHome(gatedConfig(site.url), { schedule: DAILY, max_retries: 0 });
  const { workspace, jobId } = home;
  const executor = localExecutor(workspace);
  const runId = makeRunId();
  onTestFinished(() => {
    for (const carrier of listRunProcesses(runId)) sendSignal(carrier, 'SIGKILL');
  });
  const enqueue = (id = runId): RunRecord => {
    const now = workspace.clock.now();
    const run = enqueueRun(
      workspace.db,
      {
        runId: id,
        jobId,
        configName: 'source',
        trigger: 'schedule',
        scheduledFor: now,
        timezone: 'UTC',
        status: 'queued',
        maxAttempts: 1,
        priority: 0,
        overlap: 'allow',
        requestedBy: 'scheduler',
      },
      now,
    );
    if (!run) throw new Error('that instant has a run already');
    return run;
  };
  return { site, home, workspace, executor, runId, enqueue };
}

/** The same run with a log in which something stands. */
export function begunBefore({ paths }: Workspace, run: RunRecord) {
  const files = runFiles(paths, run.jobId, run.runId);
  const there = openRunLog(files);
  writeSync(there, 'before\n');
  closeSync(there);
  return { run, log: files.log };
}

/** A program that prepares a run as a scheduler does (fixtures/prepares-run.ts), until `remove`. */
export async function programThatPrepares(): Promise<{ file: string; remove: () => void }> {
  const fixture = await bundleFixture('prepares-run');
  // It looks for the run process beside itself.
  const program = fileURLToPath(new URL('../../../../dist/run.js', import.meta.url));
  symlinkSync(program, join(dirname(fixture.file), 'run.js'));
  return fixture;
}
