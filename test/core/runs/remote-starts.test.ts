import { expect, it } from 'vitest';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { isRemote } from '../../../src/core/model/run-record.ts';
import { enqueueRun, readRun } from '../../../src/core/runs/run-queue.ts';
import {
  claimFinish,
  claimRemoteStart,
  claimStart,
  HANDED_OVER,
  isStartOver,
  markStarting,
  takeBackStart,
  voidStart,
} from '../../../src/core/runs/run-starts.ts';
import { finishAttempt, requestCancel } from '../../../src/core/runs/run-transitions.ts';
import { openTempDatabase } from '../../temp-database.ts';

const ME = { pid: 7, start: '1', bootId: 'b', home: 'h' };
const OTHER = { pid: 8, start: '2', bootId: 'b', home: 'h' };
const DONE = { outcome: 'succeeded', error: null } as const;
const AFTER = { retryAt: null, wantsCallback: () => false };

function queued(db: QuickscrapeDatabase): string {
  const run = enqueueRun(
    db,
    {
      ...{ jobId: 'prices', configName: 'prices', trigger: 'schedule', scheduledFor: 1_000, timezone: 'UTC' },
      ...{ status: 'queued', maxAttempts: 2, priority: 0, overlap: 'skip', requestedBy: 'scheduler' },
      pool: 'browser,eu',
    },
    1_000,
  );
  if (!run) throw new Error('the run was not queued');
  return run.runId;
}

function handedOver(db: QuickscrapeDatabase): string {
  const runId = queued(db);
  markStarting(db, runId, 'token', null, HANDED_OVER);
  return runId;
}

function remote(db: QuickscrapeDatabase): string {
  const runId = handedOver(db);
  claimRemoteStart(db, runId, 'token', 'paris', 2_000, 60_000);
  return runId;
}

it('a start that was handed over is claimed once, for a worker and without a process', () => {
  const db = openTempDatabase();
  const runId = handedOver(db);
  expect(readRun(db, runId)).toMatchObject({ status: 'starting', startDeadline: null, pool: 'browser,eu' });
  expect(claimStart(db, runId, 'token', ME, 2_000, 60_000)).toBeUndefined();
  expect(claimRemoteStart(db, runId, 'other', 'paris', 2_000, 60_000)).toBeUndefined();
  const run = claimRemoteStart(db, runId, 'token', 'paris', 2_000, 60_000);
  expect(run).toMatchObject({ status: 'running', attempt: 1, worker: 'paris', process: null });
  expect(run).toMatchObject({ startedAt: 2_000, deadline: 62_000 });
  expect(run && isRemote(run)).toBe(true);
  expect(claimRemoteStart(db, runId, 'token', 'rome', 2_000, 60_000)).toBeUndefined();
  expect(db.all('SELECT worker, pid FROM attempts')).toEqual([{ worker: 'paris', pid: null }]);
});

it('a start of this machine is not claimed for a worker', () => {
  const db = openTempDatabase();
  const runId = queued(db);
  markStarting(db, runId, 'token', 9_000);
  expect(claimRemoteStart(db, runId, 'token', 'paris', 2_000, 60_000)).toBeUndefined();
  expect(takeBackStart(db, 'token')).toBeUndefined();
});

it('a start that was handed over is not voided, and taken back without being counted', () => {
  const db = openTempDatabase();
  const runId = handedOver(db);
  expect(voidStart(db, runId, 'token', 9_000)).toBeUndefined();
  expect(takeBackStart(db, 'another')).toBeUndefined();
  expect(takeBackStart(db, 'token')).toMatchObject({
    ...{ runId, status: 'queued', notBefore: 1_000, startToken: null },
    ...{ worker: null, voidStarts: 0, attempt: 0 },
  });
  expect(isStartOver(db, { runId, token: 'token' })).toBe(true);
  expect(claimRemoteStart(db, runId, 'token', 'paris', 2_000, 60_000)).toBeUndefined();
  markStarting(db, runId, 'second', null, HANDED_OVER);
  expect(takeBackStart(db, 'second', 5_000)).toMatchObject({ status: 'queued', notBefore: 5_000 });
});

it('a start that a worker has claimed is not taken back', () => {
  const db = openTempDatabase();
  const runId = remote(db);
  expect(takeBackStart(db, 'token')).toBeUndefined();
  expect(isStartOver(db, { runId, token: 'token' })).toBe(false);
});

it('a start that was handed over and cancelled is claimed by nobody', () => {
  const db = openTempDatabase();
  const runId = handedOver(db);
  expect(requestCancel(db, runId, 'cli', 2_000)).toMatchObject({ status: 'cancelled' });
  expect(claimRemoteStart(db, runId, 'token', 'paris', 3_000, 60_000)).toBeUndefined();
});

it('the process that finishes a run is one, and another only once the first is dead', () => {
  const db = openTempDatabase();
  const runId = remote(db);
  expect(claimFinish(db, runId, 'stale', ME)).toBeUndefined();
  const finishing = claimFinish(db, runId, 'token', ME, { deadline: 90_000 });
  expect(finishing).toMatchObject({ process: ME, worker: 'paris', attempt: 1, deadline: 90_000 });
  expect(finishing && isRemote(finishing)).toBe(false);
  expect(claimFinish(db, runId, 'token', OTHER)).toBeUndefined();
  expect(claimFinish(db, runId, 'token', OTHER, { dead: ME })).toMatchObject({ process: OTHER });
  expect(claimFinish(db, runId, 'token', { ...ME, pid: 9 }, { dead: ME })).toBeUndefined();
  finishAttempt(db, runId, 'token', DONE, 3_000, AFTER);
  expect(claimFinish(db, runId, 'token', ME, { dead: OTHER })).toBeUndefined();
  expect(readRun(db, runId)).toMatchObject({ status: 'succeeded', worker: 'paris' });
});

it('a run of this machine is finished by its own process', () => {
  const db = openTempDatabase();
  const runId = queued(db);
  markStarting(db, runId, 'token', 9_000);
  claimStart(db, runId, 'token', ME, 2_000, 60_000);
  expect(claimFinish(db, runId, 'token', OTHER, { dead: ME })).toBeUndefined();
});

it('a retry that is handed over does not look as if the process of the attempt before had it', () => {
  const db = openTempDatabase();
  const runId = remote(db);
  claimFinish(db, runId, 'token', ME);
  const failed = { outcome: 'failed', error: { kind: 'http', message: 'HTTP 500' } } as const;
  finishAttempt(db, runId, 'token', failed, 3_000, { ...AFTER, retryAt: 4_000 });
  markStarting(db, runId, 'second', null, HANDED_OVER);
  const run = readRun(db, runId);
  expect(run).toMatchObject({ status: 'starting', worker: '', process: null });
  expect(run && isRemote(run)).toBe(true);
});

it('a retry on this machine has no worker', () => {
  const db = openTempDatabase();
  const runId = remote(db);
  const failed = { outcome: 'failed', error: { kind: 'http', message: 'HTTP 500' } } as const;
  finishAttempt(db, runId, 'token', failed, 3_000, { ...AFTER, retryAt: 4_000 });
  markStarting(db, runId, 'second', 30_000);
  expect(claimStart(db, runId, 'second', ME, 5_000, 60_000)).toMatchObject({ worker: null, attempt: 2 });
  expect(db.all('SELECT attempt, worker FROM attempts')).toEqual([
    { attempt: 1, worker: 'paris' },
    { attempt: 2, worker: null },
  ]);
});
