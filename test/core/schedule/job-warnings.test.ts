import { expect, it } from 'vitest';
import type { OverlapPolicy } from '../../../src/core/schedule/overlap.ts';
import { jobWarnings } from '../../../src/core/schedule/schedule-warnings.ts';
import { startDelayMs } from '../../../src/core/schedule/start-delay.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const EVERY_TEN_MINUTES = { type: 'custom', cron_expression: '*/10 * * * *', timezone: 'UTC' } as const;
const job = { schedule: EVERY_TEN_MINUTES, stagger: 0, jitter: 0, overlap: 'skip' as OverlapPolicy };

it.each([
  ['skip', 'occurrences that come due while a run still waits are skipped'],
  ['queue', 'at most one more run is queued while a run still waits'],
  ['cancel_running', 'each occurrence cancels the run that still waits'],
] as const)(
  'a spread longer than the time between two occurrences is warned about with overlap %s',
  (overlap, what) => {
    expect(jobWarnings('a', { ...job, jitter: 600, overlap }, NOW)).toEqual([
      `jitter can make a run start 10 min late, and the next occurrence can come after 10 min: ${what} (overlap: ${overlap}). Make it shorter than that.`,
    ]);
  },
);

it('is no matter where runs may overlap, where there is one occurrence only, or where it is short enough', () => {
  expect(jobWarnings('a', { ...job, jitter: 600, overlap: 'allow' }, NOW)).toEqual([]);
  const once = { type: 'once', date: '2026-12-24', time: '18:00', timezone: 'UTC' } as const;
  expect(jobWarnings('a', { ...job, jitter: 600, schedule: once }, NOW)).toEqual([]);
  expect(jobWarnings('a', { ...job, jitter: 599 }, NOW)).toEqual([]);
});

it('counts the offset that the job has, and the shortest of different times between', () => {
  const offset = startDelayMs('a', { stagger: 3_600, jitter: 0 }, 0);
  const stagger = (600_000 / offset) * 3_600;
  expect(jobWarnings('a', { ...job, stagger: stagger - 1 }, NOW)).toEqual([]);
  expect(jobWarnings('a', { ...job, stagger: stagger + 1 }, NOW)[0]).toMatch(/^stagger can make/);
  expect(jobWarnings('a', { ...job, stagger: stagger - 1, jitter: 60 }, NOW)[0]).toMatch(
    /^stagger and jitter can make .* Make them shorter/,
  );
  const uneven = { type: 'custom', cron_expression: '0,5 9 * * *', timezone: 'UTC' } as const;
  expect(jobWarnings('a', { ...job, schedule: uneven, jitter: 300 }, NOW)[0]).toContain('come after 5 min');
});
