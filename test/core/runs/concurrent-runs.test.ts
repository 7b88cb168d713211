import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { countConcurrentRuns } from '../../../src/core/runs/concurrent-runs.ts';
import type { Period } from '../../../src/core/runs/runs-in-period.ts';
import { addRun, emptyDatabase, T } from './past-runs.ts';

function count(db: QuickscrapeDatabase, period: Period, about: { step: number; now: number }): number[] {
  const slices = countConcurrentRuns(db, period, about);
  for (;;) {
    const { done, value } = slices.next();
    if (done) return [...value];
  }
}

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
        const counted = count(db, { from, until }, { step, now: T + now });
        const level = (at: number) =>
          spans.filter(
            ({ begin, length }) => begin <= Math.min(at, now) && at < Math.min(begin + length, now + 1),
          ).length;
        const naive = Array.from({ length: Math.ceil(50 / step) }, (_, index) =>
          Math.max(
            ...Array.from({ length: Math.min(step, 50 - index * step) }, (_, ms) => level(index * step + ms)),
          ),
        );
        expect(counted).toEqual(naive);
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
  expect(count(db, { from: T, until: T + 50 }, { step: 10, now: T + 50 })).toEqual([1, 0, 0, 1, 0]);
});

it('reads many attempts in several slices, so that keys are handled meanwhile', () => {
  const db = emptyDatabase();
  db.transaction(() => {
    for (let index = 0; index < 3_000; index += 1)
      addRun(db, `r${index}`, { status: 'succeeded', attempts: [{ begin: T + index, end: T + index + 2 }] });
  });
  const slices = countConcurrentRuns(db, { from: T, until: T + 3_000 }, { step: 3_000, now: T + 3_000 });
  expect(slices.next()).toEqual({ done: false, value: undefined });
  expect(slices.next().done).toBe(false);
  expect(count(db, { from: T, until: T + 3_000 }, { step: 1_000, now: T + 3_000 })).toEqual([2, 2, 2]);
});
