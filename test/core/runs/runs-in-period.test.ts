import { expect, it } from 'vitest';
import { type RunFigures, readRunsInPeriod, runsInPeriod } from '../../../src/core/runs/runs-in-period.ts';
import { addRun, emptyDatabase, T } from './past-runs.ts';

it('places the runs of the jobs asked for that lie in a period or reach into it', () => {
  const db = emptyDatabase();
  addRun(db, 'before', { status: 'succeeded', attempts: [{ begin: T - 100, end: T - 1 }] });
  addRun(db, 'into', { status: 'failed', attempts: [{ begin: T - 100, end: T + 10 }] });
  addRun(db, 'passed-over', { status: 'missed', due: T + 20, queued: T + 5_000_000 });
  addRun(db, 'still', { status: 'running', attempts: [{ begin: T + 50, end: null }] });
  addRun(db, 'waits', { status: 'queued', due: T + 60 });
  addRun(db, 'after', { status: 'succeeded', attempts: [{ begin: T + 100, end: T + 120 }] });
  addRun(db, 'other', { jobId: 'b', status: 'succeeded', attempts: [{ begin: T, end: T + 1 }] });
  const found = runsInPeriod(db, { from: T, until: T + 100 }, ['a', 'nobody']);
  expect(found.map(({ runId, status, begin, end }) => [runId, status, begin - T, end && end - T])).toEqual([
    ['into', 'failed', -100, 10],
    ['passed-over', 'missed', 20, 20],
    ['still', 'running', 50, null],
    ['waits', 'queued', 60, null],
  ]);
});

it('reads the figures of the same runs of all jobs, in slices', () => {
  const db = emptyDatabase();
  addRun(db, 'before', { status: 'succeeded', attempts: [{ begin: T - 100, end: T - 1 }] });
  addRun(db, 'into', { status: 'failed', attempts: [{ begin: T - 100, end: T + 10 }] });
  addRun(db, 'passed-over', { status: 'missed', due: T + 20, queued: T + 5_000_000 });
  addRun(db, 'still', { status: 'running', attempts: [{ begin: T + 50, end: null }] });
  addRun(db, 'waits', { status: 'queued', due: T + 60 });
  db.transaction(() => {
    for (let index = 0; index < 5_000; index += 1)
      addRun(db, `old${index}`, { status: 'succeeded', queued: T - 9 });
  });
  addRun(db, 'other', { jobId: 'b', status: 'timed_out', attempts: [{ begin: T, end: T + 1 }] });
  const found: RunFigures[] = [];
  const slices = [...readRunsInPeriod(db, { from: T, until: T + 100 }, (run) => found.push(run))];
  expect(slices.length).toBeGreaterThan(1);
  expect(found.map(({ jobId, status, begin, end }) => [jobId, status, begin - T, end && end - T])).toEqual([
    ['a', 'failed', -100, 10],
    ['a', 'missed', 20, 20],
    ['a', 'running', 50, null],
    ['a', 'queued', 60, null],
    ['b', 'timed_out', 0, 1],
  ]);
  expect(found.slice(0, 4)).toEqual(
    runsInPeriod(db, { from: T, until: T + 100 }, ['a']).map(({ runId: _, trigger: __, ...run }) => run),
  );
});
