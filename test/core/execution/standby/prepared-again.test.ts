import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStandby } from '../../../../src/core/execution/standby-process.ts';
import { runFiles } from '../../../../src/core/runs/run-files.ts';
import {
  listRunFiles,
  listRunProcesses,
  waitForNoRunProcess,
  waitForRunProcess,
} from '../../../run-processes.ts';
import { sendSignal } from '../../../send-signal.ts';
import { waitFor } from '../../../wait-for.ts';
import { begunBefore, programThatPrepares, runToPrepare } from './run-to-prepare.ts';

describe.skipIf(process.platform !== 'linux')('the process that is prepared for another attempt', () => {
  it('writes on in the log of the run', async () => {
    const { home, workspace, executor, runId, enqueue } = await runToPrepare();
    const { run, log } = begunBefore(workspace, enqueue());
    executor.prepare(runId, run);
    const waiting = await waitForRunProcess(runId);
    expect(listRunFiles(workspace).filter((name) => name.includes('.tmp'))).toEqual([]);
    expect(readFileSync(log, 'utf8')).toBe('before\n');
    executor.start(run, () => {});
    expect((await home.runThat(['succeeded'], runId)).process?.pid).toBe(waiting.pid);
    await waitForNoRunProcess(runId);
    expect(readFileSync(log, 'utf8')).toMatch(/^before\n.*run succeeded\n$/s);
  });

  it.each(['called off', 'SIGKILL', 'SIGTERM'] as const)(
    'leaves the log of the run as it was: %s',
    async (how) => {
      const { workspace, executor, runId, enqueue } = await runToPrepare();
      const { run, log } = begunBefore(workspace, enqueue());
      const prepared = startStandby(workspace.paths, runId, runFiles(workspace.paths, run.jobId, runId));
      const waiting = await waitForRunProcess(runId);
      if (how === 'called off') prepared.discard();
      else sendSignal(waiting, how);
      await prepared.ended;
      expect(listRunProcesses(runId)).toEqual([]);
      expect(readFileSync(log, 'utf8')).toBe('before\n');
      expect(executor.start(run, () => {})).toBe(true);
      await waitFor('the run to be over', () => workspace.runs.get(runId)?.status === 'succeeded');
      await waitForNoRunProcess(runId);
    },
  );

  it('is replaced by another one when the log in which it would write on is another one meanwhile', async () => {
    const { home, workspace, executor, runId, enqueue } = await runToPrepare();
    const { run, log } = begunBefore(workspace, enqueue());
    executor.prepare(runId, run);
    const waiting = await waitForRunProcess(runId);
    rmSync(dirname(log), { recursive: true });
    executor.start(run, () => {});
    expect((await home.runThat(['succeeded'], runId)).process?.pid).not.toBe(waiting.pid);
    await waitForNoRunProcess(runId);
    expect(readFileSync(log, 'utf8')).toMatch(/run succeeded\n$/);
  });
});

describe.skipIf(process.platform !== 'linux')(
  'when the process that prepared another attempt is killed',
  () => {
    let fixture: Awaited<ReturnType<typeof programThatPrepares>>;
    beforeAll(async () => {
      fixture = await programThatPrepares();
    });
    afterAll(() => fixture.remove());

    it('what waits ends, and leaves the log of the run as it was', async () => {
      const { workspace, runId, enqueue } = await runToPrepare();
      const { log } = begunBefore(workspace, enqueue());
      const child = spawn(process.execPath, [fixture.file, workspace.paths.home, runId, 'again'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await waitForRunProcess(runId);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await waitForNoRunProcess(runId);
      expect(readFileSync(log, 'utf8')).toBe('before\n');
      expect(listRunFiles(workspace).filter((name) => name.includes('.tmp'))).toEqual([]);
    });
  },
);
