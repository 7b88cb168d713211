import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  readChanges,
  readFailingSince,
  readLastExecuted,
  readStepFigures,
  readUnstarted,
} from '../../../src/core/runs/period-figures.ts';
import { clockedHome } from '../../clocked-home.ts';
import { putRun } from '../../tui/runtime/home/put-run.ts';

const HOUR = 3_600_000;

async function homeWithJobs(...ids: string[]) {
  const { job, workspace } = clockedHome('2026-11-25T12:00:00Z');
  for (const id of ids) await job(id, '0 9 * * *');
  const now = workspace.clock.now();
  return { workspace, db: workspace.db, now, day: { from: now - 24 * HOUR, until: now } };
}

it('adds up the finished runs of each job by the step in which they began', async () => {
  const { workspace, db, day } = await homeWithJobs('a', 'b', 'other');
  putRun(workspace, 'a', { ago: 23.5 * HOUR, items: 4, tookMs: 1_000 });
  putRun(workspace, 'a', { ago: 23.2 * HOUR, items: 6, tookMs: 2_000 });
  putRun(workspace, 'a', { ago: 2.5 * HOUR, status: 'timed_out', items: 3, tookMs: 5_000 });
  putRun(workspace, 'a', { ago: 25 * HOUR, items: 100 });
  putRun(workspace, 'a', { ago: HOUR, status: 'running' });
  putRun(workspace, 'b', { ago: HOUR / 2, status: 'cancelled' });
  putRun(workspace, 'other', { ago: HOUR });
  const none = { succeeded: 0, failed: 0, cancelled: 0, skipped: 0, missed: 0, items: 0, durationMs: 0 };
  expect(readStepFigures(db, { ...day, step: HOUR, steps: 24 }, ['a', 'b', 'gone'])).toEqual(
    new Map([
      [
        'a',
        [
          { ...none, step: 0, succeeded: 2, items: 10, durationMs: 3_000 },
          { ...none, step: 21, failed: 1, durationMs: 5_000 },
        ],
      ],
      ['b', [{ ...none, step: 23, cancelled: 1, durationMs: 1_000 }]],
    ]),
  );
});

it('counts each finished run of the period once, whatever its outcome, age and length', async () => {
  const { workspace, db, day } = await homeWithJobs('a');
  const statuses = [
    'succeeded',
    'failed',
    'timed_out',
    'abandoned',
    'cancelled',
    'skipped',
    'missed',
    'queued',
  ];
  const run = fc.record({
    status: fc.constantFrom(...statuses),
    ago: fc.integer({ min: 1, max: 30 * HOUR }),
    items: fc.integer({ min: 0, max: 1_000_000 }),
    tookMs: fc.integer({ min: -5_000, max: 100_000 }),
  });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), fc.integer({ min: 1, max: 31 }), (runs, steps) => {
      db.run('DELETE FROM runs');
      for (const one of runs) putRun(workspace, 'a', one);
      const step = Math.ceil((24 * HOUR) / steps);
      const figures = readStepFigures(db, { ...day, step, steps }, ['a']).get('a') ?? [];
      const within = runs.filter(({ ago, status }) => ago <= 24 * HOUR && status !== 'queued');
      const counted = figures.map(
        ({ succeeded, failed, cancelled, skipped, missed }) =>
          succeeded + failed + cancelled + skipped + missed,
      );
      expect(counted.reduce((sum, one) => sum + one, 0)).toBe(within.length);
      expect(figures.reduce((sum, { items }) => sum + items, 0)).toBe(
        within.filter(({ status }) => status === 'succeeded').reduce((sum, { items }) => sum + items, 0),
      );
      expect(figures.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(
        within.reduce((sum, { tookMs }) => sum + Math.max(0, tookMs), 0),
      );
      const numbers = figures.map((one) => one.step);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(numbers.every((one) => one >= 0 && one < steps)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('gives the last executed run, and since when a job fails', async () => {
  const { workspace, db, now } = await homeWithJobs('a', 'b', 'never');
  putRun(workspace, 'a', { ago: 900 * HOUR });
  putRun(workspace, 'a', { ago: 800 * HOUR, status: 'failed' });
  const last = putRun(workspace, 'a', { ago: 700 * HOUR, status: 'timed_out', items: 2, tookMs: 500 });
  db.run(`UPDATE runs SET error_kind = 'timeout', error_message = 'slow' WHERE run_id = ?`, [last]);
  putRun(workspace, 'a', { ago: 2 * HOUR, status: 'skipped' });
  putRun(workspace, 'a', { ago: HOUR, status: 'queued' });
  putRun(workspace, 'b', { ago: 5 * HOUR, status: 'abandoned' });
  const ids = ['a', 'b', 'never'];
  expect(readLastExecuted(db, ids).get('a')).toEqual({
    ...{ jobId: 'a', runId: last, status: 'timed_out', at: now - 700 * HOUR, durationMs: 500, items: 2 },
    ...{ errorKind: 'timeout', errorMessage: 'slow' },
  });
  expect([...readLastExecuted(db, ids).keys()].sort()).toEqual(['a', 'b']);
  expect(readFailingSince(db, ids)).toEqual(
    new Map([
      ['a', { jobId: 'a', lastSuccess: now - 900 * HOUR, firstFailure: now - 800 * HOUR }],
      ['b', { jobId: 'b', lastSuccess: null, firstFailure: now - 5 * HOUR }],
      ['never', { jobId: 'never', lastSuccess: null, firstFailure: null }],
    ]),
  );
});

it('counts what did not start, with the last reason', async () => {
  const { workspace, db, now, day } = await homeWithJobs('a');
  for (const [ago, reason] of [
    [3, 'the first'],
    [1, 'the last'],
    [2, 'between'],
    [30, 'too old'],
  ] as const) {
    const runId = putRun(workspace, 'a', { ago: ago * HOUR, status: 'missed' });
    db.run('UPDATE runs SET reason = ? WHERE run_id = ?', [reason, runId]);
  }
  expect(readUnstarted(db, day, ['a'])).toEqual([
    { jobId: 'a', status: 'missed', count: 3, last: now - HOUR, reason: 'the last' },
  ]);
});

it('gives the newest changes of a job, and counts the runs with changes', async () => {
  const { workspace, db, now, day } = await homeWithJobs('a', 'same');
  const put = (job: string, ago: number, [added, removed, changed]: number[]) => {
    const runId = putRun(workspace, job, { ago: ago * HOUR });
    const changes = { with_run_id: 'before', key: 'id', added, removed, changed, unchanged: 7 };
    db.run('UPDATE runs SET changes = ? WHERE run_id = ?', [JSON.stringify(changes), runId]);
    return runId;
  };
  put('a', 5, [1, 0, 0]);
  const newest = put('a', 2, [0, 2, 1]);
  put('a', 1, [0, 0, 0]);
  put('same', 1, [0, 0, 0]);
  expect(readChanges(db, day, ['a', 'same'])).toEqual([
    {
      ...{ jobId: 'a', runs: 2, runId: newest, at: now - 2 * HOUR },
      differences: { with_run_id: 'before', key: 'id', added: 0, removed: 2, changed: 1, unchanged: 7 },
    },
  ]);
});
