import { describe, expect, it } from 'vitest';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { enqueueRun, findActiveRun, type NewRun, readRun } from '../../../src/core/runs/run-queue.ts';
import { claimStart, markStarting, voidStart } from '../../../src/core/runs/run-starts.ts';
import { claimCallback, finishAttempt, requestCancel } from '../../../src/core/runs/run-transitions.ts';
import { startableRuns } from '../../../src/core/runs/startable-runs.ts';
import { openTempDatabase } from '../../temp-database.ts';
import { tempFolder } from '../../temp-folder.ts';

const me = { pid: process.pid, start: '1', bootId: 'b' };
const basic: NewRun = {
  jobId: 'prices',
  configName: 'prices',
  trigger: 'schedule',
  scheduledFor: 1_000,
  timezone: 'UTC',
  status: 'queued',
  maxAttempts: 2,
  priority: 0,
  overlap: 'skip',
  requestedBy: 'scheduler',
};
const failed = { outcome: 'failed' as const, error: { kind: 'http', message: 'HTTP 500' } };
const done = { outcome: 'succeeded' as const, error: null };
const never = () => false;

function queued(db: QuickscrapeDatabase, change: Partial<NewRun> = {}) {
  const run = enqueueRun(db, { ...basic, ...change }, 1_000);
  if (!run) throw new Error('the run was not queued');
  return run;
}

function running(db: QuickscrapeDatabase, change: Partial<NewRun> = {}) {
  const { runId } = queued(db, change);
  markStarting(db, runId, 'token', 9_000);
  const run = claimStart(db, runId, 'token', me, 2_000, 60_000);
  if (!run) throw new Error('the run was not claimed');
  return run;
}

function jobState(db: QuickscrapeDatabase) {
  return db.get<{ status: string; failures: number; last_run: number | null }>(
    'SELECT status, failures, last_run FROM job_state WHERE job_id = ?',
    ['prices'],
  );
}

describe('an occurrence', () => {
  it('gets at most one run, also when two schedulers ask through two connections', () => {
    const folder = tempFolder();
    const first = openTempDatabase(folder);
    const second = openTempDatabase(folder);
    expect(enqueueRun(first, basic, 1_000)).toBeDefined();
    expect(enqueueRun(second, basic, 1_000)).toBeUndefined();
    expect(enqueueRun(second, { ...basic, status: 'missed' }, 1_000)).toBeUndefined();
  });

  it('allows manual runs as often as they are requested', () => {
    const db = openTempDatabase();
    queued(db, { scheduledFor: null });
    queued(db, { scheduledFor: null });
    expect(startableRuns(db, 2_000, 10)).toHaveLength(2);
  });

  it('that is skipped or missed is finished at once and does not change the job’s status', () => {
    const db = openTempDatabase();
    const run = enqueueRun(db, { ...basic, status: 'skipped', reason: 'still running' }, 1_000);
    expect(run).toMatchObject({ status: 'skipped', reason: 'still running', finishedAt: 1_000, attempt: 0 });
    expect(jobState(db)).toBeUndefined();
    expect(findActiveRun(db, 'prices')).toBeUndefined();
  });
});

describe('the queue', () => {
  it('gives due runs by priority, then by time', () => {
    const db = openTempDatabase();
    const late = queued(db, { jobId: 'a', notBefore: 1_500 });
    const early = queued(db, { jobId: 'b', notBefore: 1_200 });
    const urgent = queued(db, { jobId: 'c', priority: 5, notBefore: 1_900 });
    queued(db, { jobId: 'd', notBefore: 5_000 });
    expect(startableRuns(db, 2_000, 10).map(({ runId }) => runId)).toEqual([
      urgent.runId,
      early.runId,
      late.runId,
    ]);
  });

  it('holds a run back while another run of its job is active, unless the job allows overlap', () => {
    const db = openTempDatabase();
    running(db);
    queued(db, { scheduledFor: 2_000 });
    expect(startableRuns(db, 9_000, 10)).toEqual([]);
    const beside = queued(db, { scheduledFor: 3_000, overlap: 'allow' });
    expect(startableRuns(db, 9_000, 10).map(({ runId }) => runId)).toEqual([beside.runId]);
  });

  it('lets one of two starters begin a run', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    expect([markStarting(db, runId, 'a', 9_000), markStarting(db, runId, 'b', 9_000)]).toEqual([true, false]);
  });
});

describe('a start', () => {
  it('is claimed once, with the right token only', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    markStarting(db, runId, 'token', 9_000);
    expect(claimStart(db, runId, 'other', me, 2_000, 60_000)).toBeUndefined();
    expect(claimStart(db, runId, 'token', me, 2_000, 60_000)).toMatchObject({
      status: 'running',
      attempt: 1,
      startedAt: 2_000,
      deadline: 62_000,
    });
    expect(claimStart(db, runId, 'token', me, 2_000, 60_000)).toBeUndefined();
    expect(jobState(db)).toMatchObject({ status: 'running', last_run: 2_000 });
  });

  it('that was taken back can no longer be claimed, and counts as no attempt', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    markStarting(db, runId, 'slow', 3_000);
    expect(voidStart(db, runId, 'slow', 4_000)?.status).toBe('queued');
    expect(claimStart(db, runId, 'slow', me, 5_000, 60_000)).toBeUndefined();
    expect(readRun(db, runId)).toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('is taken back by its own token only: a later one, begun meanwhile, goes on', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    markStarting(db, runId, 'first', 3_000);
    voidStart(db, runId, 'first', 4_000);
    markStarting(db, runId, 'second', 9_000);
    expect(voidStart(db, runId, 'first', 5_000)).toBeUndefined();
  });

  it('that was claimed can no longer be taken back', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    expect(voidStart(db, runId, 'token', 4_000)).toBeUndefined();
  });

  it('counts as a failed attempt after three in vain, with the retries and callbacks of one', () => {
    const db = openTempDatabase();
    const { runId } = queued(db, { maxAttempts: 1 });
    const states = ['a', 'b', 'c'].map((token) => {
      markStarting(db, runId, token, 3_000);
      return voidStart(db, runId, token, 4_000)?.status;
    });
    expect(states).toEqual(['queued', 'queued', 'running']);
    const over = finishAttempt(db, runId, 'c', failed, 5_000, { retryAt: 0, wantsCallback: () => true });
    expect(over).toMatchObject({ status: 'failed', attempt: 1, callback: 'due' });
    expect(jobState(db)).toMatchObject({ status: 'failed', failures: 1 });
  });

  it('that succeeds makes earlier ones in vain forgotten', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    for (const token of ['a', 'b']) {
      markStarting(db, runId, token, 3_000);
      voidStart(db, runId, token, 4_000);
    }
    markStarting(db, runId, 'good', 9_000);
    expect(claimStart(db, runId, 'good', me, 5_000, 60_000)?.voidStarts).toBe(0);
  });
});

describe('the end of an attempt', () => {
  it('waits for a retry while attempts are left, then fails permanently', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    expect(
      finishAttempt(db, runId, 'token', failed, 3_000, { retryAt: 303_000, wantsCallback: never }),
    ).toMatchObject({
      status: 'waiting_retry',
      notBefore: 303_000,
      finishedAt: null,
    });
    expect(jobState(db)).toMatchObject({ status: 'running', failures: 0 });
    expect(startableRuns(db, 302_999, 1)).toEqual([]);
    markStarting(db, runId, 'again', 400_000);
    claimStart(db, runId, 'again', me, 303_000, 60_000);
    expect(
      finishAttempt(db, runId, 'again', failed, 304_000, { retryAt: 0, wantsCallback: never }),
    ).toMatchObject({
      status: 'failed',
      attempt: 2,
      error: failed.error,
    });
    expect(jobState(db)).toMatchObject({ status: 'failed', failures: 1 });
  });

  it('counts once, whichever process reports it first', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    finishAttempt(db, runId, 'token', done, 3_000, { retryAt: 0, wantsCallback: never });
    expect(
      finishAttempt(db, runId, 'token', { ...failed, outcome: 'abandoned' }, 4_000, {
        retryAt: 0,
        wantsCallback: never,
      }),
    ).toBeUndefined();
    expect(readRun(db, runId)?.status).toBe('succeeded');
  });

  it('of an earlier attempt does not end a later one', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    finishAttempt(db, runId, 'token', failed, 3_000, { retryAt: 3_000, wantsCallback: never });
    markStarting(db, runId, 'again', 9_000);
    claimStart(db, runId, 'again', me, 4_000, 60_000);
    expect(
      finishAttempt(db, runId, 'token', done, 5_000, { retryAt: 0, wantsCallback: never }),
    ).toBeUndefined();
    expect(readRun(db, runId)?.status).toBe('running');
  });

  it('clears the streak of failures when it is a success', () => {
    const db = openTempDatabase();
    finishAttempt(db, running(db, { maxAttempts: 1 }).runId, 'token', failed, 3_000, {
      retryAt: 0,
      wantsCallback: never,
    });
    expect(jobState(db)?.failures).toBe(1);
    finishAttempt(db, running(db, { scheduledFor: 9_000 }).runId, 'token', done, 3_000, {
      retryAt: 0,
      wantsCallback: never,
    });
    expect(jobState(db)).toMatchObject({ status: 'completed', failures: 0 });
  });

  it('ends the run when there must be no retry, even with attempts left', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    const over = finishAttempt(db, runId, 'token', failed, 3_000, { retryAt: null, wantsCallback: never });
    expect(over).toMatchObject({ status: 'failed', attempt: 1, maxAttempts: 2 });
  });

  it('leaves a callback due, which one caller gets', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    finishAttempt(db, runId, 'token', done, 3_000, { retryAt: 0, wantsCallback: () => true });
    expect([claimCallback(db, runId, me), claimCallback(db, runId, me)]).toEqual([true, false]);
  });
});

describe('a request to cancel', () => {
  it('ends a run that is only waiting', () => {
    const db = openTempDatabase();
    const { runId } = queued(db);
    expect(requestCancel(db, runId, 'cli', 2_000)?.status).toBe('cancelled');
    expect(markStarting(db, runId, 'token', 9_000)).toBe(false);
  });

  it('turns any end of a running attempt into its cancellation, without a retry', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    expect(requestCancel(db, runId, 'cli', 2_500)?.status).toBe('running');
    expect(
      finishAttempt(db, runId, 'token', failed, 3_000, { retryAt: 0, wantsCallback: never })?.status,
    ).toBe('cancelled');
  });

  it('records who cancelled it and does not change the streak of failures', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    requestCancel(db, runId, 'cli', 2_500);
    const over = finishAttempt(db, runId, 'token', failed, 3_000, { retryAt: 0, wantsCallback: never });
    expect(over?.error).toEqual({ kind: 'cancelled', message: 'cancelled by a command' });
    expect(jobState(db)).toMatchObject({ status: 'failed', failures: 0 });
  });

  it('does not change a finished run', () => {
    const db = openTempDatabase();
    const { runId } = running(db);
    finishAttempt(db, runId, 'token', done, 3_000, { retryAt: 0, wantsCallback: never });
    expect(requestCancel(db, runId, 'cli', 4_000)).toMatchObject({
      status: 'succeeded',
      cancelRequestedAt: null,
    });
  });
});
