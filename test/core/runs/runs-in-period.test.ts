import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { maxConcurrentRuns, runsInPeriod } from '../../../src/core/runs/runs-in-period.ts';
import { openTempDatabase } from '../../temp-database.ts';
import { tempFolderInMemory } from '../../temp-folder.ts';

interface Attempt {
  begin: number;
  /** `null` while it goes on. */
  end: number | null;
}

/** Far enough from 1970 that what was queued long before the period can be told from it. */
const T = Date.UTC(2026, 10, 25);

const emptyDatabase = () => openTempDatabase(tempFolderInMemory());

function addRun(
  db: QuickscrapeDatabase,
  runId: string,
  run: { jobId?: string; status: string; due?: number | null; queued?: number; attempts?: Attempt[] },
): void {
  const { attempts = [], due = null } = run;
  const begin = attempts[0]?.begin ?? null;
  const end = attempts.at(-1)?.end ?? null;
  const queued = run.queued ?? begin ?? due ?? T;
  db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, scheduled_for, timezone, status, max_attempts,
       queued_at, not_before, started_at, finished_at)
     VALUES (?, ?, 'books', 'schedule', 'scheduler', ?, 'UTC', ?, 1, ?, ?, ?, ?)`,
    [runId, run.jobId ?? 'a', due, run.status, queued, queued, begin, end],
  );
  for (const [index, attempt] of attempts.entries()) {
    db.run(`INSERT INTO attempts (run_id, attempt, status, started_at, finished_at) VALUES (?, ?, ?, ?, ?)`, [
      runId,
      index + 1,
      attempt.end === null ? 'running' : 'failed',
      attempt.begin,
      attempt.end,
    ]);
  }
}

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

it('counts the maximum of concurrent runs in each step, as counting at each moment does', () => {
  const span = fc.record({
    begin: fc.integer({ min: -30, max: 60 }),
    length: fc.integer({ min: 1, max: 40 }),
  });
  const db = emptyDatabase();
  fc.assert(
    fc.property(
      fc.array(span, { maxLength: 12 }),
      fc.integer({ min: 1, max: 17 }),
      fc.integer({ min: -5, max: 60 }),
      (spans, step, now) => {
        db.run('DELETE FROM attempts');
        db.run('DELETE FROM runs');
        const [from, until] = [T, T + 50];
        for (const [index, { begin, length }] of spans.entries()) {
          const over = begin + length <= now;
          if (begin > now) continue;
          addRun(db, `r${index}`, {
            status: over ? 'succeeded' : 'running',
            attempts: [{ begin: T + begin, end: over ? T + begin + length : null }],
          });
        }
        const counted = maxConcurrentRuns(db, { from, until }, { step, now: T + now });
        const level = (at: number) =>
          spans.filter(
            ({ begin, length }) => begin <= Math.min(at, now) && at < Math.min(begin + length, now + 1),
          ).length;
        const naive = Array.from({ length: Math.ceil(50 / step) }, (_, index) =>
          Math.max(
            ...Array.from({ length: Math.min(step, 50 - index * step) }, (_, ms) => level(index * step + ms)),
          ),
        );
        expect([...counted]).toEqual(naive);
      },
    ),
    // A run that goes on, with now in the last step and at its beginning.
    { numRuns: 60, examples: [[[{ begin: 12, length: 38 }], 1, 49]] },
  );
});

it('a run that waits for its retry does not count as active', () => {
  const db = emptyDatabase();
  const attempts = [
    { begin: T, end: T + 10 },
    { begin: T + 30, end: T + 40 },
  ];
  addRun(db, 'again', { status: 'failed', attempts });
  expect([...maxConcurrentRuns(db, { from: T, until: T + 50 }, { step: 10, now: T + 50 })]).toEqual([
    1, 0, 0, 1, 0,
  ]);
});
