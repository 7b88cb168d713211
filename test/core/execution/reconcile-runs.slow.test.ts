import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { reconcileRun, reconcileRuns } from '../../../src/core/execution/reconcile-runs.ts';
import {
  currentProcessIdentity,
  findProcessIdentity,
  isAlive,
  type ProcessIdentity,
} from '../../../src/core/process/identity.ts';
import { runFiles } from '../../../src/core/runs/run-files.ts';
import {
  claimFinish,
  claimRemoteStart,
  claimStart,
  markStarting,
  voidStart,
} from '../../../src/core/runs/run-starts.ts';
import { claimCallback, finishAttempt } from '../../../src/core/runs/run-transitions.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { ManualClock } from '../../manual-clock.ts';
import { lacks } from '../../platform.ts';
import { tempFolder } from '../../temp-folder.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';
import { waitFor } from '../../wait-for.ts';
import { enqueueManual } from '../../worker-pool-home.ts';

const TIMEOUT_MS = 60_000;
const FILES_THAT_CANNOT_BE_READ: [string, string | undefined][] = [
  ['broken', '{"config_name": "books",'],
  ['empty', ''],
  ['away', undefined],
];

async function setting(job: Record<string, unknown> = {}) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const home = tempFolder();
  const open = () => {
    const workspace = openTempWorkspace({ home, clock });
    return workspace;
  };
  const workspace = open();
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create(
    { id: 'prices', fields: { config_name: 'books', schedule, ...job } },
    'library',
  );
  return { clock, home, workspace, open };
}

function startedRun(workspace: Workspace, maxAttempts = 1): string {
  const { runId } = enqueueManual(workspace, 'prices', maxAttempts);
  if (!markStarting(workspace.db, runId, 'token', workspace.clock.now() + 30_000)) throw new Error('no run');
  return runId;
}

/** A run that a process of this identity carries. */
function runningRun(workspace: Workspace, who: ProcessIdentity, maxAttempts = 1): string {
  const runId = startedRun(workspace, maxAttempts);
  claimStart(workspace.db, runId, 'token', who, workspace.clock.now(), TIMEOUT_MS);
  return runId;
}

async function sleeper(): Promise<{ child: ChildProcess; who: ProcessIdentity }> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300_000)'], {
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const who = findProcessIdentity(child.pid ?? 0);
  if (!who) throw new Error('no process');
  return { child, who };
}

describe('a run of another machine', () => {
  it('is left alone, before a worker has claimed it and after, however late it is', async () => {
    const { workspace, clock } = await setting({ max_retries: 1 });
    const runId = startedRun(workspace);
    workspace.db.run(`UPDATE runs SET worker = '', start_deadline = NULL`);
    clock.advance(10 * TIMEOUT_MS);
    expect(reconcileRuns(workspace)).toEqual([]);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'starting', startToken: 'token' });
    claimRemoteStart(workspace.db, runId, 'token', 'paris', workspace.clock.now(), TIMEOUT_MS);
    clock.advance(10 * TIMEOUT_MS);
    for (let look = 0; look < 3; look += 1) {
      expect(reconcileRuns(workspace)).toEqual([]);
      clock.advance(11_000);
    }
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'running', attempt: 1, worker: 'paris' });
  });

  it('is left to its executor when the process that finished it is dead', async () => {
    const { workspace } = await setting();
    const { who } = await sleeper();
    const runId = startedRun(workspace);
    workspace.db.run(`UPDATE runs SET worker = ''`);
    claimRemoteStart(workspace.db, runId, 'token', 'paris', workspace.clock.now(), TIMEOUT_MS);
    claimFinish(workspace.db, runId, 'token', { ...who, start: 'earlier' });
    expect(reconcileRuns(workspace)).toEqual([]);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'running', attempt: 1 });
    expect(isAlive(who)).toBe(true);
  });
});

describe('a run whose process is dead', () => {
  it('is abandoned when another process has its pid, which is not signalled', async () => {
    const { workspace } = await setting();
    const { who } = await sleeper();
    const runId = runningRun(workspace, { ...who, start: 'earlier' });
    expect(reconcileRuns(workspace).map((run) => run.status)).toEqual(['abandoned']);
    expect(workspace.runs.get(runId)?.error?.kind).toBe('abandoned');
    expect(isAlive(who)).toBe(true);
  });

  it('is abandoned after a restart of the machine or in another container, however late that is seen', async () => {
    const { workspace, clock } = await setting();
    const { who } = await sleeper();
    const runId = runningRun(workspace, { ...who, bootId: 'an earlier boot' });
    clock.advance(10 * TIMEOUT_MS);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)?.status).toBe('abandoned');
    expect(isAlive(who)).toBe(true);
  });

  it('is retried when its job says so', async () => {
    const { workspace } = await setting({ max_retries: 1, retry_delay: 60 });
    const runId = runningRun(workspace, { ...currentProcessIdentity(), bootId: 'an earlier boot' }, 2);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)?.status).toBe('waiting_retry');
    expect(workspace.runs.attempts(runId).map(({ status }) => status)).toEqual(['abandoned']);
  });

  it.skipIf(lacks('shell'))('has an outcome and no retry when its job was deleted meanwhile', async () => {
    const { workspace } = await setting({ on_failure: 'false' });
    const runId = runningRun(workspace, { ...currentProcessIdentity(), start: 'earlier' }, 3);
    rmSync(join(workspace.paths.jobs, 'prices.json'));
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'abandoned', callback: null });
  });

  it.skipIf(lacks('shell')).each(FILES_THAT_CANNOT_BE_READ)(
    'asks for the callback that its job had when it started, when its file is %s now',
    async (_what, text) => {
      const { workspace } = await setting();
      const runId = startedRun(workspace);
      const who = { ...currentProcessIdentity(), start: 'earlier' };
      claimStart(workspace.db, runId, 'token', who, workspace.clock.now(), TIMEOUT_MS, {
        ...{ on_success: null, on_recovery: null, on_change: null },
        ...{ on_failure: ['true'], on_failure_mode: 'each' },
      });
      const file = join(workspace.paths.jobs, 'prices.json');
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
      reconcileRuns(workspace);
      await waitFor('the callback by another process', () => {
        const run = workspace.runs.get(runId);
        return run?.callback === 'done' && run;
      });
      const { log } = runFiles(workspace.paths, 'prices', runId);
      expect(readFileSync(log, 'utf8')).toMatch(/INFO {2}callback true: done\n$/);
    },
  );

  it('is recorded once when several processes reconcile at the same time', async () => {
    const { workspace, open } = await setting();
    const other = open();
    runningRun(workspace, { ...currentProcessIdentity(), start: 'earlier' });
    const seen = [workspace, other].map((each) => ({ each, run: each.runs.active()[0] }));
    const recorded = seen.flatMap(({ each, run }) => (run && reconcileRun(each, run)) ?? []);
    expect(recorded.map(({ status }) => status)).toEqual(['abandoned']);
  });
});

describe('a run without a process', () => {
  it('fails although the process that counted its vain starts died before recording it', async () => {
    const { workspace } = await setting();
    const runId = startedRun(workspace);
    for (const token of ['token', 'second', 'third']) {
      markStarting(workspace.db, runId, token, 0);
      voidStart(workspace.db, runId, token, workspace.clock.now());
    }
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'running', process: null });
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'failed', error: { kind: 'start_failed' } });
  });
});

describe('a run past its time', () => {
  it('is ended by a process that has seen it so for ten seconds', async () => {
    const { workspace, clock } = await setting();
    const { child, who } = await sleeper();
    const runId = runningRun(workspace, who);
    clock.advance(TIMEOUT_MS + 1);
    reconcileRuns(workspace);
    clock.advance(9_000);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)?.status).toBe('running');
    clock.advance(1_000);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)).toMatchObject({ status: 'timed_out', error: { kind: 'timeout' } });
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('by a clock that was set, or after the machine slept, is not ended: its process counts its own time', async () => {
    const { workspace, clock, open } = await setting();
    const { who } = await sleeper();
    const runId = runningRun(workspace, who);
    clock.step(3 * TIMEOUT_MS);
    reconcileRuns(workspace);
    // A command that looks has a look of its own, and is gone again.
    reconcileRuns(open());
    expect(workspace.runs.get(runId)?.status).toBe('running');
    // The scheduler has seen the jump and has moved the deadline.
    workspace.db.run('UPDATE runs SET deadline = deadline + ?', [3 * TIMEOUT_MS]);
    clock.advance(11_000);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)?.status).toBe('running');
    expect(isAlive(who)).toBe(true);
  });
});

describe('a callback that is due', () => {
  it.skipIf(lacks('shell'))(
    'is not given to a new process at every look: one that was started takes a moment',
    async () => {
      const { workspace, clock, home } = await setting({ on_success: ['sh', '-c', 'echo called >> called'] });
      const started = join(home, 'started');
      const note = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(started)}, 'x')`;
      vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(note)}`);
      onTestFinished(() => void vi.unstubAllEnvs());
      const runId = runningRun(workspace, { ...currentProcessIdentity(), start: 'earlier' });
      finishAttempt(workspace.db, runId, 'token', { outcome: 'succeeded', error: null }, clock.now(), {
        retryAt: null,
        wantsCallback: () => true,
      });
      clock.advance(5_001);
      for (let look = 0; look < 5; look += 1) {
        reconcileRuns(workspace);
        clock.advance(1_000);
      }
      await waitFor('the callback', () => workspace.runs.get(runId)?.callback === 'done');
      expect(existsSync(join(home, 'called')) && readFileSync(join(home, 'called'), 'utf8')).toBe('called\n');
      expect(readFileSync(started, 'utf8')).toBe('x');
    },
  );
});

it.skipIf(lacks('shell'))(
  'a callback whose process died is not made again, and what it printed is cleaned',
  async () => {
    const { workspace, clock } = await setting({ on_success: ['true'] });
    const runId = runningRun(workspace, { ...currentProcessIdentity(), start: 'earlier' });
    finishAttempt(workspace.db, runId, 'token', { outcome: 'succeeded', error: null }, clock.now(), {
      retryAt: null,
      wantsCallback: () => true,
    });
    expect(claimCallback(workspace.db, runId, { ...currentProcessIdentity(), start: 'earlier' })).toBe(true);
    const { log, folder } = runFiles(workspace.paths, 'prices', runId);
    mkdirSync(folder, { recursive: true });
    writeFileSync(log, '\u001b[31mred\n');
    clock.advance(5_001);
    reconcileRuns(workspace);
    expect(workspace.runs.get(runId)?.callback).toBe('lost');
    expect(readFileSync(log, 'utf8')).toMatch(/^\?\[31mred\n.* ERROR callback: the worker died/);
  },
);
