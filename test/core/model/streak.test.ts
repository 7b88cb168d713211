import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pausedSince, type Streak, streakAfter } from '../../../src/core/model/streak.ts';

const fresh: Streak = { failures: 0, strikes: 0, pausedAt: null, pausedAfter: null };
const streak = (
  failures: number,
  strikes: number,
  pausedAt: number | null = null,
  pausedAfter: number | null = null,
) => ({
  failures,
  strikes,
  pausedAt,
  pausedAfter,
});

it.each<[string, Streak, Parameters<typeof streakAfter>[1], number | null, Streak]>([
  ['counts a failure', fresh, 'failed', 3, streak(1, 1)],
  ['counts a run that timed out', streak(1, 1), 'timed_out', 3, streak(2, 2)],
  ['counts an abandoned run, and pauses at the number', streak(2, 2), 'abandoned', 3, streak(3, 3, 9, 3)],
  ['pauses at the first failure under 1', fresh, 'failed', 1, streak(1, 1, 9, 1)],
  ['never pauses under 0', streak(99, 99), 'failed', 0, streak(100, 100)],
  ['does not count a cancelled run', streak(2, 2), 'cancelled', 3, streak(2, 2)],
  ['does not count an attempt that is retried', streak(2, 2), 'waiting_retry', 3, streak(2, 2)],
  ['keeps the first instant of a pause', streak(3, 3, 5, 3), 'failed', 3, streak(4, 4, 5, 3)],
  ['ends everything with a success', streak(4, 4, 5, 3), 'succeeded', 3, fresh],
  ['counts failures on and strikes anew after it was resumed', streak(3, 0), 'failed', 3, streak(4, 1)],
  ['begins anew when the number was changed meanwhile', streak(3, 3, 5, 3), 'failed', 4, streak(4, 1)],
  ['pauses anew at once when the new number is 1', streak(3, 3, 5, 3), 'failed', 1, streak(4, 1, 9, 1)],
  [
    'neither pauses nor resumes while the job cannot be read',
    streak(3, 3, 5, 3),
    'failed',
    null,
    streak(4, 4, 5, 3),
  ],
])('%s', (_case, before, status, pauseAfter, after) => {
  expect(streakAfter(before, status, pauseAfter, 9)).toEqual(after);
});

it('is paused only under the number at which it was paused', () => {
  const paused = streak(3, 3, 5, 3);
  expect([3, 0, 4].map((pauseAfter) => pausedSince(paused, pauseAfter))).toEqual([5, null, null]);
  expect(pausedSince(fresh, 3)).toBeNull();
});

it('is paused exactly when the last N runs that count failed, regardless of cancelled ones between', () => {
  const status = fc.constantFrom(
    'failed',
    'timed_out',
    'abandoned',
    'cancelled',
    'succeeded',
    'waiting_retry',
  );
  fc.assert(
    fc.property(
      fc.array(status as fc.Arbitrary<'failed'>),
      fc.integer({ min: 1, max: 4 }),
      (statuses, pauseAfter) => {
        const end = statuses.reduce((now, each, index) => streakAfter(now, each, pauseAfter, index), fresh);
        const counted = (statuses as string[]).filter(
          (each) => !['cancelled', 'waiting_retry'].includes(each),
        );
        const failures = counted.length - 1 - counted.lastIndexOf('succeeded');
        expect(end.failures).toBe(failures);
        expect(pausedSince(end, pauseAfter) !== null).toBe(failures >= pauseAfter);
      },
    ),
  );
});
