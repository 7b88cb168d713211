import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcileRuns } from '../../../../src/core/execution/reconcile-runs.ts';
import { runMark } from '../../../../src/core/execution/run-process.ts';
import { startStandby } from '../../../../src/core/execution/standby-process.ts';
import { makeRunId } from '../../../../src/core/model/ids.ts';
import type { RunRecord } from '../../../../src/core/model/run-record.ts';
import { killTree } from '../../../../src/core/process/process-tree.ts';
import { openRunLog, runFiles } from '../../../../src/core/runs/run-files.ts';
import { gatedConfig } from '../../../gated-site.ts';
import {
  listRunFiles,
  listRunProcesses,
  waitForNoRunProcess,
  waitForRunProcess,
} from '../../../run-processes.ts';
import { sendSignal } from '../../../send-signal.ts';
import { waitFor } from '../../../wait-for.ts';
import { programThatPrepares, runToPrepare } from './run-to-prepare.ts';

/** A run's log without what differs from run to run. */
function logOf(text: string, { runId }: RunRecord): string {
  return text.replaceAll(runId, 'RUN').replaceAll(/^\S+Z/gm, 'TIME');
}

/** A run without what differs from run to run. */
function withoutNames({ runId, ...run }: RunRecord): unknown {
  const {
    startToken,
    scheduledFor,
    queuedAt,
    startedAt,
    finishedAt,
    notBefore,
    process: carrier,
    ...rest
  } = run;
  expect(carrier).not.toBeNull();
  return JSON.parse(JSON.stringify(rest).replaceAll(runId, 'RUN'));
}

describe.skipIf(process.platform !== 'linux')('the process of a run that is prepared', () => {
  it('waits, then carries it as one that is started then: the same record, log and files', async () => {
    const { home, workspace, executor, runId, enqueue } = await runToPrepare();
    executor.prepare(runId);
    const waiting = await waitForRunProcess(runId);
    expect(waiting.group).toBe(waiting.pid);
    expect(listRunFiles(workspace)).toEqual([expect.stringMatching(/^\.run\.log\.\d+\.[0-9a-f]{12}\.tmp$/)]);
    expect(executor.start(enqueue(), () => {})).toBe(true);
    const run = await home.runThat(['succeeded'], runId);
    expect(run.process).toMatchObject({ pid: waiting.pid, start: waiting.start });
    await waitForNoRunProcess(runId);

    const ordinary = makeRunId();
    executor.start(enqueue(ordinary), () => {});
    const other = await home.runThat(['succeeded'], ordinary);
    await waitForNoRunProcess(ordinary);
    const [log = '', otherLog = ''] = [run, other].map((each) =>
      logOf(readFileSync(runFiles(workspace.paths, home.jobId, each.runId).log, 'utf8'), each),
    );
    // The second one has one to compare itself with.
    expect(otherLog.replace(/^TIME INFO {2}since run .*\n/m, '')).toBe(log);
    expect(log).toContain('run succeeded');
    expect({ ...(withoutNames(other) as object), changes: null }).toEqual(withoutNames(run));
    const files = (id: string) =>
      listRunFiles(workspace).filter((name) => name.startsWith(join(home.jobId, id)));
    expect(files(ordinary).map((name) => name.replace(ordinary, runId))).toEqual(files(runId));
    expect(listRunFiles(workspace).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('looks at its job and configuration only when it begins', async () => {
    const { site, home, workspace, executor, runId, enqueue } = await runToPrepare();
    await workspace.configs.write('source', 'url: "http://127.0.0.1:9/"\nselectors:\n  other: b\n');
    executor.prepare(runId);
    await waitForRunProcess(runId);
    await workspace.configs.write('source', gatedConfig(site.url).replace('name: b', 'late: b'));
    executor.start(enqueue(), () => {});
    const run = await home.runThat(['succeeded'], runId);
    expect(readFileSync(run.outputPath ?? '', 'utf8')).toBe('late\nonly row\n');
  });

  it('leaves nothing behind when it is discarded', async () => {
    const { workspace, executor, runId } = await runToPrepare();
    executor.prepare(runId);
    await waitForRunProcess(runId);
    executor.discard(runId);
    expect(listRunFiles(workspace)).toEqual([]);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
  });

  it('ends by a SIGTERM, and leaves nothing', async () => {
    const { workspace, executor, runId } = await runToPrepare();
    executor.prepare(runId);
    sendSignal(await waitForRunProcess(runId), 'SIGTERM');
    await waitForNoRunProcess(runId);
    await waitFor('its log to be removed', () => listRunFiles(workspace).length === 0);
  });

  it('is discarded when its run can no longer be started', async () => {
    const { workspace, home, executor, runId, enqueue } = await runToPrepare();
    executor.prepare(runId);
    const run = enqueue();
    await executor.cancel(runId, 'the test');
    expect(executor.start(run, () => {})).toBe(false);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
    expect(home.runs()).toMatchObject([{ status: 'cancelled', process: null }]);
  });

  it('is discarded when the database does not let its run begin', async () => {
    const { workspace, executor, runId, enqueue } = await runToPrepare();
    executor.prepare(runId);
    const run = enqueue();
    workspace.db.run(`CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    expect(() => executor.start(run, () => {})).toThrow(/no room/);
    await waitForNoRunProcess(runId);
    expect(listRunFiles(workspace)).toEqual([]);
  });

  it('is replaced by another one when it has been killed', async () => {
    const { home, executor, runId, enqueue } = await runToPrepare();
    executor.prepare(runId);
    const waiting = await waitForRunProcess(runId);
    sendSignal(waiting, 'SIGKILL');
    await waitForNoRunProcess(runId);
    const run = enqueue();
    // Perhaps this process has not heard of it yet: then the start comes to nothing and is made again.
    await waitFor('the run to be over', () => {
      executor.start(run, () => {});
      return home.runs()[0]?.status === 'succeeded';
    });
    expect(home.runs()[0]?.process?.pid).not.toBe(waiting.pid);
  });

  it('is replaced by another process when its log’s place is taken', async () => {
    const { home, workspace, executor, runId, enqueue } = await runToPrepare();
    const { log } = runFiles(workspace.paths, home.jobId, runId);
    executor.prepare(runId);
    const waiting = await waitForRunProcess(runId);
    const there = openRunLog(runFiles(workspace.paths, home.jobId, runId));
    writeSync(there, 'before\n');
    closeSync(there);
    executor.start(enqueue(), () => {});
    const run = await home.runThat(['succeeded'], runId);
    expect(run.process?.pid).not.toBe(waiting.pid);
    // Its last line follows its outcome.
    await waitFor('the end of the log', () => /^before\n.*run succeeded\n$/s.test(readFileSync(log, 'utf8')));
  });

  it('is cancelled with its run, found by its mark', async () => {
    const { site, home, workspace, executor, runId, enqueue } = await runToPrepare();
    site.hold();
    executor.prepare(runId);
    const waiting = await waitForRunProcess(runId);
    executor.start(enqueue(), () => {});
    const run = await home.runThat(['running'], runId);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    expect(run.process?.pid).toBe(waiting.pid);
    await executor.cancel(runId, 'the test');
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'cancelled' });
    expect(listRunProcesses(runId)).toEqual([]);
  });

  it('belongs to the tree of its run before it has claimed it', async () => {
    const { workspace, runId } = await runToPrepare();
    const prepared = startStandby(workspace.paths, runId);
    await waitForRunProcess(runId);
    killTree({ leaders: [], mark: runMark(workspace.paths, runId, prepared.token) });
    await prepared.ended;
    expect(listRunProcesses(runId)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('when the process that prepared a run is killed', () => {
  let fixture: Awaited<ReturnType<typeof programThatPrepares>>;
  beforeAll(async () => {
    fixture = await programThatPrepares();
  });
  afterAll(() => fixture.remove());

  it('what waits ends and leaves nothing', async () => {
    const { workspace, runId } = await runToPrepare();
    const child = spawn(process.execPath, [fixture.file, workspace.paths.home, runId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const waiting = await waitForRunProcess(runId);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await waitForNoRunProcess(runId);
    expect(waiting.pid).not.toBe(child.pid);
    expect(listRunFiles(workspace)).toEqual([]);
  });

  it('in the moment in which it let it begin, the run is carried to its end', async () => {
    const { site, home, runId, workspace, enqueue } = await runToPrepare();
    site.hold();
    enqueue();
    const child = spawn(process.execPath, [fixture.file, workspace.paths.home, runId, 'go'], {
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    await home.runThat(['running'], runId);
    await waitFor('the page to be asked for', () => site.hits() > 0);
    reconcileRuns(workspace);
    site.open();
    expect(await home.runThat(['succeeded'], runId)).toMatchObject({ attempt: 1, items: 1 });
  });
});
