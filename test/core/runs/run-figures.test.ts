import { expect, it } from 'vitest';
import { readLongestWait, readOutcomeFigures } from '../../../src/core/runs/run-figures.ts';
import { clockedHome } from '../../clocked-home.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';

const MINUTE = 60_000;

it('counts the finished runs by job and outcome, and gives the newest that had started', async () => {
  const { job, workspace } = clockedHome('2026-11-25T12:00:00Z');
  for (const id of ['a', 'b']) await job(id, '0 9 * * *');
  const now = workspace.clock.now();
  putRun(workspace, 'a', { items: 3, ago: 9 * MINUTE, tookMs: 1_000 });
  putRun(workspace, 'a', { items: 5, ago: 2 * MINUTE, tookMs: 2_000 });
  const unstarted = putRun(workspace, 'a', { items: 7, ago: MINUTE, tookMs: 3_000 });
  workspace.db.run('UPDATE runs SET started_at = NULL WHERE run_id = ?', [unstarted]);
  putRun(workspace, 'b', { status: 'queued' });
  expect(readOutcomeFigures(workspace.db)).toEqual([
    {
      ...{ jobId: 'a', outcome: 'succeeded', runs: 3, items: 5, scheduledFor: null },
      ...{ startedAt: now - 2 * MINUTE, finishedAt: now - 2 * MINUTE + 2_000 },
    },
  ]);
});

it('the longest wait is that of a run that is due', async () => {
  const { job, workspace } = clockedHome('2026-11-25T12:00:00Z');
  await job('a', '0 9 * * *');
  const now = workspace.clock.now();
  const runId = putRun(workspace, 'a', { status: 'queued' });
  const waits = (notBefore: number) => {
    workspace.db.run('UPDATE runs SET not_before = ? WHERE run_id = ?', [notBefore, runId]);
    return readLongestWait(workspace.db, now);
  };
  expect(waits(now - MINUTE)).toBe(now - MINUTE);
  expect(waits(now + MINUTE)).toBeNull();
});
