import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordResult } from '../../../src/core/execution/record-result.ts';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { currentProcessIdentity } from '../../../src/core/process/identity.ts';
import { restoreRunRow } from '../../../src/core/runs/restore-run-row.ts';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import {
  claimRemoteStart,
  claimStart,
  HANDED_OVER,
  markStarting,
} from '../../../src/core/runs/run-starts.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { openTempWorkspace } from '../../temp-workspace.ts';

const AT = Date.UTC(2026, 10, 24, 9);

async function home(): Promise<Workspace> {
  const workspace = openTempWorkspace();
  const schedule = { type: 'daily', time: '09:00', timezone: 'UTC' };
  await workspace.jobs.create(
    { id: 'job', fields: { config_name: 'books', schedule, max_retries: 0 } },
    'library',
  );
  return workspace;
}

function occurrence(workspace: Workspace, status: 'queued' | 'missed'): RunRecord {
  const run = enqueueRun(
    workspace.db,
    {
      ...{
        jobId: 'job',
        configName: 'books',
        trigger: 'schedule',
        scheduledFor: AT,
        timezone: 'UTC',
        status,
      },
      ...{ maxAttempts: 1, priority: 3, overlap: 'skip', requestedBy: 'scheduler' },
    },
    AT,
  );
  if (!run) throw new Error('the occurrence has a run already');
  return run;
}

function claimed(workspace: Workspace): RunRecord {
  const { runId } = occurrence(workspace, 'queued');
  markStarting(workspace.db, runId, 'token', AT + 30_000);
  const run = claimStart(workspace.db, runId, 'token', currentProcessIdentity(), AT + 5, 3_600_000);
  if (!run) throw new Error('the claim was refused');
  return run;
}

const DONE = { outcome: 'succeeded', error: null } as const;

it('leaves a row alone that knows of the run', async () => {
  const workspace = await home();
  const run = claimed(workspace);
  expect(restoreRunRow(workspace.db, run)).toBe(false);
  recordResult(workspace, run, DONE);
  expect(restoreRunRow(workspace.db, run)).toBe(false);
  expect(workspace.runs.get(run.runId)?.status).toBe('succeeded');
});

it('puts back a run whose row is gone, in the place of the missed one that stands for the doubt', async () => {
  const workspace = await home();
  const run = claimed(workspace);
  workspace.db.run('DELETE FROM runs');
  occurrence(workspace, 'missed');
  expect(restoreRunRow(workspace.db, run)).toBe(true);
  expect(workspace.runs.get(run.runId)).toEqual(run);
  recordResult(workspace, run, DONE);
  expect(workspace.runs.list().runs).toMatchObject([
    { runId: run.runId, status: 'succeeded', scheduledFor: AT },
  ]);
  expect(workspace.jobs.get('job')).toMatchObject({ state: { status: 'completed', lastRun: AT + 5 } });
});

it('puts back a run of a worker on another machine, with its tags', async () => {
  const workspace = await home();
  const { runId } = occurrence(workspace, 'queued');
  workspace.db.run(`UPDATE runs SET pool = 'browser,eu'`);
  markStarting(workspace.db, runId, 'token', null, HANDED_OVER);
  const older = workspace.runs.get(runId);
  const run = claimRemoteStart(workspace.db, runId, 'token', 'paris', AT + 5, 3_600_000);
  if (!run) throw new Error('the claim was refused');
  workspace.db.run('DELETE FROM runs');
  expect(restoreRunRow(workspace.db, run)).toBe(true);
  expect(workspace.runs.get(runId)).toEqual(run);
  expect(workspace.runs.attempts(runId)).toMatchObject([{ worker: 'paris', pid: null }]);
  workspace.db.run(`UPDATE runs SET status = 'starting', attempt = 0, worker = ?`, [older?.worker ?? null]);
  expect(restoreRunRow(workspace.db, run)).toBe(true);
  expect(workspace.runs.get(runId)).toMatchObject({ status: 'running', worker: 'paris' });
});

it.each([
  ['waited to be started', `status = 'queued', start_token = NULL`],
  ['was being started', `status = 'starting'`],
  [
    'was given up with the lost database',
    `status = 'abandoned', error_kind = 'database_lost', finished_at = 1`,
  ],
])('brings a row forward in which the run %s', async (_what, older) => {
  const workspace = await home();
  const run = claimed(workspace);
  workspace.db.run(`UPDATE runs SET attempt = 0, started_at = NULL, pid = NULL, deadline = NULL, ${older}`);
  workspace.db.run('DELETE FROM attempts');
  expect(restoreRunRow(workspace.db, run)).toBe(true);
  expect(workspace.runs.get(run.runId)).toEqual(run);
  expect(recordResult(workspace, run, DONE)).toMatchObject({ status: 'succeeded' });
});

it('completes a row that the journal of starts restored with what the end of the run calls', async () => {
  const workspace = await home();
  const callbacks = { on_success: 'notify', on_failure: null, on_recovery: null, on_change: null };
  const { runId } = occurrence(workspace, 'queued');
  markStarting(workspace.db, runId, 'token', AT + 30_000);
  const run = claimStart(workspace.db, runId, 'token', currentProcessIdentity(), AT + 5, 3_600_000, {
    ...callbacks,
    on_failure_mode: 'each',
  });
  if (!run) throw new Error('the claim was refused');
  workspace.db.run('UPDATE runs SET callbacks = NULL');
  restoreRunRow(workspace.db, run);
  rmSync(join(workspace.paths.jobs, 'job.json'));
  expect(recordResult(workspace, run, DONE)).toMatchObject({ status: 'succeeded', callback: 'due' });
  expect(workspace.runs.get(runId)?.callbacks).toEqual(run.callbacks);
});

it('does not put a run back that another process has ended', async () => {
  const workspace = await home();
  const run = claimed(workspace);
  recordResult(workspace, run, { outcome: 'abandoned', error: { kind: 'abandoned', message: 'dead' } });
  expect(restoreRunRow(workspace.db, run)).toBe(false);
});
