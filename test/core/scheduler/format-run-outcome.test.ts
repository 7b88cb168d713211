import { expect, it } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { claimStart, markStarting } from '../../../src/core/runs/run-starts.ts';
import { finishAttempt } from '../../../src/core/runs/run-transitions.ts';
import { formatRunOutcome } from '../../../src/core/scheduler/scheduler-log.ts';
import { clockedHome } from '../../clocked-home.ts';

const me = { pid: process.pid, start: '1', bootId: 'b' };

async function homeWithRun() {
  const home = clockedHome('2026-11-25T12:00:00Z');
  const { workspace, clock } = home;
  const { db } = workspace;
  await home.job('a', '0 * * * *', { pause_after_failures: 1 });
  const own = {
    jobId: 'a',
    configName: 'c',
    trigger: 'schedule',
    timezone: 'UTC',
    requestedBy: 'scheduler',
  } as const;
  const rules = { maxAttempts: 1, priority: 0, overlap: 'skip', status: 'queued', scheduledFor: 0 } as const;
  const runId = enqueueRun(db, { ...own, ...rules }, clock.now())?.runId ?? '';
  markStarting(db, runId, 'token', clock.now() + 1_000);
  claimStart(db, runId, 'token', me, clock.now(), 60_000);
  return { workspace, now: clock.now(), runId };
}

it('how a run ended counts one item and one page in the singular, and thousands with a comma', async () => {
  const { workspace, now, runId } = await homeWithRun();
  const after = { retryAt: null, wantsCallback: () => false };
  finishAttempt(workspace.db, runId, 'token', { outcome: 'succeeded', error: null }, now, after);
  const run = workspace.runs.get(runId);
  if (!run) throw new Error('the run is not there');
  expect(formatRunOutcome({ ...run, items: 1, pages: 1 }, undefined)).toBe('succeeded: 1 item from 1 page');
  expect(formatRunOutcome({ ...run, items: 1_000, pages: 50 }, undefined)).toBe(
    'succeeded: 1,000 items from 50 pages',
  );
});

it('that its job is paused by a failure follows the sentences of the error as one of its own would', async () => {
  const { workspace, now, runId } = await homeWithRun();
  const error = { kind: 'network', message: 'nothing listens there. Check that the site is up.' } as const;
  const after = { retryAt: null, pauseAfter: 1, wantsCallback: () => false };
  finishAttempt(workspace.db, runId, 'token', { outcome: 'failed', error }, now, after);
  const run = workspace.runs.get(runId);
  if (!run) throw new Error('the run is not there');
  expect(formatRunOutcome(run, workspace.jobs.get('a'))).toMatch(
    /Check that the site is up; the job is paused after a failure: /,
  );
});

it('an end that is its own kind of error is named once', async () => {
  const { workspace, now, runId } = await homeWithRun();
  const error = { kind: 'abandoned', message: 'its process ended' } as const;
  const after = { retryAt: null, wantsCallback: () => false };
  finishAttempt(workspace.db, runId, 'token', { outcome: 'abandoned', error }, now, after);
  const run = workspace.runs.get(runId);
  if (!run) throw new Error('the run is not there');
  expect(formatRunOutcome(run, undefined)).toBe('abandoned: its process ended');
  const slow = { kind: 'timeout', message: 'the run took longer than 60 s' };
  expect(formatRunOutcome({ ...run, status: 'timed_out', error: slow }, undefined)).toBe(
    'timed out: the run took longer than 60 s',
  );
});

it('the kind of an error is in words', async () => {
  const { workspace, runId } = await homeWithRun();
  const run = workspace.runs.get(runId);
  if (!run) throw new Error('the run is not there');
  const error = { kind: 'http', message: 'HTTP 503' };
  expect(formatRunOutcome({ ...run, status: 'failed', error }, undefined)).toBe(
    'failed: the site answers with an error: HTTP 503',
  );
});
