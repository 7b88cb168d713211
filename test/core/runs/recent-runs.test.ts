import { expect, it } from 'vitest';
import { readRecentRuns } from '../../../src/core/runs/recent-runs.ts';
import { clockedHome } from '../../clocked-home.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';

const MINUTE = 60_000;

it('gives the last runs of every job as the history lists them, newest first', async () => {
  const { job, workspace, begin, clock, crash } = clockedHome('2026-11-25T12:00:30Z');
  await job('a', '* * * * *', { catch_up: 'none' });
  await job('b', '*/5 * * * *');
  await job('never', '0 0 1 1 *');
  begin();
  clock.advance(10 * MINUTE);
  crash();
  // These are decided together, at one instant.
  clock.stall(20 * MINUTE);
  begin();
  clock.advance(MINUTE / 10);
  const found = readRecentRuns(workspace.db, 7);
  expect([...found.keys()].sort()).toEqual(['a', 'b']);
  for (const [jobId, runs] of found) {
    const listed = workspace.runs.newestForJob(jobId, 7);
    expect([...runs].map(({ runId }) => runId)).toEqual(listed.map(({ runId }) => runId));
    expect([...runs].map(({ status }) => status)).toEqual(listed.map(({ status }) => status));
  }
});

it('says of each run what the history says', async () => {
  const { job, workspace } = clockedHome('2026-11-25T12:00:00Z');
  await job('a', '0 9 * * *');
  const runId = putRun(workspace, 'a', { items: 12, ago: MINUTE, tookMs: 2_500, by: 'mcp' });
  workspace.db.run(`UPDATE runs SET status = 'failed', error_kind = 'no_items' WHERE run_id = ?`, [runId]);
  const at = workspace.clock.now() - MINUTE;
  expect([...(readRecentRuns(workspace.db, 20).get('a') ?? [])]).toEqual([
    {
      ...{ runId, status: 'failed', trigger: 'manual', requestedBy: 'mcp', items: 12, errorKind: 'no_items' },
      ...{ queuedAt: at, startedAt: at, finishedAt: at + 2_500 },
    },
  ]);
});

it('reads only the jobs that it is asked for, and shows a run that is being started as queued', async () => {
  const { job, workspace } = clockedHome('2026-11-25T12:00:00Z');
  for (const id of ['a', 'b', 'c']) {
    await job(id, '0 9 * * *');
    putRun(workspace, id, { status: 'queued' });
  }
  workspace.db.run(`UPDATE runs SET status = 'starting' WHERE job_id = 'b'`);
  const found = readRecentRuns(workspace.db, 20, ['b', 'gone', 'c']);
  expect([...found.keys()].sort()).toEqual(['b', 'c']);
  expect([...(found.get('b') ?? [])]).toMatchObject([{ status: 'queued', startedAt: null, errorKind: null }]);
});
